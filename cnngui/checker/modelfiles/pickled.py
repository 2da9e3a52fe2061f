"""State dicts that torch.save wrote: read with PyTorch's restricted reader, or refused."""

import pickle
import zipfile
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from cnngui.checker.network.facts import FileFault

_DEEPEST = 6


def read(path: Path) -> tuple[dict[str, Tensor], FileFault | None]:
    """(tensors by name, why there are none). Nothing but tensors and plain containers is ever made."""
    foreign = _foreign_names(path)
    if foreign:
        return {}, _refused(path, f"it holds {', '.join(foreign[:3])}{' and more' if foreign[3:] else ''}")
    try:
        values = torch.load(path, map_location="cpu", weights_only=True)
    except pickle.UnpicklingError:
        return {}, _refused(path, "it holds more than tensors")
    except Exception as error:  # noqa: BLE001  a damaged file raises anything from EOFError to RuntimeError
        if not zipfile.is_zipfile(path) and not isinstance(error, EOFError):
            return {}, _refused(path, "it is a pickle of another kind than PyTorch's weights")
        reason = (str(error).strip() or type(error).__name__).splitlines()[0][:150]
        return {}, FileFault("damaged", f"{path.name} is damaged ({reason}).", "")
    return dict(_tensors(values, "", 0)), None


def _foreign_names(path: Path) -> list[str]:
    """Classes and functions in the file that the restricted reader does not know, without making any.

    The writer's own come first, then PyTorch's: those say more about whose file it is."""
    try:
        names = torch.serialization.get_unsafe_globals_in_checkpoint(path)
    except Exception:  # noqa: BLE001  an old format or a damaged file: the restricted reader decides
        return []
    return sorted(names, key=lambda name: (name.startswith("torch."), name))


def _refused(path: Path, reason: str) -> FileFault:
    sentence = f"{path.name} was not opened: {reason}, and opening it could run code from the file."
    return FileFault("unpickling", sentence, "")


def _tensors(values: Any, name: str, depth: int) -> list[tuple[str, Tensor]]:
    if isinstance(values, Tensor):
        return [(name or "tensor", values)]
    if depth > _DEEPEST or not isinstance(values, dict | list | tuple):
        return []
    inside = values.items() if isinstance(values, dict) else enumerate(values)
    found = []
    for key, value in inside:
        found += _tensors(value, f"{name}.{key}" if name else str(key), depth + 1)
    return found
