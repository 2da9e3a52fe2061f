"""The rival of the benchmark of cards, on the processor."""

import pytest
import torch
from torch import Tensor
from torch.nn import functional as F

from tests.benchmarks import airbench
from tests.benchmarks.airbench import Airbench, Pictures, Shown, airbench94, whitening


def coloured(count: int) -> Pictures:
    """Noise of three colours, in turn."""
    labels = torch.arange(count) % 3
    colours = torch.tensor([[210, 50, 40], [50, 180, 70], [40, 60, 200]])[labels].view(-1, 3, 1, 1)
    noise = 40 * torch.randn(count, 3, 32, 32, generator=torch.Generator().manual_seed(count))
    return Pictures((colours + noise).clamp(0, 255).byte(), labels)


def test_the_network_has_the_published_number_of_parameters() -> None:
    assert round(sum(one.numel() for one in Airbench(10).parameters()) / 1e6, 2) == 1.97


def test_whitened_patches_vary_alike_and_by_themselves() -> None:
    images = F.avg_pool2d(torch.randn(200, 3, 33, 33), 2, stride=1)  # neighbours are alike
    given = F.conv2d(images, whitening(images))
    rows = given.transpose(0, 1).reshape(24, -1)
    assert torch.allclose(torch.cov(rows[:12]), torch.eye(12), atol=0.05)
    assert torch.equal(rows[12:], -rows[:12])


def test_pictures_come_once_an_epoch_and_the_other_way_round_in_the_next() -> None:
    images = torch.linspace(0, 1, 32).expand(40, 3, 32, 32) + torch.arange(40.0).view(-1, 1, 1, 1)
    shown = Shown(images, torch.arange(40))

    def rising(number: int) -> Tensor:
        """Of each picture whether its values rise from left to right."""
        moved, labels = shown.epoch(number)
        assert moved.shape == (40, 3, 32, 32)
        assert moved.is_contiguous(memory_format=torch.channels_last)
        assert labels.sort().values.tolist() == list(range(40))
        assert torch.equal(moved.mean((1, 2, 3)).floor().long(), labels)
        return (moved[:, 0, 0, 16] < moved[:, 0, 0, 20])[labels.argsort()]

    first, second, third = (rising(number) for number in range(3))
    assert torch.equal(first, ~second)
    assert torch.equal(first, third)
    assert 0 < first.sum() < 40


def test_it_learns(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(airbench, "WIDTHS", (24, 32, 32))
    monkeypatch.setattr(airbench, "BATCH", 32)
    done = airbench94(coloured(192), coloured(60), "cpu")
    assert done.accuracy > 0.9
    assert done.seconds > 0
