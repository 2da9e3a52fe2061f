"""Options that several commands share, and how their values are checked."""

import re
from pathlib import Path
from typing import Annotated

import typer

from cnngui.engine.spec import LOOKS, Looks
from cnngui.errors import RequestError


def _device(value: str) -> str:
    if not re.fullmatch(r"auto|cpu|mps|cuda(:\d+)?", value):
        raise typer.BadParameter(f"'{value}' is not one of auto, cpu, cuda, cuda:NUMBER, mps")
    return value


Device = Annotated[
    str,
    typer.Option(
        callback=_device,
        metavar="auto|cpu|cuda|mps",
        help="What to compute on; auto takes the fastest there is.",
    ),
]

UnsureBelow = Annotated[
    float | None,
    typer.Option(
        min=0, max=1, metavar="P", help="“Not sure” below this probability; each model has its own."
    ),
]


def _looks(value: str) -> Looks:
    for looks in LOOKS:
        if value == str(looks):
            return looks
    raise typer.BadParameter(f"'{value}' is not one of {', '.join(map(str, LOOKS))}")


LooksWanted = Annotated[
    Looks | None,
    typer.Option(
        parser=_looks,
        metavar="1|2|6",
        help="Looks at each picture, whose mean is the answer: 2 with its mirror image, 6 with both moved by "
        "a pixel. More take longer and are right a little more often.",
        show_default="as it was trained",
    ),
]


def existing_folder(folder: Path) -> Path:
    """`folder`, once it is sure to be one. Raises RequestError otherwise."""
    if not folder.exists():
        raise RequestError(f"There is no folder {folder}.")
    if not folder.is_dir():
        raise RequestError(f"{folder} is a file; give the folder that holds the pictures.")
    return folder
