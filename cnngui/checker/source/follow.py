"""Following a whole file: the script from top to bottom, then what it defines and never uses."""

from __future__ import annotations

import ast
from collections.abc import Callable

from cnngui.checker.source import (
    batches,
    calls,
    classes,
    forward,
    lightning,
    limits,
    modules,
    pipelines,
    topic,
)
from cnngui.checker.source.facts import Root, SourceFacts
from cnngui.checker.source.loops import eventful_functions
from cnngui.checker.source.machine import Machine, OutOfBudget
from cnngui.checker.source.sizes import Dim, batch, fresh
from cnngui.checker.source.trace import Node
from cnngui.checker.source.values import Bound, ClassV, Func, Layer, Loader, Obj, Optimizer, Spot, Tensor

FLAT = ("Linear", "Conv1d", "Embedding", "LSTM", "GRU", "RNN")
"""Layers that do not take a batch of pictures as it is."""
FAILED = "the checker failed on a statement"


def follow(tree: ast.Module, size: int | None = None, classes_: int | None = None) -> SourceFacts:
    """Everything the interpreter sees in a file. Never raises, never runs the file."""
    m = Machine(size, classes_)
    if not topic.about_networks(tree):
        return m.facts
    m.facts.loaded_names = _loaded(tree)
    m.eventful_names = eventful_functions(tree)
    try:
        _script(m, tree)
        m.allow(limits.LEFT_OVER_SECONDS, limits.LEFT_OVER_STEPS)
        _left_over(m)
    except OutOfBudget:
        m.skip(tree, "the rest of the file: it is larger than the time allowed for one file")
    return m.facts


def _loaded(tree: ast.Module) -> set[str]:
    """Attribute names the file reads anywhere, and words of its strings."""
    found: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and not isinstance(node.ctx, ast.Store):
            found.add(node.attr)
    return found


def _script(m: Machine, tree: ast.Module) -> None:
    root = Root("", m.trace, True)
    m.facts.roots.append(root)
    for statement in tree.body:
        _guarded(m, lambda statement=statement: m.block([statement]))  # type: ignore[misc]


def _guarded(m: Machine, work: Callable[[], object]) -> None:
    """Do something; if it is nested too deeply to be followed, go on with the next."""
    trace, frames, grad = m.trace, len(m.frames), m.grad
    try:
        work()
    except OutOfBudget:
        raise
    except RecursionError:
        m.trace, m.grad = trace, grad
        del m.frames[frames:]
        m.skip(ast.Constant(None), "something nested too deeply")
    except Exception as error:  # noqa: BLE001  what the checker itself gets wrong is unknown, like anything else
        m.trace, m.grad = trace, grad
        del m.frames[frames:]
        m.skip(ast.Constant(None), f"{FAILED} ({type(error).__name__}: {error})")


def _left_over(m: Machine) -> None:
    for obj in list(m.facts.objects):
        _guarded(m, lambda obj=obj: _pending(m, obj))  # type: ignore[misc]
    for cls in list(m.classes)[: limits.ROOTS]:
        if id(cls) not in m.instantiated and not _is_base(m, cls):
            _guarded(m, lambda cls=cls: _unused_class(m, cls))  # type: ignore[misc]
    _guarded(m, lambda: _pending_networks(m))
    for func in list(m.functions)[: limits.ROOTS * 2]:
        if func.scope is m.module and func.owner is None and id(func.node) not in m.called:
            _guarded(m, lambda func=func: _root(m, func, None))  # type: ignore[misc]
            for obj in list(m.facts.objects):
                _guarded(m, lambda obj=obj: _pending(m, obj))  # type: ignore[misc]
    for obj in list(m.facts.objects)[: limits.ROOTS]:
        _guarded(m, lambda obj=obj: _unused_methods(m, obj))  # type: ignore[misc]
    _guarded(m, lambda: _unused_data(m))


def _is_base(m: Machine, cls: ClassV) -> bool:
    return any(cls in other.bases and id(other) in m.instantiated for other in m.classes)


def _root(m: Machine, func: Func, this: object) -> None:
    """Follow a function nobody calls: of its arguments no more is known than names and defaults."""
    trace: list[Node] = []
    outer, m.trace = m.trace, trace
    m.facts.roots.append(Root(func.name, trace, False, m.facts.roots[0].trace))
    try:
        target: object = Bound(func, this) if this is not None else func
        calls.call(m, target, [], _namesakes(m, func), func.node)
    finally:
        m.trace = outer


def _namesakes(m: Machine, func: Func) -> dict[str, object]:
    """Arguments named like a network, loader or optimiser of the script: ``def train(model, loader)``."""
    arguments = func.node.args
    names = {one.arg for one in [*arguments.args, *arguments.kwonlyargs]} - set(func.defaults)
    found = {name: m.module.names.get(name) for name in sorted(names)}
    return {
        name: value for name, value in found.items()
        if isinstance(value, (Layer, Loader, Optimizer))
        or (isinstance(value, Obj) and modules.is_module(value))
    }  # fmt: skip


def _pending(m: Machine, obj: Obj) -> None:
    """A network that was made and never called: send a picture of any size through it."""
    if id(obj) in m.facts.forwarded or not modules.is_module(obj) or _has_parent(m, obj):
        return
    if obj.cls.lookup("forward") is None and obj.base is None:
        return
    if lightning.is_module(obj) and isinstance(obj.cls.lookup("training_step"), Func):
        _fit_alone(m, obj)
    outer, m.trace = m.trace, []
    try:
        forward.call_module(m, obj, calls.Args([_any_input(m, obj)]), obj.cls.node)
    finally:
        m.trace = outer


def _pending_networks(m: Machine) -> None:
    """Sequentials and torchvision networks that nothing calls and nothing contains."""
    inside = {id(one) for obj in m.facts.objects for _, one in list(modules.walk(obj))[1:]}
    for network in m.facts.networks:
        inside.update(id(one) for _, one in list(modules.walk(network))[1:])
    for network in m.facts.networks[: limits.ROOTS]:
        if id(network) in m.facts.used_layers or id(network) in inside:
            continue
        if next(iter(modules.learning(network)), None) is None:
            continue
        outer, m.trace = m.trace, []
        try:
            forward.call_module(m, network, calls.Args([_any_input(m, network)]), _at(network.at))
        finally:
            m.trace = outer


def _fit_alone(m: Machine, obj: Obj) -> None:
    trace: list[Node] = []
    outer, m.trace = m.trace, trace
    m.facts.roots.append(Root(obj.cls.name, trace, False))
    try:
        lightning.fit(m, obj, None, None, obj.cls.node)
    finally:
        m.trace = outer


def _any_input(m: Machine, network: Layer | Obj) -> Tensor:
    """A picture of any size for a network that starts with a convolution; of others nothing is known."""
    first = next((layer for _, layer in modules.learning(network)), None)
    if first is not None and first.kind.endswith(FLAT):
        return Tensor(None, None, graph=None)
    side: Dim = m.size if m.size is not None else fresh("h")
    other: Dim = m.size if m.size is not None else fresh("w")
    picture = (side, other) if m.size is not None else None
    return Tensor((batch(), fresh("c"), side, other), "float", role="input", picture=picture)


def _has_parent(m: Machine, obj: Obj) -> bool:
    for other in m.facts.objects:
        if other is not obj and any(child is obj for child in modules.child_map(other).values()):
            return True
    for other in m.facts.objects:
        containers = [child for child in modules.child_map(other).values() if isinstance(child, Layer)]
        if any(child is obj for one in containers for _, child in modules.walk(one)):
            return True
    return False


def _unused_class(m: Machine, cls: ClassV) -> None:
    made = classes.instantiate(m, cls, calls.Args(), cls.node)
    if isinstance(made, Obj):
        _pending(m, made)


def _unused_data(m: Machine) -> None:
    """Take one batch of each loader and one picture through each pipeline that nothing has used."""
    used = {id(loader) for loader, _ in m.facts.batches}
    for loader in m.facts.loaders[: limits.ROOTS]:
        if id(loader) not in used:
            batches.batch_of(m, loader, _at(loader.at))
    applied = {id(one.transform) for one in m.facts.applied}
    for dataset in m.facts.datasets[: limits.ROOTS]:
        steps = pipelines.known_steps(dataset.transform)
        if dataset.obj is None and steps and not any(id(step) in applied for step in steps):
            batches.sample_of(m, dataset, _at(dataset.at))


def _at(spot: Spot) -> ast.AST:
    return ast.Constant(None, lineno=spot.line, col_offset=spot.column)


def _unused_methods(m: Machine, obj: Obj) -> None:
    if id(obj.cls) not in m.instantiated:
        return
    for name, func in list(obj.cls.attrs.items()):
        if (
            not isinstance(func, Func)
            or id(func.node) in m.called
            or str(name).startswith("__")
            or name == "forward"
        ):
            continue
        if func.kind in {"plain"} and not (
            lightning.is_module(obj) and str(name).startswith(("on_", "validation"))
        ):
            _root(m, func, obj)
