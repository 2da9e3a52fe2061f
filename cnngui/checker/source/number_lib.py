"""Numbers: Python's conversions, ``math``, smallest and largest."""

from __future__ import annotations

import ast
import math
from collections.abc import Callable
from typing import TYPE_CHECKING

from cnngui.checker.source import iteration
from cnngui.checker.source.sizes import Size
from cnngui.checker.source.values import Tensor, Unknown, is_number, truth

if TYPE_CHECKING:
    from cnngui.checker.source.calls import Args
    from cnngui.checker.source.machine import Machine

Handler = Callable[["Machine", "Args", ast.AST], object]


def number(kind: Callable[[float], float]) -> Handler:
    """``int(x)`` and ``float(x)``."""

    def run(m: Machine, args: Args, node: ast.AST) -> object:  # noqa: ARG001
        value = args.get(0, "x", 0)
        if isinstance(value, Tensor):
            return value.but(number=True, graph="cut" if value.graph == "on" else value.graph, shape=())
        if isinstance(value, str):
            try:
                return kind(float(value))
            except (ValueError, OverflowError):
                return Unknown()
        if isinstance(value, (int, float)) and math.isfinite(value):
            return value if isinstance(value, int) and kind is int else kind(value)
        return (
            value if isinstance(value, Size) else Unknown(tag=value.tag if isinstance(value, Unknown) else "")
        )

    return run


def of_math(work: Callable[..., float]) -> Handler:
    """A function of numbers, unknown of anything else."""

    def run(m: Machine, args: Args, node: ast.AST) -> object:  # noqa: ARG001
        numbers = [one for one in args.pos if isinstance(one, (int, float)) and abs(one) < 1e12]
        if len(numbers) != len(args.pos) or args.kw or args.star:
            tag = next((one.tag for one in args.pos if isinstance(one, Unknown) and one.tag), "")
            return Unknown(tag=tag)
        try:
            return work(*numbers)
        except (ValueError, ArithmeticError, TypeError):
            return Unknown()

    return run


def extreme(work: Callable[..., object]) -> Handler:
    """``min`` and ``max`` of numbers."""

    def run(m: Machine, args: Args, node: ast.AST) -> object:  # noqa: ARG001
        values = args.pos if len(args.pos) > 1 else iteration.known_items(m, args.get(0, "iterable"))
        if values and not args.kw and all(is_number(one) for one in values):
            return work(values)
        return Unknown()

    return run


def any_all(stop: bool) -> Handler:
    """``any`` (stops at true) and ``all`` (stops at false)."""

    def run(m: Machine, args: Args, node: ast.AST) -> object:  # noqa: ARG001
        items = iteration.known_items(m, args.get(0, "iterable"))
        known = [truth(one) for one in items] if items is not None else [None]
        if stop in known:
            return stop
        return Unknown() if None in known else not stop

    return run
