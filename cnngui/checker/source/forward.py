"""Calling modules: layers, containers, networks of the file; the outermost call is the network's."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from cnngui.checker.source import layer_shapes, losses, modules, tensors
from cnngui.checker.source.facts import NetCall
from cnngui.checker.source.values import DictV, Func, Layer, ListV, Obj, Op, Tensor, Unknown

if TYPE_CHECKING:
    from cnngui.checker.source.calls import Args
    from cnngui.checker.source.machine import Machine


def call_module(
    m: Machine, module: Layer | Obj, args: Args, node: ast.AST, method: Func | None = None
) -> object:
    """``module(x)``. Called from outside any forward it is a network, and the trace hears of it."""
    if isinstance(module, Layer) and module.kind in losses.KINDS:
        return losses.called(m, module, args, node)
    outermost = m.forward_depth == 0 and _is_net(module)
    m.forward_depth += 1
    try:
        result = _apply(m, module, args, node, method)
    finally:
        m.forward_depth -= 1
    if outermost:
        given = args.get(0, "x")
        result = claimed(m, module, result)
        if isinstance(result, Tensor) and result.cut is not None and result.cut.kind == "no_grad":
            result = result.but(cut=Op("no_grad", m.spot(node)))
        m.event("forward", node, module, given, result)
        m.facts.nets.append(NetCall(m.spot(node), module, given, result))
    return result


def _is_net(module: Layer | Obj) -> bool:
    if isinstance(module, Obj):
        return True
    return module.kind in {"tv", "Sequential"} or module.kind in modules.LEARNS


def claimed(m: Machine, module: object, result: object) -> object:
    """The same output, known to be this network's."""
    m.tick()
    if isinstance(result, Tensor):
        m.facts.keep.append(module)
        return result.but(net=module)
    if isinstance(result, tuple):
        return tuple(claimed(m, module, one) for one in result)
    if isinstance(result, ListV):
        return ListV(
            [claimed(m, module, one) for one in result.items], result.open, result.kind, result.depth
        )
    if isinstance(result, DictV):
        return DictV({key: claimed(m, module, one) for key, one in result.items.items()}, result.open)
    return result


def _apply(m: Machine, module: Layer | Obj, args: Args, node: ast.AST, method: Func | None) -> object:
    from cnngui.checker.source import calls

    first = args.get(0, "x")
    if isinstance(module, Layer):
        if module.kind in modules.CONTAINERS:
            return _through(m, module, first, node)
        return layer_shapes.apply(m, module, first, node)
    forward = method or module.cls.lookup("forward")
    m.facts.used_layers.add(id(module))
    if isinstance(forward, Func):
        before = len(m.facts.skipped)
        result = calls.call_function(m, forward, args, module, node)
        clean = before == len(m.facts.skipped)
        seen = m.facts.forwarded.get(id(module))
        m.facts.forwarded[id(module)] = (module, clean and (seen is None or seen[1]))
        _note_returned(m, result)
        return result
    if isinstance(module.base, Layer):
        inner = module.base
        if inner.kind in modules.CONTAINERS:
            return _through(m, Layer(inner.kind, {}, modules.child_map(module), inner.state), first, node)
        return layer_shapes.apply(m, inner, first, node)
    call = module.cls.lookup("__call__")
    return (
        calls.call_function(m, call, args, module, node) if isinstance(call, Func) else Unknown(parent=first)
    )


def _note_returned(m: Machine, result: object) -> None:
    """Remember what a forward gave: a feature that is returned may be linear on purpose."""
    parts = result if isinstance(result, tuple) else result.items if isinstance(result, ListV) else ()
    if isinstance(result, DictV):
        parts = tuple(result.items.values())
    if len(parts) > 1:
        for one in parts:
            if isinstance(one, Tensor) and one.last is not None:
                m.facts.returned.add(id(one.last))


def _through(m: Machine, container: Layer, value: object, node: ast.AST) -> object:
    """A Sequential: one child after the other."""
    from cnngui.checker.source import calls

    if container.kind != "Sequential":
        return Unknown()
    m.facts.used_layers.add(id(container))
    if container.state.get("open"):
        value = tensors.as_tensor(value).but(shape=None, linear=None)
    before, m.sequential = m.sequential, True
    try:
        for child in list(container.children.values()):
            m.tick()
            if (
                isinstance(child, Layer)
                and child.kind not in modules.CONTAINERS
                and child.kind not in losses.KINDS
            ):
                value = layer_shapes.apply(m, child, value, node)
            elif isinstance(child, (Layer, Obj)):
                value = call_module(m, child, calls.Args([value]), node)
            else:
                value = calls.call(m, child, [value], {}, node)
    finally:
        m.sequential = before
    return tensors.as_tensor(value).but(shape=None, linear=None) if container.state.get("open") else value
