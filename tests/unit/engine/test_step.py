from dataclasses import replace
from typing import Any

import pytest
import torch
from torch import nn
from torch.nn import functional as F
from torch.utils._python_dispatch import TorchDispatchMode

from cnngui.engine.batches import Batches
from cnngui.engine.course import steps_of
from cnngui.engine.device import choose
from cnngui.engine.ema import Average
from cnngui.engine.models import registry
from cnngui.engine.recipe import Recipe
from cnngui.engine.step import Stepper
from cnngui.errors import RequestError


class Given(Batches):
    """Pictures that all look alike, of the classes 0 and 1, 50 times as many of the first."""

    def __init__(self) -> None:
        self.images = torch.zeros(102, 3, 4, 4)
        self.classes = torch.tensor([0] * 100 + [1] * 2)

    def training(self, numbers: torch.Tensor, *_: object) -> tuple[torch.Tensor, torch.Tensor]:
        return self.images[numbers], self.classes[numbers]


WEIGHTS = torch.tensor([102 / 200, 102 / 4])  # their mean over the pictures is 1


RECIPE = Recipe(
    epochs=1,
    batch_size=102,
    learning_rate=0.05,
    weight_decay=0.0,
    label_smoothing=0.1,
    augmentation=None,
    warm_up=0.0,
    classes=2,
)


def stepper(network: nn.Module, mixup: float = 0.0) -> Stepper:
    recipe = replace(RECIPE, mixup=mixup)
    return Stepper(network, recipe, choose("cpu", "float32"), Given(), WEIGHTS, 0)


def guesser() -> nn.Sequential:
    """A network that can only say how common it takes the classes to be, where all pictures look alike."""
    torch.manual_seed(0)
    return nn.Sequential(nn.Flatten(), nn.Linear(48, 2))


@pytest.mark.parametrize("mixup", [0.0, 0.2])
def test_weighted_classes_count_alike_with_smoothing_too(mixup: float) -> None:
    one = stepper(guesser(), mixup=mixup)
    for group in one.optimizer.param_groups:
        group["lr"] = 0.05
    for number in range(300):
        one.step(torch.arange(102), 1, number)
    share = torch.softmax(one.network(torch.zeros(1, 3, 4, 4)).detach(), 1)[0, 1]
    assert 0.4 < float(share) < 0.6


def test_a_weighted_batch_in_pieces_is_the_same_step() -> None:
    whole, cut = stepper(guesser()), stepper(guesser())
    cut.pieces = 4
    losses = [float(one.step(torch.arange(102), 1, 0)[0]) for one in (whole, cut)]
    assert losses[0] == pytest.approx(losses[1], rel=1e-5)
    for a, b in zip(whole.network.parameters(), cut.network.parameters(), strict=True):
        assert torch.allclose(a, b, atol=1e-6)


def test_the_weighted_loss_is_that_of_each_picture_times_its_weight() -> None:
    one = stepper(guesser())
    loss, _ = one.step(torch.arange(102), 1, 0)
    classes = Given().classes
    each = F.cross_entropy(guesser()(Given().images), classes, reduction="none", label_smoothing=0.1)
    expected = float((each * WEIGHTS[classes]).mean().detach())
    assert float(loss) == pytest.approx(expected, rel=1e-5)


def test_norms_that_see_one_number_are_one_sentence() -> None:
    network = nn.Sequential(nn.Conv2d(3, 4, 4), nn.BatchNorm2d(4), nn.Flatten(), nn.Linear(4, 2))
    with pytest.raises(RequestError, match="larger batch size"):
        stepper(network).step(torch.tensor([0]), 1, 0)


def test_a_last_batch_of_one_picture_is_left_out() -> None:
    assert [steps_of(images, 16, 1) for images in (1, 2, 16, 17, 18, 33)] == [1, 1, 1, 1, 2, 2]
    assert steps_of(5, 1, 1) == 5


def test_the_average_knows_of_a_run_of_few_steps() -> None:
    network = nn.Linear(2, 2)
    average = Average(network, 0.99)
    before = network.weight.detach().clone()
    network.weight.data += 1
    average.update(1)
    with average.in_place():
        assert not torch.equal(network.weight, before)


class Copies(TorchDispatchMode):  # type: ignore[no-untyped-call]
    """Counts the copies that are made inside of it."""

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.count = 0

    def __torch_dispatch__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        self.count += func is torch.ops.aten.clone.default
        return func(*args, **(kwargs or {}))


@pytest.mark.parametrize("name", ["mobilenet_v3_small", "efficientnet_b0"])
def test_no_activation_copies_what_it_is_given(name: str) -> None:
    """PyTorch copies what an activation in place needs again for its gradient."""
    network = registry.build(name, 2).to(memory_format=torch.channels_last)
    images = torch.randn(2, 3, 64, 64)
    with torch.random.fork_rng(), Copies() as before:
        usual = network(images)
    Stepper(network, RECIPE, choose("cpu", "float32"), Given(), None, 0)
    with torch.random.fork_rng(), Copies() as after:
        found = network(images)
    activations = sum(isinstance(one, nn.Hardswish | nn.SiLU) for one in network.modules())
    assert before.count - after.count == activations > 10
    assert torch.equal(usual, found)


def test_a_users_own_activations_stay_as_they_are() -> None:
    network = nn.Sequential(nn.Flatten(), nn.Linear(48, 2), nn.SiLU(inplace=True))
    stepper(network)
    assert network[2].inplace
