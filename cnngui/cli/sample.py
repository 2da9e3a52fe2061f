"""cnngui sample NAME DEST"""

from pathlib import Path
from typing import Annotated

import typer

from cnngui.cancel import Cancel
from cnngui.cli.support.console import Progress, count, out, say
from cnngui.cli.support.interrupt import interruptible


def sample(
    name: Annotated[str, typer.Argument(help="Which sample: shapes.", show_default=False)],
    dest: Annotated[Path, typer.Argument(help="The folder to draw it in; new or empty.", show_default=False)],
) -> int:
    """Draw a sample data set to try everything on."""
    cancel = Cancel()
    with interruptible(cancel) as interrupt:
        total = drawn(name, dest, cancel)
    if total is None:
        say("Stopped; nothing was drawn.")
        return interrupt.status
    out(f"{count(total, 'picture')} in {dest}")
    return 0


def drawn(name: str, dest: Path, cancel: Cancel, seed: int = 0, per_class: int | None = None) -> int | None:
    """Draw with progress; return how many pictures there are, or None once cancelled.

    Raises RequestError as `samples.draw`.
    """
    from cnngui.data.samples import draw

    total = 0
    with Progress("Drawing") as progress:
        for step in draw(name, dest, cancel, seed, per_class):
            progress.update(step.done, step.total)
            total = step.total
    return None if cancel.stopped else total
