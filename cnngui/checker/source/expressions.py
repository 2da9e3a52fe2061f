"""Following expressions: each handler gives the abstract value of one kind of node."""

from __future__ import annotations

import ast
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any

from cnngui.checker.source import (
    arithmetic,
    attributes,
    calls,
    classes,
    fragments,
    iteration,
    python_lib,
    showing,
    subscripts,
    targets,
)
from cnngui.checker.source.join import join
from cnngui.checker.source.trace import Loop
from cnngui.checker.source.values import (
    MISSING,
    DictV,
    ListV,
    Scope,
    Unknown,
    sequence,
    truth,
)

if TYPE_CHECKING:
    from cnngui.checker.source.machine import Machine

NEXT = 0


def _constant(m: Machine, node: ast.Constant) -> object:  # noqa: ARG001
    return node.value


def _name(m: Machine, node: ast.Name) -> object:
    found = m.lookup(node.id)
    if found is not MISSING:
        return found
    if node.id in python_lib.NAMES:
        return python_lib.name(node.id)
    return fragments.value(node.id)


def _attribute(m: Machine, node: ast.Attribute) -> object:
    return attributes.get(m, m.eval(node.value), node.attr, node)


def _bin_op(m: Machine, node: ast.BinOp) -> object:
    return arithmetic.binary(m, type(node.op), m.eval(node.left), m.eval(node.right), node)


def _unary_op(m: Machine, node: ast.UnaryOp) -> object:
    return arithmetic.unary(m, type(node.op), m.eval(node.operand), node)


def _bool_op(m: Machine, node: ast.BoolOp) -> object:
    stop = isinstance(node.op, ast.Or)
    result: object = MISSING
    for part in node.values:
        value = m.eval(part)
        known = truth(value)
        if known is stop:
            return value if result is MISSING else _either(result, value)
        if known is None:
            result = value if result is MISSING else _either(result, value)
        last = value
    return last if result is MISSING else _either(result, last)


def _either(first: object, second: object) -> object:
    """One of two values; a default such as ``x or Net()`` is what the second says."""
    if isinstance(first, Unknown) and not isinstance(second, (bool, Unknown)) and not first.hint:
        return second
    return join(first, second)


def _compare(m: Machine, node: ast.Compare) -> object:
    left = m.eval(node.left)
    results = []
    for op, right_node in zip(node.ops, node.comparators, strict=True):
        right = m.eval(right_node)
        showing.compared(m, left, right, node)
        results.append(arithmetic.compare(m, type(op), left, right, node))
        left = right
    if len(results) == 1:
        return results[0]
    known = [truth(one) for one in results]
    return False if False in known else True if all(known) else Unknown()


def _if_exp(m: Machine, node: ast.IfExp) -> object:
    known = truth(m.eval(node.test))
    if known is not None:
        return m.eval(node.body if known else node.orelse)
    made: list[object] = []

    def arm(part: ast.expr) -> int:
        made.append(m.eval(part))
        return NEXT

    m.fork(node, [partial(arm, node.body), partial(arm, node.orelse)])
    return join(made[0], made[1]) if len(made) == 2 else Unknown()


def elements(m: Machine, nodes: list[ast.expr]) -> tuple[list[object], bool]:
    """The values of a display, stars taken apart; True if something of unknown length was in it."""
    items: list[object] = []
    is_open = False
    for one in nodes:
        if isinstance(one, ast.Starred):
            value = m.eval(one.value)
            known = iteration.known_items(m, value)
            if known is None:
                is_open = True
                items.extend(value.items if isinstance(value, ListV) else ())
            else:
                items.extend(known)
        else:
            items.append(m.eval(one))
    return items, is_open


def _tuple(m: Machine, node: ast.Tuple) -> object:
    items, is_open = elements(m, node.elts)
    return m.new_list(items, is_open=True, kind="tuple") if is_open else tuple(items)


def _list(m: Machine, node: ast.List | ast.Set) -> object:
    items, is_open = elements(m, node.elts)
    made = m.new_list(items, is_open=is_open, kind="set" if isinstance(node, ast.Set) else "list")
    made.at = m.spot(node)
    return made


def _dict(m: Machine, node: ast.Dict) -> object:
    made = DictV({}, at=m.spot(node))
    for key_node, value_node in zip(node.keys, node.values, strict=True):
        value = m.eval(value_node)
        if key_node is None:
            made.items.update(value.items if isinstance(value, DictV) else {})
            made.open |= not isinstance(value, DictV) or value.open
            continue
        key = m.eval(key_node)
        if is_key(key):
            made.items[key] = value
            showing.stored(m, key, value, value_node)
        else:
            made.open = True
    return made


def is_key(value: object, depth: int = 0) -> bool:
    """Whether it is a constant that may be a dictionary key."""
    if isinstance(value, tuple):
        return depth < 4 and all(is_key(one, depth + 1) for one in value)
    return isinstance(value, (int, float, str, bytes, type(None)))


def _slice(m: Machine, node: ast.Slice) -> object:
    low, high, step = (
        m.eval(one) if one is not None else None for one in (node.lower, node.upper, node.step)
    )
    return slice(low, high, step)


def _subscript(m: Machine, node: ast.Subscript) -> object:
    return subscripts.get(m, m.eval(node.value), m.eval(node.slice), node)


def _lambda(m: Machine, node: ast.Lambda) -> object:
    return classes.make_function(m, node)


def _comprehension(m: Machine, node: ast.ListComp | ast.SetComp | ast.GeneratorExp) -> object:
    out: list[object] = []
    is_open = _generate(m, node.generators, lambda: out.append(m.eval(node.elt)))
    kind = {ast.ListComp: "list", ast.SetComp: "set"}.get(type(node), "generator")
    made = m.new_list(out, is_open=is_open, kind=kind)
    made.at = m.spot(node)
    return made


def _dict_comprehension(m: Machine, node: ast.DictComp) -> object:
    made = DictV({})

    def one() -> None:
        key, value = m.eval(node.key), m.eval(node.value)
        if is_key(key):
            made.items[key] = value
        else:
            made.open = True

    made.open |= _generate(m, node.generators, one)
    return made


def _generate(m: Machine, generators: list[ast.comprehension], work: Callable[[], None]) -> bool:
    """Run the work for each turn; True if the number of turns is not known."""
    scope = m.frame.scope
    m.frame.scope = Scope({}, scope, scope.owner)
    try:
        return _level(m, generators, work)
    finally:
        m.frame.scope = scope


def _level(m: Machine, generators: list[ast.comprehension], work: Callable[[], None]) -> bool:
    if not generators:
        work()
        return False
    first, rest = generators[0], generators[1:]
    over = m.eval(first.iter)
    items = iteration.known_items(m, over)
    unknown = items is None or len(items) > 160
    is_open = unknown
    m.loop_depth += unknown
    outer, loop = m.trace, Loop(m.spot(first.iter), iteration.source_of(over))
    m.trace = loop.body if unknown else outer
    try:
        for item in [iteration.element(m, over, first.iter)] if items is None or unknown else items:
            targets.assign(m, first.target, item)
            keep: bool | None = True
            for test in first.ifs:
                known = truth(m.eval(test))
                keep = False if known is False else None if known is None else keep
                if keep is False:
                    break
            if keep is not False:
                is_open |= keep is None
                is_open |= _level(m, rest, work)
    finally:
        m.loop_depth -= unknown
        m.trace = outer
        if loop.body:
            outer.append(loop)
    return is_open


def _joined(m: Machine, node: ast.JoinedStr) -> object:
    parts: list[str] = []
    known = True
    before = ""
    for index, piece in enumerate(node.values):
        if isinstance(piece, ast.Constant):
            before = str(piece.value)
            parts.append(before)
            continue
        assert isinstance(piece, ast.FormattedValue)
        value = m.eval(piece.value)
        after = node.values[index + 1] if index + 1 < len(node.values) else None
        text = str(after.value) if isinstance(after, ast.Constant) else ""
        spec = ast.unparse(piece.format_spec) if piece.format_spec is not None else ""
        showing.formatted(m, value, before, text, spec, piece.value)
        if isinstance(value, (int, str)) and not spec and len(parts) < 64:
            parts.append(str(int(value) if type(value) is not bool and isinstance(value, int) else value))
        else:
            known = False
    return "".join(parts) if known else Unknown(tag="text")


def _starred(m: Machine, node: ast.Starred) -> object:
    return m.eval(node.value)


def _walrus(m: Machine, node: ast.NamedExpr) -> object:
    value = m.eval(node.value)
    targets.assign(m, node.target, value)
    return value


def _yield(m: Machine, node: ast.Yield) -> object:
    m.frame.yields.append(m.eval(node.value) if node.value is not None else None)
    m.frame.loose |= m.certainty != m.frame.certainty
    return Unknown()


def _yield_from(m: Machine, node: ast.YieldFrom) -> object:
    value = m.eval(node.value)
    m.frame.loose = True
    m.frame.yields.extend(sequence(value) or [iteration.element(m, value, node)])
    return Unknown()


def _await(m: Machine, node: ast.Await) -> object:
    return m.eval(node.value)


def _call(m: Machine, node: ast.Call) -> object:
    return calls.from_node(m, node)


TABLE: dict[type[ast.expr], Callable[[Machine, Any], object]] = {
    ast.Constant: _constant,
    ast.Name: _name,
    ast.Attribute: _attribute,
    ast.BinOp: _bin_op,
    ast.UnaryOp: _unary_op,
    ast.BoolOp: _bool_op,
    ast.Compare: _compare,
    ast.IfExp: _if_exp,
    ast.Tuple: _tuple,
    ast.List: _list,
    ast.Set: _list,
    ast.Dict: _dict,
    ast.Slice: _slice,
    ast.Subscript: _subscript,
    ast.Lambda: _lambda,
    ast.ListComp: _comprehension,
    ast.SetComp: _comprehension,
    ast.GeneratorExp: _comprehension,
    ast.DictComp: _dict_comprehension,
    ast.JoinedStr: _joined,
    ast.Starred: _starred,
    ast.NamedExpr: _walrus,
    ast.Yield: _yield,
    ast.YieldFrom: _yield_from,
    ast.Await: _await,
    ast.Call: _call,
}
