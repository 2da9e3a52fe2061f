"""cnngui evaluate MODEL FOLDER"""

import json
from collections.abc import Iterator
from dataclasses import asdict
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cnngui.cancel import Cancel
from cnngui.cli.support.console import Progress, columns, count, interval, out, percent, say, say_unreadable
from cnngui.cli.support.interrupt import interruptible
from cnngui.cli.support.options import LooksWanted, UnsureBelow, existing_folder
from cnngui.engine.spec import Looks

if TYPE_CHECKING:
    from cnngui.data.index import DatasetIndex
    from cnngui.engine.header import ModelHeader
    from cnngui.engine.results import Evaluation

# A wider confusion matrix does not fit a terminal; JSON has all of it.
_WIDEST_MATRIX = 12


class Format(StrEnum):
    TABLE = "table"
    JSON = "json"


def evaluate(
    model: Annotated[Path, typer.Argument(help="A model file.", readable=False, show_default=False)],
    folder: Annotated[
        Path, typer.Argument(help="Class folders it was not trained on.", readable=False, show_default=False)
    ],
    unsure_below: UnsureBelow = None,
    looks: LooksWanted = None,
    format_: Annotated[Format, typer.Option("--format", help="How to write the results.")] = Format.TABLE,
) -> int:
    """Measure a model on labelled pictures."""
    from cnngui.data.index import Unreadable
    from cnngui.engine.header import read

    header = read(model)
    existing_folder(folder)
    cancel = Cancel()
    with interruptible(cancel) as interrupt:
        found = _evaluated(model, folder, header, cancel, unsure_below, looks)
    if found is None:
        return interrupt.status
    say_unreadable([Unreadable(path, reason) for path, reason in found.unreadable])
    if format_ is Format.JSON:
        out(json.dumps(_json(found), allow_nan=False))
    else:
        for line in _lines(found, header):
            out(line)
    return 1 if found.unreadable else 0


def _evaluated(
    model: Path, folder: Path, header: "ModelHeader", cancel: Cancel,
    unsure_below: float | None, looks: Looks | None,
) -> "Evaluation | None":  # fmt: skip
    """None once cancelled."""
    from cnngui.cli.support.training import scanned
    from cnngui.engine.classify import Classifier
    from cnngui.engine.evaluate import evaluate as evaluated
    from cnngui.engine.results import Evaluation

    index = scanned(folder, cancel)
    if index is None:
        return None
    _say_which(index, header)
    with Progress("Evaluating") as progress:
        for item in evaluated(Classifier.open(model, looks=looks), index, cancel, unsure_below):
            if isinstance(item, Evaluation):
                return item
            progress.update(item.done, item.total)
    return None


def _say_which(index: "DatasetIndex", header: "ModelHeader") -> None:
    """Say on which pictures the judgement rests, and when it flatters."""
    from cnngui.data.index import Split
    from cnngui.engine.evaluate import held_out

    records = held_out(index)
    split = records[0].split
    if split in (Split.TEST, Split.VAL):
        name = "test" if split is Split.TEST else "validation"
        say(f"Using the folder's {name} split: {count(len(records), 'picture')}.")
    elif index.fingerprint == header.fingerprint:
        say("The model was trained on pictures of this very folder, so these figures flatter it.")


def _json(found: "Evaluation") -> dict[str, Any]:
    scores = {
        name: {
            "precision": score.precision,
            "recall": score.recall,
            "f1": score.f1,
            "images": score.images,
        }
        for name, score in zip(found.classes, found.per_class, strict=True)
    }
    return {
        "images": found.images,
        "accuracy": found.accuracy,
        "accuracy_interval": found.accuracy_interval,
        "per_class": scores,
        "confusion": found.confusion,
        "classes": found.classes,
        "calibration_error": found.calibration_error,
        "unreadable": [{"path": path, "error": reason} for path, reason in found.unreadable],
        "balanced_accuracy": found.balanced_accuracy,
        "reliability": [asdict(one) for one in found.reliability],
        "unsure_below": found.unsure_below,
        "answered": found.answered,
        "answered_accuracy": found.answered_accuracy,
        "unfamiliar": found.unfamiliar,
    }


def _lines(found: "Evaluation", header: "ModelHeader") -> Iterator[str]:
    yield (
        f"accuracy           {percent(found.accuracy)} on {count(found.images, 'picture')} "
        f"(95 % interval {interval(found.accuracy_interval)})"
    )
    yield f"balanced accuracy  {percent(found.balanced_accuracy)} (the mean recall of the classes)"
    yield f"calibration error  {percent(found.calibration_error)}"
    yield f"sure of            {_sure(found)}"
    if header.unfamiliar_below is not None:
        yield f"unfamiliar         {percent(found.unfamiliar)} look like nothing it was trained on"
    yield ""
    if found.unsure_below == header.unsure_below:
        yield header.certainty
        yield ""
    rows: list[tuple[str, ...]] = [("CLASS", "PRECISION", "RECALL", "F1", "PICTURES")]
    for name, score in zip(found.classes, found.per_class, strict=True):
        figures = (score.precision, score.recall, score.f1)
        rows.append((name, *(percent(one) if score.images else "–" for one in figures), f"{score.images:,}"))
    yield from columns(rows, right=frozenset({1, 2, 3, 4}))
    if len(found.classes) <= _WIDEST_MATRIX:
        yield ""
        yield from _matrix(found)


def _sure(found: "Evaluation") -> str:
    line = f"at least {percent(found.unsure_below)} probable"
    if found.answered_accuracy is None:
        return f"0.0 % of the pictures ({line})"
    return (
        f"{percent(found.answered)} of the pictures ({line}), and right in {percent(found.answered_accuracy)}"
    )


def _matrix(found: "Evaluation") -> Iterator[str]:
    head = ["is ↓  called →", *found.classes]
    rows = [[name, *map(str, row)] for name, row in zip(found.classes, found.confusion, strict=True)]
    return columns([head, *rows], right=frozenset(range(1, len(head))))
