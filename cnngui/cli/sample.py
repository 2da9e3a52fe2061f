"""cnngui sample NAME DEST"""

import difflib
from pathlib import Path
from typing import Annotated

import typer

from cnngui.cancel import Cancel
from cnngui.cli.support.console import Progress, count, out
from cnngui.cli.support.interrupt import interruptible
from cnngui.errors import RequestError


def sample(
    name: Annotated[str, typer.Argument(help="Which sample: shapes.", show_default=False)],
    dest: Annotated[Path, typer.Argument(help="The folder to draw it in; new or empty.", show_default=False)],
) -> int:
    """Draw a sample data set: class folders of pictures to try everything on."""
    from cnngui.data.samples import NAMES, draw

    if name not in NAMES:
        close = difflib.get_close_matches(name, NAMES, n=1)
        hint = f" Did you mean “{close[0]}”?" if close else ""
        raise RequestError(f"There is no sample “{name}”; there is: {', '.join(NAMES)}.{hint}")
    if dest.exists() and (not dest.is_dir() or any(dest.iterdir())):
        raise RequestError(f"{dest} is there already and is not an empty folder. Name a new one.")
    cancel = Cancel()
    done = 0
    with interruptible(cancel) as interrupt, Progress("Drawing") as progress:
        for step in draw(name, dest, cancel):
            done = step.done
            progress.update(step.done, step.total)
    if interrupt.status:
        out(f"Stopped: {count(done, 'picture')} drawn in {dest}")
        return interrupt.status
    out(f"{count(done, 'picture')} drawn in {dest}")
    return 0
