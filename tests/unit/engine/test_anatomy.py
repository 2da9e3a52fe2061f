import numpy as np
import pytest
import torch
from torch import nn

from cnngui.engine.anatomy import Layer, class_sums, feature_maps, kernels, layers, worked
from cnngui.engine.classify import Classifier
from cnngui.engine.export import samples
from cnngui.engine.models import registry
from cnngui.engine.spec import LOOKS, Looks
from cnngui.errors import RequestError
from tests.unit.engine.test_export import classifier


def named(found: tuple[Layer, ...], name: str) -> Layer:
    return next(layer for layer in found if layer.name == name)


def test_the_lesson_network_layer_by_layer() -> None:
    found = layers(classifier())
    assert [layer.name for layer in found] == [
        "conv1", "relu", "pool", "conv2", "relu", "pool", "fc1", "relu", "fc2",
    ]  # fmt: skip
    assert [layer.number for layer in found] == list(range(9))
    first, second, last = found[0], found[3], found[-1]
    assert (first.kind, first.input, first.output) == ("Conv2d", (3, 32, 32), (16, 32, 32))
    assert first.parameters == 3 * 16 * 9 + 16
    assert first.operations == 16 * 32 * 32 * 3 * 9
    assert second.operations == 32 * 16 * 16 * 16 * 9
    assert (last.input, last.output, last.operations) == ((128,), (3,), 384)
    assert "kernel_size=(3, 3)" in first.settings
    assert found[1].operations == 0


@pytest.mark.parametrize("name", registry.names())
def test_parameters_add_up_and_convolutions_can_be_worked_out(name: str) -> None:
    one = classifier(name)
    found = layers(one)
    # Some networks own a few parameters outside their layers.
    total = sum(parameter.numel() for parameter in one.network.parameters())
    assert sum(layer.parameters for layer in found) == pytest.approx(total, rel=0.01)
    convolutions = [layer for layer in found if layer.kind == "Conv2d"]
    for layer in (convolutions[0], convolutions[-1]):
        channels, height, width = layer.output
        for place in ((0, 0, 0), (channels - 1, height - 1, width // 2)):
            sum_ = worked(one, samples(1)[0], layer, *place)
            by_hand = sum(
                float(x) * float(w) for x, w in zip(sum_.patch.ravel(), sum_.kernel.ravel(), strict=True)
            )
            assert sum_.total == pytest.approx(by_hand + sum_.bias, abs=1e-9)
            assert sum_.output == pytest.approx(sum_.total, rel=1e-4, abs=1e-4)


def test_strides_groups_and_dilation_are_followed() -> None:
    convolution = nn.Conv2d(
        3, 6, (3, 2), stride=(2, 3), padding=(2, 1), dilation=(2, 1), groups=3, bias=False
    )
    one = Classifier(classifier().header, nn.Sequential(convolution, nn.Flatten()), "cpu")
    (layer, _) = layers(one)
    channels, height, width = layer.output
    for channel, row, column in ((0, 0, 0), (5, height - 1, width - 1), (3, 4, 5)):
        sum_ = worked(one, samples(1)[0], layer, channel, row, column)
        assert sum_.patch.shape == sum_.kernel.shape == (1, 3, 2)
        assert sum_.output == pytest.approx(sum_.total, abs=1e-5)
        assert (sum_.top, sum_.left) == (2 * row - 2, 3 * column - 1)
    with pytest.raises(RequestError, match="there is no such place"):
        worked(one, samples(1)[0], layer, channels, 0, 0)


def test_feature_maps_before_and_after_an_activation_that_works_in_place() -> None:
    one = classifier("regnet_y_400mf")
    found = layers(one)
    relu = next(layer for layer in found if layer.kind == "ReLU")
    before, after = (feature_maps(one, samples(1)[0], found[n]) for n in (relu.number - 1, relu.number))
    assert before.low < 0
    assert after.low == 0
    assert after.high == before.high
    assert after.maps.shape == relu.output
    assert after.maps.dtype == np.uint8
    assert feature_maps(one, samples(1)[0], relu, most=4).maps.shape == (4, *relu.output[1:])
    assert feature_maps(one, samples(1)[0], found[-1]).maps.shape == (3, 1, 1)


def test_kernels_are_those_of_the_layer() -> None:
    one = classifier()
    found = layers(one)
    weights = kernels(one, named(found, "conv2"))
    assert weights.shape == (32, 16, 3, 3)
    assert np.array_equal(weights, one.network.get_submodule("conv2").weight.detach().numpy())
    with pytest.raises(RequestError, match="is a Linear, not a convolution"):
        kernels(one, named(found, "fc1"))


@pytest.mark.parametrize("looks", LOOKS)
def test_the_last_sums_give_the_probabilities(looks: Looks) -> None:
    one = classifier(looks=looks)
    sums = class_sums(one, samples(1)[0])
    expected = one.probabilities([one.pipeline.prepare(samples(1)[0])])[0]
    assert [one.probability for one in sums] == pytest.approx(expected.tolist(), abs=1e-6)
    assert sum(one.probability for one in sums) == pytest.approx(1)
    assert max(one.power for one in sums) == 1
    assert all(not layer._forward_hooks for layer in one.network.modules())
    assert torch.is_grad_enabled()
