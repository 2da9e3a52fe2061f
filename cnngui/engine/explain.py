"""Where in a picture a network saw what made it answer as it did."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import numpy.typing as npt
import torch
from PIL import Image
from torch import Tensor, nn
from torch.nn import functional as F

from cnngui.data.decode import Rgb
from cnngui.engine.classify import Classifier
from cnngui.engine.spec import ImageSpec
from cnngui.errors import RequestError

Method = Literal["grad-cam", "occlusion"]
METHODS: tuple[Method, ...] = ("grad-cam", "occlusion")

# Occlusion: the square's side and its step, as shares of what the network sees.
_SQUARE, _STEP = 1 / 4, 1 / 12
_BATCH = 32

# What spoke for nothing is dimmed, which shows on pictures of any colour; the rest is tinted.
_DIMMED, _TINT, _COLOUR = 0.35, 0.35, np.array([255, 200, 0], np.float32)


@dataclass(frozen=True, slots=True)
class Explanation:
    """What speaks for a class.

    `heat` says for each pixel that the network saw how much it spoke for `label`: float32 (size, size), 0 to
    1, relative to the strongest place; all 0 where nothing did. `probability` is the class's, 0 to 1.
    """

    label: str
    probability: float
    method: Method
    heat: npt.NDArray[np.float32]


def explain(
    classifier: Classifier, picture: Rgb, method: Method = "grad-cam", label: str | None = None
) -> Explanation:
    """What in `picture` speaks for the class `label`; None: for the most probable one.

    `picture` is uint8 (H, W, 3) of any size, or as `read_prepared` gives it, which gives the very probability
    that classifying the file gives (a large JPEG is decoded at reduced scale there).
    `grad-cam` needs one look and a network that keeps feature maps: at the last layer that has them, each
    place's activations times the class logit's gradient to them, positive sums only. That is HiResCAM
    (Draelos and Carin 2020), which for networks that end in global average pooling is Grad-CAM (Selvaraju et
    al. 2017), and stays faithful for those that flatten. `occlusion` works for any network (Zeiler and Fergus
    2013): how much probability is lost when a grey square hides a place, in some 120 looks. Raises
    RequestError for a class or method there is not, and for a network without feature maps.
    """
    classes = classifier.header.classes
    if label is not None and label not in classes:
        raise RequestError(
            f"The model does not know a class “{label}”; it knows {', '.join(classes[:10])}"
            f"{' and more' if len(classes) > 10 else ''}."
        )
    if method not in METHODS:
        raise RequestError(f"There is no method {method}: choose {' or '.join(METHODS)}.")
    prepared = classifier.pipeline.prepare(picture)
    probabilities = classifier.probabilities([prepared])[0]
    target = int(probabilities.argmax()) if label is None else classes.index(label)
    stacked = torch.from_numpy(prepared.copy()).permute(2, 0, 1)[None]
    image = classifier.to_network(stacked)
    look = _attention if method == "grad-cam" else _hidden
    heat = look(classifier, image, target)
    strongest = float(heat.max())
    scaled = heat / strongest if strongest > 0 else torch.zeros_like(heat)
    return Explanation(
        label=classes[target],
        probability=float(probabilities[target]),
        method=method,
        heat=scaled.float().cpu().numpy(),
    )


def overlay(picture: Rgb, explanation: Explanation, spec: ImageSpec) -> Rgb:
    """`picture`, of any size, with the heat laid on the part that a network with `spec` sees of it, uint8 of
    the same shape."""
    height, width = picture.shape[:2]
    left, top, right, bottom = seen(spec, width, height)
    # The heat's corner is at (left, top); this maps the picture's pixels back onto it.
    side = explanation.heat.shape[0]
    across, down = side / (right - left), side / (bottom - top)
    heat = Image.fromarray(explanation.heat).transform(
        (width, height),
        Image.Transform.AFFINE,
        (across, 0, -left * across, 0, down, -top * down),
        Image.Resampling.BILINEAR,
    )
    strength = np.asarray(heat, np.float32)[..., None]
    bright = picture * (_DIMMED + (1 - _DIMMED) * strength)
    tint = _TINT * strength
    return np.asarray(np.round(bright * (1 - tint) + _COLOUR * tint), np.uint8)


def seen(spec: ImageSpec, width: int, height: int) -> tuple[float, float, float, float]:
    """What a network sees of a `width` × `height` picture: left, top, right, bottom in its pixels. With the
    fit "pad" that reaches beyond the picture."""
    share = spec.size / spec.resize
    if spec.fit == "stretch":
        wide, high = width * share, height * share
    else:
        wide = high = (min(width, height) if spec.fit == "crop" else max(width, height)) * share
    left, top = (width - wide) / 2, (height - high) / 2
    return (left, top, left + wide, top + high)


@contextmanager
def feature_maps(network: nn.Module) -> Iterator[list[tuple[str, Tensor]]]:
    """While inside, each call of a layer whose output has places, (N, C, H, W) with more than one of them, is
    entered into the list: the layer's name and its output, in the order in which they are done."""
    calls: list[tuple[str, Tensor]] = []

    def entering(name: str) -> Any:
        def enter(_layer: nn.Module, _given: object, output: object) -> None:
            if isinstance(output, Tensor) and output.ndim == 4 and output.shape[2] * output.shape[3] > 1:
                calls.append((name, output))

        return enter

    handles = [layer.register_forward_hook(entering(name)) for name, layer in network.named_modules() if name]
    try:
        yield calls
    finally:
        for handle in handles:
            handle.remove()


def _attention(classifier: Classifier, image: Tensor, target: int) -> Tensor:
    """float32 (size, size), 0 or more."""
    views = (image, image.flip(3)) if classifier.looks > 1 else (image,)
    total = torch.zeros(image.shape[2:], device=image.device)
    for view in views:
        with feature_maps(classifier.network) as calls, torch.enable_grad():
            logits: Tensor = classifier.network(view.clone().requires_grad_())
        if not calls:
            raise RequestError(
                "This network has no feature maps to look at: choose the method occlusion instead."
            )
        maps = calls[-1][1]
        (gradient,) = torch.autograd.grad(logits[0, target], maps)
        heat = F.relu((gradient * maps).sum(1, keepdim=True)).detach()
        heat = F.interpolate(heat, image.shape[2:], mode="bilinear", align_corners=False)[0, 0]
        total += heat if view is image else heat.flip(1)
    return total / len(views)


@torch.inference_mode()
def _hidden(classifier: Classifier, image: Tensor, target: int) -> Tensor:
    """float32 (size, size), 0 or more: the probability lost where a square of the mean colour lies."""
    size = image.shape[2]
    side, step = max(1, round(size * _SQUARE)), max(1, round(size * _STEP))
    # The squares begin outside, so that the edges are hidden as often as the middle.
    starts = range(step - side, size, step)
    corners = [(top, left) for top in starts for left in starts]
    whole = classifier.answers(image)[0, target]
    lost, often = torch.zeros_like(image[0, 0]), torch.zeros_like(image[0, 0])
    for first in range(0, len(corners), _BATCH):
        some = corners[first : first + _BATCH]
        covered = image.repeat(len(some), 1, 1, 1)
        places = [(slice(max(0, top), top + side), slice(max(0, left), left + side)) for top, left in some]
        for one, (rows, columns) in zip(covered, places, strict=True):
            one[:, rows, columns] = 0.0  # normalised: the mean colour
        drops = whole - classifier.answers(covered)[:, target]
        for drop, (rows, columns) in zip(drops, places, strict=True):
            lost[rows, columns] += drop
            often[rows, columns] += 1
    return F.relu(lost / often)
