"""A model file in a form that other programs run: ONNX, torch.export, a project of plain Python.

What is written is run in a fresh process on sample pictures and held against the network itself; a file
that answers otherwise is not kept.
"""

import copy
import importlib.util
import json
import shutil
from collections.abc import Callable
from contextlib import redirect_stdout
from dataclasses import dataclass
from io import BytesIO, StringIO
from pathlib import Path
from typing import Any

import numpy as np
import torch

from cnngui.data.decode import Rgb, reduced_side
from cnngui.engine import python_project, written
from cnngui.engine.classify import Classifier
from cnngui.engine.header import ModelHeader
from cnngui.engine.whole import Whole
from cnngui.errors import RequestError
from cnngui.files import cannot_write, prove_writable, write_whole

# A larger difference of any probability means that the file is not the network it was made from.
TOLERANCE = 1e-3

_ONNX_PACKAGES = ("onnx", "onnxscript", "onnxruntime")

_TAKES = (
    "images: uint8 (N, H, W, 3), red first, values 0 to 255, any height and width, decoded and turned "
    "upright as their EXIF tag says. Cropping, scaling and normalising are part of the file, decoding is "
    "not: cnngui decodes a JPEG whose shorter side is at least {large} pixels at reduced scale "
    "(Pillow: draft(None, ({kept}, {kept})) before loading); decoded whole it may get another probability."
)
_TAKES_FILES = (
    "Picture files. They are opened, cropped and scaled with Pillow, as the training's pictures were."
)
_GIVES = (
    "float32 (N, classes): probabilities, in the order of classes, after softmax and with the calibration "
    "temperature already applied. Where the largest is below unsure_below, the network is not sure; nor is "
    "it where minus the mean of their natural logarithms is below unfamiliar_below: then the picture is "
    "unlike anything it was trained on."
)


@dataclass(frozen=True, slots=True)
class Exported:
    """A file or folder that was written and checked: the largest difference of any probability of any of
    `pictures` sample pictures from the network's own."""

    path: Path
    kind: str
    pictures: int
    difference: float


def export(classifier: Classifier, kind: str, path: Path, pictures: list[Rgb]) -> Exported:
    """Write the network to `path` as `kind` (onnx, pt2 or python; the last is a folder) and check it.

    `pictures` are uint8 (H, W, 3) of any sizes to check it on, `samples()` where there are none at hand. What
    the file takes and gives, the classes and the result of the check are in its own metadata where it has
    some, and in JSON beside it (`path` with .json behind; in the folder `model.json`). Raises RequestError
    where it cannot be written, packages are missing, or the written file answers otherwise; then what was at
    `path` before is still there.
    """
    if kind not in _WRITERS:
        raise RequestError(f"There is no format {kind}: choose {', '.join(_WRITERS)}.")
    if kind == "onnx":
        _need(_ONNX_PACKAGES)
    if path.is_symlink():
        path = path.resolve()  # what it leads to is written
    if path.exists() and not path.is_file() and not path.is_dir():
        raise RequestError(f"{path} is a device or a pipe: give the name of a file.")
    if path.exists() and (kind == "python" or path.is_dir()):
        raise RequestError(f"{path} is there already: give a new name.")
    prove_writable(path)
    about = _about(classifier.header, kind)
    own = [classifier.probabilities([classifier.pipeline.prepare(picture)]) for picture in pictures]
    part = path.with_name(f".{path.name}.part")
    _remove(part)  # of an export that was killed
    try:
        _WRITERS[kind](classifier, part, about)
        difference = float(np.abs(written.answers(kind, part, pictures) - torch.cat(own).numpy()).max())
        if not difference <= TOLERANCE:
            raise RequestError(
                f"The written file does not answer as the network does: a probability differs by "
                f"{difference:.2g}, and {TOLERANCE:g} is allowed. It was not kept."
            )
        checked = {"pictures": len(pictures), "largest_difference": difference, "allowed": TOLERANCE}
        text = json.dumps({**about, "checked": checked}, indent=2, ensure_ascii=False)
        beside = part / "model.json" if kind == "python" else path.with_name(f"{path.name}.json")
        # A name that is not text becomes an escape, which JSON knows as well.
        write_whole(beside, text.encode(errors="backslashreplace"))
        part.replace(path)
    except OSError as error:
        raise cannot_write(path, error) from error
    finally:
        _remove(part)
    return Exported(path, kind, len(pictures), difference)


def samples(count: int = 6) -> list[Rgb]:
    """Pictures to check an export on where none are at hand: uint8 (H, W, 3), soft shapes under fine noise,
    of several sizes and proportions; always the same ones."""
    random = np.random.default_rng(0)
    sizes = [(240, 320), (320, 240), (301, 449), (64, 64), (768, 1024), (37, 53)]
    pictures = []
    for number in range(count):
        height, width = sizes[number % len(sizes)]
        down, across = np.mgrid[0 : 1 : height * 1j, 0 : 1 : width * 1j][..., None]
        waves = np.zeros((height, width, 3))
        for _ in range(3):
            steep, flat, phase = random.uniform(0, 4, (3, 3))
            waves += np.sin(2 * np.pi * (down * steep + across * flat + phase))
        noise = random.normal(0, 12, (height, width, 3))
        pictures.append(np.clip(127 + 40 * waves + noise, 0, 255).astype(np.uint8))
    return pictures


def _about(header: ModelHeader, kind: str) -> dict[str, Any]:
    kept = reduced_side(header.spec.resize)
    takes = _TAKES_FILES if kind == "python" else _TAKES
    return {
        "classes": list(header.classes),
        "takes": takes.format(kept=kept, large=2 * kept),
        "gives": _GIVES,
        "temperature": header.temperature,
        "unsure_below": header.unsure_below,
        "unfamiliar_below": header.unfamiliar_below,
        "architecture": header.architecture,
        "note": header.note,
    }


def _exported(classifier: Classifier) -> torch.export.ExportedProgram:
    # A copy in the plain memory layout, for the exporter warns of any other.
    network = copy.deepcopy(classifier.network).to("cpu", memory_format=torch.contiguous_format)
    whole = Whole(network, classifier.header, classifier.looks).eval()
    any_size = dict.fromkeys(range(3), torch.export.Dim.DYNAMIC)
    example = torch.zeros(2, 40, 50, 3, dtype=torch.uint8)
    return torch.export.export(whole, (example,), dynamic_shapes=(any_size,))


def _write_onnx(classifier: Classifier, path: Path, about: dict[str, Any]) -> None:
    with redirect_stdout(StringIO()):  # the exporter tells of its steps there
        program = torch.onnx.export(
            _exported(classifier),
            dynamo=True,
            input_names=["images"],
            output_names=["probabilities"],
            verbose=False,
        )
    assert program is not None
    program.model.metadata_props.update(
        {name: value if isinstance(value, str) else json.dumps(value) for name, value in about.items()}
    )
    program.save(path)


def _write_pt2(classifier: Classifier, path: Path, about: dict[str, Any]) -> None:
    extra = {"cnngui.json": json.dumps(about, ensure_ascii=False)}
    archive = BytesIO()  # where a disk is full, what torch writes to ends the process
    torch.export.save(_exported(classifier), archive, extra_files=extra)
    path.write_bytes(archive.getbuffer())


def _write_python(classifier: Classifier, path: Path, about: dict[str, Any]) -> None:
    del about  # it is written beside, as for every kind
    python_project.write(classifier.header, classifier.network, classifier.looks, path)


_WRITERS: dict[str, Callable[[Classifier, Path, dict[str, Any]], None]] = {
    "onnx": _write_onnx,
    "pt2": _write_pt2,
    "python": _write_python,
}


def _need(packages: tuple[str, ...]) -> None:
    missing = [name for name in packages if importlib.util.find_spec(name) is None]
    if missing:
        raise RequestError(
            f"Writing ONNX needs {', '.join(missing)}, which is not installed: "
            f"pip install {' '.join(missing)}, or install cnngui with its “export” extra."
        )


def _remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)
