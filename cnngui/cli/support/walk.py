"""The pictures that a command line names: files as they are, folders walked."""

import os
from collections.abc import Iterable, Iterator
from pathlib import Path


class Walk:
    """The paths of all pictures under `paths`, in a fixed order, as often as it is iterated.

    A path that is given stands for itself, there or not; of a folder, those with a suffix out of `suffixes`
    (lower case, with dot) that are not hidden. Links to folders are not followed. Holds the names of one
    folder at a time. `refused` maps a folder that could not be listed, which is among the paths as well,
    to the reason, until `pop`ped.
    """

    def __init__(self, paths: Iterable[Path], suffixes: frozenset[str]) -> None:
        self._paths = tuple(paths)
        self._suffixes = suffixes
        self.refused: dict[str, str] = {}

    def __iter__(self) -> Iterator[Path]:
        for path in self._paths:
            if path.is_dir():
                yield from self._folder(path)
            else:
                yield path

    def _folder(self, top: Path) -> Iterator[Path]:
        failed: list[OSError] = []
        for folder, folders, files in os.walk(top, onerror=failed.append):
            yield from self._failed(failed)
            folders[:] = sorted(name for name in folders if not name.startswith("."))
            files.sort()
            for name in files:
                if not name.startswith(".") and os.path.splitext(name)[1].lower() in self._suffixes:  # noqa: PTH122
                    yield Path(folder, name)
        yield from self._failed(failed)

    def _failed(self, errors: list[OSError]) -> Iterator[Path]:
        for error in errors:
            self.refused[str(error.filename)] = f"The folder cannot be listed: {error.strerror}."
            yield Path(error.filename)
        errors.clear()
