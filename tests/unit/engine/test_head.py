from dataclasses import replace

import pytest
import torch

from cnngui.cancel import Cancel
from cnngui.engine.head import STRENGTHS, Head, fit


def clouds(count: int, noise: float, seed: int = 0) -> tuple[torch.Tensor, torch.Tensor]:
    """Three clouds in 40 dimensions, off the origin and on very different scales."""
    generator = torch.Generator().manual_seed(seed)
    middles = torch.randn(3, 40, generator=torch.Generator().manual_seed(9))
    labels = torch.arange(count) % 3
    points = middles[labels] + noise * torch.randn(count, 40, generator=generator)
    return 50 + points * torch.linspace(0.5, 5, 40), labels


def loss(head_weight: torch.Tensor, bias: torch.Tensor, data: tuple[torch.Tensor, torch.Tensor]) -> float:
    return float(torch.nn.functional.cross_entropy(data[0] @ head_weight.T + bias, data[1]))


def test_the_head_works_on_the_features_as_they_are() -> None:
    features, labels = clouds(150, 0.5)
    head = fit([features], labels, 3, 0, Cancel())
    assert head.weight.shape == (3, 40)
    assert head.bias.shape == (3,)
    assert ((features @ head.weight.T + head.bias).argmax(1) == labels).all()
    assert loss(head.weight, head.bias, clouds(300, 0.5, seed=1)) < 0.05


def test_the_strength_is_chosen_by_what_was_held_out() -> None:
    features, labels = clouds(60, 3.0)
    unseen = clouds(3000, 3.0, seed=1)
    chosen = fit([features], labels, 3, 0, Cancel())
    losses = {}
    for strength in STRENGTHS:
        head = fit([features], labels, 3, 0, Cancel(), replace(chosen, strength=strength))
        losses[strength] = loss(head.weight, head.bias, unseen)
    assert losses[chosen.strength] < min(losses.values()) + 0.05
    assert losses[chosen.strength] < losses[STRENGTHS[-1]]


def test_the_same_seed_gives_the_same_head_and_views_are_used() -> None:
    features, labels = clouds(60, 2.0)
    other = features + torch.randn(features.shape, generator=torch.Generator().manual_seed(3))
    first, again = (fit([features, other], labels, 3, 4, Cancel()) for _ in range(2))
    assert torch.equal(first.weight, again.weight)
    assert not torch.equal(first.weight, fit([features], labels, 3, 4, Cancel(), first).weight)


@pytest.mark.parametrize("count", [30, 150])  # fewer and more than dimensions
def test_where_the_search_begins_does_not_show_in_the_head(count: int) -> None:
    features, labels = clouds(count, 2.0)
    other = features + torch.randn(features.shape, generator=torch.Generator().manual_seed(3))
    chosen = fit([features, other], labels, 3, 0, Cancel())
    nowhere = Head(torch.zeros(3, 40), torch.zeros(3), chosen.strength)
    one_view = fit([features], labels, 3, 0, Cancel(), nowhere)
    for start in (nowhere, one_view):
        head = fit([features, other], labels, 3, 0, Cancel(), start)
        assert head.strength == chosen.strength
        given, wanted = (features @ one.weight.T + one.bias for one in (head, chosen))
        assert torch.allclose(given.softmax(1), wanted.softmax(1), atol=2e-3)
