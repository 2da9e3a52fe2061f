"""What a model file is and what can be seen of it.

Nothing in a file is ever run. Safetensors, ONNX and pt2 are numbers and descriptions, and are read as such.
Pickles are given to PyTorch's restricted reader alone, which knows tensors and plain containers, and only
after their list of names was found to have no other. TorchScript is not loaded: `torch.jit.load` runs the
`__setstate__` methods of a file's own classes, and its operations can read and write files. Nor is pt2 given
to `torch.export.load`, which may unpickle sample inputs and load compiled libraries: its JSON says enough.
"""

import struct
from pathlib import Path

from safetensors import SafetensorError
from safetensors.torch import load_file
from torch import Tensor

from cnngui.checker.modelfiles import onnx, pickled, pt2
from cnngui.checker.modelfiles.archive import Archive, ArchiveError
from cnngui.checker.network.facts import FileFault, ModelFacts
from cnngui.checker.network.look import look as look_at_network
from cnngui.checker.network.weights import bad_weights
from cnngui.engine import header, modelfile
from cnngui.engine.models import registry
from cnngui.errors import RequestError

_LONGEST_HEADER = 100_000_000


def look(path: Path, size: int | None, classes: int | None) -> ModelFacts:
    """The facts of a file. Raises RequestError for one that is not there or may not be read."""
    try:
        if path.exists() and not path.is_file():  # a pipe or a device: reading it might never end
            raise RequestError(f"Cannot read {path}: it is not an ordinary file.")
        with path.open("rb") as file:
            start = file.read(16)
    except OSError as error:
        raise RequestError(f"Cannot read {path}: {error.strerror or error}.") from error
    facts = ModelFacts(str(path), size, class_count=classes)
    if start.startswith(b"PK\x03\x04"):
        _zipped(path, facts)
    elif len(start) > 8 and start[8:9] == b"{" and struct.unpack("<Q", start[:8])[0] <= _LONGEST_HEADER:
        return _safetensors(path, facts)
    elif start.startswith(b"\x80"):
        _weights(facts, *pickled.read(path))
    elif path.suffix.lower() == ".onnx":
        onnx.look(path, facts)
    else:
        facts.file_fault = FileFault("damaged", f"{path.name} {_instead(start)}.", _OTHERS)
    return facts


_OTHERS = "Give a model file of cnngui, safetensors, a PyTorch state dict, or ONNX."


def _instead(start: bytes) -> str:
    if not start:
        return "is empty"
    if start.startswith(b"\x89HDF"):
        return "is an HDF5 file, such as Keras writes, which cnngui does not read"
    return "is no model file that cnngui knows"


def _safetensors(path: Path, facts: ModelFacts) -> ModelFacts:
    """A model file of ours is run as what it says it is; of any other the numbers alone are checked."""
    try:
        said = header.read(path)
    except RequestError as error:
        if "without cnngui's header" in str(error):
            _foreign(path, facts)
        else:
            facts.file_fault = FileFault("damaged", str(error), "")
        return facts
    try:
        _, state = modelfile.load(path)
        network = registry.blank(said.architecture, len(said.classes))
        bad = _misfit(network.state_dict(), state)
    except RequestError as error:
        facts.file_fault = FileFault("damaged", str(error), "")
        return facts
    if bad:
        network_text = f"{said.architecture} with {len(said.classes)} classes"
        sentence = f"The weights in {path.name} do not fit {network_text}: {bad}."
        facts.file_fault = FileFault("damaged", sentence, "")
        facts.bad_weights = bad_weights(state)
        return facts
    network.load_state_dict(state)
    found = look_at_network(network, str(path), facts.size or said.spec.size, said.classes)
    if facts.class_count is not None:
        found.class_count = facts.class_count
    return found


def _misfit(wanted: dict[str, Tensor], have: dict[str, Tensor]) -> str:
    """The first tensor that is missing, too many or of another shape, in words."""
    for name, tensor in wanted.items():
        if name not in have:
            return f"{name} is missing"
        if have[name].shape != tensor.shape:
            return f"{name} has the shape {tuple(have[name].shape)}, not {tuple(tensor.shape)}"
    more = next((name for name in have if name not in wanted), None)
    return f"{more} has no place in it" if more else ""


def _foreign(path: Path, facts: ModelFacts) -> None:
    try:
        _weights(facts, load_file(path), None)
    except (SafetensorError, OSError, ValueError) as error:
        facts.file_fault = FileFault("damaged", f"{path.name} is damaged ({error}).", "")


def _zipped(path: Path, facts: ModelFacts) -> None:
    try:
        with Archive(path) as archive:
            if archive.find("constants.pkl") or archive.find("code/"):
                facts.file_fault = _program(path, archive)
                return
            archive.prove_plain()
            if pt2.is_one(archive):
                pt2.look(path, archive, facts)
            elif archive.find("data.pkl"):
                _weights(facts, *pickled.read(path))
            else:
                facts.file_fault = FileFault(
                    "damaged", f"{path.name} is an archive without a model.", _OTHERS
                )
    except (ArchiveError, OSError) as error:
        facts.file_fault = FileFault("damaged", f"{path.name} is damaged ({error}).", "")


def _program(path: Path, archive: Archive) -> FileFault:
    sizes = archive.sizes("data/")
    megabytes = sum(sizes) / 1e6
    sentence = (
        f"{path.name} is a TorchScript program with {len(sizes)} tensors ({megabytes:.1f} MB); "
        "loading it could run what is in it, so nothing in it was checked."
    )
    return FileFault("program", sentence, "")


def _weights(facts: ModelFacts, tensors: dict[str, Tensor], fault: FileFault | None) -> None:
    """Note what weights alone show."""
    facts.file_fault = fault
    if fault is not None:
        return
    facts.bad_weights = bad_weights(tensors)
    count = sum(one.numel() for one in tensors.values())
    layers = [one for one in tensors.values() if one.ndim > 1]
    last = f", the last layer with {layers[-1].shape[0]} outputs" if layers else ""
    sentence = f"The file holds {len(tensors)} tensors with {count:,} values{last}, and no network."
    facts.file_fault = FileFault("weights-alone", sentence, "")
