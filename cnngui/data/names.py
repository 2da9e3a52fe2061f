"""Folder names: shown to people, compared, and recognised as a split or as mere grouping."""

import os
import re
import unicodedata
from collections.abc import Collection, Iterable, Sequence
from typing import Final
from unicodedata import category

from cnngui.data.records import Split

_BASES: Final = {
    Split.TRAIN: ("train", "training", "trn"),
    Split.VAL: (
        "val",
        "vali",
        "valid",
        "validate",
        "validation",
        "validating",
        "dev",
        "devel",
        "development",
    ),
    Split.TEST: ("test", "tests", "testing", "eval", "evaluation", "tst"),
}
_FILLERS: Final = (
    "set", "sets", "data", "dataset", "image", "images", "img", "imgs", "pic", "pics", "picture",
    "pictures", "photo", "photos", "file", "files", "folder", "split", "sample", "samples",
)  # fmt: skip
_WORDS: Final = {
    base + filler: split for split, bases in _BASES.items() for base in bases for filler in ("", *_FILLERS)
}
# What people call folders that only hold a portion of something, or are just called "the pictures".
_PORTIONS: Final = frozenset(_FILLERS) | {
    "album", "all", "augmented", "batch", "camera", "cam", "crop", "crops", "cropped", "day", "dcim", "fold",
    "frame", "frames", "group", "image", "jpeg", "jpg", "month", "original", "originals", "part", "patient",
    "png", "processed", "raw", "recording", "resized", "round", "run", "scan", "scans", "series", "session",
    "shot", "shots", "slide", "subject", "user", "video", "volume", "week", "x", "year",
}  # fmt: skip
_TOKEN: Final = re.compile(r"[^\W\d_]+|\d+")
_SHOWN: Final = 4
_UNSHOWN: Final = frozenset({"Cc", "Cs", "Zl", "Zp"})  # control signs, halves of signs, line breaks


def split_and_rest(name: str) -> tuple[Split, str]:
    """(VAL, "seg") for "seg_validation-set 2", (UNSPLIT, "…") where no or more than one word names a split.

    The rest is what sets the folder apart from others, without fillers ("images") and numbers.
    """
    tokens = [token for token in _TOKEN.findall(name.lower()) if not token.isdigit()]
    named = [_WORDS[token] for token in tokens if token in _WORDS]
    if len(named) != 1:
        return Split.UNSPLIT, name
    return named[0], " ".join(token for token in tokens if token not in _WORDS and token not in _FILLERS)


def split_word(text: str) -> Split:
    """The split that a whole name or a cell of a table says: "Validation" → VAL; UNSPLIT for all else."""
    split, rest = split_and_rest(text.strip())
    return Split.UNSPLIT if rest else split


def is_portion(name: str) -> bool:
    """Whether a folder name only counts or dates its content: "2021-05", "images", "session 3", "40X"."""
    return all(token.isdigit() or token in _PORTIONS for token in _TOKEN.findall(name.lower()))


def are_portions(names: Sequence[str]) -> bool:
    """Whether folders of these names are portions of one thing, not classes: dates, "P001" and "P002", …"""
    if sum(is_portion(name) for name in names) * 2 > len(names):
        return True
    stems = {
        "".join(token for token in _TOKEN.findall(name.lower()) if not token.isdigit()) for name in names
    }
    return len(names) > 1 and len(stems) == 1 and all(any(map(str.isdigit, name)) for name in names)


def same_name(name: str) -> str:
    """What two spellings of one name share: macOS writes "é" in two signs, and Windows knows no case."""
    return unicodedata.normalize("NFC", name).casefold()


def clean(name: str) -> str:
    """A file or folder name that can be shown, printed and written as UTF-8.

    Bytes that are not UTF-8 and control characters are written as escapes (``\\xff``), all else is kept, in
    Unicode's composed form.
    """
    text = os.fsencode(name).decode("utf-8", "backslashreplace")
    text = "".join(c.encode("unicode_escape").decode() if category(c) in _UNSHOWN else c for c in text)
    return unicodedata.normalize("NFC", text)


def quoted(names: Iterable[str]) -> str:
    """“a”, “b” and “c”; of a long list its beginning and how many more."""
    shown = [f"“{clean(name)}”" for name in names]
    if len(shown) > _SHOWN:
        return f"{', '.join(shown[: _SHOWN - 1])} and {len(shown) - _SHOWN + 1} more"
    return " and ".join(filter(None, (", ".join(shown[:-1]), shown[-1]))) if shown else ""


def counted(count: int, thing: str) -> str:
    """ "1 picture is", "12,000 pictures are"."""
    return f"1 {thing} is" if count == 1 else f"{count:,} {thing}s are"


def was(names: Collection[str]) -> str:
    return "was" if len(names) == 1 else "were"
