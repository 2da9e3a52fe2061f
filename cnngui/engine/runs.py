"""The whole job "train on this folder": the training, and what is kept of it on disk."""

import hashlib
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, replace
from pathlib import Path

from filelock import FileLock, Timeout

from cnngui import settings
from cnngui.cancel import Cancel
from cnngui.data.index import DatasetIndex
from cnngui.data.join import with_validation
from cnngui.data.project import Project, Run
from cnngui.engine.events import EpochDone, RunEnded, RunStarted, TrainEvent
from cnngui.engine.spec import TrainConfig
from cnngui.errors import RequestError
from cnngui.files import prove_writable, written_whole


def run(
    index: DatasetIndex,
    config: TrainConfig,
    cancel: Cancel,
    *,
    output: Path | None = None,
    val: DatasetIndex | None = None,
    resume: bool = False,
) -> Iterator[TrainEvent]:
    """Train on `index`, keep the run in the folder's project, and copy the best model to `output`.

    With `val`, validation is on that folder's pictures. With `resume`, the project's last interrupted run
    goes on as it was configured (the device apart); where there is none, a new one begins and says so.
    Raises RequestError when the request cannot be met; RunEnded is otherwise the last event.
    """
    # torch is loaded here and not with the module, so that `unfinished` answers at once.
    from cnngui.engine.prepare import check_trainable
    from cnngui.engine.train import train

    if output is not None:
        prove_writable(output)
    if val is not None:
        index = with_validation(index, val)
    check_trainable(index)
    project = Project.of(index.root)
    earlier = project.unfinished() if resume else None
    if earlier is not None:
        config = replace(TrainConfig(**earlier.config), device=config.device)
    kept = earlier or project.new_run(asdict(config))
    with _alone(kept, output):
        if earlier is not None:
            earlier.reopen()
        for event in train(index, config, kept.folder, cancel, resume=earlier is not None):
            if isinstance(event, RunStarted) and resume and earlier is None:
                note = "There was no interrupted training to go on with, so a new one was started."
                event = replace(event, notes=(*event.notes, note))
            if isinstance(event, RunEnded):
                kept.finish(event.reason)
                if output is not None and event.model is not None:
                    event = replace(event, model=str(_copied(Path(event.model), output)))
            if isinstance(event, RunStarted | EpochDone | RunEnded):
                kept.append({"event": type(event).__name__, **asdict(event)})
            yield event


def unfinished(root: Path) -> Path | None:
    """The folder of an interrupted training of `root` that can be gone on with, if there is one."""
    earlier = Project.of(root).unfinished()
    if earlier is None:
        return None
    try:
        with FileLock(earlier.folder / "lock", timeout=0):
            return earlier.folder
    except Timeout:
        return None  # it is not interrupted: it is running in another process


@contextmanager
def _alone(kept: Run, output: Path | None) -> Iterator[None]:
    """Hold the run, and the file that is to be written, against a second training."""
    try:
        with FileLock(kept.folder / "lock", timeout=0):
            if output is None:
                yield
                return
            locks = settings.cache_dir() / "locks"
            locks.mkdir(parents=True, exist_ok=True)
            with FileLock(locks / _lock_name(output), timeout=0):
                yield
    except Timeout as error:
        what = f"{output} is being written" if output is not None else "This training is being run"
        raise RequestError(f"{what} by another training. Wait for it or choose another file.") from error


def _lock_name(output: Path) -> str:
    return hashlib.sha256(str(output.resolve()).encode(errors="surrogateescape")).hexdigest()[:20] + ".lock"


def _copied(model: Path, output: Path) -> Path:
    with model.open("rb") as source, written_whole(output) as target:
        shutil.copyfileobj(source, target)
    return output
