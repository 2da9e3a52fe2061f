"""Lightning: what ``Trainer.fit`` does with a module, so that the same rules apply."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from cnngui.checker.source import calls, iteration
from cnngui.checker.source.trace import Loop
from cnngui.checker.source.values import Bound, DictV, Func, ListV, Obj, Optimizer, Tensor, Thing, Unknown

if TYPE_CHECKING:
    from cnngui.checker.source.calls import Args
    from cnngui.checker.source.machine import Machine


def call(m: Machine, path: str, args: Args, node: ast.AST) -> object:
    """A class or function of Lightning."""
    name = path.rpartition(".")[2]
    if name == "Trainer":
        return Thing("lightning.Trainer", dict(args.kw), m.spot(node))
    return Unknown(name)


def is_module(obj: Obj) -> bool:
    return obj.cls.lib.startswith("lightning.") and obj.cls.lib.endswith("LightningModule")


def fit(m: Machine, obj: Obj, train: object, val: object, node: ast.AST) -> None:
    """One epoch of training and one of validation, as the Trainer would run them."""
    m.called.add(id(obj.cls.node))
    configure = obj.cls.lookup("configure_optimizers")
    made = calls.call(m, Bound(configure, obj), [], {}, node) if isinstance(configure, Func) else None
    optimizer = _optimizer(made)
    if train is None:
        train = _own_loader(m, obj, "train_dataloader", node)
    if val is None:
        val = _own_loader(m, obj, "val_dataloader", node)
    manual = obj.attrs.get("automatic_optimization") is False
    m.event("train", node, obj)
    _run(m, obj, "training_step", train, optimizer, node, learns=not manual)
    before, m.grad = m.grad, False
    try:
        m.event("eval", node, obj)
        _run(m, obj, "validation_step", val, None, node, learns=False)
        _run(m, obj, "test_step", val, None, node, learns=False)
        m.event("train", node, obj)
    finally:
        m.grad = before


def _own_loader(m: Machine, obj: Obj, name: str, node: ast.AST) -> object:
    own = obj.cls.lookup(name)
    return calls.call(m, Bound(own, obj), [], {}, node) if isinstance(own, Func) else Unknown("loader")


def _optimizer(made: object) -> object:
    if isinstance(made, Optimizer):
        return made
    if isinstance(made, (tuple, ListV)):
        items = made.items if isinstance(made, ListV) else list(made)
        return _optimizer(items[0]) if items else None
    return _optimizer(made.items.get("optimizer")) if isinstance(made, DictV) else None


def _run(
    m: Machine, obj: Obj, name: str, loader: object, optimizer: object, node: ast.AST, *, learns: bool
) -> None:
    step = obj.cls.lookup(name)
    if not isinstance(step, Func):
        return
    outer, loop = m.trace, Loop(m.spot(step.node), loader)
    m.loop_depth += 1
    try:
        m.trace = loop.body
        batch = iteration.element(m, loader, node)
        if isinstance(loader, Unknown):
            batch = Unknown("batch", parent=loader)
        loss = calls.call(m, Bound(step, obj), [batch, Unknown("batch_idx", tag="turn")], {}, node)
        if learns:
            _learn(m, obj, loss, optimizer, step)
    finally:
        m.trace = outer
        m.loop_depth -= 1
        outer.append(loop)


def _learn(m: Machine, obj: Obj, loss: object, optimizer: object, step: Func) -> None:
    if isinstance(loss, DictV):
        loss = loss.items.get("loss", Unknown("loss"))
    last = step.node.body[-1] if not isinstance(step.node, ast.Lambda) else step.node
    m.event("zero_grad", last, optimizer or obj)
    if isinstance(loss, Tensor):
        m.facts.backward.append(loss)
        m.facts.backward_numbers.update(loss.made_of)
    if loss is not None:
        m.event("backward", last, loss, loss)
    m.event("step", last, optimizer or obj)
