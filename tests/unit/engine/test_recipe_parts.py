"""Layers that learn at rates of their own, or later than the others."""

import torch
from torch import nn

from cnngui.engine.recipe import Part, Recipe, optimizer, set_rate

NUMBERS: dict[str, object] = {"epochs": 1, "batch_size": 4, "weight_decay": 0.1, "label_smoothing": 0.0}
NUMBERS |= {"augmentation": None, "warm_up": 0.2}


def made(*parts: Part) -> tuple[nn.Module, Recipe, torch.optim.Optimizer]:
    network = nn.Sequential(nn.Linear(4, 4), nn.BatchNorm1d(4), nn.Linear(4, 2))
    recipe = Recipe(learning_rate=0.1, parts=parts, **NUMBERS)  # type: ignore[arg-type]
    return network, recipe, optimizer(network, recipe)


def step(network: nn.Module, optimizer: torch.optim.Optimizer) -> set[str]:
    """The names of the parameters that one step changes."""
    before = {name: one.detach().clone() for name, one in network.named_parameters()}
    optimizer.zero_grad()
    network(torch.randn(8, 4)).square().sum().backward()
    optimizer.step()
    return {name for name, one in network.named_parameters() if not torch.equal(one, before[name])}


def test_the_first_part_that_names_a_layer_has_it_and_an_unnamed_one_rests() -> None:
    network, _, optim = made(Part(("2.",)), Part(("0.", "2."), scale=0.1))
    rates = {group["scale"]: sum(one.numel() for one in group["params"]) for group in optim.param_groups}
    assert rates == {1.0: 2, 0.1: 4}  # the groups of biases, which come second
    assert step(network, optim) == {"0.weight", "0.bias", "2.weight", "2.bias"}
    assert not any(one.requires_grad for one in network[1].parameters())  # type: ignore[index]


def test_a_part_learns_from_its_beginning_on_at_its_scale() -> None:
    network, recipe, optim = made(Part(("2.",)), Part(scale=0.5, begin=0.4))
    assert step(network, optim) == {"2.weight", "2.bias"}
    rate = set_rate(optim, recipe, 0.4)
    assert {group["lr"] for group in optim.param_groups} == {rate, rate / 2}
    assert len(step(network, optim)) == 6


def test_only_weights_decay() -> None:
    _, _, optim = made(Part())
    decay = {one.ndim: group["weight_decay"] for group in optim.param_groups for one in group["params"]}
    assert decay == {2: 0.1, 1: 0.0}
