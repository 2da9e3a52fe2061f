"""Automata over training loops: gradients cleared, steps made, losses kept, graphs cut."""

from __future__ import annotations

from collections.abc import Iterator

from cnngui.checker.source.facts import Growth, SourceFacts
from cnngui.checker.source.trace import Event, events, own_events
from cnngui.checker.source.training import TrainingLoop, covers, kinds, out_of_sight, training_loops
from cnngui.checker.source.values import Op, Optimizer, Spot, Tensor, Unknown

CUTS = {
    "detach": ".detach() cuts the loss off from the network",
    "data": ".data cuts the loss off from the network",
    "item": ".item() gives a plain number that knows nothing of the network",
    "numpy": "numpy values know nothing of the network",
    "tensor": "torch.tensor(...) makes a new value that knows nothing of the network",
    "leaf": "torch.tensor(...) makes a new value that knows nothing of the network",
    "argmax": "argmax has no gradient, so none reaches the network",
    "no_grad": "the forward pass runs without gradients, but backward is called",
}


def _stepping(facts: SourceFacts) -> Iterator[tuple[TrainingLoop, Event]]:
    """Loops that call backward and step in the same turn, once for each optimiser."""
    for root in facts.roots:
        for one in training_loops(root):
            if out_of_sight(one.loop.body):
                continue
            done: set[int] = set()
            for event in own_events(one.loop.body):
                if event.kind == "step" and id(event.who) not in done:
                    done.add(id(event.who))
                    yield one, event


def never_cleared(facts: SourceFacts) -> Iterator[tuple[Spot, str]]:
    """Loops in which nothing clears the gradients, nor around them."""
    for one, step in _stepping(facts):
        nodes = one.around[0].body if one.around else one.loop.body
        if not any(covers(zero, step.who) for zero in kinds(nodes, "zero_grad")) and not _before(facts, step):
            yield one.backward.at, "zero_grad() is never called"


def _before(facts: SourceFacts, step: Event) -> list[Event]:
    """Clearing anywhere else in what is followed."""
    return [zero for root in facts.roots for zero in kinds(root.trace, "zero_grad") if _holds(root.trace,
        step)
            and covers(zero, step.who)]  # fmt: skip


def _holds(nodes: object, event: Event) -> bool:
    return isinstance(nodes, list) and any(one is event for one in events(nodes))


def cleared_wrongly(facts: SourceFacts) -> Iterator[tuple[Spot, str]]:
    """Clearing between backward and step, or only outside of the loop over batches."""
    for one, step in _stepping(facts):
        inside = [zero for zero in kinds(one.loop.body, "zero_grad") if covers(zero, step.who)]
        if not inside:
            outside = list(_before(facts, step))
            if outside:
                yield outside[0].at, "zero_grad() is only called outside of the loop over batches"
            continue
        between = _between(list(own_events(one.loop.body)), step)
        if between is not None:
            yield (
                between.at,
                "zero_grad() stands between backward and step, which throws the new gradients away",
            )


def _between(order: list[Event], step: Event) -> Event | None:
    """A clearing after backward and before the step, with no other backward in between."""
    last: Event | None = None
    seen_backward = False
    for event in order:
        if event is step:
            return last
        if event.kind == "backward":
            seen_backward, last = True, None
        elif event.kind == "zero_grad" and seen_backward and covers(event, step.who):
            last = event
        elif event.kind == "step":
            seen_backward, last = False, None
    return None


def never_stepped(facts: SourceFacts) -> Iterator[tuple[Spot, str]]:
    """Loops that compute gradients for an optimiser that never steps."""
    for root in facts.roots:
        if kinds(root.trace, "step"):
            stepped = {id(event.who) for event in kinds(root.trace, "step")}
        else:
            stepped = set()
        for one in training_loops(root):
            nodes = one.around[0].body if one.around else one.loop.body
            if out_of_sight(nodes):
                continue
            cleared = [
                zero.who for zero in kinds(nodes, "zero_grad")
                if isinstance(zero.who, Optimizer) or (isinstance(zero.who,
                    Unknown) and "opt" in zero.who.hint.lower())
            ]  # fmt: skip
            made = [event.who for event in kinds(root.trace, "optimizer")]
            if stepped or not (cleared or made):
                continue
            yield one.backward.at, "optimizer.step() is never called"


def broken_graphs(facts: SourceFacts) -> Iterator[tuple[Spot, str]]:
    """Backward on a value whose graph was cut, and cuts in the middle of a network."""
    yield from cut_inside(facts)
    for root in facts.roots:
        for event in kinds(root.trace, "backward"):
            cut = _cut(event.value)
            detail = CUTS.get(cut.kind) if cut is not None else None
            if cut is not None and detail is not None:
                yield cut.at, f"{detail[0].upper()}{detail[1:]} (backward in line {event.at.line})"


def _cut(value: object) -> Op | None:
    """What keeps gradients of this value from every parameter."""
    if not isinstance(value, Tensor):
        return None
    if value.last is not None and value.last.kind == "leaf":
        return value.last
    return value.cut if value.graph == "cut" else None


def cut_inside(facts: SourceFacts) -> Iterator[tuple[Spot, str]]:
    """Layers after a detour through numpy inside a forward pass: what stands before learns nothing."""
    trained = any(kinds(root.trace, "backward") for root in facts.roots)
    for use in facts.layers:
        cut = use.given.cut
        if (
            (
                trained
                and use.given.graph == "cut"
                and cut is not None
                and cut.kind == "numpy"
                and cut.at.function not in {"", "main"}
            )
            and isinstance(use.gave, Tensor)
            and use.gave.graph == "on"
        ):
            yield cut.at, "A detour through numpy inside the network cuts off every layer before it"


def kept_losses(facts: SourceFacts) -> Iterator[tuple[Spot, str]]:
    """Losses that backward was called on, added to something that outlives the turn."""
    for growth in facts.growths:
        if growth.number not in _excused(facts) and _was_backward(facts, growth):
            yield growth.at, f"The loss is {growth.how} to {growth.name}"


def _excused(facts: SourceFacts) -> set[int]:
    found = set(facts.backward_numbers)
    found.update(facts.lineage[id(one)][1] for one in facts.backward if id(one) in facts.lineage)
    return found


def _was_backward(facts: SourceFacts, growth: Growth) -> bool:
    if any(one is growth.loss for one in facts.backward):
        return True
    loss = growth.loss
    return (
        isinstance(loss, Tensor)
        and bool(facts.backward_numbers & set(loss.made_of))
        and loss.shape in {(), None}
    )
