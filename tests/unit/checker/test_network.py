"""What is said of live networks, healthy and faulty, and that they are left as they were."""

import copy
import random
from collections.abc import Callable, Sequence

import numpy as np
import pytest
import torch
from torch import Tensor, nn
from torch.nn import functional as F
from torchvision import models

from cnngui.checker.finding import Finding, Severity
from cnngui.checker.modelcheck import check_network
from cnngui.engine.models import registry


def spoken(findings: Sequence[Finding]) -> set[str]:
    """The rules with errors and warnings."""
    return {one.rule for one in findings if one.severity is not Severity.INFO}


def told(findings: Sequence[Finding], rule: str) -> Finding:
    return next(one for one in findings if one.rule == rule)


def conv(inputs: int, outputs: int, kernel: int = 3) -> nn.Conv2d:
    return nn.Conv2d(inputs, outputs, kernel, padding=kernel // 2)


def small(*middle: nn.Module, side: int = 16, width: int = 8) -> nn.Sequential:
    """A right network for 32 × 32 pictures, with something in its middle."""
    return nn.Sequential(
        conv(3, 8), nn.ReLU(), nn.MaxPool2d(2), *middle, nn.Flatten(), nn.Linear(width * side * side, 10)
    )


class Lost(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.blocks = [conv(3, 3), conv(3, 3)]
        self.head = nn.Linear(3 * 32 * 32, 10)

    def forward(self, x: Tensor) -> Tensor:
        for block in self.blocks:
            x = F.relu(block(x))
        out: Tensor = self.head(x.flatten(1))
        return out


class Forgotten(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.conv, self.norm, self.head = conv(3, 8), nn.BatchNorm2d(8), nn.Linear(8, 10)

    def forward(self, x: Tensor) -> Tensor:
        out: Tensor = self.head(F.relu(self.conv(x)).mean((2, 3)))
        return out


class Calls(nn.Module):
    """A small right network whose head is what a test wants it to be."""

    def __init__(self, head: Callable[[Tensor], Tensor]) -> None:
        super().__init__()
        self.conv, self.fc, self.call = conv(3, 8), nn.Linear(8, 10), head

    def forward(self, x: Tensor) -> Tensor:
        out: Tensor = self.call(self.fc(F.relu(self.conv(x)).mean((2, 3))))
        return out


class Skip(nn.Module):
    def __init__(self, stride: int) -> None:
        super().__init__()
        self.conv = nn.Conv2d(8, 8, 3, stride, 1)

    def forward(self, x: Tensor) -> Tensor:
        out: Tensor = F.relu(self.conv(x) + x)
        return out


def stop(x: Tensor) -> Tensor:
    raise KeyError("weather")


def forever(x: Tensor) -> Tensor:
    while True:
        x = x + 1


def dead_start() -> nn.Sequential:
    network = small(conv(8, 32), nn.ReLU(), width=32)
    layer = network[3]
    assert isinstance(layer, nn.Conv2d)
    assert layer.bias is not None
    nn.init.constant_(layer.bias, -50.0)
    return network


def nan_start() -> nn.Sequential:
    network = small()
    with torch.no_grad():
        next(network.parameters())[0, 0, 0, 0] = float("nan")
    return network


FAULTY: list[tuple[str, str, nn.Module | Callable[[], nn.Module]]] = [
    ("fc-size-mismatch", "64 values", nn.Sequential(small(), nn.ReLU(), nn.Linear(64, 5))),
    ("wrong-picture-size", "2048 = 8·16·16", small(side=8)),
    ("wrong-picture-size", "224×224 works", models.vit_b_32(weights=None, num_classes=10)),
    ("missing-flatten", "not flattened", nn.Sequential(conv(3, 8), nn.ReLU(), nn.Linear(8192, 10))),
    ("conv-channel-mismatch", "expects 16 channels", small(conv(16, 8), nn.ReLU())),
    ("input-channel-mismatch", "expects 1 colour channels", nn.Sequential(conv(1, 8), nn.ReLU())),
    ("bn-feature-mismatch", "expects 16 channels", small(nn.BatchNorm2d(16))),
    ("residual-shape-mismatch", "cannot be put together", small(Skip(2), side=8)),
    ("wrong-picture-size", "feature map is only", small(*[nn.MaxPool2d(2)] * 5, side=1)),
    ("view-flatten-error", "cannot be reshaped", nn.Sequential(conv(3, 8), nn.Unflatten(1, (3, 3)))),
    ("forward-fails", "weather", Calls(stop)),
    ("missing-activation", "Nothing non-linear stands between 3", small(conv(8, 8), conv(8, 8), nn.ReLU())),
    ("missing-activation", "(3 layers)",
     small(conv(8, 8), nn.BatchNorm2d(8), conv(8, 8), conv(8, 8), nn.ReLU())),
    ("missing-activation", "fc = Linear(8, 10)", nn.Sequential(Calls(nn.Identity()), nn.Linear(10, 4))),
    ("vanishing-gradient-risk", "1/256", small(*[conv(8, 8), nn.Sigmoid()] * 4)),
    ("vanishing-gradient-risk", "7 tanh", small(*[conv(8, 8), nn.Tanh()] * 7)),
    ("activation-on-logits", "ReLU is applied", nn.Sequential(small(), nn.ReLU())),
    ("activation-on-logits", "Tanh is applied", nn.Sequential(small(), nn.Tanh())),
    ("unused-layer", "norm is never used", Forgotten()),
    ("unregistered-modules", "plain list blocks", Lost()),
    ("functional-dropout-always-on", "evaluation mode", Calls(lambda x: F.dropout(x, 0.5))),
    ("double-softmax", "applied twice", nn.Sequential(small(), nn.Softmax(1), nn.Softmax(1))),
    ("softmax-wrong-dim", "axis 0", nn.Sequential(small(), nn.Softmax(0))),
    ("class-list-mismatch", "gives 7 scores", nn.Sequential(small(), nn.ReLU(), nn.Linear(10, 7))),
    ("nan-weights", "0.weight has 1 NaN", nan_start),
    ("dead-relu", "32 of 32 units", dead_start),
]  # fmt: skip


@pytest.mark.parametrize(
    ("rule", "words", "network"), FAULTY, ids=[f"{n}-{one[0]}" for n, one in enumerate(FAULTY)]
)
def test_a_fault_gives_its_finding_alone(
    rule: str, words: str, network: nn.Module | Callable[[], nn.Module]
) -> None:
    module = network if isinstance(network, nn.Module) else network()
    classes = {"missing-activation": None, "fc-size-mismatch": None}.get(rule, 10)
    findings = check_network(module, 32, classes, channels=3)
    assert spoken(findings) == {rule}, findings
    assert words in told(findings, rule).message


GOOD: dict[str, nn.Module] = {
    "plain": small(),
    "pool before activation": small(conv(8, 8), nn.BatchNorm2d(8), nn.MaxPool2d(1), nn.ReLU()),
    "depthwise then pointwise": small(nn.Conv2d(8, 8, 3, padding=1, groups=8), conv(8, 8, 1), nn.ReLU()),
    "1×k then k×1": small(
        nn.Conv2d(8, 8, (1, 3), padding=(0, 1)), nn.Conv2d(8, 8, (3, 1), padding=(1, 0)), nn.ReLU()
    ),
    "low rank": nn.Sequential(
        nn.Flatten(), nn.Linear(3072, 64), nn.ReLU(), nn.Linear(64, 8), nn.Linear(8, 32), nn.ReLU(),
        nn.Linear(32, 10),
    ),
    "skip": small(Skip(1)),
    "patches": nn.Sequential(
        nn.Conv2d(3, 16, 4, 4), nn.LayerNorm([16, 8, 8]), conv(16, 16), nn.GELU(), nn.Flatten(),
        nn.Linear(1024, 10),
    ),
    "dropout": small(nn.Dropout(0.5), nn.Dropout2d(0.5)),
    "any size": nn.Sequential(conv(3, 8), nn.ReLU(), nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(8, 10)),
    "convolutional head": nn.Sequential(
        conv(3, 8), nn.ReLU(), conv(8, 10, 1), nn.AdaptiveAvgPool2d(1), nn.Flatten()
    ),
    "softmax in evaluation": nn.Sequential(small(), nn.Softmax(1)),
    "lazy": nn.Sequential(nn.LazyConv2d(8, 3), nn.ReLU(), nn.Flatten(), nn.LazyLinear(10)),
    "weight norm": small(nn.utils.parametrizations.weight_norm(conv(8, 8)), nn.ReLU()),
    "attention": nn.Sequential(
        nn.Conv2d(3, 16, 8, 8), nn.Flatten(2), nn.TransformerEncoderLayer(16, 2, 32), nn.Flatten(),
        nn.Linear(256, 10),
    ),
    "three sigmoids": small(*[conv(8, 8), nn.Sigmoid()] * 3),
    "normed sigmoids": small(*[conv(8, 8), nn.BatchNorm2d(8), nn.Sigmoid()] * 6),
    "simple_cnn": registry.build("simple_cnn", 10),
    "resnet_small": registry.build("resnet_small", 10),
}  # fmt: skip


@pytest.mark.filterwarnings("ignore:Lazy modules")
@pytest.mark.parametrize("name", GOOD)
def test_a_healthy_network_gives_no_error_or_warning(name: str) -> None:
    findings = check_network(GOOD[name], 32, 10)
    assert not spoken(findings), findings
    assert not [one for one in findings if one.rule == "not-followed"], findings


FAMILIES = [
    *(
        "resnet18",
        "mobilenet_v3_small",
        "shufflenet_v2_x0_5",
        "squeezenet1_1",
        "densenet121",
        "efficientnet_b0",
    ),
    *(
        "googlenet",
        "inception_v3",
        "mnasnet0_5",
        "vgg11_bn",
        "vit_b_32",
        "swin_t",
        "convnext_tiny",
        "maxvit_t",
    ),
    "alexnet",
]


@pytest.mark.parametrize("name", FAMILIES)
def test_torchvision_families_give_no_error_or_warning(name: str) -> None:
    options = {"init_weights": False} if name in {"googlenet", "inception_v3"} else {}
    with torch.device("meta"):
        network = models.get_model(name, weights=None, **options)
    findings = check_network(network, classes=1000)
    assert not spoken(findings), findings
    assert "not-followed" not in {one.rule for one in findings}


def test_the_module_and_the_random_generators_are_left_as_they_were() -> None:
    network = small(nn.BatchNorm2d(8), nn.Dropout(0.3))
    network[1].eval()
    network[0].weight.requires_grad_(False)
    last = list(network.parameters())[-2]
    last.grad = torch.ones_like(last)
    calls: list[int] = []
    network[0].register_forward_hook(lambda *_: calls.append(1))
    before = copy.deepcopy(network.state_dict())
    modes = [one.training for one in network.modules()]
    states = random.getstate(), str(np.random.get_state()), torch.get_rng_state()
    check_network(network, 32, 10)
    check_network(network, 64, 10)
    assert not calls
    assert len(network[0]._forward_hooks) == 1
    assert not any(one._forward_pre_hooks for one in network.modules())
    assert [one.training for one in network.modules()] == modes
    assert [one.requires_grad for one in network.parameters()].count(False) == 1
    assert last.grad is not None
    assert all(torch.equal(before[name], value) for name, value in network.state_dict().items())
    assert (random.getstate(), str(np.random.get_state())) == states[:2]
    assert torch.equal(torch.get_rng_state(), states[2])
    assert torch.is_grad_enabled()


def test_a_path_that_depends_on_values_is_followed_for_real() -> None:
    chooses = Calls(lambda x: torch.relu(x) if float(x.sum()) > 1e9 else x)
    findings = check_network(chooses, 32, 10)
    assert not spoken(findings), findings
    assert told(findings, "output-not-probabilities").message.startswith("The network gives 10 logits")


def test_a_forward_pass_without_an_end_is_given_up() -> None:
    findings = check_network(Calls(forever), 32, 10)
    assert "no end in sight" in told(findings, "not-followed").message


def test_a_module_that_cannot_be_copied_is_said() -> None:
    network = Calls(nn.Identity())
    network.stream = (one for one in range(3))  # type: ignore[assignment]
    findings = check_network(network, 32, 10)
    assert "could not be followed" in told(findings, "not-followed").message


def test_sizes_are_found_where_none_is_given() -> None:
    fixed = check_network(registry.build("simple_cnn", 10))
    assert "made for 32×32" in told(fixed, "fixed-size").message
    flat = check_network(nn.Sequential(nn.Flatten(), nn.Linear(3 * 40 * 40, 10)))
    assert "made for 40×40" in told(flat, "fixed-size").message
    free = told(check_network(registry.build("resnet_small", 10)), "any-size")
    assert free.evidence["largest"] == 448
    assert free.evidence["smallest"] == 32


def test_a_wrong_size_names_the_sizes_that_work() -> None:
    finding = told(check_network(registry.build("simple_cnn", 10), 64), "wrong-picture-size")
    assert "Linear(2048, 128) expects 2048 values but gets 8192 = 32·16·16" in finding.message
    assert finding.evidence == {"size": 64, "works": 32}
    assert finding.where.part == "fc1"


def test_dead_units_are_judged_on_the_pictures_given() -> None:
    network = small(conv(8, 32), nn.ReLU(), width=32)
    with torch.no_grad():
        list(network.parameters())[3][:30] = -50.0
    pictures = torch.randn((32, 3, 32, 32), generator=torch.Generator().manual_seed(1))
    finding = told(check_network(network, 32, 10, pictures=pictures), "dead-relu")
    assert "30 of 32 units of the ReLU at 4 are zero on all 32 pictures" in finding.message
    assert not spoken(check_network(network, 32, 10))


def test_infinite_weights_are_found() -> None:
    network = small()
    with torch.no_grad():
        list(network.parameters())[-1][3] = float("inf")
    assert "1 infinite of 10 values" in told(check_network(network, 32, 10), "nan-weights").message


class Masked(nn.Module):
    """ReLU written by hand, in several ways."""

    def __init__(self) -> None:
        super().__init__()
        self.convs = nn.ModuleList([conv(3, 8), conv(8, 8), conv(8, 8), conv(8, 8)])
        self.fc = nn.Linear(8, 10)

    def forward(self, x: Tensor) -> Tensor:
        x = self.convs[0](x)
        x = x * (x > 0)
        x = torch.max(self.convs[1](x), torch.zeros((), device=x.device))
        x = self.convs[2](x).clamp(min=0)
        x = self.convs[3](x)
        x = torch.where(x > 0, x, 0.1 * x)
        out: Tensor = self.fc(x.mean((2, 3)))
        return out


class OnProcessor(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.fc = nn.Linear(3072, 10)

    def forward(self, x: Tensor) -> Tensor:
        if x.device.type != "cpu":
            raise ValueError("the processor alone")
        out: Tensor = self.fc(x.flatten(1))
        return out


@pytest.mark.parametrize("kind", [torch.float16, torch.bfloat16, torch.float64])
def test_every_precision_is_followed(kind: torch.dtype) -> None:
    assert not spoken(check_network(registry.build("simple_cnn", 10).to(kind), 32, 10))


@pytest.mark.parametrize(
    "network",
    [
        Masked(),
        OnProcessor(),
        nn.DataParallel(registry.build("resnet_small", 10)),
        torch.fx.symbolic_trace(registry.build("resnet_small", 10)),
    ],
)
def test_unusual_but_right_networks_are_silent(network: nn.Module) -> None:
    findings = check_network(network, 32, 10)
    assert not spoken(findings), findings
    assert "not-followed" not in {one.rule for one in findings}


def test_grey_pictures_are_understood() -> None:
    flat = nn.Sequential(nn.Flatten(), nn.Linear(784, 10))
    assert not spoken(check_network(flat, 28, 10))
    assert "made for 28×28" in told(check_network(flat), "fixed-size").message


@pytest.mark.parametrize("network", [nn.Module(), nn.Identity(), nn.Sequential()])
def test_what_is_no_classifier_raises_nothing(network: nn.Module) -> None:
    check_network(network)


def test_two_classes_may_have_one_score() -> None:
    network = nn.Sequential(small(), nn.ReLU(), nn.Linear(10, 1))
    assert not spoken(check_network(network, 32, ["cat", "dog"]))
    assert spoken(check_network(small(), 32, ["cat", "cat", *map(str, range(8))])) == {"class-list-mismatch"}
