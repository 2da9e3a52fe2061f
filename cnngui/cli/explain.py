"""cnngui explain MODEL IMAGE -o OUT.png"""

import io
import re
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cnngui.cli.support.console import out, percent
from cnngui.cli.support.outputs import spare, start
from cnngui.errors import RequestError
from cnngui.files import prove_writable, write_whole

if TYPE_CHECKING:
    from PIL.Image import Image

_SIDE = 256  # pixels: up to here a picture is enlarged a whole number of times, or there is little to see

_LEAST_LETTERS, _LETTERS = 10, 1 / 24  # the caption's height in pixels, and as a share of the picture's


class Method(StrEnum):
    GRAD_CAM = "grad-cam"
    OCCLUSION = "occlusion"


def explain(
    model: Annotated[Path, typer.Argument(help="A model file.", readable=False, show_default=False)],
    image: Annotated[Path, typer.Argument(help="A picture.", readable=False, show_default=False)],
    output: Annotated[
        Path,
        typer.Option("--output", "-o", metavar="OUT.png", help="The picture to write.", show_default=False),
    ],
    method: Annotated[
        Method,
        typer.Option(help="grad-cam: by the network's feature maps. occlusion: by hiding place after place."),
    ] = Method.GRAD_CAM,
    class_: Annotated[
        str | None,
        typer.Option("--class", metavar="NAME", help="What to look for.", show_default="the most probable"),
    ] = None,
) -> int:
    """Show where in a picture the network saw what it names."""
    from PIL import Image
    from PIL.PngImagePlugin import PngInfo

    from cnngui.data.decode import SUFFIXES, decode
    from cnngui.data.index import Unreadable
    from cnngui.engine.classify import Classifier
    from cnngui.engine.explain import explain as explained
    from cnngui.engine.explain import overlay
    from cnngui.engine.reader import read_prepared

    spare(output, _is_explanation, model, image)
    if output.suffix.lower() in SUFFIXES - {".png"}:
        raise RequestError(f"What is written is a PNG: call it {output.with_suffix('.png')}.")
    prove_writable(output)
    classifier = Classifier.open(model)
    picture, prepared = decode(image), read_prepared(image, classifier.header.spec)
    if isinstance(picture, Unreadable) or isinstance(prepared, Unreadable):
        reason = picture.reason if isinstance(picture, Unreadable) else "it has just changed"
        raise RequestError(f"{image} cannot be used: {reason}")
    found = explained(classifier, prepared, method.value, class_)
    times = max(1, _SIDE // max(picture.shape[:2]))
    picture = picture.repeat(times, axis=0).repeat(times, axis=1)
    drawn = Image.fromarray(overlay(picture, found, classifier.header.spec))
    words = f"{found.label} {percent(found.probability)}"
    _caption(drawn, words)
    about = PngInfo()
    about.add_itxt("Description", f"{words} ({method.value})")
    stream = io.BytesIO()
    drawn.save(stream, "PNG", pnginfo=about)
    write_whole(output, stream.getvalue())
    out(f"{words}: {output}")
    if not found.heat.any():
        out("No place in the picture speaks for this class.")
    return 0


def _is_explanation(path: Path) -> bool:
    return re.search(rb"iTXtDescription\0.*\((grad-cam|occlusion)\)", start(path), re.DOTALL) is not None


def _caption(drawn: "Image", words: str) -> None:
    """The words on a dark ground in the lower left corner."""
    from PIL import ImageDraw, ImageFont

    letters = max(_LEAST_LETTERS, round(min(drawn.size) * _LETTERS))
    font = ImageFont.load_default(letters)
    pen = ImageDraw.Draw(drawn)
    left, top, right, bottom = pen.textbbox((0, 0), words, font)
    margin = letters // 3
    height = bottom - top + 2 * margin
    pen.rectangle((0, drawn.height - height, right - left + 2 * margin, drawn.height), (20, 20, 20))
    pen.text((margin - left, drawn.height - height + margin - top), words, (255, 255, 255), font)
