"""A trained network as one safetensors file with a JSON header: written whole, never pickled."""

from collections.abc import Iterable, Mapping
from pathlib import Path

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file
from safetensors.torch import save as to_bytes
from torch import Tensor

from cnngui.engine import header
from cnngui.engine.header import ModelHeader
from cnngui.errors import RequestError
from cnngui.files import write_whole


def save(path: Path, model: ModelHeader, state: Mapping[str, Tensor], half: bool = False) -> None:
    """Write the network to `path`; `half` stores its floating-point tensors as float16.

    Raises RequestError where it cannot be written; what was at `path` before is then still there.
    """
    tensors = {name: _stored(tensor, half) for name, tensor in state.items()}
    write_whole(path, to_bytes(tensors, metadata={header.KEY: model.to_json()}))


def load(path: Path) -> tuple[ModelHeader, dict[str, Tensor]]:
    """The header and the tensors, floating-point ones as float32.

    Raises RequestError as `header.read` does, and for tensors that are damaged.
    """
    model = header.read(path)
    try:
        tensors = load_file(path)
    except (SafetensorError, OSError) as error:
        raise RequestError(f"{path} is damaged ({error}): copy or download it again.") from error
    return model, {
        name: tensor.float() if tensor.is_floating_point() else tensor for name, tensor in tensors.items()
    }


def sound(tensors: Iterable[Tensor]) -> bool:
    """Whether all of them hold numbers alone, none that is NaN or infinite."""
    return all(bool(tensor.isfinite().all()) for tensor in tensors)


def _stored(tensor: Tensor, half: bool) -> Tensor:
    tensor = tensor.detach().cpu()
    if half and tensor.is_floating_point():
        tensor = tensor.to(torch.float16)
    # A copy, so that tensors that share memory can be stored, and in the plain memory layout.
    return tensor.clone(memory_format=torch.contiguous_format)
