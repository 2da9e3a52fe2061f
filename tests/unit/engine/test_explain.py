import numpy as np
import pytest
import torch
from torch import Tensor, nn

from cnngui.engine.classify import Classifier
from cnngui.engine.explain import METHODS, Method, explain, overlay, seen
from cnngui.engine.export import samples
from cnngui.engine.models import registry
from cnngui.engine.spec import LOOKS, Fit, ImageSpec, Looks
from cnngui.errors import RequestError
from tests.unit.engine.test_export import classifier


class RedSpotter(nn.Module):
    """Its first class is the picture's redness: what makes it answer is known beforehand."""

    def __init__(self, end: nn.Module) -> None:
        super().__init__()
        self.conv = nn.Conv2d(3, 2, 1)
        self.relu = nn.ReLU(inplace=True)
        self.end = end
        with torch.no_grad():
            self.conv.weight.copy_(torch.tensor([[1.0, -1.0, -1.0], [-1.0, 1.0, 1.0]]).view(2, 3, 1, 1))
            self.conv.bias.zero_()  # type: ignore[union-attr]

    def forward(self, x: Tensor) -> Tensor:
        logits: Tensor = self.end(self.relu(self.conv(x)))
        return logits


def flattening() -> nn.Module:
    last = nn.Linear(2 * 32 * 32, 3)
    with torch.no_grad():
        last.bias.zero_()
        last.weight.zero_()
        last.weight[0, : 32 * 32] = 0.01
        last.weight[1, 32 * 32 :] = 0.01
    return nn.Sequential(nn.Flatten(), last)


def pooling() -> nn.Module:
    last = nn.Linear(2, 3)
    with torch.no_grad():
        last.weight.copy_(torch.tensor([[9.0, 0.0], [0.0, 9.0], [0.0, 0.0]]))
        last.bias.zero_()
    return nn.Sequential(nn.AdaptiveAvgPool2d(1), nn.Flatten(), last)


def red_corner() -> np.ndarray[tuple[int, ...], np.dtype[np.uint8]]:
    picture = np.full((72, 72, 3), 110, np.uint8)
    picture[8:28, 44:64] = (230, 20, 20)
    return picture


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("end", [flattening, pooling])
@pytest.mark.parametrize("looks", LOOKS)
def test_the_place_that_decided_is_found(method: Method, end: type[nn.Module], looks: Looks) -> None:
    spotter = Classifier(classifier().header, RedSpotter(end()), "cpu", looks)
    found = explain(spotter, red_corner(), method, "ant")
    assert found.heat.shape == (32, 32)
    assert found.heat.max() == pytest.approx(1)
    row, column = np.unravel_index(found.heat.argmax(), found.heat.shape)
    left, top, right, bottom = seen(spotter.header.spec, 72, 72)
    x, y = left + (column + 0.5) / 32 * (right - left), top + (row + 0.5) / 32 * (bottom - top)
    assert 44 <= x <= 64
    assert 8 <= y <= 28
    assert found.heat[20:, :12].max() < 0.25
    drawn = overlay(red_corner(), found, spotter.header.spec)
    assert drawn.shape == (72, 72, 3)
    # There it stays as bright as it was, elsewhere it is dimmed.
    kept = drawn.mean(2) / red_corner().mean(2)
    assert kept[14:22, 50:58].min() > 0.7
    assert kept[45:, :25].max() < 0.55


@pytest.mark.parametrize("name", registry.names())
def test_any_network_can_be_asked(name: str) -> None:
    found = explain(classifier(name), samples(1)[0])
    assert found.label in classifier().header.classes
    assert 1 / 3 <= found.probability <= 1
    assert found.heat.min() >= 0
    assert found.heat.max() == pytest.approx(1)


def test_nothing_is_kept_of_the_asking() -> None:
    one = classifier()
    before = one.probabilities([one.pipeline.prepare(samples(1)[0])])
    explain(one, samples(1)[0], label="ant")
    assert all(not layer._forward_hooks for layer in one.network.modules())
    assert all(parameter.grad is None for parameter in one.network.parameters())
    assert torch.equal(one.probabilities([one.pipeline.prepare(samples(1)[0])]), before)


@pytest.mark.parametrize(
    ("fit", "expected"),
    [("crop", (25, 5, 75, 55)), ("stretch", (5, 5, 95, 55)), ("pad", (0, -20, 100, 80))],
)
def test_what_is_seen_of_a_picture(fit: Fit, expected: tuple[float, ...]) -> None:
    width, height, resize = (100, 60, 36) if fit != "pad" else (100, 60, 30)
    size = 30
    if fit == "stretch":
        expected = (100 / 12, 5, 100 - 100 / 12, 55)
    assert seen(ImageSpec(size, resize, fit), width, height) == pytest.approx(expected)


def test_what_cannot_be_met_is_said() -> None:
    with pytest.raises(RequestError, match="does not know a class “wasp”; it knows ant"):
        explain(classifier(), samples(1)[0], label="wasp")
    with pytest.raises(RequestError, match="choose grad-cam or occlusion"):
        explain(classifier(), samples(1)[0], "saliency")  # type: ignore[arg-type]
    flat = nn.Sequential(nn.Flatten(), nn.Linear(3 * 32 * 32, 3))
    with pytest.raises(RequestError, match="choose the method occlusion"):
        explain(Classifier(classifier().header, flat, "cpu"), samples(1)[0])
    assert explain(Classifier(classifier().header, flat, "cpu"), samples(1)[0], "occlusion").heat.any()
