"""cnngui train FOLDER -o MODEL"""

import json
import math
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cnngui.cancel import Cancel
from cnngui.cli.support.console import Progress, count, duration, interval, out, percent, say
from cnngui.cli.support.interrupt import Interrupt, interruptible
from cnngui.cli.support.options import Device, existing_folder
from cnngui.cli.support.outputs import spare
from cnngui.engine.distributed import Team
from cnngui.engine.options import OPTIONS, changed
from cnngui.engine.spec import TrainConfig
from cnngui.errors import RequestError
from cnngui.files import prove_writable

if TYPE_CHECKING:
    from cnngui.engine.events import RunEnded, RunStarted

_DEFAULTS = TrainConfig()
_BYTES_PER_PARAMETER = 4


def _list_parts(wanted: bool) -> None:
    if wanted:
        for part in OPTIONS:
            default = "the network's own" if part.default is None else str(part.default).lower()
            out(f"{part.name:<16} {part.sentence} ({part.allowed}; default {default})")
        raise typer.Exit


def train(
    folder: Annotated[
        Path, typer.Argument(help="Class folders of pictures.", readable=False, show_default=False)
    ],
    output: Annotated[
        Path,
        typer.Option("--output", "-o", metavar="MODEL", help="The model file to write.", show_default=False),
    ],
    model: Annotated[
        str, typer.Option(metavar="NAME", help="The network, or auto; “cnngui models” lists them.")
    ] = "auto",
    method: Annotated[
        str,
        typer.Option(
            metavar="auto|scratch|quick|best",
            help="quick: a new last layer on what a network knows from photographs, in seconds; best: "
            "then all of it; scratch: the whole network at once.",
        ),
    ] = "auto",
    size: Annotated[
        int | None, typer.Option(min=8, max=1024, help="Pixels per side that the network sees.")
    ] = None,
    epochs: Annotated[int | None, typer.Option(min=1, help="Passes over the pictures.")] = None,
    minutes: Annotated[
        float | None, typer.Option(min=0.01, help="Train for this long at most, and end well within it.")
    ] = None,
    batch_size: Annotated[int | None, typer.Option(min=1, help="Pictures per step.")] = None,
    learning_rate: Annotated[
        float | None, typer.Option(min=0.0, help="The peak of its course; each network has its own.")
    ] = None,
    device: Device = _DEFAULTS.device,
    precision: Annotated[
        str,
        typer.Option(
            metavar="auto|float32|bfloat16|float16",
            help="What to compute in; auto takes what is faster here.",
        ),
    ] = _DEFAULTS.precision,
    val: Annotated[
        Path | None,
        typer.Option(metavar="FOLDER", help="Check on these pictures instead of a part of FOLDER."),
    ] = None,
    val_fraction: Annotated[
        float | None,
        typer.Option(
            min=0.0, max=0.9, help="The part set aside, if the folder does not say (0.2, at most 5,000)."
        ),
    ] = _DEFAULTS.val_fraction,
    weights: Annotated[
        str,
        typer.Option(
            metavar="auto|none|FILE",
            help="What to begin from: the published weights, downloaded once; nothing; or a file of weights.",
        ),
    ] = "auto",
    seed: Annotated[
        int, typer.Option(min=0, max=2**63 - 1, help="The same seed, the same split and start.")
    ] = _DEFAULTS.seed,
    resume: Annotated[bool, typer.Option("--resume", help="Go on with the training cut short here.")] = False,
    longer: Annotated[
        int | None,
        typer.Option(
            min=1, metavar="EPOCHS", help="Go on with the last finished training for so many epochs more."
        ),
    ] = None,
    set_: Annotated[
        list[str] | None,
        typer.Option(
            "--set",
            metavar="NAME=VALUE",
            help="Change a part of the recipe, as --parts lists them.",
        ),
    ] = None,
    _parts: Annotated[
        bool,
        typer.Option(
            "--parts", is_eager=True, callback=_list_parts, help="List the parts of the recipe, and end."
        ),
    ] = False,
    find_learning_rate: Annotated[
        bool,
        typer.Option("--find-learning-rate", help="Try rates, print a good one, and end."),
    ] = False,
    json_: Annotated[bool, typer.Option("--json", help="Print one JSON object at the end.")] = False,
) -> int:
    """Train a network on a folder of pictures."""
    cancel = Cancel()
    with Team.here().joined() as team, interruptible(cancel, heard=team.leads) as interrupt:
        existing_folder(folder)
        if val is not None:
            existing_folder(val)
        if team.leads:
            spare(output, _is_model, *([] if weights in ("auto", "none") else [Path(weights)]))
            prove_writable(output)
        if longer is not None and resume:
            raise RequestError("--longer goes on with a finished training, --resume with an unfinished one.")
        if val is not None and val_fraction is not None:
            raise RequestError("--val checks on other pictures, --val-fraction on a part of FOLDER: use one.")
        config = TrainConfig(
            model=model,
            method=method,
            size=size,
            epochs=epochs,
            minutes=minutes,
            batch_size=batch_size,
            learning_rate=learning_rate,
            val_fraction=val_fraction,
            weights=_weights(weights),
            seed=seed,
            device=device,
            precision=precision,
        )
        config = changed(config, set_ or ())
        if team.leads:
            _check_model(model, output)
        if find_learning_rate:
            return _find_rate(folder, config, cancel, interrupt) if team.leads else 0
        done = _train(
            folder, config, cancel, output=output, val=val, resume=resume, longer=longer or 0, team=team
        )
    if not team.leads:
        return 0
    return _report(done, config, interrupt, as_json=json_)


@dataclass(frozen=True, slots=True)
class _Done:
    started: "RunStarted | None"
    ended: "RunEnded | None"  # None: cancelled before the first step


def _weights(given: str) -> str | None:
    if given in ("auto", "none"):
        return "auto" if given == "auto" else None
    return str(Path(given).absolute())


def _is_model(path: Path) -> bool:
    from cnngui.engine.header import read

    try:
        read(path)
    except RequestError:
        return False
    return True


def _check_model(name: str, output: Path) -> None:
    from cnngui.engine.models import registry

    if name == "auto":
        return
    prove_writable(output, room=registry.card(name).parameters * _BYTES_PER_PARAMETER)


def _train(
    folder: Path,
    config: TrainConfig,
    cancel: Cancel,
    *,
    output: Path,
    val: Path | None,
    resume: bool,
    longer: int,
    team: Team,
) -> _Done:
    from cnngui.cli.support.training import TrainView, scanned
    from cnngui.engine.events import RunEnded, RunStarted
    from cnngui.engine.runs import run

    index = scanned(folder, cancel)
    val_index = scanned(val, cancel) if val is not None else None
    started: RunStarted | None = None
    ended: RunEnded | None = None
    if team.sums([index is None or cancel.stopped])[0] or index is None:  # one that was stopped stops all
        return _Done(None, None)
    with TrainView() as view:
        for event in run(
            index, config, cancel, output=output, val=val_index, resume=resume, longer=longer, team=team
        ):
            if team.leads:
                view.show(event)
            if isinstance(event, RunStarted):
                started = event
            elif isinstance(event, RunEnded):
                ended = event
    return _Done(started, ended)


def _find_rate(folder: Path, config: TrainConfig, cancel: Cancel, interrupt: Interrupt) -> int:
    from cnngui.cli.support.training import scanned
    from cnngui.engine.rate_finder import RateFound, RateTried, find_learning_rate

    index = scanned(folder, cancel)
    if index is not None:
        with Progress("Trying learning rates", "step") as progress:
            for item in find_learning_rate(index, config, cancel):
                if isinstance(item, RateTried):
                    progress.update(item.step, item.steps)
                elif isinstance(item, RateFound):
                    out(f"{item.learning_rate:.2g}")
                    say(item.sentence)
                    return 0
    return interrupt.status


def _report(done: _Done, config: TrainConfig, interrupt: Interrupt, *, as_json: bool) -> int:
    if done.ended is None:
        say("Stopped before the training began; nothing was written.")
        return interrupt.status
    if as_json:
        out(json.dumps(_json(done.started, done.ended, config), allow_nan=False))
    elif done.ended.model is not None:
        for line in _lines(done.ended):
            out(line)
    if done.ended.reason == "failed":  # why has been said
        return 2
    # What was stopped and left a network is done; what left none was only stopped.
    return 0 if done.ended.model is not None else interrupt.status


def _lines(ended: "RunEnded") -> list[str]:
    lines = [f"model     {ended.model}"]
    if ended.val_accuracy is not None and ended.val_accuracy_interval is not None:
        lines.append(
            f"accuracy  {percent(ended.val_accuracy)} on {count(ended.val_images, 'picture')} not trained on "
            f"(95 % interval {interval(ended.val_accuracy_interval)})"
        )
    pace = ended.train_images_per_second
    lines.append(
        f"training  {count(ended.epochs, 'epoch')} in {duration(ended.seconds)}, "
        f"{pace:,.{0 if pace >= 10 else 1}f} images/s"
    )
    return lines


def _json(started: "RunStarted | None", ended: "RunEnded", config: TrainConfig) -> dict[str, Any]:
    from cnngui.engine.device import choose

    return {
        "model": ended.model,
        "architecture": started.model if started else config.model,
        "device": choose(config.device, config.precision).device,
        "precision": started.precision if started else None,
        "epochs": ended.epochs,
        "seconds": _number(ended.seconds),
        "images": started.train_images if started else None,
        "train_images_per_second": _number(ended.train_images_per_second),
        "first_epoch_seconds": _number(ended.first_epoch_seconds),
        "val_images": ended.val_images,
        "val_accuracy": _number(ended.val_accuracy),
        "val_accuracy_interval": ended.val_accuracy_interval,
        "val_loss": _number(ended.val_loss),
        "stopped": ended.reason == "stopped",
        "method": started.method if started else config.method,
    }


def _number(value: float | None) -> float | None:
    """JSON has no NaN and no infinity."""
    return value if value is not None and math.isfinite(value) else None
