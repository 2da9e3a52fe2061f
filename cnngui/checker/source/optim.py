"""Optimisers, learning-rate schedules and gradient scalers."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from cnngui.checker.source import calls, iteration
from cnngui.checker.source.values import DictV, Layer, ListV, Optimizer, Param, Params, Thing, Unknown, keyed

if TYPE_CHECKING:
    from cnngui.checker.source.calls import Args
    from cnngui.checker.source.machine import Machine

RATES = {
    "SGD": 1e-3, "Adam": 1e-3, "AdamW": 1e-3, "Adamax": 2e-3, "NAdam": 2e-3, "RAdam": 1e-3, "RMSprop": 1e-2,
    "Adagrad": 1e-2, "Adadelta": 1.0, "ASGD": 1e-2, "Rprop": 1e-2, "LBFGS": 1.0, "SparseAdam": 1e-3,
    "Adafactor": 1e-2,
    "Muon": 1e-3,
}  # fmt: skip
"""The optimisers of ``torch.optim`` and their own default learning rates."""
SCHEDULES: dict[str, tuple[str, ...]] = {
    "StepLR": ("step_size", "gamma"), "MultiStepLR": ("milestones", "gamma"), "ExponentialLR": ("gamma",),
    "CosineAnnealingLR": ("T_max", "eta_min"), "ReduceLROnPlateau": ("mode", "factor", "patience"),
    "OneCycleLR": ("max_lr", "total_steps", "epochs", "steps_per_epoch"), "CyclicLR": ("base_lr", "max_lr"),
    "LambdaLR": ("lr_lambda",), "MultiplicativeLR": ("lr_lambda",), "LinearLR": ("start_factor",),
    "ConstantLR": ("factor",), "PolynomialLR": ("total_iters",), "CosineAnnealingWarmRestarts": ("T_0",
    "T_mult"),
    "SequentialLR": ("schedulers",), "ChainedScheduler": (),
}  # fmt: skip


def optimizer(m: Machine, name: str, args: Args, node: ast.AST) -> object:
    """``optim.SGD(params, lr=...)``."""
    config: dict[object, object] = keyed(args.kw)
    lr = args.get(1, "lr", RATES[name])
    config["lr"] = lr
    if name == "SGD" and len(args.pos) > 2:
        config["momentum"] = args.pos[2]
    owners: list[object] = []
    given = args.get(0, "params")
    layers = gathered(m, given, config, owners)
    made = Optimizer(name, layers, config, m.spot(node), owners)
    m.facts.optimizers.append(made)
    m.event("optimizer", node, made)
    return made


def gathered(
    m: Machine, given: object, config: dict[object, object], owners: list[object]
) -> list[Layer] | None:
    """Every layer a parameter argument covers; None where it is not followed to the end."""
    if isinstance(given, Params):
        owners.append(given.owner)
        return [layer for _, layer in given.entries]
    if isinstance(given, Param):
        return gathered(m, given.group, config, owners)
    if isinstance(given, DictV):
        if "lr" in given.items:
            config.setdefault("group_lrs", [])
            rates = config["group_lrs"]
            assert isinstance(rates, list)
            rates.append(given.items["lr"])
        return gathered(m, given.items.get("params"), config, owners)
    items = iteration.known_items(m, given) if isinstance(given, (tuple, ListV)) else None
    if isinstance(given, ListV) and items is None:
        items = given.items if given.kind == "generator" and given.items else None
        if items is not None and all(isinstance(one, Param) for one in items):
            found = [layer for one in items if isinstance(one, Param) for _, layer in one.group.entries]
            owners.extend(one.group.owner for one in items if isinstance(one, Param))
            return found if _whole(items) else None
        return None
    if items is None:
        return None
    total: list[Layer] = []
    for item in items:
        part = gathered(m, item, config, owners)
        if part is None:
            return None
        total.extend(part)
    return total


def _whole(items: list[object]) -> bool:
    return len(items) == 1


def schedule(m: Machine, name: str, args: Args, node: ast.AST) -> object:
    """``StepLR(optimizer, ...)``."""
    config: dict[object, object] = {"optimizer": args.get(0, "optimizer")}
    for index, key in enumerate(SCHEDULES.get(name, ())):
        config[key] = args.get(index + 1, key)
    config.update((key, value) for key, value in args.kw.items() if key not in config)
    made = Thing(f"schedule.{name}", config, m.spot(node))
    m.facts.schedulers.append(made)
    return made


def step(m: Machine, owner: Optimizer, args: Args, node: ast.AST) -> object:
    """``optimizer.step()``, with the closure it may be given."""
    closure = args.get(0, "closure")
    result: object = None
    if closure is not None:
        result = calls.call(m, closure, [], {}, node)
    m.event("step", node, owner)
    return result


def method(m: Machine, owner: Optimizer, name: str, args: Args, node: ast.AST) -> object:
    """A method of an optimiser."""
    if name == "step":
        return step(m, owner, args, node)
    if name == "zero_grad":
        m.event("zero_grad", node, owner)
        return None
    if name == "add_param_group":
        added = gathered(m, args.get(0, "param_group"), owner.config, owner.owners)
        owner.layers = None if added is None or owner.layers is None else [*owner.layers, *added]
        return None
    return Unknown(name)


def scheduler_method(m: Machine, owner: Thing, name: str, args: Args, node: ast.AST) -> object:
    """``scheduler.step()`` and what it reports."""
    if name == "step":
        m.event("sched_step", node, owner, args.get(0, "metrics"))
        return None
    return Unknown(name)


def scaler_method(m: Machine, owner: Thing, name: str, args: Args, node: ast.AST) -> object:
    """A GradScaler: ``scale`` passes the loss through, ``step`` steps the optimiser."""
    first = args.get(0, "outputs")
    if name == "scale":
        return first
    if name == "step":
        if isinstance(first, Optimizer):
            return method(m, first, "step", calls.Args(args.pos[1:]), node)
        m.event("step", node, first)
        return None
    return Unknown(name) if owner is not None else None
