"""All that the window asks of the data and engine packages, as work for a Job.

Nothing else in `cnngui.gui` runs them. Each function returns a `Work`; what is heavy is imported inside
it, on the worker's thread. Tests put their fakes here.
"""

import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from cnngui import resources
from cnngui.cancel import Cancel
from cnngui.data import formats
from cnngui.data.index import DatasetIndex, Unreadable
from cnngui.engine.header import ModelHeader
from cnngui.engine.memory import give_back
from cnngui.engine.spec import UNASKED, TrainConfig
from cnngui.errors import RequestError
from cnngui.gui.job import Work
from cnngui.gui.planning import Ready, Value
from cnngui.gui.text import tr

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from cnngui.checker.checks import Progress
    from cnngui.checker.finding import Finding
    from cnngui.checker.rule import Kind
    from cnngui.checker.runner import Checked
    from cnngui.checker.targets import Target
    from cnngui.engine.classify import Classifier
    from cnngui.engine.events import TrainEvent

Origin = Literal["starter", "trained", "file"]

SAMPLE = "shapes"  # the built-in data set that the window offers


@dataclass(frozen=True, slots=True)
class OpenedModel:
    """A model file whose header was read; the numbers are loaded when the first picture is classified."""

    path: Path
    header: ModelHeader
    origin: Origin


@dataclass(frozen=True, slots=True)
class SampleReady:
    """The built-in sample is on the disk in `folder`."""

    folder: Path


@dataclass(frozen=True, slots=True)
class Thumbnail:
    """A small copy of a picture, `pixels` (H, W, 3) uint8; or None, and the `reason` in one sentence."""

    path: str
    pixels: "npt.NDArray[np.uint8] | None"
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Earlier:
    """What is kept of trainings of `root`: the run that was interrupted and can be gone on with, the finished
    one that can be trained longer, the last network, and what was chosen for the last one, by the names of
    TrainConfig."""

    root: Path
    unfinished: Path | None = None
    finished: Path | None = None
    network: Path | None = None  # its file
    choices: Mapping[str, Value] = field(default_factory=dict)


def scan(root: Path) -> Work:
    """Yields ScanProgress, then the DatasetIndex (unless stopped)."""

    def work(cancel: Cancel) -> Iterator[object]:
        from cnngui.data import index

        yield from index.scan(root, cancel)

    return work


def draw_sample() -> Work:
    """Draw the built-in sample once: yields SampleProgress, then SampleReady (unless stopped)."""

    def work(cancel: Cancel) -> Iterator[object]:
        from cnngui.data import samples

        folder = samples.home(SAMPLE)
        yield from samples.draw(SAMPLE, folder, cancel)
        if not cancel.stopped:
            yield SampleReady(folder)

    return work


# What a training loads before its first step, in pieces: between two of them the work can be stopped. The
# optimiser's first step asks for torch._dynamo, which builds on sympy.
TRAINING_MODULES = ("cnngui.engine.choose", "cnngui.engine.train", "sympy", "torch._dynamo")


def warm_up() -> Work:
    """Load the engine, which takes seconds, and yield Ready; then load what a training needs as well, so
    that its first step comes at once."""

    def work(cancel: Cancel) -> Iterator[object]:
        from cnngui.engine.loading import loading

        with loading():
            from cnngui.engine import device
            from cnngui.engine.models import registry

            import_module("pyqtgraph")  # of the curves, for which the window would stand still next

        yield Ready(device.choose(), tuple(registry.card(name) for name in registry.names()))
        for module in TRAINING_MODULES:
            with _answering:  # pictures that wait for an answer go first
                pass
            if cancel.stopped:
                return
            with loading():
                import_module(module)

    return work


def starter() -> Path | None:
    """The shipped model that can answer before anything was trained, if there is one."""
    path = resources.path("models", "starter.safetensors")
    return path if path.is_file() else None


def open_model(path: Path, origin: Origin) -> Work:
    """Read the file's header and yield OpenedModel."""

    def work(_cancel: Cancel) -> Iterator[object]:
        from cnngui.engine import header

        yield OpenedModel(path, header.read(path), origin)

    return work


def save_model(model: Path, to: Path) -> Work:
    """Copy a model file whole or not at all, and yield where it is now."""

    def work(_cancel: Cancel) -> Iterator[object]:
        from cnngui.files import write_whole

        write_whole(to, model.read_bytes())
        yield to

    return work


def earlier(root: Path) -> Work:
    """Yields Earlier."""

    def work(_cancel: Cancel) -> Iterator[object]:
        from cnngui.data.project import Project
        from cnngui.engine import runs

        project = Project.of(root)
        done = project.finished()
        last = next((run for run in reversed(project.runs()) if run.ended and run.best.exists()), None)
        found = Earlier(
            root, runs.unfinished(root), done.folder if done else None, last.best if last else None
        )
        try:
            choices = project.choices()
        except RequestError:  # whatever was chosen, an interrupted training can be gone on with
            yield found
            raise
        yield replace(found, choices=choices)

    return work


def train(index: DatasetIndex, config: TrainConfig, resume: bool = False, longer: int = 0) -> Work:
    """Yields TrainEvents, RunEnded last, and a Warned for each pitfall as it shows.

    With `resume` or `longer` an earlier run goes on as it was; otherwise what differs from UNASKED is
    remembered for the folder.
    """

    def work(cancel: Cancel) -> Iterator[object]:
        from cnngui.data.project import Project
        from cnngui.engine import runs

        if not resume and not longer:
            defaults, asked = asdict(UNASKED), asdict(config)
            chosen = {name: value for name, value in asked.items() if value != defaults[name]}
            Project.of(index.root).remember(chosen)
        try:
            yield from watched(runs.run(index, config, cancel, resume=resume, longer=longer))
        finally:
            give_back()

    return work


@dataclass(frozen=True, slots=True)
class Warned:
    """What a training was found to do wrong, and the page of its rule."""

    finding: "Finding"
    page: str


def watched(events: "Iterable[TrainEvent]") -> Iterator[object]:
    """The events of a training, each with what the run rules find in it: Warned, explanations left out."""
    from cnngui.checker.finding import Severity
    from cnngui.checker.rules.run import RULES
    from cnngui.checker.run import RunWatcher

    pages = {rule.name: rule.page for rule in RULES}
    watcher = RunWatcher(RULES)
    for event in events:
        yield event
        for finding in watcher.feed(event):
            if finding.severity is not Severity.INFO:
                yield Warned(finding, pages.get(finding.rule, ""))


def classify(model: Path, paths: Sequence[Path], top: int = 5) -> Work:
    """Yields a Prediction or Unreadable for each path, in order."""

    def work(cancel: Cancel) -> Iterator[object]:
        with _answering:
            yield from _classifier(model).classify(paths, cancel, top=top)

    return work


# A classifier is not for several threads at once: a job that was just stopped ends its step first.
_answering = threading.Lock()
_opened: "dict[tuple[Path, int, int], Classifier]" = {}


def _classifier(path: Path) -> "Classifier":
    """The classifier of a file; the last one is kept, so that the next picture is answered at once."""
    from cnngui.engine.classify import Classifier

    about = path.stat()
    key = (path, about.st_mtime_ns, about.st_size)
    if key not in _opened:
        classifier = Classifier.open(path)
        _opened.clear()
        _opened[key] = classifier
    return _opened[key]


def thumbnails(take: Callable[[], str | None], side: int) -> Work:
    """Small copies of the pictures that `take` names, until it names none. Their longer side is `side`
    pixels at most."""

    def work(cancel: Cancel) -> Iterator[object]:
        from cnngui.data import decode

        while not cancel.check() and (path := take()) is not None:
            picture = decode.decode(path, at_least=side)
            if isinstance(picture, Unreadable):
                yield Thumbnail(path, None, picture.reason)
            else:
                yield Thumbnail(path, _shrunk(picture, side))

    return work


def _shrunk(picture: "npt.NDArray[np.uint8]", side: int) -> "npt.NDArray[np.uint8]":
    import numpy as np
    from PIL import Image

    image = Image.fromarray(picture)
    image.thumbnail((side, side), Image.Resampling.BILINEAR, reducing_gap=2.0)
    return np.asarray(image)


def suffixes() -> frozenset[str]:
    """The lower-case endings of file names that are pictures, each with its dot."""
    return formats.SUFFIXES


@dataclass(frozen=True, slots=True)
class Judged:
    """What a check found, explanations included, and the pages of the rules that spoke, by their names."""

    checked: "Checked"
    pages: dict[str, str]


@dataclass(frozen=True, slots=True)
class Script:
    """The text of a script that was opened."""

    path: Path
    text: str


def check_text(code: str, name: str) -> Work:
    """Look for pitfalls in code, which is never run; yields Judged. Loads no torch."""

    def work(_cancel: Cancel) -> Iterator[object]:
        from cnngui.checker.config import Selection
        from cnngui.checker.rule import Kind
        from cnngui.checker.runner import Options, check_text

        checked = check_text(code, name, Options(selection=Selection(info=True)))
        yield Judged(checked, _rule_pages(Kind.SOURCE, checked))

    return work


def check(target: "Target", size: int | None, tell: "Progress") -> Work:
    """Look for pitfalls in a folder, a model file or a notebook; yields Judged (unless stopped).

    `size`: the side of the pictures that the network will see, if it is known. `tell` hears on the
    worker's thread how far a folder is.
    """

    def work(cancel: Cancel) -> Iterator[object]:
        from cnngui.checker import checks
        from cnngui.checker.config import Selection
        from cnngui.checker.runner import Options

        checked = checks.check(target, Options(size, selection=Selection(info=True)), cancel, tell)
        if not cancel.stopped:
            yield Judged(checked, _rule_pages(target.kind, checked))

    return work


@dataclass(frozen=True, slots=True)
class Suspects:
    """Pictures whose label is probably wrong, the surest first: positions in the index's records."""

    positions: tuple[int, ...]


def check_labels(index: DatasetIndex, config: TrainConfig, tell: "Progress") -> Work:
    """Look for wrong labels by training five networks like `config`, each asked about a fifth that it did
    not learn from; yields Suspects and Judged (unless stopped). `tell` hears how far it is."""

    def work(cancel: Cancel) -> Iterator[object]:
        from cnngui.checker.labels import suspects
        from cnngui.checker.rule import Kind
        from cnngui.checker.runner import Checked

        found = suspects(index, cancel, tell, config)
        if found is not None:
            checked = Checked(str(index.root), found.findings)
            yield Suspects(found.positions)
            yield Judged(checked, _rule_pages(Kind.DATA, checked))

    return work


def check_model(path: Path) -> Work:
    """Look for pitfalls in a model file; yields Judged."""
    from cnngui.checker.rule import Kind
    from cnngui.checker.targets import Target

    return check(Target(str(path), Kind.MODEL), None, lambda _done, _total, _what: None)


def _rule_pages(kind: "Kind", checked: "Checked") -> dict[str, str]:
    from cnngui.checker.rules import listed

    spoke = {finding.rule for finding in checked.findings}
    return {rule.name: rule.page for rule in listed([kind]) if rule.name in spoke}


def read_script(path: Path) -> Work:
    """Yields Script. Raises RequestError for a file that cannot be read or is too long to be shown."""

    def work(_cancel: Cancel) -> Iterator[object]:
        from cnngui.checker.source import limits, parse

        try:
            if path.stat().st_size > limits.CHARACTERS:
                words = tr("“{0}” is too long to be a script: open one below 1 MB.")
                raise RequestError(words.format(path.name))
            yield Script(path, parse.decode(path.read_bytes()))
        except OSError as problem:
            words = tr("“{0}” cannot be read: {1}. Check that it is there and may be opened.")
            raise RequestError(words.format(path.name, problem.strerror or problem)) from problem

    return work
