"""Calls that cannot be followed: what they were given may have changed, and what they give is unknown."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from cnngui.checker.source import modules, tensors
from cnngui.checker.source.values import DictV, ListV, Obj, Op, Optimizer, Tensor, Unknown, truth

if TYPE_CHECKING:
    from cnngui.checker.source.calls import Args
    from cnngui.checker.source.machine import Machine

MODELS = frozenset({"model", "net", "network", "cnn", "classifier", "backbone", "encoder", "student"})
LOSSES = frozenset(
    {"criterion", "loss_fn", "loss_func", "criteria", "loss_function", "objective", "cross_entropy"}
)
SAME = frozenset(
    {
        "to",
        "cuda",
        "cpu",
        "float",
        "long",
        "half",
        "double",
        "contiguous",
        "clone",
        "requires_grad_",
        "squeeze",
    }
)


def model_like(value: object) -> bool:
    """Whether an unknown value goes by a network's name."""
    return isinstance(value, Unknown) and goes_by_network(value.hint)


def goes_by_network(name: str) -> bool:
    """Whether a name is one that people give to networks."""
    name = name.lower()
    return name in MODELS or name.endswith(("_model", "_net", "_network", "_classifier"))


def call(m: Machine, func: object, args: Args, node: ast.AST) -> object:
    """Call something unknown."""
    if isinstance(func, Unknown):
        if func.reason:
            m.skip(node, func.reason)
        if isinstance(func.parent, Obj) and func.hint == "zero_grad":
            m.event("zero_grad", node, func.parent)
            return None
        if isinstance(func.parent, Unknown):
            handled, result = _method(m, func.parent, func.hint, args, node)
            if handled:
                return result
        if model_like(func) and args.pos and not m.forward_depth:
            graph, cut = (
                ("on" if m.grad else None, None)
                if m.grad is not False
                else ("cut", Op("no_grad", m.spot(node)))
            )
            made = Tensor(None, "float", Op("net", m.spot(node)), net=func, graph=graph, cut=cut)
            m.facts.keep.append(func)
            m.event("forward", node, func, args.pos[0], made)
            return made
        if func.hint.lower() in LOSSES:
            return _loss(m, func, args, node)
    _escape(m, func, args, node)
    return Unknown(parent=func)


def _loss(m: Machine, func: Unknown, args: Args, node: ast.AST) -> object:
    """A loss of unknown kind: a scalar with the graph of what went in."""
    given = [one for one in args.pos if isinstance(one, Tensor)]
    if not given:
        return Unknown("loss", parent=func)
    at = m.spot(node)
    graph, cut = tensors.graph_of(m, given, at)
    if len(given) != len(args.pos) and graph != "on":
        graph, cut = None, None
    numbers = tuple(number for one in given for number in one.made_of)
    return Tensor((), "float", Op("loss", at), graph=graph, cut=cut, made_of=(*numbers, m.next_number()))


def _escape(m: Machine, func: object, args: Args, node: ast.AST) -> None:
    for value in args.all():
        if isinstance(value, ListV) and not value.open:
            m.touch(value).open = True
        elif isinstance(value, DictV):
            value.open = True
        elif isinstance(value, (Optimizer, Unknown)) or modules.is_module(value):
            m.event("opaque", node, value, func)
        if isinstance(value, Obj) and isinstance(func, Unknown):
            value.opaque = True


def _method(m: Machine, owner: Unknown, name: str, args: Args, node: ast.AST) -> tuple[bool, object]:
    """A method of an unknown value, told by its name."""
    first = args.get(0, "x")
    if name in SAME:
        return True, owner
    if name in {"backward", "manual_backward"}:
        value = first if isinstance(first, (Tensor, Unknown)) else owner
        m.facts.backward.append(value)
        if isinstance(value, Tensor):
            m.facts.backward_numbers.update(value.made_of)
        m.event("backward", node, owner, value)
        return True, None
    if name == "scale" and isinstance(first, (Tensor, Unknown)) and "scaler" in owner.hint.lower():
        return True, first
    if name == "zero_grad":
        m.event("zero_grad", node, owner)
        return True, None
    if name in {"train", "eval"}:
        mode = truth(args.get(0, "mode", True)) if name == "train" else False
        m.event("mode" if mode is None else "train" if mode else "eval", node, owner)
        return True, owner
    if name == "step":
        return True, _step(m, owner, first, node)
    if name == "load_state_dict":
        m.event("load", node, owner, first)
        return True, None
    return False, None


def _step(m: Machine, owner: Unknown, first: object, node: ast.AST) -> object:
    hint = owner.hint.lower()
    if isinstance(first, Optimizer) or (isinstance(first, Unknown) and "optim" in first.hint.lower()):
        m.event("step", node, first)
    elif "sched" in hint:
        m.event("sched_step", node, owner)
    elif "opt" in hint or hint in {"o", "sgd", "adam"}:
        from cnngui.checker.source import calls

        if first is not None:
            calls.call(m, first, [], {}, node)
        m.event("step", node, owner)
    else:
        m.event("opaque", node, owner)
        m.event("maybe_step", node, owner)
    return None
