"""cnngui classify MODEL PATH..."""

import contextlib
import io
import math
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain, islice
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TextIO

import typer

from cnngui.cancel import Cancel
from cnngui.cli.support import shares
from cnngui.cli.support.console import Progress, count, say
from cnngui.cli.support.interrupt import interruptible
from cnngui.cli.support.options import Device, LooksWanted, UnsureBelow
from cnngui.cli.support.outputs import spare
from cnngui.cli.support.results import Format, Writer, holds_results, writer
from cnngui.cli.support.walk import Walk
from cnngui.engine.distributed import Team
from cnngui.engine.spec import Looks
from cnngui.errors import RequestError
from cnngui.files import written_whole

if TYPE_CHECKING:
    from cnngui.data.index import Unreadable
    from cnngui.engine.results import Prediction
    from cnngui.engine.spec import ImageSpec


def classify(
    model: Annotated[Path, typer.Argument(help="A model file.", readable=False, show_default=False)],
    paths: Annotated[
        list[Path],
        typer.Argument(
            metavar="PATH", help="Pictures, and folders of them.", readable=False, show_default=False
        ),
    ],
    top: Annotated[int, typer.Option(min=1, metavar="K", help="How many classes to name per picture.")] = 3,
    unsure_below: UnsureBelow = None,
    looks: LooksWanted = None,
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

    cancel = Cancel()
    with contextlib.ExitStack() as stack:
        team = stack.enter_context(Team.here().joined())
        header = read(model)
        if output is not None:
            spare(output, holds_results, model, *paths)
        walk = Walk(paths, SUFFIXES)
        total = sum(1 for _ in walk)
        if total == 0:
            raise RequestError(f"There are no pictures in {', '.join(map(str, paths))}.")
        if not team.alone and output is None:
            raise RequestError("Several processes write one file together: say which, with -o FILE.")
        lines = writer(format_, header.classes, top)
        interrupt = stack.enter_context(interruptible(cancel, heard=team.leads))
        results = _results(
            model,
            header.spec,
            walk,
            cancel,
            team,
            top=top,
            unsure_below=unsure_below,
            device=device,
            looks=looks,
        )
        tally = _Tally(total=math.ceil((total - team.rank) / team.size))
        if output is None or team.alone:
            with _destination(output) as stream:
                # On a terminal the rows themselves are the progress.
                rows = _rows(results, lines, tally, quiet=stream.isatty())
                _write(stream, lines, rows)
        else:
            rows = _rows(results, lines, tally, quiet=not team.leads)
            with shares.together(rows, output, team) as merged:
                if team.leads:
                    with _destination(output) as stream:
                        _write(stream, lines, merged)
            tally.add_up(team)
        cut_short = team.sums([interrupt.status > 0])[0] > 0
    if not team.leads:
        return 0
    stopped = f" of {total:,}, then stopped" if cut_short else ""
    where = f"; written to {output}" if output else ""
    say(f"{count(tally.classified, 'picture')} classified{stopped}{tally.reservations()}{where}.")
    if tally.unsure and unsure_below is None:
        say(header.certainty)
    if not team.alone:
        return 0  # torchrun would call anything else a crash
    return interrupt.status or (1 if tally.unreadable else 0)


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
    model: Path,
    spec: "ImageSpec",
    walk: Walk,
    cancel: Cancel,
    team: Team,
    *,
    top: int,
    unsure_below: float | None,
    device: str,
    looks: Looks | None,
) -> "Iterator[Prediction | Unreadable]":
    """The answers about this process's share of the pictures: every `team.size`-th one."""
    from cnngui.data.index import Unreadable
    from cnngui.engine.loading import loading
    from cnngui.engine.reader import reading

    share = islice(walk, team.rank, None, team.size)
    with reading(share, spec, cancel) as pictures:  # from here on, while PyTorch is still being loaded
        with loading():
            from cnngui.engine.classify import Classifier

        classifier = Classifier.open(model, team.device(device), looks)
        if team.leads:
            say(classifier.device)
        for result in classifier.predict(pictures, cancel, top=top, unsure_below=unsure_below):
            refused = walk.refused.pop(result.path, None)
            yield result if refused is None else Unreadable(result.path, refused)


@dataclass(slots=True)
class _Tally:
    """How many results there were of each kind, of `total` to come."""

    total: int
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

    def add_up(self, team: Team) -> None:
        """Take in what the team's other processes have counted."""
        counts = (self.classified, self.unreadable, self.unsure, self.unfamiliar)
        self.classified, self.unreadable, self.unsure, self.unfamiliar = map(int, team.sums(counts))

    def reservations(self) -> str:
        strange = f" ({self.unfamiliar:,} unlike anything it was trained on)" if self.unfamiliar else ""
        unsure = f"; not sure of {self.unsure:,}{strange}" if self.unsure else ""
        return unsure + (f"; {self.unreadable:,} cannot be used" if self.unreadable else "")


def _rows(
    results: "Iterator[Prediction | Unreadable]", lines: Writer, tally: _Tally, *, quiet: bool
) -> Iterator[str]:
    """The results as lines, counted, with progress unless `quiet`."""
    with contextlib.ExitStack() as stack:
        progress = None if quiet else stack.enter_context(Progress("Classifying"))
        for result in results:
            yield lines.line(result)
            tally.add(result)
            if progress is not None:
                progress.update(tally.classified + tally.unreadable, tally.total)


def _write(stream: TextIO, lines: Writer, rows: Iterable[str]) -> None:
    head = [] if lines.head is None else [lines.head]
    stream.writelines(f"{row}\n" for row in chain(head, rows))
