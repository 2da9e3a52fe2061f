from contextlib import nullcontext

import pytest
import torch
from torch import Tensor, nn
from torch.nn import functional as F
from torchvision.ops import SqueezeExcitation

from cnngui.engine.convolutions import faster
from cnngui.engine.device import choose
from cnngui.engine.health import HealthSampler

BRIEF = choose("cpu", "bfloat16")


def layer(channels: int = 64, out: int = 64, side: int = 3, **more: object) -> nn.Conv2d:
    """A convolution of the kind that is a product, but for what is said."""
    settings = {"padding": side // 2, "bias": False, **more}
    made: nn.Conv2d = nn.Conv2d(channels, out, side, **settings)  # type: ignore[arg-type]
    return made.to(memory_format=torch.channels_last)


def depthwise(channels: int = 24, side: int = 3, **more: object) -> nn.Conv2d:
    return layer(channels, channels, side, **{"groups": channels, **more})


def way(out: Tensor) -> str:
    """How a convolution was done."""
    return type(out.grad_fn).__name__.removesuffix("0").removesuffix("Backward")


def both_ways(conv: nn.Conv2d, images: Tensor, wanted: Tensor, expected: str) -> list[Tensor]:
    """The layer's output, and the gradients of images, weights and bias of its product with `wanted`."""
    images = images.clone(memory_format=torch.channels_last).requires_grad_()
    with BRIEF.autocast(), faster(conv, BRIEF):
        out = conv(images)
    assert way(out) == expected
    (out.float() * wanted).sum().backward()
    return [
        one for one in (out.detach(), images.grad, *(p.grad for p in conv.parameters())) if one is not None
    ]


def exact(conv: nn.Conv2d, images: Tensor, wanted: Tensor) -> list[Tensor]:
    """The same in double precision, from numbers as bfloat16 has them."""
    x = images.bfloat16().double().requires_grad_()
    numbers = [p.detach().bfloat16().double().requires_grad_() for p in conv.parameters()]
    bias = numbers[1] if len(numbers) > 1 else None
    out = F.conv2d(x, numbers[0], bias, conv.stride, conv.padding, groups=conv.groups)
    (out * wanted.bfloat16().double()).sum().backward()  # type: ignore[no-untyped-call]
    return [one for one in (out.detach(), x.grad, *(p.grad for p in numbers)) if one is not None]


def assert_alike(conv: nn.Conv2d, images: Tensor, expected: str) -> None:
    """The convolution and its gradients are those that full precision gives, but for rounding."""
    sides = ((side - 1) // conv.stride[0] + 1 for side in images.shape[2:])
    wanted = torch.randn(len(images), conv.out_channels, *sides)
    ours, right = both_ways(conv, images, wanted, expected), exact(conv, images, wanted)
    assert len(ours) == 2 + len(list(conv.parameters()))
    for one, other in zip(ours, right, strict=True):
        assert one.shape == other.shape
        assert (one.double() - other).abs().max() < 0.01 * other.abs().max()


@pytest.mark.parametrize("sides", [(1, 1), (2, 2), (3, 3), (2, 4), (5, 4), (7, 7)])
@pytest.mark.parametrize("stride", [1, 2])
@pytest.mark.parametrize("kernel", [1, 3])
def test_products_are_the_convolution_and_its_gradients(
    kernel: int, stride: int, sides: tuple[int, int]
) -> None:
    torch.manual_seed(0)
    expected = "Unsqueeze" if kernel == 1 and sides == (1, 1) else "_Convolution"
    assert_alike(layer(64, 96, kernel, stride=stride), torch.randn(5, 64, *sides), expected)


@pytest.mark.parametrize("bias", [False, True])
def test_a_convolution_over_one_number_for_each_channel_is_one_product(bias: bool) -> None:
    torch.manual_seed(0)
    assert_alike(layer(8, 24, 1, bias=bias), torch.randn(5, 8, 1, 1), "Unsqueeze")


@pytest.mark.parametrize("sides", [(1, 1), (3, 1), (2, 3), (7, 7), (14, 9), (20, 21), (41, 44)])
@pytest.mark.parametrize("stride", [1, 2])
@pytest.mark.parametrize("kernel", [3, 5, 7])
@pytest.mark.parametrize("bias", [False, True])
def test_depthwise_ones_and_their_gradients(
    kernel: int, stride: int, sides: tuple[int, int], bias: bool
) -> None:
    torch.manual_seed(0)
    conv = depthwise(side=kernel, stride=stride, bias=bias)
    assert_alike(conv, torch.randn(3, 24, *sides), "_Depthwise")


@pytest.mark.parametrize(
    ("conv", "side", "expected"),
    [
        (layer(), 7, "_Convolution"),
        (layer(), 8, "Convolution"),
        (layer(stride=2), 14, "_Convolution"),
        (layer(stride=2), 15, "Convolution"),
        (layer(side=1), 20, "_Convolution"),
        (layer(out=32), 3, "Convolution"),
        (layer(out=32, side=1), 3, "Convolution"),
        (layer(bias=True), 3, "Convolution"),
        (layer(padding=0), 3, "Convolution"),
        (layer(padding="same"), 3, "Convolution"),
        (layer(dilation=2, padding=2), 3, "Convolution"),
        (layer(stride=3), 3, "Convolution"),
        (layer(side=5), 3, "Convolution"),
        (layer(groups=32), 3, "Convolution"),
        (depthwise(64), 3, "_Depthwise"),
        (depthwise(64, bias=True), 30, "_Depthwise"),
        (depthwise(64, side=1), 3, "Convolution"),
        (depthwise(64, side=4), 5, "Convolution"),
        (depthwise(64, padding=0), 5, "Convolution"),
        (depthwise(64, padding="same"), 5, "Convolution"),
        (depthwise(64, stride=3), 5, "Convolution"),
        (depthwise(64, dilation=2, padding=2), 5, "Convolution"),
        (layer(64, 128, groups=64), 3, "Convolution"),
        (layer(64, 128, 5, groups=64), 3, "Convolution"),
    ],
)
def test_only_what_gains_by_it_goes_another_way(conv: nn.Conv2d, side: int, expected: str) -> None:
    with BRIEF.autocast(), faster(conv, BRIEF):
        out = conv(torch.randn(2, 64, side, side))
    assert way(out) == expected


@pytest.mark.parametrize("conv", [layer(), depthwise(64)])
def test_full_precision_is_left_alone(conv: nn.Conv2d) -> None:
    images = torch.randn(2, 64, 3, 3)
    for device in (choose("cpu", "float32"), BRIEF):  # a layer may switch bfloat16 off for itself
        with device.autocast(), faster(conv, device), torch.autocast("cpu", enabled=False):
            out = conv(images)
        assert out.dtype == torch.float32
        assert way(out) == "Convolution"


@pytest.mark.parametrize("conv", [layer(), depthwise(64)])
def test_a_frozen_layer_passes_the_gradient_on_and_the_first_one_needs_none(conv: nn.Conv2d) -> None:
    images = torch.randn(2, 64, 3, 3, requires_grad=True)
    conv.requires_grad_(False)
    with BRIEF.autocast(), faster(conv, BRIEF):
        conv(images).sum().backward()
    assert conv.weight.grad is None
    assert images.grad is not None
    conv.requires_grad_(True)
    with BRIEF.autocast(), faster(conv, BRIEF):
        conv(images.detach()).sum().backward()
    assert conv.weight.grad is not None


def test_whoever_watches_the_layers_sees_these_too() -> None:
    torch.manual_seed(0)
    layers = (layer(), nn.ReLU(), layer(side=1), nn.ReLU(), depthwise(64), nn.ReLU())
    network = nn.Sequential(*layers, nn.Flatten(), nn.Linear(576, 2))
    sampler = HealthSampler(network, torch.optim.SGD(network.parameters(), lr=0.1))
    with sampler.watching(), BRIEF.autocast(), faster(network, BRIEF):
        loss = network(torch.randn(4, 64, 3, 3)).sum()
    seen = sampler.take(1, 1, loss.detach())
    assert seen is not None
    assert [name for name, _ in seen.dead] == ["0", "2", "4"]


@pytest.mark.parametrize("conv", [layer(), depthwise(64)])
def test_a_single_picture_without_a_batch_goes_through(conv: nn.Conv2d) -> None:
    with BRIEF.autocast(), faster(conv, BRIEF):
        assert conv(torch.randn(64, 3, 3)).shape == (64, 3, 3)


@pytest.mark.parametrize("side", [1, (1, 1)])
def test_the_gradient_of_global_pooling_lies_as_its_images_do(side: int | tuple[int, int]) -> None:
    block = SqueezeExcitation(64, 16).to(memory_format=torch.channels_last)
    block.avgpool = nn.AdaptiveAvgPool2d(side)
    network = nn.Sequential(layer(), block)
    images = torch.randn(4, 64, 6, 5).contiguous(memory_format=torch.channels_last)
    wanted = torch.randn(4, 64, 6, 5)
    found = []
    for work in (nullcontext(), faster(network, BRIEF)):
        seen: list[Tensor] = []
        hook = block.avgpool.register_full_backward_hook(lambda _, into, __, seen=seen: seen.append(into[0]))
        with BRIEF.autocast(), work:
            out = network(images)
        (out.float() * wanted).sum().backward()
        hook.remove()
        gradients = [one.grad for one in network.parameters() if one.grad is not None]
        found.append((out.detach(), seen[0], *gradients))
        network.zero_grad()  # sets them to none
    usual, ours = found
    assert ours[1].is_contiguous(memory_format=torch.channels_last)
    assert not usual[1].is_contiguous(memory_format=torch.channels_last)  # or none of this is needed any more
    for one, other in zip(usual, ours, strict=True):
        assert (one - other).abs().max() <= 0.01 * other.abs().max()


def test_other_adaptive_pooling_is_left_as_it_is() -> None:
    images = torch.randn(2, 64, 6, 6).contiguous(memory_format=torch.channels_last)
    with BRIEF.autocast(), faster(layer(), BRIEF):
        halves, first = F.adaptive_avg_pool2d(images, 3), F.adaptive_avg_pool2d(images.contiguous(), 1)
        named = F.adaptive_avg_pool2d(images, output_size=1)
    assert torch.equal(halves, F.avg_pool2d(images, 2))
    assert first.shape == named.shape == (2, 64, 1, 1)


@pytest.mark.parametrize(
    ("channels", "side", "ours"),
    [(24, 86, True), (72, 50, True), (24, 85, False), (64, 52, False), (24, 84, False)],
)
def test_a_norm_and_its_gradients_are_those_of_full_precision(channels: int, side: int, ours: bool) -> None:
    torch.manual_seed(0)
    norm, exact = nn.BatchNorm2d(channels), nn.BatchNorm2d(channels).double()
    nn.init.uniform_(norm.weight, 0.5, 2.0)
    nn.init.normal_(norm.bias)
    exact.load_state_dict(norm.state_dict())
    pictures = (3 * torch.randn(3, channels, side, side) + 1).bfloat16()
    wanted = torch.randn(3, channels, side, side).bfloat16()
    images = pictures.contiguous(memory_format=torch.channels_last).requires_grad_()
    with BRIEF.autocast(), faster(layer(), BRIEF):
        out = norm(images)
    assert (way(out) == "_Norm") == ours
    out.backward(wanted.contiguous(memory_format=torch.channels_last))
    whole = pictures.double().requires_grad_()
    right = exact(whole)
    right.backward(wanted.double())
    assert images.grad is not None
    assert whole.grad is not None
    pairs = [
        (out, right),
        (images.grad, whole.grad),
        (norm.weight.grad, exact.weight.grad),
        (norm.bias.grad, exact.bias.grad),
        (norm.running_mean, exact.running_mean),
        (norm.running_var, exact.running_var),
    ]
    for one, other in pairs:
        assert one is not None
        assert other is not None
        assert (one.double() - other).abs().max() < 0.01 * other.abs().max()
    assert images.grad.is_contiguous(memory_format=torch.channels_last)


def test_an_activation_in_place_may_follow_a_norm() -> None:
    images = torch.randn(2, 24, 106, 106).contiguous(memory_format=torch.channels_last)
    norm = nn.BatchNorm2d(24, track_running_stats=False)
    with BRIEF.autocast(), faster(layer(), BRIEF):
        out = norm(images.bfloat16())
        assert way(out) == "_Norm"
        F.relu_(out).sum().backward()  # type: ignore[no-untyped-call]
    assert norm.bias.grad is not None
    assert norm.bias.grad.equal((out > 0).sum((0, 2, 3)).float())
