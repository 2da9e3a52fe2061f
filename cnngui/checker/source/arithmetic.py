"""Operators on constants, sizes, lists and tensors."""

from __future__ import annotations

import ast
import operator
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from cnngui.checker.source import tensors
from cnngui.checker.source.sizes import Size, divide, fresh, multiply, times
from cnngui.checker.source.values import DictV, ListV, Pic, Tensor, Unknown, is_number, truth

if TYPE_CHECKING:
    from cnngui.checker.source.machine import Machine

BINARY: dict[type[ast.operator], Callable[[Any, Any], Any]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.FloorDiv: operator.floordiv,
    ast.Mod: operator.mod,
    ast.Pow: operator.pow,
    ast.LShift: operator.lshift,
    ast.RShift: operator.rshift,
    ast.BitOr: operator.or_,
    ast.BitAnd: operator.and_,
    ast.BitXor: operator.xor,
}
COMPARE: dict[type[ast.cmpop], Callable[[Any, Any], Any]] = {
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
}
LARGEST = 10**12
LONGEST = 4096
NESTED = 4


def binary(m: Machine, op: type[ast.operator], left: object, right: object, node: ast.AST) -> object:
    """``left op right``."""
    if isinstance(left, Tensor) or isinstance(right, Tensor):
        return tensors.binary(m, op, left, right, node)
    if isinstance(left, Pic) or isinstance(right, Pic):
        return Unknown()
    if is_number(left) and is_number(right):
        return _numbers(op, left, right)
    if isinstance(left, (Size, int)) and isinstance(right, (Size, int)):
        return _sizes(op, left, right)
    if isinstance(left, (tuple, ListV, str)) or isinstance(right, (tuple, ListV, str)):
        return _sequences(m, op, left, right)
    if isinstance(left, DictV) and isinstance(right, DictV) and op is ast.BitOr:
        return DictV({**left.items, **right.items}, left.open or right.open)
    tag = next((one.tag for one in (left, right) if isinstance(one, Unknown) and one.tag), "")
    return Unknown(tag="" if tag == "text" else tag, parent=_parent(left, right))


def _parent(left: object, right: object) -> object:
    return next((one for one in (left, right) if isinstance(one, Unknown) and one.hint == "loss"), None)


def _numbers(op: type[ast.operator], left: Any, right: Any) -> object:
    if (
        op is ast.Mult
        and isinstance(left, int)
        and isinstance(right, int)
        and abs(left) < LARGEST > abs(right)
    ):
        return multiply(left, right)
    if op in {ast.Pow, ast.LShift} and (abs(right) > 64 or abs(left) > 10**6):
        return Unknown()
    if isinstance(left, int) and isinstance(right, int) and max(abs(left), abs(right)) > LARGEST:
        return Unknown()
    try:
        return BINARY[op](left, right) if op in BINARY else Unknown()
    except (ArithmeticError, TypeError, ValueError):
        return Unknown()


def _sizes(op: type[ast.operator], left: Size | int, right: Size | int) -> object:
    if op is ast.Mult:
        return times(left, right) if left != 0 and right != 0 else 0
    if op in {ast.FloorDiv, ast.Div}:
        exact = divide(left, right)
        return exact if exact is not None else fresh()
    if op in {ast.Add, ast.Sub}:
        return left if right == 0 else right if left == 0 and op is ast.Add else fresh()
    return Unknown()


def _sequences(m: Machine, op: type[ast.operator], left: object, right: object) -> object:
    if op is ast.Add and isinstance(left, tuple) and isinstance(right, tuple):
        return left + right if len(left) + len(right) < LONGEST else Unknown()
    if op is ast.Div and isinstance(left, str) and isinstance(right, str):
        return f"{left}/{right}"
    if op is ast.Mod and isinstance(left, str):
        return _formatted(left, right)
    if op is ast.Add and isinstance(left, str) and isinstance(right, str):
        return left + right if len(left) + len(right) < LONGEST else Unknown()
    if op is ast.Add and isinstance(left, ListV) and isinstance(right, ListV):
        return m.new_list(left.items + right.items, is_open=left.open or right.open)
    if op is ast.Mult:
        many, times_ = (left, right) if isinstance(right, int) else (right, left)
        if isinstance(times_, int) and isinstance(many, (tuple, str)) and len(many) * times_ < LONGEST:
            return many * times_
        if isinstance(times_, int) and isinstance(many, ListV) and len(many.items) * times_ < LONGEST:
            return m.new_list(many.items * times_, is_open=many.open)
    if isinstance(left, str):
        return Unknown(tag="text")
    return Unknown()


def _formatted(text: str, values: object) -> object:
    """``"conv%d" % 3``; a path is text here, and ``/`` joins."""
    parts = values if isinstance(values, tuple) else (values,)
    if all(isinstance(one, (int, float, str)) for one in parts) and len(text) < LONGEST and "*" not in text:
        try:
            return text % tuple(
                int(one) if type(one) is not bool and isinstance(one, int) else one for one in parts
            )
        except (TypeError, ValueError, OverflowError):
            return Unknown(tag="text")
    return Unknown(tag="text")


def unary(m: Machine, op: type[ast.unaryop], value: object, node: ast.AST) -> object:
    """``-x``, ``+x``, ``~x``, ``not x``."""
    if op is ast.Not:
        known = truth(value)
        return Unknown() if known is None else not known
    if isinstance(value, Tensor):
        return tensors.unary(m, value, node)
    if is_number(value) and isinstance(value, (int, float)):
        if op is ast.USub:
            return -value
        if op is ast.UAdd:
            return value
        if isinstance(value, int):
            return ~value
    return Unknown(tag=value.tag if isinstance(value, Unknown) else "")


def compare(m: Machine, op: type[ast.cmpop], left: object, right: object, node: ast.AST) -> object:
    """One comparison: a boolean where both sides are known."""
    if isinstance(left, Tensor) or isinstance(right, Tensor):
        return (
            Unknown()
            if op in {ast.Is, ast.IsNot, ast.In, ast.NotIn} and right is not None
            else _against(m, op, left, right, node)
        )
    if op in {ast.Is, ast.IsNot}:
        same = _identical(left, right)
        return Unknown() if same is None else same is (op is ast.Is)
    if op in {ast.In, ast.NotIn}:
        inside = _contains(left, right)
        return Unknown() if inside is None else inside is (op is ast.In)
    if _plain(left) and _plain(right) and op in COMPARE:
        try:
            return bool(COMPARE[op](left, right))
        except TypeError:
            return Unknown()
    return Unknown()


def _against(m: Machine, op: type[ast.cmpop], left: object, right: object, node: ast.AST) -> object:
    if op in {ast.Is, ast.IsNot}:
        return op is ast.IsNot
    return tensors.compared(m, left, right, node)


def _plain(value: object, depth: int = 0) -> bool:
    if isinstance(value, tuple):
        return depth < NESTED and all(_plain(one, depth + 1) for one in value[:LONGEST])
    return isinstance(value, (int, float, str, bytes, type(None)))


def _identical(left: object, right: object) -> bool | None:
    if isinstance(left, Unknown) or isinstance(right, Unknown):
        return None
    if left is None or right is None or isinstance(left, bool) or isinstance(right, bool):
        return left is right
    return True if left is right else None if _plain(left) else False


def _contains(item: object, many: object) -> bool | None:
    if isinstance(item, str) and isinstance(many, str):
        return item in many
    if not _plain(item):
        return None
    items: object = None
    if isinstance(many, (tuple, range)):
        items = many
    elif isinstance(many, (ListV, DictV)):
        items = many.items if not many.open else None
    if isinstance(items, range):
        return item in items
    if isinstance(items, (tuple, list, dict)):
        if item in [one for one in items if _plain(one)]:
            return True
        return None if any(not _plain(one) for one in items) else False
    return None
