"""A training as it is seen on a terminal or in a log."""

from pathlib import Path
from types import TracebackType
from typing import Self

from cnngui.cancel import Cancel
from cnngui.checker.finding import Severity
from cnngui.checker.run import RunWatcher
from cnngui.cli.support.console import Progress, count, duration, percent, say, say_unreadable
from cnngui.data.index import DatasetIndex, ScanProgress, Unreadable, scan
from cnngui.engine.events import (
    Decoding,
    Download,
    EpochDone,
    Notice,
    RunEnded,
    RunStarted,
    StepDone,
    TrainEvent,
)


def scanned(folder: Path, cancel: Cancel) -> DatasetIndex | None:
    """The index of `folder`, with progress; None if cancelled on the way. Raises RequestError as `scan`."""
    index = None
    with Progress(f"Looking through {folder}", "file") as progress:
        for item in scan(folder, cancel):
            if isinstance(item, ScanProgress):
                progress.update(item.files)
            else:
                index = item
    return index


class TrainView:
    """Shows the events of one training. Use as a context manager around the loop."""

    def __init__(self) -> None:
        self._progress: Progress | None = None
        self._epochs = 0
        self._download = False  # whether that is what the progress shows
        self._watcher = RunWatcher()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, where: TracebackType | None
    ) -> None:
        self._close()

    def show(self, event: TrainEvent) -> None:
        if isinstance(event, Download):
            self._downloading(event)
        elif isinstance(event, Decoding):
            self._reading(event)
        elif isinstance(event, RunStarted):
            self._started(event)
        elif isinstance(event, StepDone):
            self._step(event)
        elif isinstance(event, EpochDone):
            say(epoch_line(event))
        elif isinstance(event, Notice):
            say(event.sentence)
        elif isinstance(event, RunEnded):
            self._close()
            say(event.sentence)
        for finding in self._watcher.feed(event):
            if finding.severity is not Severity.INFO:
                say(f"{finding.severity.capitalize()} [{finding.rule}]: {finding.message} {finding.fix}")

    def _downloading(self, event: Download) -> None:
        if self._progress is None:
            self._progress = Progress(f"Downloading {event.name}", "kB")
            self._progress.__enter__()
            self._download = True
        self._progress.update(event.done // 1000, None if event.total is None else event.total // 1000)

    def _reading(self, event: Decoding) -> None:
        if self._download:
            self._close()
        if self._progress is None:
            self._progress = Progress("Reading pictures")
            self._progress.__enter__()
        self._progress.update(event.done, event.total)

    def _started(self, event: RunStarted) -> None:
        self._close()
        say_unreadable([Unreadable(path, reason) for path, reason in event.unreadable])
        for note in event.notes:
            say(note)
        say(event.device)
        say(
            f"Training {event.model} ({event.parameters:,} parameters) on "
            f"{count(event.train_images, 'picture')} of {count(len(event.classes), 'class', 'classes')}, "
            f"checking on {event.val_images:,}."
        )
        for epoch in event.history:
            say(epoch_line(epoch))
        self._epochs = event.epochs
        self._progress = Progress("Training", "step", estimates=False)
        self._progress.__enter__()

    def _step(self, event: StepDone) -> None:
        if self._progress is not None:
            self._progress.update(
                (event.epoch - 1) * event.steps + event.step,
                self._epochs * event.steps,
                f"loss {event.loss:.3f}, {event.images_per_second:,.0f} images/s, "
                f"about {duration(event.eta_seconds)} left",
            )

    def _close(self) -> None:
        if self._progress is not None:
            self._progress.__exit__(None, None, None)
            self._progress = None
        self._download = False


def epoch_line(event: EpochDone) -> str:
    """One epoch on one line, with what of it was measured."""
    line = f"Epoch {event.epoch} of {event.epochs}: "
    line += f"loss {event.train_loss:.3f}, accuracy {percent(event.train_accuracy)}"
    if event.val_loss is not None and event.val_accuracy is not None:
        line += f"; validation loss {event.val_loss:.3f}, accuracy {percent(event.val_accuracy)}"
    line += f" ({event.seconds:.1f} s)" if event.seconds < 10 else f" ({duration(event.seconds)})"
    return line + (", the best so far" if event.best else "")
