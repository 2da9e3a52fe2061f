"""A network taken apart: its layers, what they make of a picture, and the sums behind a number.

Pictures are uint8 (H, W, 3) of any size, or as `read_prepared` gives them, which gives the very numbers that
classifying the file gives.

All that is given out is frozen and plain: numbers, text, small arrays.
"""

import math
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor, nn
from torch.nn import functional as F

from cnngui.data.decode import Rgb
from cnngui.engine.classify import Classifier
from cnngui.errors import RequestError

Floats = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Layer:
    """One call of a layer, in the order of the calls; a layer that is called twice is there twice.

    `name` is PyTorch's ("features.0"), `kind` its class ("Conv2d"), `settings` what it was made with.
    `input` and `output` are shapes of one picture, without the batch. `parameters` are counted at the first
    call alone. `operations` are multiply-adds for one picture, of convolutions and fully connected layers;
    all others together are a small part. What a network does between its layers (adding, flattening) is
    seen only in the shapes.
    """

    number: int  # from 0
    name: str
    kind: str
    settings: str
    input: tuple[int, ...]
    output: tuple[int, ...]
    parameters: int
    operations: int


@dataclass(frozen=True, slots=True)
class FeatureMaps:
    """What a layer made of a picture: uint8 (channels, H, W), 0 for `low` and 255 for `high`, which are the
    smallest and largest number of all its `channels` maps; at most as many maps as were asked for."""

    layer: Layer
    maps: npt.NDArray[np.uint8]
    channels: int
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Worked:
    """One number of a convolution's output, worked out.

    `patch` and `kernel` are float32 (channels, rows, columns); the sum of their products plus `bias` is
    `total`, in float64. `output` is the number that the network itself has at `channel`, `row`, `column`;
    the two differ by float32's rounding alone. `top`, `left` say where the patch begins in the layer's
    input; beyond its edges, where they may be negative, the patch holds the padding's zeros.
    """

    layer: Layer
    channel: int
    row: int
    column: int
    top: int
    left: int
    patch: Floats
    kernel: Floats
    bias: float
    total: float
    output: float


@dataclass(frozen=True, slots=True)
class ClassSum:
    """How one class's logit becomes its probability: `power` is exp((logit − the largest logit) /
    temperature), `probability` its share of the sum of all powers."""

    label: str
    logit: float
    power: float
    probability: float


def layers(classifier: Classifier) -> tuple[Layer, ...]:
    """All calls of layers that a picture goes through."""
    found: list[Layer] = []
    counted: set[str] = set()

    def note(number: int, name: str, layer: nn.Module, given: Tensor, output: Tensor) -> None:
        parameters = 0 if name in counted else sum(one.numel() for one in layer.parameters())
        counted.add(name)
        found.append(
            Layer(
                number=number,
                name=name,
                kind=type(layer).__name__,
                settings=layer.extra_repr(),
                input=tuple(given.shape[1:]),
                output=tuple(output.shape[1:]),
                parameters=parameters,
                operations=_operations(layer, output),
            )
        )

    size = classifier.header.spec.size
    blank = np.zeros((size, size, 3), np.uint8)
    with _watched(classifier, note):
        _look(classifier, blank)
    return tuple(found)


def feature_maps(classifier: Classifier, picture: Rgb, layer: Layer, most: int = 64) -> FeatureMaps:
    """The first `most` maps that `layer` makes of `picture`.

    A layer without places, (features,), gives features of 1 × 1. Of several looks it is the one at the
    picture itself. Raises RequestError for a layer that gives anything else.
    """
    if len(layer.output) not in (1, 3):
        raise RequestError(f"The layer {layer.name} gives {layer.output}, which are no feature maps.")
    _, output = _at(classifier, picture, layer)
    values = output.view(output.shape[0], *(output.shape[1:] or (1, 1)))
    low, high = float(values.min()), float(values.max())
    scaled = (values[:most] - low) * (255 / (high - low) if high > low else 0.0)
    return FeatureMaps(layer, scaled.round().byte().cpu().numpy(), len(values), low, high)


def kernels(classifier: Classifier, layer: Layer) -> Floats:
    """A convolution's kernels, float32 (out, in, rows, columns). Raises RequestError for another layer."""
    return _convolution(classifier, layer).weight.detach().cpu().numpy().copy()


def worked(classifier: Classifier, picture: Rgb, layer: Layer, channel: int, row: int, column: int) -> Worked:
    """How the number at `channel`, `row`, `column` of a convolution's output came about for `picture`.

    Raises RequestError for a layer that is no convolution, or a place that its output has not.
    """
    convolution = _convolution(classifier, layer)
    channels, height, width = layer.output
    if not (0 <= channel < channels and 0 <= row < height and 0 <= column < width):
        raise RequestError(
            f"{layer.name} gives {channels} maps of {height} × {width}: there is no such place."
        )
    if isinstance(convolution.padding, str) or convolution.padding_mode != "zeros":
        raise RequestError(f"{layer.name} pads in a way that is not worked out here.")
    given, output = _at(classifier, picture, layer)
    down, across = convolution.padding
    padded = F.pad(given, (across, across, down, down))
    rows, columns = (
        slice(place * stride, place * stride + dilation * (length - 1) + 1, dilation)
        for place, stride, dilation, length in zip(
            (row, column), convolution.stride, convolution.dilation, convolution.kernel_size, strict=True
        )
    )
    inputs = convolution.in_channels // convolution.groups
    first = channel // (convolution.out_channels // convolution.groups) * inputs
    patch = padded[first : first + inputs, rows, columns]
    kernel = convolution.weight.detach()[channel]
    bias = 0.0 if convolution.bias is None else float(convolution.bias.detach()[channel])
    return Worked(
        layer=layer,
        channel=channel,
        row=row,
        column=column,
        top=rows.start - down,
        left=columns.start - across,
        patch=patch.cpu().numpy().copy(),
        kernel=kernel.cpu().numpy().copy(),
        bias=bias,
        total=float((patch.double() * kernel.double()).sum()) + bias,
        output=float(output[channel, row, column]),
    )


def class_sums(classifier: Classifier, picture: Rgb) -> tuple[ClassSum, ...]:
    """Logits → softmax for `picture`, in the order of the classes; those of several looks are their
    mean."""
    logits = classifier.logits([classifier.pipeline.prepare(picture)])[0].double()
    powers = torch.exp((logits - logits.max()) / classifier.header.temperature)
    probabilities = powers / powers.sum()
    return tuple(
        ClassSum(*one)
        for one in zip(
            classifier.header.classes, logits.tolist(), powers.tolist(), probabilities.tolist(), strict=True
        )
    )


_Note = Callable[[int, str, nn.Module, Tensor, Tensor], None]


@contextmanager
def _watched(classifier: Classifier, note: _Note) -> Iterator[None]:
    """While inside, `note` hears of every call of a layer that has no layers within."""
    calls = 0
    given: list[Tensor] = []

    def before(_layer: nn.Module, arguments: tuple[Any, ...]) -> None:
        given[:] = [arguments[0].clone()]  # a layer may work in place

    def after(name: str) -> Callable[[nn.Module, object, Tensor], None]:
        def enter(layer: nn.Module, _arguments: object, output: Tensor) -> None:
            nonlocal calls
            note(calls, name, layer, given[0], output)
            calls += 1

        return enter

    handles = []
    for name, layer in classifier.network.named_modules():
        if next(layer.children(), None) is None:
            handles += [layer.register_forward_pre_hook(before), layer.register_forward_hook(after(name))]
    try:
        yield
    finally:
        for handle in handles:
            handle.remove()


@torch.inference_mode()
def _look(classifier: Classifier, picture: Rgb) -> None:
    prepared = classifier.pipeline.prepare(picture).copy()
    classifier.network(classifier.to_network(torch.from_numpy(prepared).permute(2, 0, 1)[None]))


def _at(classifier: Classifier, picture: Rgb, layer: Layer) -> tuple[Tensor, Tensor]:
    """What `layer` is given and gives for `picture`, without the batch."""
    kept: list[Tensor] = []

    def note(number: int, _name: str, _layer: nn.Module, given: Tensor, output: Tensor) -> None:
        if number == layer.number:
            kept.extend((given[0], output[0].clone()))

    with _watched(classifier, note):
        _look(classifier, picture)
    return kept[0], kept[1]


def _convolution(classifier: Classifier, layer: Layer) -> nn.Conv2d:
    found = classifier.network.get_submodule(layer.name)
    if not isinstance(found, nn.Conv2d):
        raise RequestError(f"The layer {layer.name} is a {layer.kind}, not a convolution.")
    return found


def _operations(layer: nn.Module, output: Tensor) -> int:
    if isinstance(layer, nn.Conv2d):
        return output[0].numel() * layer.in_channels // layer.groups * math.prod(layer.kernel_size)
    return output[0].numel() * layer.in_features if isinstance(layer, nn.Linear) else 0
