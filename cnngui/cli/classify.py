"""cnngui classify MODEL PATH..."""

import contextlib
import io
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TextIO

import typer

from cnngui.cancel import Cancel
from cnngui.cli.support.console import Progress, count, say
from cnngui.cli.support.interrupt import interruptible
from cnngui.cli.support.options import Device, Flips, UnsureBelow
from cnngui.cli.support.results import Format, Writer, writer
from cnngui.cli.support.walk import Walk
from cnngui.errors import RequestError
from cnngui.files import written_whole

if TYPE_CHECKING:
    from cnngui.data.index import Unreadable
    from cnngui.engine.results import Prediction


def classify(
    model: Annotated[Path, typer.Argument(help="A model file.", show_default=False)],
    paths: Annotated[
        list[Path],
        typer.Argument(metavar="PATH...", help="Pictures, and folders of them.", show_default=False),
    ],
    top: Annotated[int, typer.Option(min=1, metavar="K", help="How many classes to name per picture.")] = 3,
    unsure_below: UnsureBelow = None,
    flips: Flips = None,
    format_: Annotated[Format, typer.Option("--format", help="How to write the results.")] = Format.TABLE,
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", metavar="FILE", help="Write there instead of to standard output."),
    ] = None,
    device: Device = "auto",
) -> int:
    """Say what is on pictures."""
    from cnngui.data.decode import SUFFIXES
    from cnngui.engine.header import read

    header = read(model)
    walk = Walk(paths, SUFFIXES)
    total = sum(1 for _ in walk)
    if total == 0:
        raise RequestError(f"There are no pictures in {', '.join(map(str, paths))}.")
    cancel = Cancel()
    with interruptible(cancel) as interrupt, _destination(output) as stream:
        if unsure_below is None:
            say(header.certainty)
        results = _results(model, walk, cancel, top, unsure_below, device, flips)
        tally = _write(results, stream, writer(format_, header.classes, top), total)
    stopped = f" of {total:,}, then stopped" if interrupt.status else ""
    where = f"; written to {output}" if output else ""
    say(f"{count(tally.classified, 'picture')} classified{stopped}{tally.reservations()}{where}.")
    return interrupt.status or (1 if tally.unreadable else 0)


@dataclass(slots=True)
class _Tally:
    """How many results there were of each kind."""

    classified: int = 0
    unreadable: int = 0
    unsure: int = 0
    unfamiliar: int = 0  # of the unsure ones

    def add(self, result: "Prediction | Unreadable") -> None:
        from cnngui.data.index import Unreadable

        if isinstance(result, Unreadable):
            self.unreadable += 1
            return
        self.classified += 1
        self.unsure += not result.sure
        self.unfamiliar += not result.familiar

    def reservations(self) -> str:
        strange = f" ({self.unfamiliar:,} unlike anything it was trained on)" if self.unfamiliar else ""
        unsure = f"; not sure of {self.unsure:,}{strange}" if self.unsure else ""
        return unsure + (f"; {self.unreadable:,} cannot be used" if self.unreadable else "")


@contextlib.contextmanager
def _destination(output: Path | None) -> Iterator[TextIO]:
    if output is None:
        yield sys.stdout
        return
    # Names that are not valid text go out as the bytes they came in with, where names are bytes.
    errors = "backslashreplace" if sys.platform == "win32" else "surrogateescape"
    with written_whole(output) as file:
        stream = io.TextIOWrapper(file, encoding="utf-8", errors=errors, newline="")
        try:
            yield stream
            stream.flush()
        finally:
            stream.detach()


def _results(
    model: Path, walk: Walk, cancel: Cancel, top: int, unsure_below: float | None, device: str,
    flips: bool | None,
) -> "Iterator[Prediction | Unreadable]":  # fmt: skip
    from cnngui.data.index import Unreadable
    from cnngui.engine.classify import Classifier

    classifier = Classifier.open(model, device, flips)
    say(classifier.device)
    for result in classifier.classify(walk, cancel, top=top, unsure_below=unsure_below):
        refused = walk.refused.pop(result.path, None)
        yield result if refused is None else Unreadable(result.path, refused)


def _write(results: "Iterator[Prediction | Unreadable]", stream: TextIO, lines: Writer, total: int) -> _Tally:
    """Write the results as they come, and count them."""
    tally = _Tally()
    if lines.head is not None:
        stream.write(lines.head + "\n")
    with contextlib.ExitStack() as stack:
        # On a terminal the rows themselves are the progress.
        progress = None if stream.isatty() else stack.enter_context(Progress("Classifying"))
        for done, result in enumerate(results, start=1):
            stream.write(lines.line(result) + "\n")
            tally.add(result)
            if progress is not None:
                progress.update(done, total)
    return tally
