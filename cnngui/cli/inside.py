"""cnngui inside MODEL [IMAGE]"""

import json
from collections.abc import Iterator
from dataclasses import asdict
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cnngui.cli.support.console import columns, out, percent
from cnngui.errors import RequestError

if TYPE_CHECKING:
    from cnngui.data.decode import Rgb
    from cnngui.engine.anatomy import ClassSum, Layer, Worked
    from cnngui.engine.classify import Classifier


class Format(StrEnum):
    TABLE = "table"
    JSON = "json"


def inside(
    model: Annotated[Path, typer.Argument(help="A model file.", readable=False, show_default=False)],
    image: Annotated[
        Path | None, typer.Argument(help="A picture to send through it.", readable=False, show_default=False)
    ] = None,
    format_: Annotated[Format, typer.Option("--format", help="How to write it.")] = Format.TABLE,
) -> int:
    """Take a network apart: its layers, shapes and sums."""
    from cnngui.engine import anatomy
    from cnngui.engine.classify import Classifier

    classifier = Classifier.open(model)
    layers = anatomy.layers(classifier)
    picture = None if image is None else _prepared(classifier, image)
    example = None if picture is None else _example(classifier, picture, layers)
    sums = None if picture is None else anatomy.class_sums(classifier, picture)
    if format_ is Format.JSON:
        value = {
            "layers": [asdict(layer) for layer in layers],
            "convolution": None if example is None else _plain(example),
            "classes": None if sums is None else [asdict(one) for one in sums],
        }
        out(json.dumps(value, allow_nan=False))
        return 0
    for line in _layer_lines(layers, sum(one.numel() for one in classifier.network.parameters())):
        out(line)
    if example is not None:
        for line in _example_lines(example):
            out(line)
    if sums is not None:
        for line in _sum_lines(sums, classifier.header.temperature):
            out(line)
    return 0


def _prepared(classifier: "Classifier", image: Path) -> "Rgb":
    from cnngui.data.index import Unreadable
    from cnngui.engine.reader import read_prepared

    picture = read_prepared(image, classifier.header.spec)
    if isinstance(picture, Unreadable):
        raise RequestError(f"{image} cannot be used: {picture.reason}")
    return picture


def _example(classifier: "Classifier", picture: "Rgb", layers: "tuple[Layer, ...]") -> "Worked | None":
    """The middle of the first map of the first convolution."""
    from cnngui.engine.anatomy import worked

    first = next((layer for layer in layers if layer.kind == "Conv2d"), None)
    if first is None:
        return None
    _, height, width = first.output
    return worked(classifier, picture, first, 0, height // 2, width // 2)


def _plain(example: "Worked") -> dict[str, object]:
    values = asdict(example)
    return {**values, "patch": example.patch.tolist(), "kernel": example.kernel.tolist()}


def _shape(shape: tuple[int, ...]) -> str:
    return " × ".join(map(str, shape))


def _layer_lines(layers: "tuple[Layer, ...]", parameters: int) -> Iterator[str]:
    rows = [("LAYER", "KIND", "IN", "OUT", "PARAMETERS", "MULTIPLY-ADDS")]
    rows += [
        (
            one.name,
            one.kind,
            _shape(one.input),
            _shape(one.output),
            f"{one.parameters:,}",
            f"{one.operations:,}",
        )
        for one in layers
    ]
    between = parameters - sum(one.parameters for one in layers)
    if between:  # as the scales of ConvNeXt's blocks
        rows.append(("between layers", "", "", "", f"{between:,}", ""))
    rows.append(("all", "", "", "", f"{parameters:,}", f"{sum(one.operations for one in layers):,}"))
    yield from columns(rows, right=frozenset({4, 5}))


def _example_lines(example: "Worked") -> Iterator[str]:
    yield ""
    yield (
        f"One number of {example.layer.name}, map {example.channel}, row {example.row}, column "
        f"{example.column}: what lies under the kernel times the kernel, added up, plus the bias."
    )
    for number, (patch, kernel) in enumerate(zip(example.patch, example.kernel, strict=True)):
        yield f"input map {number}"
        rows = [
            [*(f"{value:.3f}" for value in values), "×" if row == 0 else "", *(f"{w:.3f}" for w in weights)]
            for row, (values, weights) in enumerate(zip(patch, kernel, strict=True))
        ]
        yield from columns(rows, right=frozenset(range(len(rows[0]))))
    products = example.total - example.bias
    yield (
        f"products {products:.6f} + bias {example.bias:.6f} = {example.total:.6f}; "
        f"the network has {example.output:.6f}"
    )


def _sum_lines(sums: "tuple[ClassSum, ...]", temperature: float) -> Iterator[str]:
    yield ""
    yield f"Logits, divided by the temperature {temperature:.3f}, to the power of e, as shares of their sum:"
    rows = [("CLASS", "LOGIT", "POWER", "PROBABILITY")]
    rows += [
        (one.label, f"{one.logit:.3f}", f"{one.power:.6f}", percent(one.probability))
        for one in sorted(sums, key=lambda one: -one.probability)
    ]
    yield from columns(rows, right=frozenset({1, 2, 3}))
