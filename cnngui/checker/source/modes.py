"""Training and evaluation mode: networks asked in the wrong one, and evaluation with gradients."""

from __future__ import annotations

from collections.abc import Iterator

from cnngui.checker.source import modules
from cnngui.checker.source.facts import SourceFacts
from cnngui.checker.source.training import Forward, forwards, over_data, smoke
from cnngui.checker.source.values import Layer, Obj, Spot, Tensor, Unknown


def _each(facts: SourceFacts) -> Iterator[Forward]:
    for root in facts.roots:
        yield from forwards(root)


def place(one: Forward) -> Spot:
    """The loop over the data where there is one, else the call."""
    return one.loop.at if one.loop is not None and over_data(one.loop) else one.event.at


def evaluated_in_training_mode(facts: SourceFacts) -> Iterator[Spot]:
    """Forwards that only evaluate, by a network that was trained or loaded and is in training mode."""
    for one in _each(facts):
        net = one.event.who
        if one.trains or one.mode != "train" or not one.ready or isinstance(net, Unknown):
            continue
        if modules.mode_matters(net) and not smoke(one.event.value):
            yield place(one)


def evaluated_with_gradients(facts: SourceFacts) -> Iterator[Spot]:
    """Loops over data that only evaluate and record gradients."""
    for one in _each(facts):
        if one.trains or not one.event.grad or not over_data(one.loop) or smoke(one.event.value):
            continue
        gave = one.event.extra
        if isinstance(gave, Tensor) and gave.graph != "on":
            continue
        if one.mode == "eval" or (one.ready and not isinstance(one.event.who, Unknown)):
            yield place(one)


def trained_in_eval_mode(facts: SourceFacts) -> Iterator[tuple[Spot, str]]:
    """Training loops whose network was set to ``eval()`` and not back."""
    for one in _each(facts):
        net = one.event.who
        if not one.learns or one.mode != "eval" or not one.event.grad or one.set_at is None:
            continue
        if isinstance(net, (Layer, Obj)) and not _learns_in_mode(net):
            continue
        yield place(one), f": eval() was called in line {one.set_at.line} and train() not since"


def _learns_in_mode(net: object) -> bool:
    """Whether a layer that minds the mode is also being trained."""
    if not modules.mode_matters(net):
        return False
    learning = [layer for _, layer in modules.learning(net)]
    sensitive = [
        layer
        for _, layer in modules.leaves(net)
        if layer.kind in modules.NORMS | modules.DROPOUTS | {"Stage"}
    ]
    if any(layer.state.get("frozen") for layer in learning):
        return any(
            layer.kind in modules.DROPOUTS or layer.state.get("frozen") is False
            for layer in sensitive
            if "p" not in layer.config
        )
    return True
