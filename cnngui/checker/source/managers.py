"""``with``: gradient scopes, objects with ``__enter__``, and generators made managers by ``contextlib``."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cnngui.checker.source import attributes, calls, targets
from cnngui.checker.source.values import Func, Lib, Thing, Unknown, truth

if TYPE_CHECKING:
    from cnngui.checker.source.machine import Frame, Machine

NO_GRAD = frozenset({"torch.no_grad", "torch.inference_mode"})


@dataclass(frozen=True, slots=True)
class Halves:
    """A generator cut at its ``yield``: what runs before the block, inside which scopes, and after it."""

    before: list[ast.stmt]
    scopes: list[ast.expr]
    given: ast.expr | None
    after: list[ast.stmt]


def follow_with(m: Machine, node: ast.With | ast.AsyncWith) -> int:
    """A ``with`` statement."""
    before = m.grad
    leaving: list[tuple[Frame, list[ast.stmt]]] = []
    try:
        for item in node.items:
            manager = m.eval(item.context_expr)
            if isinstance(manager, Thing) and manager.kind == "contextmanager":
                value: object = _enter_generator(m, manager, leaving)
            else:
                enter(m, manager)
                value = _entered(m, manager)
            if item.optional_vars is not None:
                targets.assign(m, item.optional_vars, value)
        return m.block(node.body)
    finally:
        m.grad = before
        for frame, rest in reversed(leaving):
            _inside(m, frame, rest)


def enter(m: Machine, manager: object) -> None:
    """What entering does to the recording of gradients."""
    path = manager.path if isinstance(manager, Lib) else manager.kind if isinstance(manager, Thing) else ""
    if path in NO_GRAD:
        m.grad = False
    elif path == "torch.enable_grad":
        m.grad = True
    elif isinstance(manager, Thing) and path == "torch.set_grad_enabled":
        m.grad = truth(manager.config.get("mode"))
    elif isinstance(manager, Unknown) and any(word in _called(manager) for word in ("grad", "infer", "eval")):
        m.grad = m.grad if m.grad is False else None


def _called(manager: Unknown) -> str:
    """The name of the function that gave an unknown context manager."""
    parent = manager.parent.hint if isinstance(manager.parent, Unknown) else ""
    return f"{manager.hint} {parent}".lower()


def _entered(m: Machine, manager: object) -> object:
    own = attributes.method_of(m, manager, "__enter__")
    return calls.call(m, own, [], {}, ast.Constant(None)) if own is not None else manager


def _enter_generator(m: Machine, manager: Thing, leaving: list[tuple[Frame, list[ast.stmt]]]) -> object:
    """Run a generator up to its ``yield``; the rest is kept for the end of the block."""
    func, args = manager.config["func"], manager.config["args"]
    assert isinstance(func, Func)
    assert isinstance(args, calls.Args)
    if isinstance(func.node, ast.Lambda):
        return Unknown()
    m.called.add(id(func.node))
    frame = calls.frame_of(m, func, args, manager.config["this"], func.node)
    parts = cut(func.node.body)
    leaving.append((frame, parts.after))
    _inside(m, frame, parts.before)
    m.frames.append(frame)
    try:
        for scope in parts.scopes:
            enter(m, m.eval(scope))
        return m.eval(parts.given) if parts.given is not None else None
    finally:
        m.frames.pop()


def _inside(m: Machine, frame: Frame, body: list[ast.stmt]) -> None:
    m.frames.append(frame)
    try:
        m.block(body)
    finally:
        m.frames.pop()


def cut(body: list[ast.stmt]) -> Halves:
    """Cut the body of a generator at its first ``yield``, looking into ``try`` and ``with``."""
    for index, statement in enumerate(body):
        found = next((one for one in ast.walk(statement) if isinstance(one, ast.Yield)), None)
        if found is None:
            continue
        before, after = body[:index], body[index + 1 :]
        if isinstance(statement, ast.Try):
            inner = cut(statement.body)
            return Halves(
                before + inner.before, inner.scopes, inner.given, inner.after + statement.finalbody + after
            )
        if isinstance(statement, ast.With):
            inner = cut(statement.body)
            scopes = [item.context_expr for item in statement.items] + inner.scopes
            return Halves(before + inner.before, scopes, inner.given, inner.after + after)
        return Halves(before, [], found.value, after)
    return Halves(body, [], None, [])
