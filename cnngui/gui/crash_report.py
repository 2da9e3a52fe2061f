"""After a crash: the report is offered to the person, who alone decides who gets to see it."""

from cnngui import crashes
from cnngui.gui import text
from cnngui.gui.main_window import MainWindow
from cnngui.gui.reading import Reading


def offer(window: MainWindow) -> None:
    """Say that there is a report which has not been offered yet, if there is one."""
    report = crashes.unseen()
    if report is None:
        return
    crashes.seen(report)
    words = text.tr(
        "If you want it mended, send this to the makers of cnngui. Look through it first: it names files. "
        "It is kept as “{0}”."
    )
    window.session.say(
        text.tr("cnngui failed the last time. A report was written; it stays on this computer."),
        "warn",
        text.tr("Show the report"),
        lambda: Reading(text.tr("Crash report"), words.format(text.shown(report)), report, window).open(),
    )
