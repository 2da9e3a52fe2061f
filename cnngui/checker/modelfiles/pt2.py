"""Exported programs of torch.export.save: their JSON and their raw numbers, without torch.export.load."""

import json
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from cnngui.checker.modelfiles.archive import Archive, ArchiveError
from cnngui.checker.network.facts import FileFault, ModelFacts
from cnngui.checker.network.weights import bad_weights

_PROGRAM = "models/model.json"
_WEIGHTS = "data/weights/model_weights_config.json"

# ScalarType in torch/_export/serde/schema.py: those of which NaN can be told.
_TYPES = {6: torch.float16, 7: torch.float32, 8: torch.float64, 13: torch.bfloat16}


def is_one(archive: Archive) -> bool:
    return archive.find("models/") or archive.find("serialized_exported_program.json")


def look(path: Path, archive: Archive, facts: ModelFacts) -> None:
    """Note the picture's size, the scores and bad weights. Compiled code is refused."""
    if archive.find("data/aotinductor/"):
        sentence = (
            f"{path.name} carries compiled code; loading it would run it, so nothing in it was checked."
        )
        facts.file_fault = FileFault("program", sentence, "")
        return
    if not archive.find(_PROGRAM):
        sentence = (
            f"{path.name} was written by an older PyTorch, in a form that cannot be read without loading it."
        )
        facts.file_fault = FileFault("program", sentence, "Export it again with a present PyTorch.")
        return
    try:
        program = json.loads(archive.read(_PROGRAM))
        module = program["graph_module"]
        facts.stated_size = _side(module)
        facts.output_width, facts.scored = _scores(module["graph"])
        facts.bad_weights = bad_weights(_weights(archive))
    except (ArchiveError, ValueError, KeyError, TypeError, IndexError, RecursionError, RuntimeError) as error:
        facts.file_fault = FileFault(
            "damaged", f"{path.name} is damaged ({type(error).__name__}: {error}).", ""
        )


def _side(module: dict[str, Any]) -> int | None:
    """The side of the pictures, where it is fixed."""
    values = module["graph"]["tensor_values"]
    for spec in module["signature"]["input_specs"]:
        name = spec.get("user_input", {}).get("arg", {}).get("as_tensor", {}).get("name")
        if name is not None:
            sizes = [one.get("as_int") for one in values[name]["sizes"]]
            return int(sizes[-1]) if len(sizes) == 4 and sizes[-1] == sizes[-2] and sizes[-1] else None
    return None


def _scores(graph: dict[str, Any]) -> tuple[int | None, str | None]:
    """(scores per picture, what they went through)"""
    name = graph["outputs"][0].get("as_tensor", {}).get("name")
    if name is None:
        return None, None
    sizes = [one.get("as_int") for one in graph["tensor_values"][name]["sizes"]]
    made = {
        output["as_tensor"]["name"]: node["target"]
        for node in graph["nodes"]
        for output in node["outputs"]
        if "as_tensor" in output
    }
    target = str(made.get(name, "")).rpartition("torch.ops.aten.")[2].partition(".")[0].strip("_")
    scored = {"softmax": "softmax", "log_softmax": "log_softmax", "sigmoid": "sigmoid"}.get(target, "")
    return (int(sizes[-1]) if len(sizes) == 2 and sizes[-1] else None), scored


def _weights(archive: Archive) -> dict[str, Tensor]:
    """The tensors that lie in the file as plain numbers; pickled ones are left alone."""
    tensors = {}
    for name, entry in json.loads(archive.read(_WEIGHTS))["config"].items():
        kind = _TYPES.get(entry["tensor_meta"]["dtype"])
        raw = bytearray(archive.read(f"data/weights/{entry['path_name']}"))
        if kind is not None and not entry["use_pickle"] and raw and len(raw) % kind.itemsize == 0:
            tensors[name] = torch.frombuffer(raw, dtype=kind)
    return tensors
