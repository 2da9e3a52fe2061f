"""Linux's libraries (ELF files): which of them are asked for, and what can be cut out of them.

The programs for graphics cards lie in one section of a library, `.nv_fatbin`, of which nothing is read before
a graphics card is found, and are most of the library (338 of 520 MB in PyTorch's). The section's whole pages
are taken out of the file; its addresses stay, with nothing behind them, so that everything else is where it
was. See the ELF specification (System V ABI, chapters 4 and 5): the one loadable segment around the hole
becomes two.

Needs `readelf` and `strip` (Debian's package binutils).
"""

import re
import shutil
import struct
import subprocess
from collections.abc import Iterable
from pathlib import Path

# (where it comes to lie in the bundle, the file, PyInstaller's kind)
Row = tuple[str, str, str]

_PAGE = 4096
_SECTION = ".nv_fatbin"

_FILE_HEADER = struct.Struct("<16sHHIQQQIHHHHHH")
_SEGMENT = struct.Struct(
    "<IIQQQQQQ"
)  # type, flags, offset, address, physical, size in file, in memory, align
_LOAD, _NOTE = 1, 4


def needed(library: Path) -> set[str]:
    """The names of the libraries that `library` asks the loader for."""
    return set(re.findall(r"\(NEEDED\).*\[(.+)\]", _said("readelf", "-dW", str(library))))


def glibc(library: Path) -> list[tuple[int, ...]]:
    """The versions of the C library that `library` has functions of."""
    found = re.findall(r"GLIBC_([\d.]+)", _said("readelf", "-VW", str(library)))
    return [tuple(int(part) for part in version.split(".")) for version in found]


def asked_for(rows: Iterable[Row]) -> list[Row]:
    """Without the libraries of the system and of Qt that nothing else among `rows` asks for."""
    everything = [row for row in rows if row[2] != "SYMLINK"]
    waiting = [row for row in everything if not _only_if_asked(row[0])]
    kept = {row[0] for row in waiting}
    while waiting:
        names = set().union(*(needed(Path(file)) for _, file, _ in waiting))
        waiting = [row for row in everything if Path(row[0]).name in names and row[0] not in kept]
        kept |= {row[0] for row in waiting}
    return [row for row in rows if row[2] == "SYMLINK" or row[0] in kept]


def _only_if_asked(place: str) -> bool:
    return (".so" in place and ("/" not in place and place.startswith("lib"))) or place.startswith(
        "PySide6/Qt/lib/"
    )


def cut(library: Path, to: Path, *, device_code: bool) -> Path:
    """Copy a library to `to` without names for debugging and, unless `device_code`, without its programs for
    graphics cards."""
    to.parent.mkdir(parents=True, exist_ok=True)
    _said("strip", "--strip-unneeded", "-o", str(to), str(library))
    shutil.copymode(library, to)
    hole = None if device_code else _hole(to)
    if hole:
        to.write_bytes(without(to.read_bytes(), *hole))
    return to


def _hole(library: Path) -> tuple[int, int] | None:
    """Where in the file whole pages of the section begin and end; None where there is none, or no page."""
    for line in _said("readelf", "-SW", str(library)).splitlines():
        words = line.replace("[", " ").replace("]", " ").split()
        if words[1:2] == [_SECTION]:
            offset, size = int(words[4], 16), int(words[5], 16)
            begin, end = -(-offset // _PAGE) * _PAGE, (offset + size) // _PAGE * _PAGE
            return (begin, end) if end > begin else None
    return None


def without(data: bytes, begin: int, end: int) -> bytes:
    """An ELF file without its bytes `begin` to `end`: multiples of a page, inside one loadable segment."""
    header = list(_FILE_HEADER.unpack_from(data))
    table, count = header[5], header[10]
    gone = end - begin
    kept = []
    for number in range(count):
        kind, flags, offset, address, physical, in_file, in_memory, align = _SEGMENT.unpack_from(
            data, table + number * _SEGMENT.size
        )
        if kind == _NOTE:
            continue  # the build's number; its row is needed for the second half
        if offset <= begin and end <= offset + in_file and kind == _LOAD:
            before, after = begin - offset, end - offset
            kept.append((kind, flags, offset, address, physical, before, before, align))
            rest = in_file - after
            kept.append((kind, flags, begin, address + after, physical + after, rest, rest, align))
        else:
            moved = offset - gone if offset >= end else offset
            kept.append((kind, flags, moved, address, physical, in_file, in_memory, align))
    if len(kept) > count:
        raise ValueError("the file has no row to spare for another segment")
    header[10] = len(kept)
    header[6] = header[12] = header[13] = 0  # sections are for linkers; the loader reads segments
    result = bytearray(data[:begin] + data[end:])
    _FILE_HEADER.pack_into(result, 0, *header)
    for number, segment in enumerate(kept):
        _SEGMENT.pack_into(result, table + number * _SEGMENT.size, *segment)
    return bytes(result)


def _said(*command: str) -> str:
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout
