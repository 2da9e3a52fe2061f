"""Optimisers that do not know what is to be trained, and networks with nothing left to train."""

from __future__ import annotations

from collections.abc import Iterator

from cnngui.checker.source import modules
from cnngui.checker.source.facts import SourceFacts
from cnngui.checker.source.reading import layer_text
from cnngui.checker.source.trace import Event
from cnngui.checker.source.training import kinds, out_of_sight, training_loops
from cnngui.checker.source.values import Layer, Obj, Optimizer, Spot, Tensor, Unknown


def missed_layers(facts: SourceFacts) -> Iterator[tuple[Spot, str]]:
    """Layers that are trained from scratch and that no optimiser of the script steps."""
    for root in facts.roots:
        optimizers = [event.who for event in kinds(root.trace, "step")]
        known = [one for one in optimizers if isinstance(one, Optimizer) and one.layers is not None]
        if not known or len(known) != len(optimizers) or out_of_sight(root.trace):
            continue
        covered = {id(layer) for one in known for layer in one.layers or []}
        for loop in training_loops(root):
            for event in kinds(loop.loop.body, "forward"):
                missing = _missing(facts, event, covered)
                if missing:
                    yield known[0].at, _words(missing)


def _missing(facts: SourceFacts, event: Event, covered: set[int]) -> list[Layer]:
    net = event.who
    gave = event.extra
    if (
        not isinstance(net, (Layer, Obj))
        or not event.grad
        or not isinstance(gave, Tensor)
        or gave.graph != "on"
    ):
        return []
    if isinstance(net, Obj) and net.opaque:
        return []
    reached = {
        id(use.layer) for use in facts.layers if isinstance(use.gave, Tensor) and use.gave.graph == "on"
    }
    return [
        layer for _, layer in modules.learning(net)
        if id(layer) not in covered
        and layer.state.get("frozen") is False
        and not layer.state.get("pretrained")
        and id(layer) in reached
    ]  # fmt: skip


def _words(missing: list[Layer]) -> str:
    first = missing[0]
    more = f" and {len(missing) - 1} more layer(s)" if len(missing) > 1 else ""
    return f"{layer_text(first)} (line {first.at.line}){more}"


def all_frozen(facts: SourceFacts) -> Iterator[tuple[Spot, str]]:
    """Training loops of a network whose every layer is frozen."""
    for root in facts.roots:
        frozen = [event for event in kinds([*root.before, *root.trace], "freeze") if event.value is True]
        for optimizer in facts.optimizers if frozen else ():
            if optimizer.layers == []:
                yield frozen[-1].at, str(optimizer.at.line)
        for loop in training_loops(root) if frozen else ():
            nets = {id(event.who): event.who for event in kinds(loop.loop.body, "forward")}
            for net in nets.values():
                learning = modules.learning(net) if isinstance(net, (Layer, Obj)) else []
                whole = learning and all(layer.state.get("frozen") is True for _, layer in learning)
                if whole and len(nets) == 1 and not _partly_unknown(net):
                    yield frozen[-1].at, str(loop.backward.at.line)


def _partly_unknown(net: object) -> bool:
    for _, one in modules.walk(net):
        if isinstance(one, Obj) and any(
            isinstance(value, Unknown) and value.reason for value in one.attrs.values()
        ):
            return True
        if isinstance(one, Obj) and any(
            isinstance(value, Tensor) and value.graph == "on" for value in one.attrs.values()
        ):
            return True
        if isinstance(one, Layer) and one.state.get("open"):
            return True
    return False
