"""Whether a JPEG's picture data reaches to its end.

libjpeg fills what is missing with mid-grey and only warns, and Pillow does not pass the warning on. A file
that was cut and then closed properly (by a download tool, by a camera losing power) so looks like a picture
with a grey lower half.
"""

import io
from typing import IO, Final

from PIL import Image, JpegImagePlugin

_START_OF_SCAN: Final = 0xDA
_NO_LENGTH: Final = frozenset({0x01, *range(0xD0, 0xDA)})  # markers without a segment after them
# Picture data of no meaning: any would do that holds no 0xFF, which would begin a marker.
_JUNK: Final = bytes(i * 73 % 251 for i in range(4096))


def ends_in_grey(picture: Image.Image) -> bool:
    """Whether the last pixel, as stored, may be libjpeg's filling: 128 in all channels, or 127 inverted."""
    last = picture.getpixel((picture.width - 1, picture.height - 1))
    values = last if isinstance(last, tuple) else (last,)
    return all(value in (127, 128) for value in values)


def is_whole(stream: IO[bytes], picture: Image.Image, draft: tuple[int, int] | None) -> bool:
    """Whether the data of the first scan of the JPEG in `stream`, decoded as `picture`, is complete. `draft`:
    the size that was asked of the decoder.

    Meaningless data is put in at the place where the scan ends. A complete picture does not change by it,
    for its decoder is done by then; one that was cut short takes it for the missing part.
    """
    stream.seek(0)
    data = stream.read()
    end = _first_scan_end(data)
    if end is None:
        return False
    again = JpegImagePlugin.JpegImageFile(io.BytesIO(data[:end] + _JUNK + data[end:]))
    if draft:
        again.draft(None, draft)
    again.load()
    return again.tobytes() == picture.tobytes()


def _first_scan_end(data: bytes) -> int | None:
    at = 2
    while at + 4 <= len(data):
        if data[at] != 0xFF:
            at += 1
            continue
        marker = data[at + 1]
        if marker == 0xFF or marker in _NO_LENGTH:
            at += 1 if marker == 0xFF else 2
            continue
        at += 2 + int.from_bytes(data[at + 2 : at + 4], "big")
        if marker == _START_OF_SCAN:
            return _data_end(data, at)
    return None


def _data_end(data: bytes, at: int) -> int | None:
    """Where the marker stands that ends picture data; stuffed zeros and restart markers belong to it."""
    while (at := data.find(b"\xff", at)) >= 0 and at + 1 < len(data):
        if data[at + 1] == 0 or 0xD0 <= data[at + 1] <= 0xD7:
            at += 2
        elif data[at + 1] == 0xFF:
            at += 1
        else:
            return at
    return None
