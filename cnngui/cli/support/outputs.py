"""A command writes where nothing is, or in the place of what such a command wrote: nothing else is lost."""

from collections.abc import Callable
from pathlib import Path

from cnngui.errors import RequestError

_START = 4096


def spare(output: Path, own: Callable[[Path], bool], *inputs: Path) -> None:
    """Raise RequestError where `output` is a file that holds something and is not `own`, or is one of the
    files `inputs`, under whatever name."""
    if not output.is_file():
        return
    if any(path.is_file() and output.samefile(path) for path in inputs):
        why = "it is what is read"
    elif output.stat().st_size and not own(output):
        why = "what it holds was not written by this command"
    else:
        return
    raise RequestError(f"Cannot write {output}: {why}, and would be lost. Give another name.")


def start(path: Path) -> bytes:
    """The file's first bytes, by which a command knows its own."""
    with path.open("rb") as file:
        return file.read(_START)
