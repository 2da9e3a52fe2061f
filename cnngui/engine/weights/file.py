"""Beginning from a file: ours, a safetensors file, or what `torch.save` wrote of a network's weights."""

import pickle
import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import load_file
from torch import Tensor, nn

from cnngui.engine import modelfile
from cnngui.engine.header import KEY, ModelHeader
from cnngui.engine.models import registry
from cnngui.engine.weights.names import torchvisions, unwrapped
from cnngui.errors import RequestError

# Of a network's tensors, the last layer apart, so many must be in the file. A few may be missing: older
# PyTorch did not count batches in batch norm.
_ENOUGH = 0.98


@dataclass(frozen=True, slots=True)
class Weights:
    """What a file holds: tensors by name, and our header where it is a file of ours."""

    path: Path
    tensors: dict[str, Tensor]
    header: ModelHeader | None = None


def read(path: Path) -> Weights:
    """Read a file of weights; nothing in it is ever run.

    Raises RequestError, with the reason, for one that is missing, damaged or holds something else.
    """
    if not path.is_file():
        raise RequestError(f"There is no weights file {path}.")
    try:
        with path.open("rb") as file:
            start = file.read(9)
    except OSError as error:
        raise RequestError(f"Cannot read {path}: {error.strerror or error}.") from error
    if start.startswith((b"PK\x03\x04", b"\x80")):
        return Weights(path, _state_dict(_unpickled(path), path))
    if not start[8:].startswith(b"{"):
        raise RequestError(f"{path} is not a file of weights: give a .pth, .pt or .safetensors file.")
    try:
        with safe_open(path, framework="pt") as opened:
            ours = KEY in (opened.metadata() or {})
        if not ours:
            return Weights(path, _state_dict(load_file(path), path))
    except (SafetensorError, OSError) as error:
        raise RequestError(f"{path} is damaged ({error}): copy or download it again.") from error
    header, tensors = modelfile.load(path)
    return Weights(path, tensors, header)


def take(weights: Weights, model: str, classes: tuple[str, ...], network: nn.Module) -> str:
    """Give `network`, a `model` for `classes`, what fits of `weights`; a sentence says how much that was.

    The last layer is taken only from a file of ours with the same classes in the same order: of
    another file nobody knows what its outputs mean. Raises RequestError where the file plainly is of another
    network: a part of the wrong weights would be worse than none.
    """
    header = weights.header
    if header is not None and header.architecture != model:
        raise RequestError(
            f"{weights.path} holds a {header.architecture}, not a {model}: choose that network, or other "
            "weights."
        )
    own = network.state_dict()
    body = list(own) if header is not None and header.classes == classes else list(own)[:-2]
    theirs = torchvisions(weights.tensors, own)
    fitting = {name: theirs[name] for name in body if _fits(theirs, own, name)}
    if len(fitting) < _ENOUGH * len(body) or any(name not in fitting for name in body if own[name].ndim > 1):
        raise RequestError(
            f"The weights in {weights.path} are not those of {model}: {len(fitting)} of its {len(body)} "
            "tensors are there. Choose the network that fits the file, or another file."
        )
    if not modelfile.sound(fitting.values()):
        raise RequestError(f"{weights.path} holds weights that are not numbers. Choose another file.")
    network.load_state_dict(
        {name: tensor.to(own[name].dtype) for name, tensor in fitting.items()}, strict=False
    )
    return f"Beginning from {weights.path.name}: {len(fitting)} of {len(own)} tensors were taken."


def identify(weights: Weights) -> str:
    """The network that the weights are of. Raises RequestError where that is none of ours."""
    if weights.header is not None:
        return weights.header.architecture
    for name in registry.names():
        own = registry.blank(name, 2).state_dict()
        theirs = torchvisions(weights.tensors, own)
        # Of two networks one may be the beginning of the other: all that is in the file must have a place.
        if all(_fits(theirs, own, each) for each in list(own)[:-2] if own[each].ndim > 1) and len(
            theirs
        ) <= len(own):
            return name
    raise RequestError(
        f"{weights.path} does not hold the weights of any network here. “cnngui models” lists them."
    )


def _fits(theirs: Mapping[str, Tensor], own: Mapping[str, Tensor], name: str) -> bool:
    return name in theirs and theirs[name].shape == own[name].shape


def _plain(tensor: Tensor) -> bool:
    usual = tensor.layout is torch.strided and tensor.device.type == "cpu"
    return usual and not tensor.is_complex() and not tensor.is_quantized


def _unpickled(path: Path) -> Any:
    try:
        with warnings.catch_warnings():
            # Old files bring remarks about how they were stored.
            warnings.simplefilter("ignore")
            return torch.load(path, map_location="cpu", weights_only=True)
    except pickle.UnpicklingError as error:
        raise RequestError(
            f"{path} holds more than weights, and opening it could run code, so it was not opened. Save the "
            "network's state_dict() alone."
        ) from error
    except Exception as error:  # the reader of weights raises nearly anything on damaged files
        raise RequestError(f"{path} is damaged: copy or download it again.") from error


def _state_dict(loaded: Any, path: Path) -> dict[str, Tensor]:
    """The tensors by name, also where they are an entry of a checkpoint."""
    for entry in ("state_dict", "model", "model_state_dict"):
        if isinstance(loaded, Mapping) and isinstance(loaded.get(entry), Mapping):
            loaded = loaded[entry]
    tensors = loaded if isinstance(loaded, Mapping) else {}
    named = {str(name): one for name, one in tensors.items() if isinstance(one, Tensor) and _plain(one)}
    if not named:
        raise RequestError(f"{path} holds no network's weights: save the network's state_dict().")
    return unwrapped(named)
