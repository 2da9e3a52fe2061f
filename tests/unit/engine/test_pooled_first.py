import pytest
import torch
from torch import Tensor, nn

from cnngui.engine.models import registry
from cnngui.engine.pooled_first import pooled_first


class Own(nn.Module):
    """ReLU and pooling one after the other, in a network that does not come with the program."""

    def __init__(self) -> None:
        super().__init__()
        self.relu, self.pool = nn.ReLU(), nn.MaxPool2d(2)

    def forward(self, x: Tensor) -> Tensor:
        made: Tensor = self.pool(self.relu(x))
        return made


def learnt(network: nn.Module, asked: nn.Module, images: Tensor) -> list[Tensor]:
    """What `asked` gives, and then the gradients and norms' statistics of `network`, whose layers it has."""
    network.zero_grad()
    logits: Tensor = asked(images)
    logits.logsumexp(1).sum().backward()  # type: ignore[no-untyped-call]
    gradients = [one.grad for one in network.parameters() if one.grad is not None]
    assert len(gradients) == len(list(network.parameters()))
    return [one.detach().clone() for one in (logits, *gradients, *network.buffers())]


@pytest.mark.parametrize("name", ["simple_cnn", "simple_cnn_bn", "resnet18", "resnet50"])
def test_the_same_is_learnt_to_the_last_bit(name: str) -> None:
    torch.manual_seed(0)
    network = registry.build(name, 5)
    images = torch.randn(3, 3, registry.card(name).spec.size, registry.card(name).spec.size)
    before = {key: value.clone() for key, value in network.state_dict().items()}
    expected = learnt(network, network, images)
    network.load_state_dict(before)
    quicker = pooled_first(network)
    assert quicker is not network
    found = learnt(network, quicker, images)
    assert all(torch.equal(one, other) for one, other in zip(found, expected, strict=True))
    assert network.state_dict().keys() == before.keys()


def test_relu_has_a_quarter_of_the_numbers() -> None:
    network = registry.build("simple_cnn", 5)
    sides: list[int] = []
    network.get_submodule("relu").register_forward_hook(
        lambda _relu, _given, out: sides.append(out.shape[-1])
    )
    pooled_first(network)(torch.zeros(1, 3, 32, 32))
    assert sides == [16, 8, 128]


@pytest.mark.parametrize(
    "network", [Own(), registry.build("resnet_small", 5), registry.build("mobilenet_v3_small", 5)]
)
def test_others_stay_as_they_are(network: nn.Module) -> None:
    assert pooled_first(network) is network
