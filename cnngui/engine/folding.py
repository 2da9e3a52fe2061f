"""A network that only answers, with fewer passes over its feature maps.

In evaluation mode a batch norm is one multiplication and one addition for each channel, which the
convolution before it can do with its own weights and bias: on a processor this saves between 5 % (ResNet-18)
and 35 % (MobileNet V2) of the time of a forward pass. An activation behind it can be done on each number as
it is made: another 7 to 18 % of MobileNet V3 small, 7 to 12 % of its large sister and of MobileNet V2. Few
weights can be brought into the processor's order once and for all, and squeeze and excitation of one number
for each channel need no convolutions: another 12 to 19 % of MobileNet V3 small, 5 to 8 % of MobileNet V2,
MobileNet V3 large, EfficientNet B0 and RegNet Y.
"""

import copy
import itertools
from typing import Any, Final

import torch
from torch import Tensor, nn
from torch.nn import functional as F
from torch.nn.utils.fusion import fuse_conv_bn_weights

from cnngui.engine.models import registry

# Of the largest value that the network gives; rounding alone makes about 1e-6.
_TOLERANCE = 1e-3

# What oneDNN does to a convolution's result as it is made: its name there and its numbers.
_ACTIVATIONS: Final[dict[type[nn.Module], tuple[str, list[float]]]] = {
    nn.ReLU: ("relu", []),
    nn.ReLU6: ("hardtanh", [0.0, 6.0]),
    nn.Hardswish: ("hardswish", []),
    nn.SiLU: ("swish", []),
}

# torchvision's module, by its name: importing it takes long, and no other network needs it.
_SQUEEZE_EXCITATION: Final = ("torchvision.ops.misc", "SqueezeExcitation")

# A convolution with more weights has more to do than to bring them in order, and would hold them twice.
_FEW_WEIGHTS = 2**18


def folded(network: nn.Module, name: str, size: int, kind: torch.dtype = torch.float32) -> nn.Module:
    """A network in evaluation mode, for pictures (N, 3, size, size), that gives what `network` does but for
    rounding. It shares what it can of the weights, and no gradients go through it.

    A network of a user's own, by its registered `name`, is tried first, and `network` itself is returned
    where folding would change what it gives. Of ours a test has tried each: it takes a tenth of a second.

    `kind` is that of its pictures, and of all its numbers: bfloat16 for networks of ours alone, since others
    may mix the two. Where a processor multiplies it in hardware it takes nine tenths (MobileNet V3 small,
    EfficientNet B0) to four tenths (ResNet-18, ConvNeXt) of float32's time.
    """
    fast = _twin(network).eval()
    for parent in list(fast.modules()):
        _fold(parent)
    if kind != torch.float32:
        _convert(fast, kind)
    if next(fast.parameters()).device.type == "cpu" and hasattr(torch.ops.mkldnn, "_convolution_pointwise"):
        _quicken(fast)
    return fast if registry.ships(name) or _same(network, fast, size) else network


def _twin(module: nn.Module) -> nn.Module:
    """A copy with modules of its own and the same tensors: `deepcopy` takes ten times as long."""
    twin = type(module).__new__(type(module))
    for name, value in vars(module).items():
        vars(twin)[name] = copy.copy(value) if isinstance(value, dict) else value
    for name, child in module.named_children():
        setattr(twin, name, _twin(child))
    return twin


def _fold(parent: nn.Module) -> None:
    """Let each convolution do the work of the batch norm behind it."""
    for (_, first), (following, second) in itertools.pairwise(list(parent.named_children())):
        if not isinstance(first, nn.Conv2d) or not isinstance(second, nn.BatchNorm2d):
            continue
        mean, variance = second.running_mean, second.running_var
        if second.num_features == first.out_channels and mean is not None and variance is not None:
            weights = fuse_conv_bn_weights(
                first.weight, first.bias, mean, variance, second.eps, second.weight, second.bias
            )
            first.weight, first.bias = weights
            setattr(parent, following, nn.Identity())


def _convert(network: nn.Module, kind: torch.dtype) -> None:
    """Bring all weights to `kind` but those of norms, which take either and add up what is small."""
    for module in network.modules():
        if not isinstance(module, nn.BatchNorm2d):
            for name, one in module.named_parameters(recurse=False):
                setattr(module, name, nn.Parameter(one.detach().to(kind), requires_grad=False))


def _quicken(parent: nn.Module) -> None:
    """Put quicker modules in the places of convolutions, of the activations behind them, and of squeeze and
    excitation."""
    real = [(name, one) for name, one in parent.named_children() if not isinstance(one, nn.Identity)]
    for (name, first), (following, second) in itertools.pairwise([*real, ("", nn.Identity())]):
        kind = type(first)
        if (kind.__module__, kind.__name__) == _SQUEEZE_EXCITATION:
            setattr(parent, name, _Excitation(first))
        elif type(first) is not nn.Conv2d:
            _quicken(first)
        elif first.padding_mode == "zeros" and not isinstance(first.padding, str):
            # Elsewhere than in a sequence an activation may have several places.
            joined = isinstance(parent, nn.Sequential) and type(second) in _ACTIVATIONS
            setattr(parent, name, _Convolution(first, second if joined else nn.Identity()))
            if joined:
                setattr(parent, following, nn.Identity())


class _Convolution(nn.Module):
    """A convolution and its activation in one pass, by the operators of PyTorch's compiler."""

    def __init__(self, plain: nn.Conv2d, activation: nn.Module) -> None:
        super().__init__()
        self._weight, self._bias = plain.weight.detach(), plain.bias
        self._places = plain.padding, plain.stride, plain.dilation, plain.groups
        self._activation = *_ACTIVATIONS.get(type(activation), ("none", [])), ""
        self._in_order = self._weight.numel() > _FEW_WEIGHTS

    def forward(self, images: Tensor) -> Tensor:
        if not self._in_order:  # the best order depends on the size of what comes
            self._weight = torch.ops.mkldnn._reorder_convolution_weight(
                self._weight, *self._places, images.shape
            )
            self._in_order = True
        made: Tensor = torch.ops.mkldnn._convolution_pointwise(
            images, self._weight, self._bias, *self._places, *self._activation
        )
        return made


class _Excitation(nn.Module):
    """Squeeze and excitation."""

    def __init__(self, plain: Any) -> None:
        super().__init__()
        self.first, self.second = ((one.weight.flatten(1), one.bias) for one in (plain.fc1, plain.fc2))
        self.activation, self.scale_activation = plain.activation, plain.scale_activation

    def forward(self, images: Tensor) -> Tensor:
        squeezed = self.activation(F.linear(images.mean((2, 3)), *self.first))
        scale: Tensor = self.scale_activation(F.linear(squeezed, *self.second))
        return images * scale[:, :, None, None]


@torch.inference_mode()
def _same(network: nn.Module, other: nn.Module, size: int) -> bool:
    """Whether both give the same for a picture of noise: modules that are registered one after the other need
    not follow each other in the arithmetic."""
    parameter = next(network.parameters())
    noise = torch.randn(1, 3, size, size, generator=torch.Generator().manual_seed(0)).to(parameter)
    training = network.training
    expected, given = network.eval()(noise), other(noise)
    network.train(training)
    return bool((given - expected).abs().max() <= _TOLERANCE * expected.abs().max())
