import pytest
import torch

from cnngui.engine.calibrate import FEWEST, temperature


def test_finds_the_temperature_that_made_the_labels() -> None:
    generator = torch.Generator().manual_seed(0)
    true = torch.randn(20_000, 5, generator=generator) * 2
    labels = torch.multinomial(torch.softmax(true, 1), 1, generator=generator).squeeze(1)
    assert temperature(true * 3, labels) == pytest.approx(3, rel=0.05)
    assert temperature(true / 2, labels) == pytest.approx(0.5, rel=0.05)


def test_leaves_the_network_as_it_is_with_too_few_pictures() -> None:
    logits = torch.eye(3)[torch.arange(FEWEST - 1) % 3] * 10
    assert temperature(logits, torch.zeros(FEWEST - 1, dtype=torch.long)) == 1.0


def test_stays_finite_when_every_answer_is_right() -> None:
    labels = torch.arange(100) % 3
    assert 0.01 < temperature(torch.eye(3)[labels] * 10, labels) < 1
