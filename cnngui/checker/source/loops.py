"""Following loops: turn by turn where the values are known, once for all turns where they are not.

A loop that trains (its body, or what it calls, holds ``backward``, ``step`` and the like) is
followed once and becomes a :class:`Loop` in the trace, whatever it runs over; only a short list
such as ``["train", "val"]`` is taken apart, because its turns do different things.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from cnngui.checker.source import iteration, limits, targets
from cnngui.checker.source.trace import Loop
from cnngui.checker.source.values import ListV, Unknown, is_number, truth

if TYPE_CHECKING:
    from cnngui.checker.source.machine import Machine

NEXT, RETURN, BREAK, CONTINUE, RAISE = range(5)
TRAINING_UNROLL = 4

EVENTS = frozenset({
    "backward", "step", "zero_grad", "no_grad", "inference_mode", "set_grad_enabled",
    "train_one_epoch", "train_epoch", "manual_backward",
})  # fmt: skip


def eventful_functions(tree: ast.Module) -> frozenset[str]:
    """The names of the file's functions that train or evaluate, directly or through one another."""
    names = set(EVENTS)
    uses: dict[str, set[str]] = {}
    for node in ast.walk(tree):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            uses.setdefault(node.name, set()).update(_names(node))
    grew = True
    while grew:
        grew = False
        for name, used in uses.items():
            if name not in names and not used.isdisjoint(names) and not name.startswith("__"):
                names.add(name)
                grew = True
    return frozenset(names)


def _names(node: ast.AST) -> set[str]:
    found = set()
    for inner in ast.walk(node):
        if isinstance(inner, ast.Attribute):
            found.add(inner.attr)
        elif isinstance(inner, ast.Call) and isinstance(inner.func, ast.Name):
            found.add(inner.func.id)
    return found


def _eventful(m: Machine, node: ast.For | ast.AsyncFor | ast.While) -> bool:
    key = id(node)
    known = m.line_of.get(key)
    if known is None:
        names: set[str] = set()
        for statement in node.body:
            names |= _names(statement)
        known = m.line_of[key] = int(not names.isdisjoint(m.eventful_names))
    return bool(known)


def follow_for(m: Machine, node: ast.For | ast.AsyncFor) -> int:
    over = m.eval(node.iter)
    items = iteration.known_items(m, over)
    if items is not None and len(items) <= _unroll_limit(m, node, over):
        return _turn_by_turn(m, node, items)
    loop = Loop(m.spot(node), iteration.source_of(over), epochs=over, names=_target_names(node.target))
    status = _once(m, node, loop, over)
    return status or m.block(node.orelse)


def _unroll_limit(m: Machine, node: ast.For | ast.AsyncFor, over: object) -> int:
    if not _eventful(m, node):
        return limits.TURNS
    return TRAINING_UNROLL if isinstance(over, (tuple, ListV)) else 0


def _turn_by_turn(m: Machine, node: ast.For | ast.AsyncFor, items: list[object]) -> int:
    for item in items:
        targets.assign(m, node.target, item)
        status = m.block(node.body)
        if status == BREAK:
            return NEXT
        if status in {RETURN, RAISE}:
            return status
    return m.block(node.orelse)


def follow_while(m: Machine, node: ast.While) -> int:
    for _ in range(limits.TURNS if not _eventful(m, node) else 0):
        known = truth(m.eval(node.test))
        if known is None or (isinstance(node.test, ast.Constant) and known):
            break
        if not known:
            return m.block(node.orelse)
        status = m.block(node.body)
        if status == BREAK:
            return NEXT
        if status in {RETURN, RAISE}:
            return status
    return _once(m, node, Loop(m.spot(node), Unknown()), None)


def _once(m: Machine, node: ast.For | ast.AsyncFor | ast.While, loop: Loop, over: object) -> int:
    """Follow the body once for all turns: what it counts is unknown, what it sets is kept."""
    outer = m.trace
    m.loop_depth += 1
    try:
        m.trace = loop.body
        with m.watching() as changes:
            _forget(m, node)
            if isinstance(node, ast.While):
                m.eval(node.test)
            else:
                targets.assign(m, node.target, iteration.element(m, over, node))
            status = m.block(node.body)
        for holder, key, old in list(changes.values()):
            if isinstance(holder, dict) and is_number(old) and holder.get(key) != old:
                m.put(holder, key, Unknown(str(key)))
    finally:
        m.trace = outer
        m.loop_depth -= 1
        if loop.body:
            outer.append(loop)
    return RETURN if status == RETURN else NEXT


def _forget(m: Machine, node: ast.For | ast.AsyncFor | ast.While) -> None:
    """Constants that the body sets again are only true of the first turn."""
    for name in _set_names(node):
        value = m.lookup(name)
        if value is None or isinstance(value, (bool, int, float, str)):
            m.assign(name, Unknown(name, tag="counter"))


def _set_names(node: ast.For | ast.AsyncFor | ast.While) -> set[str]:
    found: set[str] = set()
    for statement in node.body:
        for inner in ast.walk(statement):
            if isinstance(inner, ast.Name) and isinstance(inner.ctx, ast.Store):
                found.add(inner.id)
    return found


def _target_names(target: ast.expr) -> tuple[str, ...]:
    return tuple(node.id for node in ast.walk(target) if isinstance(node, ast.Name))
