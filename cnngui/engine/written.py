"""What an exported file says of pictures, run by what the file is for, in a process of its own.

Nothing of the program's own network or preprocessing is used: what is checked is the written file.
"""

import os
import runpy
import sys
import tempfile
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import numpy as np
import numpy.typing as npt
from PIL import Image

from cnngui.data.decode import Rgb

Probabilities = npt.NDArray[np.float32]

# Since 1.29 onnxruntime tells its makers how it is used, unless this is set before it is loaded; the fresh
# process inherits it. What is done with cnngui stays on the computer.
os.environ["ORT_DISABLE_TELEMETRY"] = "1"


def answers(kind: str, path: Path, pictures: list[Rgb]) -> Probabilities:
    """float32 (pictures, classes) from the file or folder at `path`, in a fresh process.

    `kind` is onnx, pt2 or python. Whatever goes wrong there is raised here.
    """
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as fresh:
        return fresh.submit(_RUNNERS[kind], path, pictures).result()


def _onnx(path: Path, pictures: list[Rgb]) -> Probabilities:
    import onnxruntime

    session = onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])
    return np.concatenate([session.run(None, {"images": picture[None]})[0] for picture in pictures])


def _pt2(path: Path, pictures: list[Rgb]) -> Probabilities:
    import torch

    with path.open("rb") as file:  # by its name it would have to end in .pt2, which it does later
        network = torch.export.load(file).module()
    with torch.inference_mode():
        rows = [network(torch.from_numpy(picture.copy())[None]) for picture in pictures]
    return torch.cat(rows).numpy()


def _python(path: Path, pictures: list[Rgb]) -> Probabilities:
    sys.path.insert(0, str(path))
    predict = runpy.run_path(str(path / "predict.py"))["predict"]
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        for picture in pictures:
            file = Path(folder, "picture.png")
            Image.fromarray(picture).save(file)
            rows.append(predict(file))
    return np.array(rows, np.float32)


_RUNNERS = {"onnx": _onnx, "pt2": _pt2, "python": _python}
