"""Options that several commands share, and how their values are checked."""

import re
from pathlib import Path
from typing import Annotated

import typer

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


def existing_folder(folder: Path) -> Path:
    """`folder`, once it is sure to be one. Raises RequestError otherwise."""
    if not folder.exists():
        raise RequestError(f"There is no folder {folder}.")
    if not folder.is_dir():
        raise RequestError(f"{folder} is a file; give the folder that holds the pictures.")
    return folder
