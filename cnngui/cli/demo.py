"""cnngui demo"""

from collections.abc import Sequence
from pathlib import Path

from cnngui import settings
from cnngui.cancel import Cancel
from cnngui.cli.gui import open_window, window_problem
from cnngui.cli.sample import drawn
from cnngui.cli.support.console import out, say
from cnngui.cli.support.interrupt import interruptible
from cnngui.cli.support.results import Format, writer
from cnngui.cli.support.system import QT_LIBRARIES, missing_libraries

_SAMPLE = "shapes"
_HELD_OUT_SEED = 1  # the same kind of pictures, none of them trained on
_HELD_OUT_PER_CLASS = 2
_EPOCHS = 20  # enough for these pictures, and done in well under a minute


def demo() -> int:
    """Show the main job on a built-in sample."""
    problem = window_problem()
    if problem is None:
        return open_window([], demo=True)
    say(f"No window is opened: {problem}. The same job without it:")
    return _without_window()


def _without_window() -> int:
    from cnngui.data import samples

    folder = samples.home(_SAMPLE)
    cancel = Cancel()
    with interruptible(cancel) as interrupt:
        model = _trained(folder, cancel)
        new = folder.with_name(f"{_SAMPLE}-new")
        if model is None or drawn(_SAMPLE, new, cancel, _HELD_OUT_SEED, _HELD_OUT_PER_CLASS) is None:
            return interrupt.status
        pictures = sorted(new.glob("*/*.jpg"))
        _classify(model, pictures, cancel)
    if not interrupt.status:
        _show_window(model, pictures)
    return interrupt.status


def _trained(folder: Path, cancel: Cancel) -> Path | None:
    """The path of a model trained on the sample, or None once cancelled."""
    from cnngui.cli.support.training import TrainView, scanned
    from cnngui.engine.events import RunEnded
    from cnngui.engine.runs import run
    from cnngui.engine.spec import TrainConfig

    if drawn(_SAMPLE, folder, cancel) is None:
        return None
    index = scanned(folder, cancel)
    if index is None:
        return None
    model: str | None = None
    with TrainView() as view:
        for event in run(index, TrainConfig(epochs=_EPOCHS), cancel):
            view.show(event)
            if isinstance(event, RunEnded):
                model = event.model
    return None if model is None or cancel.stopped else Path(model)


def _classify(model: Path, pictures: Sequence[Path], cancel: Cancel) -> None:
    from cnngui.engine.classify import Classifier

    say("Pictures that the network has never seen:")
    classifier = Classifier.open(model)
    table = writer(Format.TABLE, classifier.header.classes, top=2)
    for result in classifier.classify(pictures, cancel, top=2):
        out(table.line(result))


def _show_window(model: Path, pictures: Sequence[Path]) -> None:
    packages = missing_libraries(QT_LIBRARIES)
    if packages:
        say(f"For the window: sudo apt-get install {' '.join(packages)}")
        return
    from cnngui.gui.screenshot import save

    picture = settings.cache_dir() / "demo.png"
    save(picture, model, pictures)
    out(f"The window, as it would look: {picture}")
