"""A zip archive as PyTorch writes them: one folder, and no tensor compressed."""

import struct
import zipfile
import zlib
from pathlib import Path
from typing import Self

_MOST_ENTRIES = 200_000
# What zipfile raises over damaged archives: names that are no text, unknown versions, passwords, cut data.
_DAMAGE = (zipfile.BadZipFile, ValueError, RuntimeError, EOFError, struct.error, zlib.error)


class ArchiveError(Exception):
    """The archive is not as PyTorch writes them."""


class Archive:
    """Entries by their path below the archive's one folder. Nothing is unpacked to disk. Raises ArchiveError
    for damage."""

    def __init__(self, path: Path) -> None:
        try:
            self._zip = zipfile.ZipFile(path)
        except _DAMAGE as error:
            raise ArchiveError(_words(error)) from error
        entries = self._zip.infolist()
        if len(entries) > _MOST_ENTRIES:
            raise ArchiveError("it has too many entries")
        self._length = path.stat().st_size
        self._entries = {one.filename.partition("/")[2] or one.filename: one for one in entries}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._zip.close()

    def prove_plain(self) -> None:
        """Raise ArchiveError where a few bytes might unpack to a mountain: PyTorch compresses no tensors."""
        entries = self._entries.values()
        if any(one.compress_type != zipfile.ZIP_STORED for one in entries):
            raise ArchiveError("its entries are compressed, which PyTorch's are not")
        if sum(one.file_size for one in entries) > self._length:
            raise ArchiveError("its entries overlap")

    def find(self, name: str) -> bool:
        """Whether there is an entry of this name, or any below a name that ends in a slash."""
        return name in self._entries or (
            name.endswith("/") and any(one.startswith(name) for one in self._entries)
        )

    def names(self, folder: str) -> list[str]:
        return [one for one in self._entries if one.startswith(folder) and one != folder]

    def sizes(self, folder: str) -> list[int]:
        return [self._entries[one].file_size for one in self.names(folder)]

    def read(self, name: str) -> bytes:
        """The bytes of an entry. Raises ArchiveError if there is none."""
        if name not in self._entries:
            raise ArchiveError(f"{name} is missing")
        try:
            return self._zip.read(self._entries[name])
        except _DAMAGE as error:
            raise ArchiveError(_words(error)) from error


def _words(error: Exception) -> str:
    return "a name in it is no text" if isinstance(error, UnicodeError) else str(error)
