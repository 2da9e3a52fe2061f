"""Assignment: names, attributes, items and unpacking; and ``+=`` with what it accumulates."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from cnngui.checker.source import arithmetic, attributes, iteration, showing, subscripts
from cnngui.checker.source.facts import Growth
from cnngui.checker.source.values import ListV, Loader, Tensor, Unknown

if TYPE_CHECKING:
    from cnngui.checker.source.machine import Machine


def assign(m: Machine, target: ast.expr, value: object) -> None:
    """Bind a target of an assignment, a loop or a ``with``."""
    if isinstance(target, ast.Name):
        if isinstance(value, Unknown) and not value.hint and not value.parent:
            value = Unknown(target.id, value.reason, value.tag)
        if isinstance(value, Loader):
            value.names.setdefault(target.id)
        showing.stored(m, target.id, value, target)
        m.assign(target.id, value)
    elif isinstance(target, ast.Attribute):
        if isinstance(value, Loader):
            value.names.setdefault(target.attr)
        attributes.put(m, m.eval(target.value), target.attr, value, target)
    elif isinstance(target, ast.Subscript):
        holder, key = m.eval(target.value), m.eval(target.slice)
        if (
            isinstance(holder, Tensor)
            and isinstance(target.value, ast.Name)
            and value in {1}
            and _by_target(key)
        ):
            m.assign(target.value.id, holder.but(onehot=True))
        subscripts.put(m, holder, key, value, target)
    elif isinstance(target, (ast.Tuple, ast.List)):
        _unpack(m, target.elts, value, target)
    elif isinstance(target, ast.Starred):
        assign(m, target.value, value)


def _unpack(m: Machine, parts: list[ast.expr], value: object, node: ast.expr) -> None:
    items = iteration.known_items(m, value)
    star = next((index for index, part in enumerate(parts) if isinstance(part, ast.Starred)), None)
    if star is not None and items is not None and len(items) >= len(parts) - 1:
        after = len(parts) - star - 1
        middle = items[star : len(items) - after]
        items = [*items[:star], m.new_list(middle), *items[len(items) - after :]]
    if items is None or len(items) != len(parts):
        items = [iteration.unpacked(m, value, index, len(parts), node) for index in range(len(parts))]
    for part, item in zip(parts, items, strict=True):
        assign(m, part, item)


def _by_target(key: object) -> bool:
    """Whether an index holds class numbers: writing 1 there makes one-hot vectors."""
    return isinstance(key, tuple) and any(isinstance(one, Tensor) and one.role == "target" for one in key)


def delete(m: Machine, target: ast.expr) -> None:
    """``del``: a name or an item that is gone is no longer known."""
    if isinstance(target, ast.Name):
        m.assign(target.id, Unknown(target.id))
    elif isinstance(target, ast.Subscript):
        subscripts.delete(m, m.eval(target.value), m.eval(target.slice))
    elif isinstance(target, ast.Attribute):
        attributes.delete(m, m.eval(target.value), target.attr)


def augment(m: Machine, node: ast.AugAssign) -> None:
    """``target op= value``."""
    target = node.target
    read: ast.expr
    if isinstance(target, ast.Name):
        read = ast.copy_location(ast.Name(target.id, ast.Load()), target)
    elif isinstance(target, ast.Attribute):
        read = ast.copy_location(ast.Attribute(target.value, target.attr, ast.Load()), target)
    else:
        read = ast.copy_location(ast.Subscript(target.value, target.slice, ast.Load()), target)
    old, value = m.eval(read), m.eval(node.value)
    if isinstance(old, ListV) and isinstance(node.op, ast.Add):
        added = iteration.known_items(m, value)
        m.touch(old).items.extend(added or [])
        old.open |= added is None
        return
    result = arithmetic.binary(m, type(node.op), old, value, node)
    if isinstance(node.op, ast.Add) and not isinstance(old, Tensor):
        result = grown(m, node, ast.unparse(target), value, result, "added")
    if isinstance(node.op, ast.Add) and isinstance(old, Tensor) and not old.made_of and old.shape == ():
        result = grown(m, node, ast.unparse(target), value, result, "added")
    assign(m, target, result)


def grown(m: Machine, node: ast.AST, name: str, value: object, result: object, how: str) -> object:
    """Note that a value which may hold a graph was put into something that outlives the turn."""
    if not m.loop_depth or m.grad is False or not isinstance(value, (Tensor, Unknown)):
        return result
    if isinstance(value, Tensor) and (value.graph in {"", "cut"} or value.number):
        return result
    number = m.next_number()
    m.facts.growths.append(Growth(m.spot(node), name, value, how, number))
    if isinstance(result, Tensor):
        return result.but(made_of=(*result.made_of, number))
    made = Unknown(name, parent=value)
    m.facts.lineage[id(made)] = (made, number)
    return made
