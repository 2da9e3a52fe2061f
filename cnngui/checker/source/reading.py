"""Words the rules share: shapes, places and names of layers in messages."""

from __future__ import annotations

from collections.abc import Iterator

from cnngui.checker.source.facts import ShapeFault, SourceFacts
from cnngui.checker.source.sizes import Dim, Size, text
from cnngui.checker.source.values import Dataset, Layer, Spot, Tensor

NAMES = {"MaxPool2d": "max pooling", "AvgPool2d": "average pooling"}


def faults(facts: SourceFacts, *kinds: str) -> Iterator[ShapeFault]:
    """The misfits of some kinds."""
    return (fault for fault in facts.faults if fault.kind in kinds)


def layer_text(layer: Layer | None) -> str:
    """``Conv2d(3, 16)`` or ``Linear(2048, 128)``: a layer as a person recognises it."""
    if layer is None:
        return "The layer"
    pairs = {"Linear": ("in_features", "out_features"), "Conv2d": ("in_channels", "out_channels"),
             "Conv1d": ("in_channels", "out_channels"), "BatchNorm2d": ("num_features",),
             "BatchNorm1d": ("num_features",),
             "ConvTranspose2d": ("in_channels", "out_channels"), "GroupNorm": ("num_groups",
             "num_channels")}  # fmt: skip
    names = pairs.get(layer.kind, ())
    values = [layer.config.get(name) for name in names]
    shown = ", ".join(str(int(one)) if isinstance(one, int) else "?" for one in values)
    return f"{layer.kind}({shown})" if names else layer.kind


def picture_text(value: Tensor | None) -> str:
    """`` from a 64×64 picture``, where the size of the picture is known."""
    if value is None or value.picture is None:
        return ""
    height, width = value.picture
    if not isinstance(height, int) or not isinstance(width, int):
        return ""
    return f" from a {int(height)}×{int(width)} picture"


def dim_text(dim: Dim | None) -> str:
    """A size with its factors; a symbol in words."""
    if dim is None:
        return "?"
    if isinstance(dim, Size):
        return (
            f"a multiple of {dim.factor}"
            if dim.factor.denominator == 1 and dim.factor > 1
            else "another number of"
        )
    return text(dim)


def root_dataset(dataset: Dataset) -> Dataset:
    """The set a part was cut from, however often."""
    while dataset.kind == "Subset" and dataset.parts:
        dataset = dataset.parts[0]
    return dataset


def layer_spot(fault: ShapeFault) -> Spot:
    """Where the layer of a misfit is mended.

    A helper function that makes both layers is wrong inside; one that made this layer alone was
    called wrongly.
    """
    layer = fault.layer
    if layer is None or not layer.at.line:
        return fault.at
    if layer.site is None or layer.site == layer.at:
        return layer.at
    before = fault.value.last if fault.value is not None else None
    while before is not None and (before.layer is None or before.kind not in {"conv", "linear", "bn"}):
        before = before.before
    inside = before is not None and before.layer is not None and before.layer.site == layer.site
    return layer.at if inside else layer.site
