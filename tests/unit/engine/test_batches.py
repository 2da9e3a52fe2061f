from pathlib import Path

import pytest
import torch

from cnngui.cancel import Cancel
from cnngui.engine.augment import Augmentation
from cnngui.engine.batches import Batches, seeded
from cnngui.engine.cache import Cached, open_cache
from cnngui.engine.pipeline import ImagePipeline
from cnngui.engine.spec import ImageSpec
from tests.pictures import scanned


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
