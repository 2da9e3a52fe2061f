import pytest
import torch
from torch import Tensor, nn
from torch.nn import functional as F

from cnngui.engine.device import choose
from cnngui.engine.health import HealthSampler
from cnngui.engine.products import as_products

BRIEF = choose("cpu", "bfloat16")


def layer(channels: int = 64, out: int = 64, side: int = 3, **more: object) -> nn.Conv2d:
    """A convolution of the kind that is a product, but for what is said."""
    settings = {"padding": side // 2, "bias": False, **more}
    made: nn.Conv2d = nn.Conv2d(channels, out, side, **settings)  # type: ignore[arg-type]
    return made.to(memory_format=torch.channels_last)


def both_ways(conv: nn.Conv2d, images: Tensor, wanted: Tensor) -> tuple[Tensor, ...]:
    """The layer's output, and the gradients of images and weights of its product with `wanted`."""
    images = images.clone(memory_format=torch.channels_last).requires_grad_()
    with BRIEF.autocast(), as_products(conv, BRIEF):
        out = conv(images)
    assert "_Convolution" in str(out.grad_fn)
    (out.float() * wanted).sum().backward()
    assert images.grad is not None
    assert conv.weight.grad is not None
    return out.detach(), images.grad, conv.weight.grad


def exact(conv: nn.Conv2d, images: Tensor, wanted: Tensor) -> tuple[Tensor, ...]:
    """The same in double precision, from numbers as bfloat16 has them."""
    x = images.bfloat16().double().requires_grad_()
    weight = conv.weight.detach().bfloat16().double().requires_grad_()
    out = F.conv2d(x, weight, None, conv.stride, conv.padding)
    (out * wanted.bfloat16().double()).sum().backward()  # type: ignore[no-untyped-call]
    assert x.grad is not None
    assert weight.grad is not None
    return out.detach(), x.grad, weight.grad


@pytest.mark.parametrize("sides", [(1, 1), (2, 2), (3, 3), (2, 4), (5, 4), (7, 7)])
@pytest.mark.parametrize("stride", [1, 2])
@pytest.mark.parametrize("kernel", [1, 3])
def test_products_are_the_convolution_and_its_gradients(
    kernel: int, stride: int, sides: tuple[int, int]
) -> None:
    torch.manual_seed(0)
    conv = layer(64, 96, kernel, stride=stride)
    images = torch.randn(5, 64, *sides)
    wanted = torch.randn(5, 96, *((side - 1) // stride + 1 for side in sides))
    for ours, right in zip(both_ways(conv, images, wanted), exact(conv, images, wanted), strict=True):
        assert ours.shape == right.shape
        assert (ours.double() - right).abs().max() < 0.01 * right.abs().max()


@pytest.mark.parametrize(
    ("conv", "side", "taken"),
    [
        (layer(), 7, True),
        (layer(), 8, False),
        (layer(stride=2), 14, True),
        (layer(stride=2), 15, False),
        (layer(side=1), 20, True),
        (layer(out=32), 3, False),
        (layer(bias=True), 3, False),
        (layer(padding=0), 3, False),
        (layer(padding="same"), 3, False),
        (layer(dilation=2, padding=2), 3, False),
        (layer(stride=3), 3, False),
        (layer(side=5), 3, False),
        (layer(groups=64), 3, False),
    ],
)
def test_only_what_gains_by_it_is_a_product(conv: nn.Conv2d, side: int, taken: bool) -> None:
    with BRIEF.autocast(), as_products(conv, BRIEF):
        out = conv(torch.randn(2, 64, side, side))
    assert ("_Convolution" in str(out.grad_fn)) is taken


def test_full_precision_is_left_alone() -> None:
    conv, images = layer(), torch.randn(2, 64, 3, 3)
    for device in (choose("cpu", "float32"), BRIEF):  # a layer may switch bfloat16 off for itself
        with device.autocast(), as_products(conv, device), torch.autocast("cpu", enabled=False):
            out = conv(images)
        assert out.dtype == torch.float32
        assert "_Convolution" not in str(out.grad_fn)


def test_a_frozen_layer_passes_the_gradient_on_and_the_first_one_needs_none() -> None:
    images, conv = torch.randn(2, 64, 3, 3, requires_grad=True), layer()
    conv.requires_grad_(False)
    with BRIEF.autocast(), as_products(conv, BRIEF):
        conv(images).sum().backward()
    assert conv.weight.grad is None
    assert images.grad is not None
    conv.requires_grad_(True)
    with BRIEF.autocast(), as_products(conv, BRIEF):
        conv(images.detach()).sum().backward()
    assert conv.weight.grad is not None


def test_whoever_watches_the_layers_sees_products_too() -> None:
    torch.manual_seed(0)
    network = nn.Sequential(layer(), nn.ReLU(), layer(side=1), nn.ReLU(), nn.Flatten(), nn.Linear(576, 2))
    sampler = HealthSampler(network, torch.optim.SGD(network.parameters(), lr=0.1))
    with sampler.watching(), BRIEF.autocast(), as_products(network, BRIEF):
        loss = network(torch.randn(4, 64, 3, 3)).sum()
    seen = sampler.take(1, 1, loss.detach())
    assert seen is not None
    assert [name for name, _ in seen.dead] == ["0", "2"]


def test_a_single_picture_without_a_batch_goes_through() -> None:
    conv = layer()
    with BRIEF.autocast(), as_products(conv, BRIEF):
        assert conv(torch.randn(64, 3, 3)).shape == (64, 3, 3)
