"""What the sampler sees of a step, and that it changes nothing and costs next to nothing."""

import math
import time
from collections.abc import Callable

import pytest
import torch
from torch import Tensor, nn
from torch.nn import functional as F

from cnngui.engine import health as module
from cnngui.engine.events import Health
from cnngui.engine.health import HealthSampler
from cnngui.engine.models import registry


def steps(
    network: nn.Module,
    count: int = 1,
    rate: float = 1e-3,
    loss_of: Callable[[Tensor], Tensor] = lambda logits: logits.square().mean(),
) -> list[Health]:
    torch.manual_seed(0)
    images = torch.randn(8, 3, 32, 32)
    optimizer = torch.optim.SGD([one for one in network.parameters() if one.requires_grad], lr=rate)
    sampler = HealthSampler(network, optimizer)
    seen = []
    for step in range(1, count + 1):
        with sampler.watching():
            optimizer.zero_grad()
            loss = loss_of(network(images))
            loss.backward()  # type: ignore[no-untyped-call]
            optimizer.step()
        health = sampler.take(1, step, loss.detach())
        if health is not None:
            seen.append(health)
    return seen


def test_a_healthy_step() -> None:
    network = registry.build("simple_cnn", 4)
    (seen,) = steps(network)
    after = dict(network.named_parameters())
    assert (seen.epoch, seen.step, seen.learning_rate, seen.training) == (1, 1, 1e-3, True)
    assert seen.trainable == seen.changed == 8
    assert seen.without_gradient == ()
    assert seen.mode_layers == 0
    gradients = [one.grad for one in network.parameters() if one.grad is not None]
    norm = math.sqrt(sum(float(one.square().sum()) for one in gradients))
    assert seen.grad_norm == pytest.approx(norm, rel=1e-4)
    weight = after["conv1.weight"]
    assert weight.grad is not None
    ratio = float(weight.grad.norm() / weight.detach().norm())
    assert seen.first_gradient == pytest.approx(ratio, rel=1e-3)
    assert [name for name, _ in seen.dead] == ["conv1", "conv2", "fc1"]
    assert 0 < seen.update_ratio < 0.1


def test_the_update_ratio_is_the_change_by_the_size() -> None:
    network = nn.Sequential(nn.Flatten(), nn.Linear(3072, 2, bias=False))
    layer = next(network.parameters())
    with torch.no_grad():
        layer.fill_(1.0)
    images_mean: list[Tensor] = []

    def loss_of(logits: Tensor) -> Tensor:
        images_mean.append(logits)
        return layer.sum()  # every gradient is 1: a step moves every weight by the rate

    (seen,) = steps(network, rate=0.25, loss_of=loss_of)
    assert seen.update_ratio == pytest.approx(0.25)


def test_what_is_frozen_unreached_silent_or_in_the_wrong_mode_is_seen() -> None:
    network = registry.build("resnet_small", 3)
    for layer in network.modules():
        if isinstance(layer, nn.BatchNorm2d):
            layer.momentum = 1.0  # one batch gives its statistics, or the answers would be extreme
    network(torch.randn(16, 3, 32, 32))
    network.eval()
    unreached = nn.Linear(4, 4)
    network.register_module("unreached", unreached)
    for one in list(network.parameters())[:3]:
        one.requires_grad_(False)
    (seen,) = steps(network)
    assert not seen.training
    assert seen.mode_layers > 5
    assert seen.without_gradient == ("unreached.weight", "unreached.bias")
    assert seen.changed == seen.trainable - 2

    silent = registry.build("simple_cnn", 3)
    with torch.no_grad():
        list(silent.parameters())[3].fill_(-100.0)
    assert dict(steps(silent)[0].dead)["conv2"] == 1.0

    flat = nn.Sequential(nn.Flatten(), nn.Linear(3072, 16), nn.Sigmoid(), nn.Linear(16, 2))
    with torch.no_grad():
        list(flat.parameters())[1].fill_(1000.0)
    assert steps(flat)[0].saturated == (("1", 1.0),)


def test_a_step_of_rate_zero_changes_nothing() -> None:
    assert steps(registry.build("simple_cnn", 3), rate=0.0)[0].changed == 0


def test_the_training_is_the_same_with_and_without(monkeypatch: pytest.MonkeyPatch) -> None:
    def trained() -> list[Tensor]:
        torch.manual_seed(3)
        network = registry.build("resnet_small", 3)
        steps(network, 3, 0.1)
        return [value.clone() for value in network.state_dict().values()]

    monkeypatch.setattr(module, "_SHARE_OF_TIME", math.inf)
    watched = trained()
    monkeypatch.setattr(module, "_SHARE_OF_TIME", -1.0)
    alone = trained()
    assert all(torch.equal(one, other) for one, other in zip(watched, alone, strict=True))


def test_the_first_step_is_looked_at_and_then_as_the_time_allows(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = iter(range(0, 10**9, 1000))
    monkeypatch.setattr(time, "perf_counter", lambda: float(next(clock)))
    network = nn.Sequential(nn.Flatten(), nn.Linear(3072, 2))
    # A look takes two readings of the clock more than a step alone: each is as long as the step itself.
    seen = steps(network, 300)
    assert seen[0].step == 1
    assert len(seen) <= 4
    assert seen[1].step > 50


def test_gates_and_functional_activations() -> None:
    class Net(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.conv, self.gate, self.fc = nn.Conv2d(3, 4, 3), nn.Conv2d(4, 4, 1), nn.Linear(4, 2)

        def forward(self, x: Tensor) -> Tensor:
            x = F.relu(self.conv(x))
            x = x * torch.sigmoid(self.gate(x.mean((2, 3), keepdim=True)))
            out: Tensor = self.fc(x.mean((2, 3)))
            return out

    seen = steps(Net())[0]
    assert [name for name, _ in seen.dead] == ["conv"]
    assert seen.saturated == ()


def test_a_broken_loss_is_told() -> None:
    network = nn.Sequential(nn.Flatten(), nn.Linear(3072, 2))
    sampler = HealthSampler(network, torch.optim.SGD(network.parameters(), lr=0.1))
    told = sampler.broken(2, 7)
    assert (told.epoch, told.step) == (2, 7)
    assert math.isnan(told.loss)
