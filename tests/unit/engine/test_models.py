import subprocess
import sys
from pathlib import Path

import pytest
import torch

from cnngui.engine.models import FAMILIES, registry, resnet_small
from cnngui.engine.models.simple_cnn import SimpleCNN
from cnngui.engine.views import answer
from cnngui.errors import RequestError


def test_every_file_of_the_folder_is_a_listed_family() -> None:
    folder = Path(registry.__file__).parent
    files = {file.stem for file in folder.glob("*.py")} - {"__init__", "registry", "photo"}
    assert files == {family.__name__.rpartition(".")[2] for family in FAMILIES}


OWN = [name for name in registry.names() if registry.card(name).published is None]
PHOTO = [name for name in registry.names() if registry.card(name).published is not None]


@pytest.mark.parametrize("name", OWN)
def test_card_tells_the_truth(name: str) -> None:
    card = registry.card(name)
    network = registry.build(name, 10).eval()
    assert sum(p.numel() for p in network.parameters()) == card.parameters
    assert any(isinstance(layer, torch.nn.Dropout) for layer in network.modules()) == card.dropout
    with torch.inference_mode():
        assert network(torch.randn(2, 3, card.spec.size, card.spec.size)).shape == (2, 10)
        assert registry.build(name, 3)(torch.randn(2, 3, card.spec.size, card.spec.size)).shape == (2, 3)
        if card.smallest is not None:
            for size in (card.smallest, 45, 64):
                assert network(torch.randn(2, 3, size, size)).shape == (2, 10)


@pytest.mark.parametrize("name", registry.names())
def test_a_blank_network_is_one_whose_weights_nobody_has_drawn(name: str) -> None:
    torch.manual_seed(0)
    before = torch.get_rng_state()
    blank = registry.blank(name, 3)
    assert torch.equal(torch.get_rng_state(), before)
    drawn = registry.build(name, 3)
    shapes = [{key: one.shape for key, one in network.state_dict().items()} for network in (blank, drawn)]
    assert shapes[0] == shapes[1]
    assert all(one.requires_grad for one in blank.parameters())
    assert not any(bool(one.any()) for one in blank.parameters() if one.ndim > 1 and one.shape[1] > 1)


@pytest.mark.parametrize("name", PHOTO)
def test_card_of_a_photo_network_tells_the_truth(name: str) -> None:
    from torchvision import models

    card = registry.card(name)
    assert card.smallest is not None
    network = registry.build(name, 10).eval()
    assert sum(p.numel() for p in network.parameters()) == card.parameters
    assert any(isinstance(layer, torch.nn.Dropout) for layer in network.modules()) == card.dropout
    with torch.device("meta"):
        network.to("meta")
        for size in (card.spec.size, card.smallest, 97):
            assert network(torch.randn(2, 3, size, size)).shape == (2, 10)
    assert card.published is not None
    weights = models.get_weight(card.published)
    preset = weights.transforms()
    assert (card.spec.size, card.spec.resize) == (preset.crop_size[0], preset.resize_size[0])
    assert (list(card.spec.mean), list(card.spec.std)) == (preset.mean, preset.std)
    assert card.spec.scaling == preset.interpolation.value
    own = network.state_dict()
    assert [own[name].shape[0] for name in list(own)[-2:]] == [10, 10]


def test_the_list_of_networks_does_not_load_torchvision() -> None:
    code = "import sys; from cnngui.engine.models import registry; registry.names(); print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert not {"torchvision", "torch._dynamo"} & set(done.stdout.split())


def test_simple_cnn_is_the_lessons() -> None:
    network = SimpleCNN(10)
    shapes = {name: tuple(p.shape) for name, p in network.named_parameters() if p.ndim > 1}
    assert shapes == {
        "conv1.weight": (16, 3, 3, 3),
        "conv2.weight": (32, 16, 3, 3),
        "fc1.weight": (128, 32 * 8 * 8),
        "fc2.weight": (10, 128),
    }
    assert sum(p.numel() for p in network.parameters()) == 268_650
    # Logits: nothing keeps them within 0 to 1 or makes them sum to 1.
    logits = network(torch.randn(64, 3, 32, 32) * 20)
    assert logits.min() < 0
    assert not torch.allclose(logits.sum(1), torch.ones(64))


def test_unknown_name_points_to_the_nearest() -> None:
    with pytest.raises(RequestError, match="Did you mean simple_cnn"):
        registry.build("simplecnn", 10)
    with pytest.raises(RequestError, match="There are: simple_cnn"):
        registry.card("zzz")


def test_a_name_cannot_be_taken_twice() -> None:
    card = registry.card("resnet_small")
    with pytest.raises(ValueError, match="two networks"):
        registry.register(card)(resnet_small.resnet_small)


def test_an_answer_is_the_mean_over_the_looks_and_the_same_for_the_mirror_image() -> None:
    network = registry.build("resnet_small", 3).eval()
    images = torch.randn(4, 3, 32, 32)
    # Moved by a pixel, what comes in is the mirror image at the edge: the second row and column.
    places = torch.arange(32)
    left, right = (places - 1).abs(), 31 - (30 - places).abs()

    def both_ways(view: torch.Tensor) -> torch.Tensor:
        answers: torch.Tensor = (network(view) + network(view.flip(3))) / 2
        return answers

    with torch.inference_mode():
        assert torch.equal(answer(network, images, looks=1), network(images))
        assert torch.allclose(answer(network, images, looks=2), both_ways(images), atol=1e-6)
        moved = [both_ways(images[:, :, places][:, :, :, places]) for places in (left, right)]
        six = answer(network, images, looks=6)
        assert torch.allclose(six, both_ways(images) / 2 + (moved[0] + moved[1]) / 4, atol=1e-6)
        assert not torch.allclose(six, both_ways(images), atol=1e-4)
        assert torch.allclose(answer(network, images.flip(3), looks=2), both_ways(images), atol=1e-6)
