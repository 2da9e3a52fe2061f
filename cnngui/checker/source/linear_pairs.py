"""Pairs of layers with nothing non-linear between them, less those that are meant."""

from __future__ import annotations

from collections.abc import Iterator

from cnngui.checker.source.facts import LayerUse, SourceFacts
from cnngui.checker.source.sizes import same
from cnngui.checker.source.values import Layer, Op, Tensor, sequence


def linear_pairs(facts: SourceFacts) -> Iterator[tuple[LayerUse, Op]]:
    """The second layer's use, and the first layer."""
    for use in facts.layers:
        before = use.given.linear
        if use.kind not in {"conv", "linear"} or before is None or before.layer is None or use.layer is None:
            continue
        if before.layer is use.layer or id(before) in facts.returned or _returned(facts, use.given):
            continue
        if not _meant(before.layer, use.layer, use.given) and not _trained_apart(use):
            yield use, before


def _returned(facts: SourceFacts, given: Tensor) -> bool:
    return given.last is not None and (id(given.last) in facts.returned or id(given.last) in facts.joined)


def _trained_apart(use: LayerUse) -> bool:
    """A layer that learns on what another, which does not learn with it, gives: a probe."""
    return use.given.graph in {"", "cut"} and isinstance(use.gave, Tensor) and use.gave.graph == "on"


def _meant(first: Layer, second: Layer, given: Tensor) -> bool:
    """Whether a good network has such a pair on purpose."""
    if "pretrained" in first.state:
        return True
    if any(
        layer.kind.startswith(("Conv", "Lazy")) and layer.config.get("groups", 1) != 1
        for layer in (first, second)
    ):
        return True
    if any(_one_sided(layer) for layer in (first, second)):
        return True
    return _narrows(first, second) or _patches(first) or _pooled_to_one(first, second, given)


def _kernel(layer: Layer) -> tuple[object, ...]:
    value = layer.config.get("kernel_size")
    listed = sequence(value)
    return tuple(listed) if listed is not None else (value, value)


def _one_sided(layer: Layer) -> bool:
    """1×k or k×1."""
    kernel = _kernel(layer)
    return layer.kind == "Conv2d" and len(kernel) == 2 and kernel[0] != kernel[1]


def _narrows(first: Layer, second: Layer) -> bool:
    """A linear bottleneck: fewer channels come out than go in, and more follow."""
    if first.kind == "Linear":
        given, gives, then = (
            first.number("in_features"), first.number("out_features"), second.number("out_features")
        )  # fmt: skip
        return given is not None and gives is not None and then is not None and gives < given and gives < then
    if first.kind != "Conv2d":
        return False
    given, gives = first.number("in_channels"), first.number("out_channels")
    if _kernel(first) == (1, 1):
        return given is None or gives is None or gives < given
    then = second.number("out_channels")
    return given is not None and gives is not None and then is not None and gives < given and gives < then


def _patches(layer: Layer) -> bool:
    """A patch stem or an upsampling: every window stands beside the next."""
    if layer.kind.startswith("ConvTranspose"):
        return True
    kernel = layer.config.get("kernel_size")
    return layer.kind == "Conv2d" and kernel not in {1, (1, 1)} and kernel == layer.config.get("stride")


def _pooled_to_one(first: Layer, second: Layer, given: Tensor) -> bool:
    """A convolution averaged to one value per channel before the fully connected layer."""
    if second.kind not in {"Linear", "LazyLinear"} or not first.kind.startswith(("Conv", "LazyConv")):
        return False
    channels = first.config.get("out_channels")
    return given.shape is None or (isinstance(channels, int) and same(given.shape[-1], channels))
