"""torchvision's transforms: what each makes of a picture."""

from __future__ import annotations

import ast
from collections.abc import Callable
from typing import TYPE_CHECKING

from cnngui.checker.source import calls, iteration, picture_ops
from cnngui.checker.source.facts import Applied
from cnngui.checker.source.values import Lib, Pic, Tensor, Thing, Unknown

if TYPE_CHECKING:
    from cnngui.checker.source.calls import Args
    from cnngui.checker.source.machine import Machine

SIGNATURES: dict[str, tuple[str, ...]] = {
    "Compose": ("transforms",), "ToTensor": (), "PILToTensor": (), "ToImage": (), "ToPILImage": ("mode",),
    "ToDtype": ("dtype", "scale"), "ConvertImageDtype": ("dtype",), "Normalize": ("mean", "std", "inplace"),
    "Resize": ("size", "interpolation", "max_size"), "CenterCrop": ("size",), "RandomCrop": ("size",
    "padding"),
    "RandomResizedCrop": ("size", "scale", "ratio"), "FiveCrop": ("size",), "TenCrop": ("size",),
    "Pad": ("padding",),
    "Grayscale": ("num_output_channels",), "RandomGrayscale": ("p",), "Lambda": ("lambd",),
    "RandomApply": ("transforms", "p"), "RandomChoice": ("transforms",), "RandomOrder": ("transforms",),
    "RandomHorizontalFlip": ("p",), "RandomVerticalFlip": ("p",), "RandomRotation": ("degrees",),
    "ColorJitter": ("brightness", "contrast", "saturation", "hue"), "RandomErasing": ("p",),
    "RandomAffine": ("degrees",),
    "RandomPerspective": (), "RandAugment": (), "AutoAugment": ("policy",), "TrivialAugmentWide": (),
    "AugMix": (),
    "GaussianBlur": ("kernel_size", "sigma"), "RandomInvert": (), "RandomPosterize": ("bits",),
    "RandomSolarize": (),
    "RandomAdjustSharpness": (), "RandomAutocontrast": (), "RandomEqualize": (), "ElasticTransform": (),
    "RandomPhotometricDistort": (), "RandomZoomOut": (), "ScaleJitter": (), "RandomShortestSize": (),
    "Identity": (),
    "RandomChannelPermutation": (), "RGB": (), "ToPureTensor": (), "GaussianNoise": (), "RandomIoUCrop": (),
    "MixUp": (), "CutMix": (),
}  # fmt: skip
"""The classes of ``torchvision.transforms`` (v1 and v2) and their first arguments."""

RANDOM = frozenset({
    "RandomHorizontalFlip", "RandomVerticalFlip", "RandomRotation", "RandomCrop", "RandomResizedCrop",
    "ColorJitter",
    "RandomErasing", "RandomAffine", "RandomPerspective", "RandAugment", "AutoAugment",
    "TrivialAugmentWide", "AugMix",
    "RandomInvert", "RandomPosterize", "RandomSolarize", "RandomAdjustSharpness", "RandomAutocontrast",
    "RandomEqualize", "ElasticTransform", "RandomPhotometricDistort", "RandomZoomOut", "RandomGrayscale",
    "RandomApply",
    "RandomChoice", "RandomOrder", "ScaleJitter", "GaussianNoise", "RandomChannelPermutation",
})  # fmt: skip
"""Transforms that do something else each time."""


def build(m: Machine, path: str, args: Args, node: ast.AST) -> object:
    """An instance of a transform, or None for a name that is not in the table."""
    name = path.rpartition(".")[2]
    if name not in SIGNATURES:
        return None
    config: dict[object, object] = {key: args.get(index, key) for index, key in enumerate(SIGNATURES[name])}
    config.update((key, value) for key, value in args.kw.items() if key not in config)
    config["v2"] = ".v2." in path
    made = Thing(f"transform.{name}", config, m.spot(node))
    if name == "Compose":
        m.facts.composes.append(made)
    return made


def is_transform(value: object) -> bool:
    return isinstance(value, Thing) and value.kind.startswith("transform.")


def steps(m: Machine, transform: object) -> list[Thing] | None:
    """The transforms of a pipeline in order, nested ones taken apart; None where one is not followed."""
    if isinstance(transform, Thing) and transform.kind == "transform.Compose":
        found: list[Thing] = []
        items = iteration.known_items(m, transform.config.get("transforms"))
        if items is None:
            return None
        for item in items:
            inner = steps(m, item)
            if inner is None:
                return None
            found.extend(inner)
        return found
    if isinstance(transform, Thing):
        return [transform]
    if isinstance(transform, Lib):
        return [Thing(f"transform.{transform.path}", {})]
    return None


def apply(m: Machine, transform: object, value: object, node: ast.AST) -> object:
    """``transform(value)``."""
    m.tick()
    if not (isinstance(transform, Thing) and transform.kind.startswith("transform.")):
        return calls.call(m, transform, [value], {}, node)
    name = transform.kind.removeprefix("transform.")
    if name == "Compose":
        items = iteration.known_items(m, transform.config.get("transforms"))
        if items is None:
            return Unknown()
        for item in items:
            value = apply(m, item, value, node)
        return value
    if name == "Lambda":
        return calls.call(m, transform.config.get("lambd"), [value], {}, node)
    m.facts.applied.append(Applied(transform.at, transform, value))
    if isinstance(value, (Pic, Tensor)):
        handler: Callable[[Machine, Thing, Pic | Tensor], object] | None = picture_ops.TABLE.get(name)
        return handler(m, transform, value) if handler is not None else value
    return Unknown()
