"""cnngui classify MODEL PATH..."""

import contextlib
import io
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TextIO

import typer

from cnngui.cancel import Cancel
from cnngui.cli.support.console import Progress, count, say
from cnngui.cli.support.interrupt import interruptible
from cnngui.cli.support.options import Device
from cnngui.cli.support.results import Format, Writer, writer
from cnngui.cli.support.walk import Walk
from cnngui.errors import RequestError
from cnngui.files import written_whole

if TYPE_CHECKING:
    from cnngui.data.index import Unreadable
    from cnngui.engine.results import Prediction


def classify(
    model: Annotated[Path, typer.Argument(help="A model file.", readable=False, show_default=False)],
    paths: Annotated[
        list[Path],
        typer.Argument(
            metavar="PATH...", help="Pictures, and folders of them.", readable=False, show_default=False
        ),
    ],
    top: Annotated[int, typer.Option(min=1, metavar="K", help="How many classes to name per picture.")] = 3,
    unsure_below: Annotated[
        float | None,
        typer.Option(
            min=0, max=1, metavar="P", help="“Not sure” below this probability; each model has its own."
        ),
    ] = None,
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
        results = _results(model, walk, cancel, top=top, unsure_below=unsure_below, device=device)
        done, unreadable = _write(results, stream, writer(format_, header.classes, top), total)
    stopped = f" of {total:,}, then stopped" if interrupt.status else ""
    bad = f"; {unreadable:,} cannot be used" if unreadable else ""
    where = f"; written to {output}" if output else ""
    say(f"{count(done - unreadable, 'picture')} classified{stopped}{bad}{where}.")
    return interrupt.status or (1 if unreadable else 0)


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
    model: Path, walk: Walk, cancel: Cancel, *, top: int, unsure_below: float | None, device: str
) -> "Iterator[Prediction | Unreadable]":
    from cnngui.data.index import Unreadable
    from cnngui.engine.classify import Classifier

    classifier = Classifier.open(model, device=device)
    say(classifier.device)
    for result in classifier.classify(walk, cancel, top=top, unsure_below=unsure_below):
        refused = walk.refused.pop(result.path, None)
        yield result if refused is None else Unreadable(result.path, refused)


def _write(
    results: "Iterator[Prediction | Unreadable]", stream: TextIO, lines: Writer, total: int
) -> tuple[int, int]:
    """Write the results as they come; return how many there were, and how many of them were Unreadable."""
    from cnngui.data.index import Unreadable

    done = unreadable = 0
    if lines.head is not None:
        stream.write(lines.head + "\n")
    with contextlib.ExitStack() as stack:
        # On a terminal the rows themselves are the progress.
        progress = None if stream.isatty() else stack.enter_context(Progress("Classifying"))
        for result in results:
            stream.write(lines.line(result) + "\n")
            done += 1
            unreadable += isinstance(result, Unreadable)
            if progress is not None:
                progress.update(done, total)
    return done, unreadable
