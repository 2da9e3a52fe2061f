"""Pictures of every kind to RGB, and odd files to a reason."""

import importlib
import os
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import ExifTags, Image, features

from cnngui.data import decode as module
from cnngui.data.decode import CUT_SHORT, MAX_PIXELS, SUFFIXES, Rgb, decode, decode_bytes
from cnngui.data.formats import installed, needs
from cnngui.data.index import Unreadable
from tests.unit.data.making import NEEDS, of_kind, photo, reason, rgb, written

LOSSLESS: list[tuple[str, dict[str, Any]]] = [
    ("PNG", {}),
    ("TIFF", {}),
    ("TIFF", {"compression": "tiff_lzw"}),
    ("TIFF", {"compression": "tiff_adobe_deflate"}),
    ("BMP", {}),
    ("DIB", {}),
    ("PPM", {}),
    ("PCX", {}),
    ("SGI", {}),
    ("TGA", {}),
    ("TGA", {"compression": "tga_rle"}),
    ("QOI", {}),
    ("DDS", {}),
    ("WEBP", {"lossless": True}),
    ("JPEG2000", {}),
    ("ICO", {"sizes": [(96, 64)]}),
]
LOSSY: list[tuple[str, dict[str, Any]]] = [
    ("JPEG", {}),
    ("JPEG", {"progressive": True}),
    ("WEBP", {}),
    ("AVIF", {}),
    ("TIFF", {"compression": "jpeg"}),
    ("GIF", {}),
]
CUT = [*LOSSLESS, *LOSSY]


@pytest.mark.parametrize(("kind", "options"), LOSSLESS)
def test_lossless_kinds(kind: str, options: dict[str, Any]) -> None:
    assert np.array_equal(rgb(*of_kind(kind, options)), np.asarray(photo()))


@pytest.mark.parametrize(("kind", "options"), LOSSY)
def test_lossy_kinds(kind: str, options: dict[str, Any]) -> None:
    decoded = rgb(*of_kind(kind, options))
    assert np.abs(decoded.astype(int) - np.asarray(photo())).mean() < 16


@pytest.mark.parametrize(("kind", "options"), CUT)
@pytest.mark.parametrize("share", [0.5, 0.9])
def test_a_file_cut_short_is_never_half_a_picture(kind: str, options: dict[str, Any], share: float) -> None:
    data, name = of_kind(kind, options, photo(400, 300))
    assert reason(data[: int(len(data) * share)], name) in (CUT_SHORT, module.DAMAGED)


@pytest.mark.parametrize("progressive", [False, True])
@pytest.mark.parametrize("mode", ["RGB", "L"])
@pytest.mark.parametrize("at_least", [None, 16])
def test_a_jpeg_that_was_cut_and_closed_again(progressive: bool, mode: str, at_least: int | None) -> None:
    whole = written(photo(400, 300).convert(mode), "JPEG", progressive=progressive)
    rgb(whole, at_least=at_least)
    cut = decode_bytes(whole[: len(whole) // (10 if progressive else 2)] + b"\xff\xd9", "x.jpg", at_least)
    assert isinstance(cut, Unreadable)
    assert cut.reason == CUT_SHORT


@pytest.mark.parametrize("progressive", [False, True])
@pytest.mark.parametrize("at_least", [None, 16])
def test_a_jpeg_that_is_grey_at_its_end_is_a_picture(progressive: bool, at_least: int | None) -> None:
    grey = photo(400, 300)
    grey.paste((128, 128, 128), (0, 200, 400, 300))
    options: dict[str, Any] = {"progressive": progressive}
    assert rgb(written(grey, "JPEG", **options), at_least=at_least)[-1, -1].tolist() == [128, 128, 128]
    rgb(written(Image.new("L", (50, 50), 128), "JPEG", **options), at_least=at_least)
    rgb(written(grey, "JPEG", restart_marker_blocks=3, **options) + b"trailing \xff\xd8 words \xff\xd9")


TURNED = {  # where the stored picture's upper left corner comes to lie: rows, columns
    1: (0, 0),
    2: (0, -1),
    3: (-1, -1),
    4: (-1, 0),
    5: (0, 0),
    6: (0, -1),
    7: (-1, -1),
    8: (-1, 0),
}


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("kind", ["JPEG", "PNG", "TIFF", "WEBP"])
def test_pictures_are_turned_as_their_exif_says(kind: str, orientation: int) -> None:
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = orientation
    picture = Image.new("RGB", (96, 64), (0, 0, 255))
    picture.paste((255, 0, 0), (0, 0, 32, 32))
    decoded = rgb(of_kind(kind, {"exif": exif}, picture)[0])
    assert decoded.shape == ((64, 96, 3) if orientation < 5 else (96, 64, 3))
    row, column = TURNED[orientation]
    assert decoded[row, column, 0] > 200
    assert decoded[-1 - row, -1 - column, 0] < 60


def test_a_damaged_exif_does_no_harm() -> None:
    broken = b"Exif\0\0II*\0\xff\xff\xff\xff" + b"\x12\x01" * 40
    rgb(written(photo(), "JPEG", exif=broken))
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = 99
    rgb(written(photo(), "JPEG", exif=exif))


def test_of_an_animation_the_first_frame() -> None:
    frames = [Image.new("RGB", (8, 8), colour) for colour in ((255, 0, 0), (0, 255, 0))]
    for kind, options in (("GIF", {}), ("PNG", {}), ("TIFF", {}), ("WEBP", {"lossless": True})):
        data, _ = of_kind(kind, {"save_all": True, "append_images": frames[1:], **options}, frames[0])
        assert rgb(data)[4, 4].tolist() == [255, 0, 0]
    frames = [frame.resize((640, 480)) for frame in frames]
    data = written(frames[0], "MPO", save_all=True, append_images=frames[1:])
    assert rgb(data, at_least=32).shape == (60, 80, 3)
    assert np.abs(rgb(data)[4, 4].astype(int) - [255, 0, 0]).max() < 8


@pytest.mark.parametrize("size", [(1, 1), (1, 300), (300, 1), (1, 65500)])
def test_very_small_and_very_narrow_pictures(size: tuple[int, int]) -> None:
    for kind in ("PNG", "JPEG"):
        assert rgb(written(Image.new("RGB", size, (9, 9, 9)), kind), at_least=32).shape == (*size[::-1], 3)


def test_the_content_decides_and_not_the_suffix() -> None:
    assert rgb(written(photo(), "PNG"), "x.jpg").shape == (64, 96, 3)
    assert rgb(written(photo(), "JPEG"), "x.HEIC").shape == (64, 96, 3)
    assert rgb(written(photo(), "GIF"), "x").shape == (64, 96, 3)
    assert rgb(written(photo(), "TGA"), "x.TGA").shape == (64, 96, 3)
    assert reason(written(photo(), "TGA"), "x.png")


@pytest.mark.parametrize(
    ("at_least", "shape"),
    [
        (None, (600, 900)),
        (400, (600, 900)),
        (201, (600, 900)),
        (200, (300, 450)),
        (75, (150, 225)),
        (37, (75, 113)),
        (1, (75, 113)),
    ],
)
def test_a_jpeg_at_reduced_size(at_least: int | None, shape: tuple[int, int]) -> None:
    assert rgb(written(photo(900, 600), "JPEG"), at_least=at_least).shape[:2] == shape


def test_only_jpegs_are_reduced() -> None:
    assert rgb(written(photo(900, 600), "PNG"), at_least=32).shape == (600, 900, 3)


def png_that_claims(width: int, height: int) -> bytes:
    import struct
    import zlib

    def chunk(name: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))

    header = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + header + chunk(b"IDAT", zlib.compress(bytes(1000))) + chunk(b"IEND", b"")


def test_a_decompression_bomb_is_refused_unopened() -> None:
    said = reason(png_that_claims(30_000, 30_000), "bomb.png")
    assert said == (
        "The picture is 30,000 × 30,000 pixels, more than the 250 million that are opened: "
        "make it smaller first."
    )
    assert reason(png_that_claims(2**31 - 1, 2**31 - 1), "bomb.png")
    gif = bytearray(written(Image.new("P", (8, 8)), "GIF"))
    gif[6:10] = b"\xff\xff\xff\xff"
    assert "65,535 × 65,535" in reason(bytes(gif), "bomb.gif")


@pytest.mark.skipif(sys.platform == "win32", reason="Windows does not tell a process its peak memory so")
def test_a_decompression_bomb_takes_no_memory(tmp_path: Path) -> None:
    (tmp_path / "bomb.png").write_bytes(png_that_claims(30_000, 30_000))
    script = (
        "import resource, sys\nfrom cnngui.data.decode import decode\n"
        "before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss\n"
        "assert 'pixels' in decode(sys.argv[1]).reason\n"
        "grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before\n"
        "print(grown * (1 if sys.platform == 'darwin' else 1024))"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, str(tmp_path / "bomb.png")], capture_output=True, text=True, check=True
    )
    assert int(done.stdout) < 50e6


def test_more_pixels_than_pillow_would_warn_of_are_opened() -> None:
    assert Image.MAX_IMAGE_PIXELS is not None
    width, height = 10_000, 9_500
    assert Image.MAX_IMAGE_PIXELS < width * height < MAX_PIXELS
    data = written(Image.new("1", (width, height)), "PNG")
    assert rgb(data).shape == (height, width, 3)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "The file is empty."),
        (b"just some words\n", "This is a text file, not a picture."),
        (b"hi\n", "This is a text file, not a picture."),
        (b"B", "This is a text file, not a picture."),
        (b"\xef\xbb\xbfGr\xc3\xbc\xc3\x9fe", "This is a text file, not a picture."),
        (b"  <!DOCTYPE html><title>Not found</title>", "This is a web page, not a picture."),
        (b"<?xml version='1.0'?><svg/>", "This is an SVG drawing, not a picture made of pixels."),
        (b"%PDF-1.7", "This is a PDF document, not a picture."),
        (
            b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n",
            "This is a PostScript document, not a picture.",
        ),
        (b"PK\x03\x04rest", "This is a ZIP archive or an office document, not a picture."),
        (b"\0\0\0\x18ftypmp42", "This is a film, not a picture."),
        (bytes(5000), "The file holds only zeros: it was never written whole."),
        (b"\x80\x02}q\x01.\x07", "This is not a picture in a known format."),
        (b"\x89PNG\r\n\x1a\n", module.DAMAGED),
        (b"\xff\xd8\xff", module.DAMAGED),
        (b"BMW makes cars, and " * 9, "This is a text file, not a picture."),
    ],
)
def test_what_a_file_is_instead(content: bytes, said: str) -> None:
    assert reason(content) == said


def test_postscript_is_never_opened(monkeypatch: pytest.MonkeyPatch) -> None:
    Image.init()
    opened = []
    for name in ("EPS", "WMF", "MPEG"):
        monkeypatch.setitem(Image.OPEN, name, (lambda *_: opened.append(1), None))
    for name in ("x.eps", "x.ps", "x.wmf", "x.pdf"):
        reason(b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n%%EndComments\nshowpage\n", name)
    assert opened == []
    assert not {".eps", ".ps", ".pdf", ".wmf", ".emf"} & SUFFIXES


def test_suffixes() -> None:
    assert {".jpg", ".jpeg", ".png", ".gif", ".bmp", ".tif", ".tiff", ".webp"} <= SUFFIXES
    assert all(suffix == suffix.lower() and suffix.startswith(".") for suffix in SUFFIXES)


def test_files(tmp_path: Path) -> None:
    data = written(photo(), "JPEG")
    (tmp_path / "ä 🐝.JPG").write_bytes(data)
    for path in (tmp_path / "ä 🐝.JPG", str(tmp_path / "ä 🐝.JPG")):
        decoded = decode(path)
        assert not isinstance(decoded, Unreadable)
        assert np.array_equal(decoded, rgb(data))


def test_files_that_are_none(tmp_path: Path) -> None:
    def said(path: Path | str) -> str:
        decoded = decode(path)
        assert isinstance(decoded, Unreadable)
        assert decoded.path == str(path)
        return decoded.reason

    assert said(tmp_path) == "This is a folder, not a picture."
    assert said(tmp_path / "gone.jpg") == "The file is not there (any more)."
    (tmp_path / "empty.jpg").touch()
    assert said(tmp_path / "empty.jpg") == "The file is empty."
    assert said(tmp_path / "a\0b.jpg").startswith("The file cannot be opened")
    assert said(tmp_path / ("x" * 300)).startswith("The file cannot be opened")
    if sys.platform != "win32":
        os.mkfifo(tmp_path / "pipe.jpg")
        assert said(tmp_path / "pipe.jpg") == "This is not an ordinary file."


def test_a_file_that_may_not_be_read(guarded: Path) -> None:
    (guarded / "x.jpg").write_bytes(written(photo(), "JPEG"))
    (guarded / "x.jpg").chmod(0)
    decoded = decode(guarded / "x.jpg")
    assert isinstance(decoded, Unreadable)
    assert decoded.reason == "The file may not be read: permission denied."


def test_many_threads_at_once(tmp_path: Path) -> None:
    paths = []
    for number in range(40):
        kind = ("JPEG", "PNG", "GIF", "TIFF", "BMP")[number % 5]
        path = tmp_path / f"{number}.x"
        data = written(photo(60 + number, 50), kind)
        path.write_bytes(data[: len(data) // 2] if number % 7 == 0 else data)
        paths.append(path)
    alone = [decode(path) for path in paths]
    start = threading.Barrier(8)

    def work(_: int) -> list[Rgb | Unreadable]:
        start.wait()
        return [decode(path) for path in paths]

    with ThreadPoolExecutor(8) as pool:
        for together in pool.map(work, range(8)):
            for one, other in zip(alone, together, strict=True):
                if isinstance(one, Unreadable) or isinstance(other, Unreadable):
                    assert one == other
                else:
                    assert np.array_equal(one, other)


def test_nothing_is_printed_or_warned(
    capfd: pytest.CaptureFixture[str], recwarn: pytest.WarningsRecorder
) -> None:
    for kind in ("JPEG", "PNG", "TIFF", "GIF", "WEBP", "JPEG2000"):
        data, name = of_kind(kind, {})
        for at in range(8, len(data), max(1, len(data) // 60)):
            broken = bytearray(data)
            broken[at] ^= 0xFF
            decode_bytes(bytes(broken), name)
            decode_bytes(data[:at], name)
    assert capfd.readouterr() == ("", "")
    assert not recwarn.list


def test_pillows_own_limits_are_left_alone() -> None:
    before = Image.MAX_IMAGE_PIXELS
    rgb(written(photo(), "JPEG"))
    assert before == Image.MAX_IMAGE_PIXELS


REAL = [
    of_kind(kind, options)[0] for kind, options in CUT if kind not in NEEDS or features.check(NEEDS[kind])
]
DAMAGE = st.lists(
    st.tuples(st.integers(0, 5000), st.binary(max_size=4), st.integers(0, 4)), min_size=1, max_size=6
)


@settings(max_examples=400, deadline=None)
@given(st.sampled_from(REAL), DAMAGE, st.integers(0, 6000), st.sampled_from([None, 8]))
def test_damaged_files_never_raise(data: bytes, damage: Any, length: int, at_least: int | None) -> None:
    broken = data
    for at, new, over in damage:
        broken = broken[:at] + new + broken[at + over :]
    for content in (broken, broken[:length]):
        decoded = decode_bytes(content, "x.tga", at_least)
        if isinstance(decoded, Unreadable):
            assert decoded.reason.endswith(".")
        else:
            assert decoded.shape[2:] == (3,)


@given(st.binary(max_size=2000), st.sampled_from(sorted(SUFFIXES)))
def test_random_bytes_never_raise(data: bytes, suffix: str) -> None:
    decode_bytes(data, "x" + suffix)


HEIC_START = b"\0\0\0\x24ftypheic\0\0\0\0mif1heic"


@pytest.mark.skipif(installed("HEIF"), reason="pillow-heif is installed")
def test_a_heic_picture_without_its_library() -> None:
    assert reason(HEIC_START, "x.heic") == needs("HEIF")
    assert ".heic" not in SUFFIXES


@pytest.mark.skipif(not installed("HEIF"), reason="pillow-heif is not installed")
def test_a_heic_picture() -> None:
    importlib.import_module("pillow_heif").register_heif_opener()
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = 6
    data = written(photo(), "HEIF", quality=95, exif=exif.tobytes())
    decoded = rgb(data, "x.HEIC")
    assert np.abs(decoded.astype(int) - np.rot90(np.asarray(photo()), -1)).mean() < 16
    assert ".heic" in SUFFIXES
    assert reason(data[: len(data) // 2]) in (CUT_SHORT, module.DAMAGED)
