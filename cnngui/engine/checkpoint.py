"""Where a training is, on disk: enough to go on as if it had never been interrupted.

A safetensors file with the tensors of the network (`model.`), of the optimiser (`optimizer.`) and of the
weights' average (`average.`), and one JSON object for everything that is not a tensor. There are no random
states: all randomness is drawn from the seed and the place in the run (see `batches.seeded`). The best
network is a file of its own.
"""

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import load_file
from safetensors.torch import save as to_bytes
from torch import Tensor
from torch.optim import Optimizer

from cnngui.engine.events import EpochDone
from cnngui.engine.step import Stepper
from cnngui.errors import RequestError
from cnngui.files import write_whole

LAST = "last.ckpt"  # in the run's folder

VERSION = 2
_KEY = "cnngui-checkpoint"


@dataclass(frozen=True, slots=True)
class Place:
    """How far a run has come. `step` steps of epoch `epoch` are done, with these sums over them."""

    fingerprint: str  # of the data set
    epoch: int  # from 1
    step: int
    epochs: int
    batch_size: int
    loss_sum: float
    right: int
    images: int
    epoch_seconds: float
    total_seconds: float
    precision: str
    cycle: int  # epochs that were done when this course of the learning rate began
    minutes: float | None  # the time limit
    pieces: int  # that a batch is cut into
    scale: dict[str, Any]  # the loss scaler's state, empty for none
    history: tuple[EpochDone, ...]


def save(path: Path, place: Place, stepper: Stepper) -> None:
    """Write everything to `path`, whole or not at all. Raises RequestError where that is impossible."""
    tensors = {f"model.{name}": tensor for name, tensor in stepper.network.state_dict().items()}
    if stepper.average is not None:
        tensors |= {f"average.{name}": tensor for name, tensor in stepper.average.state().items()}
    for number, state in stepper.optimizer.state_dict()["state"].items():
        tensors |= {f"optimizer.{number}.{name}": tensor for name, tensor in state.items()}
    plain = {name: tensor.detach().cpu().contiguous().clone() for name, tensor in tensors.items()}
    text = json.dumps({"version": VERSION, **asdict(place)})
    write_whole(path, to_bytes(plain, metadata={_KEY: text}))


def place_of(path: Path) -> Place:
    """The place alone. Raises RequestError for a checkpoint that is damaged or of another version."""
    try:
        return _place(path)
    except (OSError, SafetensorError, LookupError, TypeError, ValueError) as error:
        raise _unusable(path) from error


def load(path: Path, stepper: Stepper) -> Place:
    """Bring network, optimiser, scaler and average to where they were, and return the place.

    Raises RequestError for a checkpoint that is damaged or of another version or network.
    """
    try:
        place = _place(path)
        tensors = load_file(path)
        stepper.network.load_state_dict(_part(tensors, "model."))
        states = _optimizer_state(_part(tensors, "optimizer."), stepper.optimizer)
        groups = stepper.optimizer.state_dict()["param_groups"]
        stepper.optimizer.load_state_dict({"state": states, "param_groups": groups})
        if stepper.average is not None:
            stepper.average.load(_part(tensors, "average."))
        if place.scale:
            stepper.scaler.load_state_dict(place.scale)
        stepper.pieces = place.pieces
    except (OSError, SafetensorError, LookupError, TypeError, ValueError, RuntimeError) as error:
        raise _unusable(path) from error
    return place


def _unusable(path: Path) -> RequestError:
    return RequestError(f"The checkpoint {path} cannot be used: start a new training.")


def _optimizer_state(tensors: dict[str, Tensor], optimizer: Optimizer) -> dict[int, dict[str, Tensor]]:
    parameters = [parameter for group in optimizer.param_groups for parameter in group["params"]]
    states: dict[int, dict[str, Tensor]] = {}
    for name, tensor in tensors.items():
        number, _, entry = name.partition(".")
        parameter = parameters[int(number)]
        if tensor.shape == parameter.shape:
            # In the parameter's memory layout: the fused optimiser walks both by address.
            tensor = torch.empty_like(parameter, dtype=tensor.dtype).copy_(tensor)
        states.setdefault(int(number), {})[entry] = tensor
    return states


def _part(tensors: dict[str, Tensor], prefix: str) -> dict[str, Tensor]:
    return {name.removeprefix(prefix): tensor for name, tensor in tensors.items() if name.startswith(prefix)}


def _place(path: Path) -> Place:
    with safe_open(path, framework="pt") as file:
        values: dict[str, Any] = json.loads(file.metadata()[_KEY])
    if values.pop("version") != VERSION:
        raise ValueError("another version")
    history = tuple(EpochDone(**epoch) for epoch in values.pop("history"))
    return Place(**values, history=history)
