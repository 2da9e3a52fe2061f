"""The whole job "train on this folder": the training, and what is kept of it on disk."""

import hashlib
import json
import shutil
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from dataclasses import asdict, replace
from pathlib import Path

from filelock import FileLock, Timeout

from cnngui import settings
from cnngui.cancel import Cancel
from cnngui.data.index import DatasetIndex
from cnngui.data.join import with_validation
from cnngui.data.project import Project, Run
from cnngui.engine.distributed import ALONE, Team
from cnngui.engine.events import EpochDone, Notice, RunEnded, RunStarted, TrainEvent
from cnngui.engine.loading import loading
from cnngui.engine.options import unheeded
from cnngui.engine.spec import TrainConfig
from cnngui.errors import RequestError
from cnngui.files import cannot_write, prove_writable, written_whole

_NONE_INTERRUPTED = "There was no interrupted training to go on with, so a new one was started."
_BEGUN_AGAIN = (
    "The interrupted training had no checkpoint yet, so it was begun again with its own settings; pictures "
    "and features that are in the cache are not worked on twice."
)


def run(
    index: DatasetIndex,
    config: TrainConfig,
    cancel: Cancel,
    *,
    output: Path | None = None,
    val: DatasetIndex | None = None,
    resume: bool = False,
    longer: int = 0,
    team: Team = ALONE,
) -> Iterator[TrainEvent]:
    """Train on `index`, keep the run in the folder's project, and copy the best model to `output`.

    With `val`, validation is on that folder's pictures. With `resume`, the project's last interrupted run
    goes on as it was configured (the device apart), or begins again if it has no checkpoint yet; where there
    is none, a new one begins. Whatever begins says so, and what of `config` it does not heed.
    With `longer`, the last finished run goes on for so many epochs more.
    Every process of a `team` has to call this for the same folder; the leader's request counts, and only it
    writes. A team that was started anew goes on where it was.
    Raises RequestError when the request cannot be met; RunEnded is otherwise the last event.
    """
    with loading():  # here and not with the module, so that `unfinished` answers at once
        from cnngui.engine.choose import settled
        from cnngui.engine.outcome import STOPPED_BEFORE, nothing_done
        from cnngui.engine.prepare import check_trainable
        from cnngui.engine.train import train

    if val is not None:
        index = with_validation(index, val)
    if not team.leads:
        yield from _follow(index, cancel, team)
        return
    with ExitStack() as stack:
        refusal = stack.enter_context(ExitStack())
        refusal.callback(team.told, "null")  # so that the others do not wait in vain
        if output is not None:
            prove_writable(output)
        check_trainable(index)
        project = Project.of(index.root)
        if output is not None:
            _lock(stack, _output_lock(output), f"{output} is being written by another training")
        earlier = _begun(team)
        if earlier is not None:
            longer = 0
        else:
            earlier = _finished(project) if longer else project.unfinished() if resume else None
        go_on = earlier is not None and earlier.checkpoint.exists()
        notices: tuple[Notice, ...] = ()
        if earlier is None:
            if not team.alone and config.method == "auto":
                config = replace(config, method="scratch")
            done = yield from settled(index, config, cancel)
            if done is None:
                yield nothing_done("stopped", STOPPED_BEFORE, project.folder, 0.0)
                return
            config, notes = done.config, (*done.notes, *([_NONE_INTERRUPTED] if resume else []))
            notices = done.notices
        else:
            config, notes = _as_before(earlier, config, val)
        if not team.alone and not go_on and config.method != "scratch":
            raise RequestError("Several processes train whole networks together: use --method scratch.")
        kept = earlier or project.new_run(asdict(config), None if val is None else val.root)
        _lock(stack, kept.folder / "lock", "This training is running already")
        team.begin(str(kept.folder))
        refusal.pop_all()
        team.told(json.dumps([asdict(config), str(kept.folder), go_on, longer]))
        events = train(index, config, kept.folder, cancel, go_on, longer, team)
        try:
            yield from _kept(_noticed(events, notices), kept, notes, output)
        except RequestError:
            if earlier is None and next(kept.events(), None) is None:  # it has not even started
                kept.finish("refused")
            raise


def _begun(team: Team) -> Run | None:
    """The training that a team, in whose place this one was started, was at."""
    folder = team.begun()
    run = None if folder is None else Run(Path(folder))
    return None if run is None or run.ended in ("finished", "refused") else run


def _as_before(
    earlier: Run, config: TrainConfig, val: DatasetIndex | None
) -> tuple[TrainConfig, tuple[str, ...]]:
    """What `earlier` was asked for, on the device that is wanted now, and what is to be said of it."""
    measured_on, wanted = earlier.validation, None if val is None else str(val.root.resolve())
    if measured_on and wanted is None:
        raise RequestError(
            f"That training is measured on the pictures in {measured_on}: go on with it on the "
            f"command line, with --val {measured_on}."
        )
    if wanted != measured_on:
        how = f"with --val {measured_on}" if measured_on else "without --val"
        raise RequestError(
            f"That training is not measured on the pictures in {wanted}: go on with it {how}, or begin a new "
            "one."
        )
    begun = TrainConfig(**earlier.config)
    notes = (_BEGUN_AGAIN,) if earlier.interrupted_early else ()
    return replace(begun, device=config.device), (*notes, *unheeded(config, begun))


def _kept(
    events: Iterator[TrainEvent], kept: Run, notes: tuple[str, ...], output: Path | None
) -> Iterator[TrainEvent]:
    """The events, noted in the run's folder; the best model goes to `output` at the end."""
    for event in events:
        if isinstance(event, RunStarted):
            kept.reopen()  # not before: an earlier run that is refused, or stopped at once, stays as it was
            event = replace(event, notes=(*event.notes, *notes))
        if isinstance(event, RunEnded):
            if output is not None and event.model is not None:
                event = _copied(event, Path(event.model), output)
            try:
                if kept.ended is None:
                    kept.finish(event.reason)
            except RequestError as error:  # from now on it passes for one that was killed
                if event.reason != "failed":
                    event = replace(event, reason="failed", sentence=f"{event.sentence} {error}")
        if isinstance(event, RunStarted | EpochDone | Notice | RunEnded):
            with suppress(RequestError):  # the disk is full, perhaps for a while: it must not end the run
                kept.append({"event": type(event).__name__, **asdict(event)})
        yield event


def _noticed(events: Iterator[TrainEvent], notices: tuple[Notice, ...]) -> Iterator[TrainEvent]:
    """The events, with `notices` as soon as the training has started."""
    for event in events:
        yield event
        if isinstance(event, RunStarted):
            yield from notices


def _follow(index: DatasetIndex, cancel: Cancel, team: Team) -> Iterator[TrainEvent]:
    """Take part in what the leader has begun; nothing where it was refused."""
    from cnngui.engine.train import train

    orders = json.loads(team.told(""))
    if orders is not None:
        config, folder, resume, longer = orders
        config = TrainConfig(**config)
        yield from train(index, config, Path(folder), cancel, resume=resume, longer=longer, team=team)


def unfinished(root: Path) -> Path | None:
    """The folder of an interrupted training of `root` that can be gone on with, if there is one."""
    earlier = Project.of(root).unfinished()
    if earlier is None:
        return None
    try:
        with FileLock(earlier.folder / "lock", timeout=0):
            return earlier.folder
    except OSError:
        # It is not interrupted but running in another process (Timeout), or its folder cannot be written.
        return None


def _finished(project: Project) -> Run:
    run = project.finished()
    if run is None:
        raise RequestError(
            f"There is no training of {project.root} that can be trained longer: the last one that came to "
            "its end has to be of the whole network, not of its last layer alone (Quick)."
        )
    return run


def _lock(locks: ExitStack, path: Path, otherwise: str) -> None:
    """Hold `path` against every other process until `locks` is left."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        locks.enter_context(FileLock(path, timeout=0))
    except Timeout as error:
        raise RequestError(f"{otherwise}. Wait until it has ended.") from error
    except OSError as error:
        raise cannot_write(path, error) from error


def _output_lock(output: Path) -> Path:
    # Not beside the file: a lock in the user's folder would be litter.
    name = hashlib.sha256(str(output.resolve()).encode(errors="surrogateescape")).hexdigest()[:20]
    return settings.cache_dir() / "locks" / f"{name}.lock"


def _copied(event: RunEnded, model: Path, output: Path) -> RunEnded:
    """The end, with the model where it was wanted. Where it cannot be written, the run's own is named, and
    resuming the run tries once more."""
    try:
        with model.open("rb") as source, written_whole(output) as target:
            shutil.copyfileobj(source, target)
    except RequestError as error:
        return replace(event, reason="failed", sentence=f"{error} The network itself is safe, in {model}.")
    return replace(event, model=str(output))
