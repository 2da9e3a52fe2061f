"""Learning rates and their schedules."""

from __future__ import annotations

from collections.abc import Iterator

from cnngui.checker.source.facts import SourceFacts
from cnngui.checker.source.trace import Event, Loop, Node, events, loops
from cnngui.checker.source.training import over_data
from cnngui.checker.source.values import Optimizer, Spot, Thing, Unknown, is_number, sequence

HIGHEST = {
    "Adam": 0.03, "AdamW": 0.03, "NAdam": 0.03, "RAdam": 0.03, "Adamax": 0.05, "RMSprop": 0.03, "SGD": 1.0,
    "Adagrad": 1.0,
}  # fmt: skip
"""Constant learning rates from which training goes astray on ordinary networks."""
WITH_MOMENTUM = 0.5
WARMS_UP = frozenset({
    "OneCycleLR", "LambdaLR", "MultiplicativeLR", "LinearLR", "SequentialLR", "CyclicLR", "ChainedScheduler",
})  # fmt: skip


def _certain(nodes: list[Node]) -> Iterator[Event]:
    """Events that happen in every turn, inner loops included, branches not."""
    for node in nodes:
        if isinstance(node, Event):
            yield node
        elif isinstance(node, Loop):
            yield from _certain(node.body)


def scheduled_early(facts: SourceFacts) -> Iterator[tuple[Spot, str]]:
    """Schedules that step before the optimiser in the same turn."""
    for root in facts.roots:
        for loop, _ in loops(root.trace):
            order = list(events(loop.body))
            certain = {id(event) for event in _certain(loop.body)}
            first = next((index for index, event in enumerate(order) if event.kind == "step"), None)
            if first is None or any(event.kind in {"opaque", "maybe_step"} for event in order[:first]):
                continue
            for event in order[:first]:
                if event.kind == "sched_step" and event.value is None and id(event) in certain:
                    yield event.at, str(order[first].at.line)


def scheduled_per_batch(facts: SourceFacts) -> Iterator[tuple[Spot, str]]:
    """Schedules counted in epochs that step in the loop over batches."""
    for root in facts.roots:
        for loop, around in loops(root.trace):
            own = [node for node in loop.body if isinstance(node, Event)]
            if not any(event.kind in {"step", "backward"} for event in own) or not (over_data(loop)):
                continue
            for event in own:
                if event.kind == "sched_step" and isinstance(event.who, Thing) and _in_epochs(event, around):
                    yield event.at, event.who.kind.removeprefix("schedule.")


def _in_epochs(event: Event, around: tuple[Loop, ...]) -> bool:
    assert isinstance(event.who, Thing)
    kind, config = event.who.kind.removeprefix("schedule."), event.who.config
    if kind == "ReduceLROnPlateau":
        return True
    if event.value is not None:
        return False
    if kind == "StepLR":
        return _small(config.get("step_size"), 200)
    if kind == "MultiStepLR":
        milestones = sequence(config.get("milestones"))
        return bool(milestones) and all(_small(one, 300) for one in milestones or [])
    if kind == "ExponentialLR":
        gamma = config.get("gamma")
        return isinstance(gamma, float) and gamma <= 0.995
    if kind == "CosineAnnealingLR":
        longest = config.get("T_max")
        epochs = next((len(loop.epochs) for loop in around if isinstance(loop.epochs, range)), None)
        return longest == epochs if epochs is not None else _small(longest, 300)
    return False


def _small(value: object, limit: int) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 < value <= limit


def too_high(facts: SourceFacts) -> Iterator[tuple[Spot, str]]:
    """Constant learning rates far above what the optimiser bears."""
    tried: dict[Spot, set[object]] = {}
    for optimizer in facts.optimizers:
        tried.setdefault(optimizer.at, set()).add(repr(optimizer.config.get("lr")))
    for optimizer in facts.optimizers:
        if optimizer.config.get("by_hand") or len(tried[optimizer.at]) > 1:
            continue
        warm = any(
            one.config.get("optimizer") is optimizer and one.kind.removeprefix("schedule.") in WARMS_UP
            for one in facts.schedulers
        )
        unknown = any(isinstance(one.config.get("optimizer"), Unknown) for one in facts.schedulers)
        limit = _limit(optimizer)
        rates = [optimizer.config.get("lr")]
        groups = optimizer.config.get("group_lrs")
        rates.extend(groups if isinstance(groups, list) else [])
        for rate in rates:
            if limit is not None and isinstance(rate, (int, float)) and is_number(rate) and rate >= limit:
                if not warm and not unknown:
                    yield optimizer.at, f"{optimizer.kind} with a learning rate of {rate:g}"
                break


def _limit(optimizer: Optimizer) -> float | None:
    limit = HIGHEST.get(optimizer.kind)
    momentum = optimizer.config.get("momentum")
    if optimizer.kind == "SGD" and isinstance(momentum, float) and momentum >= 0.8:
        return WITH_MOMENTUM
    return limit
