import threading
from pathlib import Path
from typing import Any

import pytest
import torch

from cnngui.cancel import Cancel
from cnngui.engine.ahead import Ahead
from cnngui.engine.augment import Augmentation
from cnngui.engine.batches import Batches, seeded
from cnngui.engine.cache import Cached, open_cache
from cnngui.engine.ending import BEST
from cnngui.engine.pipeline import ImagePipeline
from cnngui.engine.spec import ImageSpec, TrainConfig
from tests.pictures import scanned
from tests.unit.engine.trainings import ended, events_of, weights


@pytest.mark.parametrize("how", [Augmentation(shift=0.0), Augmentation(shift=0.0, colour_jitter=1e-6)])
def test_a_picture_is_mirrored_in_every_other_epoch(pictures: Path, how: Augmentation) -> None:
    index, pipeline = scanned(pictures), ImagePipeline(ImageSpec(16, 16))
    *_, cached = open_cache(index, pipeline, Cancel())
    assert isinstance(cached, Cached)
    batches = Batches(cached, torch.zeros(len(index.records), dtype=torch.long), pipeline, "cpu")
    numbers = torch.randperm(len(index.records), generator=seeded(0))
    plain, _ = batches.training(numbers, None, 1, seeded(0))
    first, second, third = (batches.training(numbers, how, epoch, seeded(epoch))[0] for epoch in (1, 2, 3))

    def same(one: torch.Tensor, other: torch.Tensor) -> torch.Tensor:
        return (one - other).abs().amax((1, 2, 3)) < 1e-4

    assert bool(same(first, third).all())
    assert bool(same(first, second.flip(3)).all())
    assert bool((same(first, plain) ^ same(first, plain.flip(3))).all())
    assert 15 < int(same(first, plain).sum()) < 45  # of 60


@pytest.mark.parametrize("optimizer", ["adamw", "muon"])
def test_what_is_fetched_ahead_teaches_the_same(
    pictures: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, optimizer: str
) -> None:
    config = TrainConfig(
        model="simple_cnn_bn", epochs=3, batch_size=8, device="cpu", precision="float32", optimizer=optimizer
    )
    at_once = ended(events_of(pictures, tmp_path / "at once", config))
    threads: list[threading.Thread] = []
    training = Batches.training

    def noted(self: Batches, *given: Any) -> tuple[torch.Tensor, torch.Tensor]:
        threads.append(threading.current_thread())
        return training(self, *given)

    monkeypatch.setattr(Batches, "training", noted)
    monkeypatch.setattr("cnngui.engine.batches._fit", lambda *_: False)
    ahead = ended(events_of(pictures, tmp_path / "ahead", config))
    assert ahead.val_accuracy == at_once.val_accuracy
    one, other = (weights(tmp_path / name / BEST) for name in ("at once", "ahead"))
    assert all(torch.equal(one[name], other[name]) for name in one)
    # Only the first batch of an epoch is waited for.
    names = [thread.name for thread in threads]
    assert names[:6] == ["MainThread"] + ["ahead"] * 5
    assert names.count("MainThread") == 3
    for thread in set(threads) - {threading.current_thread()}:
        thread.join()


def test_what_goes_wrong_ahead_is_said_where_it_is_asked_for() -> None:
    def make(numbers: torch.Tensor, epoch: int, step: int) -> int:
        if step == 2:
            raise MemoryError
        return step

    ahead, some = Ahead(make), torch.zeros(1)
    ahead.begin(some, 1, 1)
    assert ahead.get(some, 1, 1) == 1
    ahead.begin(some, 1, 2)
    with pytest.raises(MemoryError):
        ahead.get(some, 1, 2)
    ahead.begin(some, 1, 2)  # and is not asked for
    assert ahead.get(some, 2, 0) == 0
