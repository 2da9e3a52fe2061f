"""cnngui export MODEL --to onnx|pt2|python -o OUT"""

from collections.abc import Iterator
from enum import StrEnum
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cnngui.cli.support.console import count, out, say
from cnngui.cli.support.outputs import spare, start
from cnngui.errors import RequestError

if TYPE_CHECKING:
    from cnngui.data.decode import Rgb

_MOST_PICTURES = 32


class Kind(StrEnum):
    ONNX = "onnx"
    PT2 = "pt2"
    PYTHON = "python"


def export(
    model: Annotated[Path, typer.Argument(help="A model file.", readable=False, show_default=False)],
    to: Annotated[Kind, typer.Option(help="What to write; python is a folder.", show_default=False)],
    output: Annotated[
        Path, typer.Option("--output", "-o", metavar="OUT", help="What to call it.", show_default=False)
    ],
    pictures: Annotated[
        list[Path] | None,
        typer.Option(metavar="PATH", help="Pictures to check it on, besides those it comes with."),
    ] = None,
) -> int:
    """Write a model for other programs, and check what was written."""
    from cnngui.engine.classify import Classifier
    from cnngui.engine.export import export as exported
    from cnngui.engine.export import samples

    beside = output.resolve().with_name(f"{output.resolve().name}.json")
    spare(output, lambda _: beside.is_file(), model)
    if to is not Kind.PYTHON:
        spare(beside, _tells_of_export)
    images = [*samples(), *_decoded(pictures or [])]
    classifier = Classifier.open(model, "cpu")
    say(f"Writing {output}, and checking it in a process of its own …")
    done = exported(classifier, to.value, output, images)
    out(f"{done.path}: {done.kind}, {len(classifier.header.classes)} classes")
    out(
        f"Checked on {count(done.pictures, 'picture')}: no probability differs from the network's by more "
        f"than {done.difference:.1e}."
    )
    return 0


def _tells_of_export(path: Path) -> bool:
    return start(path).startswith(b'{\n  "classes": [')


def _decoded(paths: list[Path]) -> "Iterator[Rgb]":
    """The first pictures of `paths`. Raises RequestError for one that cannot be used."""
    from cnngui.cli.support.walk import Walk
    from cnngui.data.decode import SUFFIXES, decode
    from cnngui.data.index import Unreadable

    for path in islice(Walk(paths, SUFFIXES), _MOST_PICTURES):
        image = decode(path)
        if isinstance(image, Unreadable):
            raise RequestError(f"{path} cannot be used: {image.reason}")
        yield image
