"""What the states of the pages share: where they are listed, and how the engine's place is taken."""

from collections.abc import Callable
from pathlib import Path

from cnngui.checker.finding import Finding, Severity
from cnngui.checker.rule import Kind
from cnngui.checker.rules import listed
from cnngui.checker.runner import Checked
from cnngui.gui import work
from cnngui.gui.job import Work
from cnngui.gui.main_window import MainWindow
from tests.unit.gui import fakes

CLASSES = ("ant", "bee", "beetle", "butterfly", "dragonfly", "moth", "wasp")
State = Callable[[MainWindow, Path], None]
STATES: dict[str, State] = {}


def state(function: State) -> State:
    """Enter a state under its function's name. It is given the window and the folder of the pictures."""
    STATES[function.__name__] = function
    return function


def put(name: str, fake: object, where: object = work) -> None:
    """Put a fake in the place of a function of `cnngui.gui.work`, or of another module."""
    setattr(where, name, fake)


FOUND = (
    fakes.finding("duplicate-across-splits", Severity.ERROR, part="moth/IMG_2204 copy of a copy.jpg"),
    fakes.finding("class-imbalance", part="wasp"),
    fakes.finding("label-leak-in-border-or-size"),
    fakes.finding("mixed-sizes", Severity.INFO),
)


def judges(*findings: Finding) -> Callable[..., Work]:
    """In the place of work.check; the rules' pages are the real ones."""
    pages = {rule.name: rule.page for rule in listed(Kind)}
    return lambda target, *_: fakes.works(work.Judged(Checked(target.path, findings), pages))
