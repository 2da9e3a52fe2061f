"""Lightning: what ``Trainer.fit`` does with a module, so that the same rules apply."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from cnngui.checker.source import calls, iteration
from cnngui.checker.source.trace import Event, Loop
from cnngui.checker.source.values import (
    Bound,
    DictV,
    Func,
    ListV,
    Obj,
    Optimizer,
    Tensor,
    Thing,
    Unknown,
    keyed,
)

if TYPE_CHECKING:
    from cnngui.checker.source.calls import Args
    from cnngui.checker.source.machine import Machine


def call(m: Machine, path: str, args: Args, node: ast.AST) -> object:
    """A class or function of Lightning."""
    name = path.rpartition(".")[2]
    if name == "Trainer":
        return Thing("lightning.Trainer", keyed(args.kw), m.spot(node))
    return Unknown(name)


def is_module(obj: Obj) -> bool:
    return obj.cls.lib.startswith("lightning.") and obj.cls.lib.endswith("LightningModule")


def fit(m: Machine, obj: Obj, train: object, val: object, node: ast.AST) -> None:
    """One epoch of training, then evaluation and prediction, as the Trainer would run them."""
    m.called.add(id(obj.cls.node))
    configure = obj.cls.lookup("configure_optimizers")
    made = calls.call(m, Bound(configure, obj), [], {}, node) if isinstance(configure, Func) else None
    optimizer, schedule = _optimizer(made), _schedule(made)
    obj.attrs["*optimizers*"] = optimizer if optimizer is not None else Unknown("optimizer")
    obj.attrs["*schedulers*"] = schedule[0] if schedule is not None else Unknown("scheduler")
    train, val = _from_module(m, train, val, node)
    if train is None:
        train = _own_loader(m, obj, "train_dataloader", node)
    if val is None:
        val = _own_loader(m, obj, "val_dataloader", node)
    manual = obj.attrs.get("automatic_optimization") is False
    m.event("train", node, obj)
    epochs = Loop(m.spot(node), Unknown("epochs"))
    outer, m.trace = m.trace, epochs.body
    outer.append(epochs)
    each_step = schedule if schedule is not None and schedule[1] == "step" else None
    _run(m, obj, "training_step", train, optimizer, node, learns=not manual, schedule=each_step)
    if schedule is not None and schedule[1] == "epoch" and not manual:
        m.event("sched_step", node, schedule[0])
    before, m.grad = m.grad, False
    try:
        m.event("eval", node, obj)
        _run(m, obj, "validation_step", val, None, node, learns=False)
        _run(m, obj, "test_step", val, None, node, learns=False)
        _run(m, obj, "predict_step", Unknown("loader"), None, node, learns=False)
        m.event("train", node, obj)
    finally:
        m.grad, m.trace = before, outer


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


def _from_module(m: Machine, train: object, val: object, node: ast.AST) -> tuple[object, object]:
    """The loaders of a data module given in place of a loader."""
    if not isinstance(train, Obj) or train.cls.lookup("train_dataloader") is None:
        return train, val
    setup = train.cls.lookup("setup")
    if isinstance(setup, Func):
        calls.call(m, Bound(setup, train), ["fit"], {}, node)
    return _own_loader(m, train, "train_dataloader", node), _own_loader(m, train, "val_dataloader", node)


def _schedule(made: object) -> tuple[object, str] | None:
    """The schedule of ``configure_optimizers`` and whether it steps per "epoch" or per "step"."""
    if isinstance(made, (tuple, ListV)):
        items = made.items if isinstance(made, ListV) else list(made)
        return _schedule(items[1]) if len(items) == 2 else _schedule(items[0]) if len(items) == 1 else None
    if isinstance(made, DictV):
        inner = made.items.get("lr_scheduler", made.items.get("scheduler"))
        if isinstance(inner, DictV):
            return _schedule(inner)
        if isinstance(inner, Thing):
            return inner, str(made.items.get("interval", "epoch"))
    if isinstance(made, Thing) and made.kind.startswith("schedule."):
        return made, "epoch"
    return None


def _run(
    m: Machine,
    obj: Obj,
    name: str,
    loader: object,
    optimizer: object,
    node: ast.AST,
    *,
    learns: bool,
    schedule: tuple[object, str] | None = None,
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
        if schedule is not None and isinstance(schedule[0], Thing):
            m.trace.append(Event("sched_step", schedule[0].at, schedule[0]))
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
