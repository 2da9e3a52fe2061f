"""Following statements: each handler gives NEXT or the way the block is left."""

from __future__ import annotations

import ast
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any

from cnngui.checker.source import classes, imports, showing, targets
from cnngui.checker.source.loops import follow_for, follow_while
from cnngui.checker.source.managers import follow_with
from cnngui.checker.source.values import Dataset, Tensor, sequence, truth

if TYPE_CHECKING:
    from cnngui.checker.source.machine import Machine

NEXT, RETURN, BREAK, CONTINUE, RAISE = range(5)


def _expr(m: Machine, node: ast.Expr) -> int:
    value, call = m.eval(node.value), node.value
    in_place = (
        isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute) and call.func.attr.endswith("_")
    )
    if (
        (
            in_place
            and isinstance(value, Tensor)
            and isinstance(call, ast.Call)
            and isinstance(call.func, ast.Attribute)
        )
        and isinstance(call.func.value, ast.Name)
        and isinstance(m.lookup(call.func.value.id), Tensor)
    ):
        m.assign(call.func.value.id, value)
    return NEXT


def _assign(m: Machine, node: ast.Assign) -> int:
    value = m.eval(node.value)
    for target in node.targets:
        targets.assign(m, target, value)
    return NEXT


def _ann_assign(m: Machine, node: ast.AnnAssign) -> int:
    if node.value is not None:
        targets.assign(m, node.target, m.eval(node.value))
    return NEXT


def _aug_assign(m: Machine, node: ast.AugAssign) -> int:
    targets.augment(m, node)
    return NEXT


def _if(m: Machine, node: ast.If) -> int:
    known = truth(condition(m, node.test))
    if known is not None:
        return m.block(node.body if known else node.orelse)
    return m.fork(node, [partial(m.block, node.body), partial(m.block, node.orelse)])


def condition(m: Machine, test: ast.expr) -> object:
    """A test; ``__name__ == "__main__"`` is taken as true: the file is looked at as a script."""
    if isinstance(test, ast.Compare) and isinstance(test.left, ast.Name) and test.left.id == "__name__":
        return True
    return m.eval(test)


def _try(m: Machine, node: ast.Try) -> int:
    status = m.block(node.body)
    if status == NEXT:
        status = m.block(node.orelse)
    elif status == RAISE:
        status = NEXT
    final = m.block(node.finalbody)
    return final or status


def _return(m: Machine, node: ast.Return) -> int:
    value = m.eval(node.value) if node.value is not None else None
    showing.returned(m, m.frame.name, value, node)
    m.frame.returns.append(value)
    return RETURN


def _raise(m: Machine, node: ast.Raise) -> int:  # noqa: ARG001
    return RAISE


def _function(m: Machine, node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    m.assign(node.name, classes.make_function(m, node))
    return NEXT


def _class(m: Machine, node: ast.ClassDef) -> int:
    m.assign(node.name, classes.make_class(m, node))
    return NEXT


def _outer(m: Machine, node: ast.Global | ast.Nonlocal) -> int:
    m.frame.scope.outer_names |= frozenset(node.names)
    return NEXT


def _delete(m: Machine, node: ast.Delete) -> int:
    for target in node.targets:
        targets.delete(m, target)
    return NEXT


def _assert(m: Machine, node: ast.Assert) -> int:
    """``assert data.classes == NAMES`` tells how many classes there are."""
    m.eval(node.test)
    test = node.test
    if isinstance(test, ast.Compare) and isinstance(test.left, ast.Attribute) and test.left.attr == "classes":
        dataset, names = m.eval(test.left.value), sequence(m.eval(test.comparators[0]))
        if (
            isinstance(dataset, Dataset)
            and dataset.classes is None
            and names
            and isinstance(test.ops[0], ast.Eq)
        ):
            dataset.classes = len(names)
    return NEXT


def _match(m: Machine, node: ast.Match) -> int:
    subject = m.eval(node.subject)
    arms: list[Callable[[], int]] = []
    for case in node.cases:
        fits = _fits(m, case.pattern, subject)
        if fits and case.guard is not None:
            fits = truth(m.eval(case.guard))
        if fits and not arms:
            return m.block(case.body)
        if fits is not False:
            arms.append(partial(m.block, case.body))
        if fits:
            return m.fork(node, arms)
    return m.fork(node, [*arms, lambda: NEXT]) if arms else NEXT


def _fits(m: Machine, pattern: ast.pattern, subject: object) -> bool | None:
    """Whether a value matches a pattern of constants; None where that is not known."""
    if isinstance(pattern, ast.MatchAs):
        fits = True if pattern.pattern is None else _fits(m, pattern.pattern, subject)
        if pattern.name is not None and fits is not False:
            m.assign(pattern.name, subject)
        return fits
    if isinstance(pattern, ast.MatchOr):
        answers = [_fits(m, one, subject) for one in pattern.patterns]
        return True if True in answers else None if None in answers else False
    known = isinstance(subject, (str, int, float, bool, type(None)))
    if isinstance(pattern, ast.MatchValue) and known:
        return truth(m.eval(pattern.value) == subject)
    if isinstance(pattern, ast.MatchSingleton) and known:
        return pattern.value is subject
    return None


TABLE: dict[type[ast.stmt], Callable[[Machine, Any], int]] = {
    ast.Expr: _expr,
    ast.Assign: _assign,
    ast.AnnAssign: _ann_assign,
    ast.AugAssign: _aug_assign,
    ast.If: _if,
    ast.For: follow_for,
    ast.AsyncFor: follow_for,
    ast.While: follow_while,
    ast.With: follow_with,
    ast.AsyncWith: follow_with,
    ast.Try: _try,
    ast.TryStar: _try,
    ast.Return: _return,
    ast.Raise: _raise,
    ast.Break: lambda m, node: BREAK,  # noqa: ARG005
    ast.Continue: lambda m, node: CONTINUE,  # noqa: ARG005
    ast.FunctionDef: _function,
    ast.AsyncFunctionDef: _function,
    ast.ClassDef: _class,
    ast.Global: _outer,
    ast.Nonlocal: _outer,
    ast.Delete: _delete,
    ast.Assert: _assert,
    ast.Match: _match,
    ast.Import: imports.plain,
    ast.ImportFrom: imports.source,
}
