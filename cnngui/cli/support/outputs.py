"""What a command writes never takes the place of what it reads."""

from pathlib import Path

from cnngui.errors import RequestError


def spare_pictures(output: Path) -> None:
    """Raise RequestError where `output`, which will not be a picture, is the name of one that is there."""
    from cnngui.data.formats import SUFFIXES

    if output.suffix.lower() in SUFFIXES and output.is_file():
        raise RequestError(f"Cannot write {output}: it is a picture, and would be lost. Give another name.")


def spare(output: Path, *inputs: Path) -> None:
    """Raise RequestError where `output` is one of the files `inputs`, under whatever name."""
    for path in inputs:
        if output.is_file() and path.is_file() and output.samefile(path):
            raise RequestError(
                f"Cannot write {output}: it is what is read, and would be lost. Give another name."
            )
