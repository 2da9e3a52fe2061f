"""Small trainings for tests, and what comes of them."""

from pathlib import Path

import torch

from cnngui.cancel import Cancel
from cnngui.engine import modelfile
from cnngui.engine.events import EpochDone, RunEnded, TrainEvent
from cnngui.engine.spec import TrainConfig
from cnngui.engine.train import train
from tests.pictures import scanned

QUICK = TrainConfig(epochs=6, batch_size=8, device="cpu", precision="float32")


def events_of(
    pictures: Path, folder: Path, config: TrainConfig = QUICK, *, resume: bool = False, longer: int = 0
) -> list[TrainEvent]:
    folder.mkdir(exist_ok=True)
    return list(train(scanned(pictures), config, folder, Cancel(), resume=resume, longer=longer))


def epochs_of(events: list[TrainEvent]) -> list[EpochDone]:
    return [event for event in events if isinstance(event, EpochDone)]


def ended(events: list[TrainEvent]) -> RunEnded:
    last = events[-1]
    assert isinstance(last, RunEnded)
    assert not any(isinstance(event, RunEnded) for event in events[:-1])
    return last


def weights(path: Path) -> dict[str, torch.Tensor]:
    return modelfile.load(path)[1]
