"""An X server without a screen, and pictures of what it shows. Standard library only."""

import shutil
import struct
import subprocess
import tempfile
import zlib
from pathlib import Path
from types import TracebackType
from typing import Self

_WIDTH, _HEIGHT = 1280, 900


class Screen:
    """Xvfb, while the block runs. `name` is for DISPLAY."""

    def __enter__(self) -> Self:
        self._folder = Path(tempfile.mkdtemp(prefix="cnngui-screen-"))
        # The server picks a number that is free, and says which.
        self._server = subprocess.Popen(
            [
                *("Xvfb", "-displayfd", "1", "-screen", "0", f"{_WIDTH}x{_HEIGHT}x24", "-nolisten", "tcp"),
                *("-fbdir", str(self._folder)),
            ],
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        assert self._server.stdout is not None
        with self._server.stdout as said:
            self.name = f":{said.readline().strip()}"
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _where: TracebackType | None
    ) -> None:
        self._server.terminate()
        self._server.wait()
        shutil.rmtree(self._folder)

    def colours(self) -> int:
        """How many different colours are on it, of every seventh pixel."""
        _, pixels = self._pixels()
        return len({pixels[at : at + 3] for at in range(0, len(pixels), 28)})

    def save(self, file: Path) -> None:
        """Write what is on it as PNG."""
        width, pixels = self._pixels()
        rows = bytearray()
        for at in range(0, len(pixels), 4 * width):
            row = pixels[at : at + 4 * width]
            rgb = bytearray(3 * width)
            rgb[0::3], rgb[1::3], rgb[2::3] = row[2::4], row[1::4], row[0::4]
            rows += b"\0" + rgb
        size = struct.pack(">IIBBBBB", width, len(pixels) // (4 * width), 8, 2, 0, 0, 0)
        chunks = ((b"IHDR", size), (b"IDAT", zlib.compress(bytes(rows))), (b"IEND", b""))
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(
            b"\x89PNG\r\n\x1a\n"
            + b"".join(
                struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
                for kind, data in chunks
            )
        )

    def _pixels(self) -> tuple[int, bytes]:
        """Width, and blue, green, red and nothing per pixel. The file is an X window dump (XWDFile.h)."""
        data = (self._folder / "Xvfb_screen0").read_bytes()
        header = struct.unpack_from(">25I", data)
        begin, width, height, row, colours = header[0], header[4], header[5], header[12], header[19]
        begin += 12 * colours
        return width, data[begin : begin + row * height]


def colours_of_png(file: Path) -> int:
    """How many different pixels a PNG file has, as far as its bytes tell before filters are undone."""
    data, at, packed = file.read_bytes(), 8, b""
    while at < len(data):
        (length,) = struct.unpack_from(">I", data, at)
        if data[at + 4 : at + 8] == b"IDAT":
            packed += data[at + 8 : at + 8 + length]
        at += length + 12
    raw = zlib.decompress(packed)
    return len({raw[at : at + 4] for at in range(0, len(raw), 4)})
