"""Every file below a folder, once: pictures with size and time, and all the rest with the reason why not."""

import os
import stat
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from cnngui.cancel import Cancel
from cnngui.data import formats
from cnngui.data.reasons import said
from cnngui.data.records import ScanProgress, Unreadable
from cnngui.errors import RequestError

Parts = tuple[str, ...]
"""The names of the folders from the root down to one; () is the root itself."""

PROGRESS_EVERY: Final = 500
_CANCEL_EVERY: Final = 100
_TABLES: Final = frozenset({".csv", ".tsv"})

# Written by systems and programs beside the user's own files.
_SYSTEM: Final = frozenset(
    {
        "thumbs.db",
        "ehthumbs.db",
        "desktop.ini",
        "icon\r",
        "__macosx",
        "$recycle.bin",
        "system volume information",
        "@eadir",
        "lost+found",
    }
)
SAMPLE_MARK: Final = ".cnngui-sample.json"
"""Lies in a sample that was drawn whole: cnngui's own file, which is no news to anyone."""

HIDDEN: Final = "It is hidden."
SYSTEM: Final = "It belongs to the operating system."
NOT_A_PICTURE: Final = "It is not a picture."
NOT_A_FILE: Final = "It is not an ordinary file."
READ_ELSEWHERE: Final = "It is a link to a folder that is read already."
BROKEN_LINK: Final = "It is a link to a file that does not exist."
EMPTY: Final = "The file is empty."
GONE: Final = "It disappeared while the folder was read."
DENIED: Final = "It may not be read: permission denied."


@dataclass(slots=True)
class Found:
    """What a walk has come upon so far. `pictures`: folder → (file name, bytes, mtime in ns)."""

    pictures: dict[Parts, list[tuple[str, int, int]]] = field(default_factory=dict)
    folders: list[Parts] = field(default_factory=list)
    tables: list[Parts] = field(default_factory=list)
    unreadable: list[Unreadable] = field(default_factory=list)
    ignored: list[Unreadable] = field(default_factory=list)
    files: int = 0


def walk(root: Path, cancel: Cancel, found: Found) -> Iterator[ScanProgress]:
    """Fill `found`, depth first, yielding now and then. No file is opened but one without a suffix.

    Links to folders are followed, after all real folders, so that a picture is found under its own name;
    no folder is read twice. Raises RequestError where `root` itself cannot be read.
    """
    _refuse_bad_root(root)
    waiting: list[Parts] = [()]
    links: list[Parts] = []
    seen: set[tuple[int, int] | str] = set()
    next_report = PROGRESS_EVERY
    while waiting or links:
        if not waiting:
            links.sort(reverse=True)
        here = waiting.pop() if waiting else links.pop()
        path = root.joinpath(*here)
        try:
            identity = _identity(path)
            if identity in seen:
                found.ignored.append(Unreadable("/".join(here), READ_ELSEWHERE))
                continue
            seen.add(identity)
            with os.scandir(path) as entries:
                found.folders.append(here)
                for number, entry in enumerate(entries):
                    if number % _CANCEL_EVERY == 0 and cancel.check():
                        return
                    if found.files >= next_report:
                        next_report = found.files + PROGRESS_EVERY
                        yield ScanProgress(found.files, "/".join(here))
                    _sort_in(entry, here, found, waiting, links)
        except OSError as error:
            found.unreadable.append(Unreadable("/".join(here), why(error)))


def _refuse_bad_root(root: Path) -> None:
    try:
        mode = root.stat().st_mode
        if not stat.S_ISDIR(mode):
            raise RequestError(
                f"“{root}” is a file, not a folder: choose the folder that holds the pictures."
            )
        os.scandir(root).close()
    except FileNotFoundError:
        raise RequestError(f"There is no folder “{root}”: check its name.") from None
    except (OSError, ValueError) as error:
        reason = "permission denied" if isinstance(error, PermissionError) else said(error)
        raise RequestError(f"The folder “{root}” cannot be read ({reason}).") from error


def _sort_in(
    entry: os.DirEntry[str], here: Parts, found: Found, waiting: list[Parts], links: list[Parts]
) -> None:
    if entry.name == SAMPLE_MARK:
        return
    path = "/".join((*here, entry.name))
    try:
        passed_over = _passed_over(entry)
        if passed_over:
            found.ignored.append(Unreadable(path, passed_over))
        elif entry.is_dir():
            (links if entry.is_symlink() else waiting).append((*here, entry.name))
        else:
            found.files += 1
            _file(entry, path, here, found)
    except OSError as error:
        found.unreadable.append(Unreadable(path, why(error)))


def _file(entry: os.DirEntry[str], path: str, here: Parts, found: Found) -> None:
    suffix = os.path.splitext(entry.name)[1].lower()  # noqa: PTH122 - a Path per file would double the time
    if suffix and suffix not in formats.SUFFIXES:
        if suffix in _TABLES and entry.is_file():
            found.tables.append((*here, entry.name))
        _other(path, suffix, found)
        return
    if not entry.is_file():
        if entry.is_symlink() and suffix:
            found.unreadable.append(Unreadable(path, BROKEN_LINK))
        else:
            found.ignored.append(Unreadable(path, NOT_A_FILE))
        return
    status = entry.stat()
    if not suffix and not _begins_as_picture(entry):
        found.ignored.append(Unreadable(path, NOT_A_PICTURE))
    elif status.st_size == 0:
        found.unreadable.append(Unreadable(path, EMPTY))
    else:
        found.pictures.setdefault(here, []).append((entry.name, status.st_size, status.st_mtime_ns))


def _other(path: str, suffix: str, found: Found) -> None:
    if suffix in formats.NOT_READ:
        found.unreadable.append(Unreadable(path, formats.NOT_READ[suffix]))
    else:
        found.ignored.append(Unreadable(path, NOT_A_PICTURE))


def _passed_over(entry: os.DirEntry[str]) -> str:
    if entry.name.lower() in _SYSTEM:
        return SYSTEM
    if entry.name.startswith("."):
        return HIDDEN
    if sys.platform == "win32":
        attributes = entry.stat(follow_symlinks=False).st_file_attributes
        if attributes & stat.FILE_ATTRIBUTE_HIDDEN:
            return HIDDEN
    return ""


def _begins_as_picture(entry: os.DirEntry[str]) -> bool:
    with open(entry.path, "rb") as stream:  # noqa: PTH123
        return formats.picture_kind(stream.read(formats.SNIFFED)) is not None


def _identity(path: Path) -> tuple[int, int] | str:
    status = path.stat()
    # Some network file systems give every folder the number 0.
    return (status.st_dev, status.st_ino) if status.st_ino else os.path.realpath(path)


def why(error: OSError) -> str:
    """A sentence on a file or folder that the system would not give."""
    if isinstance(error, FileNotFoundError):
        return GONE
    if isinstance(error, PermissionError):
        return DENIED
    return f"It cannot be read: {said(error)}."
