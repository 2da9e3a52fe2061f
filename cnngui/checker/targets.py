"""What the checker is pointed at: files, folders to walk, standard input."""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from cnngui.checker.rule import Kind
from cnngui.data.formats import SUFFIXES as PICTURE_SUFFIXES
from cnngui.errors import RequestError

SOURCE_SUFFIXES = frozenset({".py", ".ipynb", ".pyw"})
MODEL_SUFFIXES = frozenset({".safetensors", ".pt", ".pth", ".pt2", ".onnx", ".ckpt", ".bin", ".pkl", ".h5"})
LEFT_OUT = frozenset({
    ".git", ".hg", ".venv", "venv", "env", "__pycache__", "node_modules", ".tox", ".nox", ".mypy_cache",
    ".ruff_cache", ".pytest_cache", ".ipynb_checkpoints", "site-packages", "build", "dist",
})  # fmt: skip
"""Folders that hold nobody's own scripts."""


@dataclass(frozen=True, slots=True)
class Target:
    """One thing to check. ``path`` is what findings show; ``kind`` decides which rules look at it."""

    path: str
    kind: Kind
    notebook: bool = False


def find(paths: list[str]) -> Iterator[Target]:
    """Every target under the given paths, in order; folders are walked, ``-`` is standard input.

    Raises :class:`RequestError` for a path that does not exist or holds nothing that can be checked.
    """
    for given in paths:
        path = Path(given)
        if given == "-":
            yield Target("-", Kind.SOURCE)
        elif path.is_dir():
            if not os.access(path, os.R_OK | os.X_OK):
                raise RequestError(f"The folder {given} cannot be read (permission denied).")
            yield from _walk(path)
        elif not path.exists():
            raise RequestError(
                f"{given} does not exist: give a script, a notebook, a model file or a folder."
            )
        elif path.suffix.lower() in SOURCE_SUFFIXES:
            yield Target(given, Kind.SOURCE, path.suffix.lower() == ".ipynb")
        elif path.suffix.lower() in MODEL_SUFFIXES:
            yield Target(given, Kind.MODEL)
        else:
            raise RequestError(
                f"{given} cannot be checked: give a Python file (.py), a notebook (.ipynb), a model file or "
                "a folder of scripts or pictures."
            )


def _walk(root: Path) -> Iterator[Target]:
    """The scripts in a folder; then, where it holds mainly pictures, the folder as a data set."""
    scripts = pictures = 0
    for folder, folders, files in os.walk(root):
        pictures += sum(Path(name).suffix.lower() in PICTURE_SUFFIXES for name in files)
        folders[:] = sorted(one for one in folders if one not in LEFT_OUT and not one.startswith("."))
        for name in sorted(files):
            suffix = Path(name).suffix.lower()
            if suffix in SOURCE_SUFFIXES:
                scripts += 1
                yield Target(str(Path(folder) / name), Kind.SOURCE, suffix == ".ipynb")
    # A project's few figures and icons are no data set.
    if pictures > scripts:
        yield Target(str(root), Kind.DATA)
