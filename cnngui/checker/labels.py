"""What the rule for wrong labels needs to know: what networks say of pictures they did not learn from."""

from collections.abc import Callable
from dataclasses import dataclass

from cnngui.cancel import Cancel
from cnngui.checker.finding import Finding
from cnngui.checker.folder_facts import FolderFacts
from cnngui.checker.judging import findings
from cnngui.checker.label_noise import doubtful
from cnngui.checker.rules.data import suspected_mislabel
from cnngui.data.index import DatasetIndex
from cnngui.engine.results import OutOfFold
from cnngui.engine.spec import LABEL_FOLDS, TrainConfig


def judged(
    index: DatasetIndex,
    cancel: Cancel,
    progress: Callable[[int, int | None, str], None],
    config: TrainConfig | None = None,
) -> OutOfFold | None:
    """Train on all but a fifth of the labelled pictures, five times, and ask about that fifth each time;
    without a `config` with the standard network.

    None once cancelled. Raises RequestError where nothing can be learnt from the folder.
    """
    # torch is loaded here and not with the module: only this check needs it.
    from cnngui.engine.folds import out_of_fold

    pictures = len(index.records)
    for item in out_of_fold(index, config or TrainConfig(), cancel, LABEL_FOLDS):
        if isinstance(item, OutOfFold):
            return item
        phase = f"Learning the labels, training {item.number} of {item.folds}"
        progress(round(item.done * pictures), pictures, phase)
    return None


@dataclass(frozen=True, slots=True)
class Suspected:
    """Pictures whose label is probably wrong, the surest first, as positions in the index's records; and what
    the rule says of them."""

    positions: tuple[int, ...]
    findings: tuple[Finding, ...]


def suspects(
    index: DatasetIndex, cancel: Cancel, progress: Callable[[int, int | None, str], None], config: TrainConfig
) -> Suspected | None:
    """As `judged`, and the rule for wrong labels alone on what came of it."""
    said = judged(index, cancel, progress, config)
    if said is None:
        return None
    _, rows = doubtful(index, said)
    facts = FolderFacts(index, config.size or 32, predictions=said)
    found = findings(suspected_mislabel.check, facts, str(index.root))
    return Suspected(tuple(int(said.positions[row]) for row in rows), tuple(found))
