import pytest
import torch
from torch import Tensor, nn
from torchvision.ops import SqueezeExcitation

from cnngui.engine.folding import folded
from cnngui.engine.models import registry


def worn(network: nn.Module) -> nn.Module:
    """With statistics as after a training, in every norm."""
    generator = torch.Generator().manual_seed(1)
    for module in network.modules():
        if isinstance(module, nn.BatchNorm2d):
            for tensor in (module.running_mean, module.running_var, module.weight, module.bias):
                assert tensor is not None
                tensor.data = 0.5 + torch.rand(tensor.shape, generator=generator)
    return network


@pytest.mark.parametrize("name", [name for name in registry.names() if registry.ships(name)])
def test_each_of_our_networks_folded_gives_the_same(name: str) -> None:
    card = registry.card(name)
    size = min(card.spec.size, max(64, card.smallest or card.spec.size))
    torch.manual_seed(0)
    network = worn(registry.build(name, 3)).train()
    before = {key: one.clone() for key, one in network.state_dict().items()}
    fast, brief = folded(network, name, size), folded(network, name, size, torch.bfloat16)
    assert fast is not network
    # Those of resnet_small stand behind a pooling: what multiplies by less than 0 cannot go before it.
    left = 3 if name == "resnet_small" else 0
    assert network.training
    assert sum(isinstance(module, nn.BatchNorm2d) for module in fast.modules()) == left
    assert not any(isinstance(module, SqueezeExcitation) for module in fast.modules())
    pictures = torch.randn(2, 3, size, size)
    with torch.inference_mode():
        expected = network.eval()(pictures)
        largest = float(expected.abs().max())
        for _ in range(2):  # the second time weights are in order already
            assert torch.allclose(fast(pictures), expected, rtol=0, atol=1e-4 * largest)
        # bfloat16 keeps eight bits.
        given = brief(pictures.bfloat16())
        assert given.dtype == torch.bfloat16
        assert torch.allclose(given.float(), expected, rtol=0, atol=0.05 * largest)
    assert all(torch.equal(one, before[key]) for key, one in network.state_dict().items())


class NormFirst(nn.Module):
    """Registers its norm behind a convolution that it does not follow."""

    def __init__(self) -> None:
        super().__init__()
        self.conv = nn.Conv2d(3, 3, 3, padding=1)
        self.norm = nn.BatchNorm2d(3)

    def forward(self, x: Tensor) -> Tensor:
        given: Tensor = self.conv(self.norm(x)).mean((2, 3))
        return given


def test_a_network_that_folding_would_change_is_left_alone() -> None:
    network = worn(NormFirst())
    assert folded(network, "own", 8) is network


def test_an_activation_in_the_same_pass_gives_the_same() -> None:
    torch.manual_seed(0)
    behind = [nn.ReLU(), nn.ReLU6(), nn.Hardswish(), nn.SiLU(), nn.GELU()]  # the last one oneDNN's are not
    parts = [part for one in behind for part in (nn.Conv2d(3, 3, 3, padding=1), nn.BatchNorm2d(3), one)]
    strange = (
        nn.Conv2d(3, 3, 3, padding=1, padding_mode="reflect"),
        nn.ReLU(),
        nn.Conv2d(3, 3, 3, padding="same"),
    )
    network = worn(nn.Sequential(*parts, *strange, nn.ReLU(), nn.Flatten(), nn.Linear(3 * 8 * 8, 2)))
    fast = folded(network, "own", 8)
    left = [type(one) for one in fast.children() if type(one) in map(type, behind)]
    assert left == [nn.GELU, nn.ReLU, nn.ReLU]
    pictures = torch.randn(4, 3, 8, 8)
    with torch.inference_mode():
        assert torch.allclose(fast(pictures), network.eval()(pictures), atol=1e-5)
