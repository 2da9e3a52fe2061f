"""Which picture formats are opened, and what a file is when it is none of them. No Pillow import."""

import importlib.util
from types import MappingProxyType
from typing import Final

# Pillow's format names and the suffixes they come with. Written down, not taken from Pillow's own
# registry: EPS would start Ghostscript, WMF needs Windows' own renderer, and MPEG, HDF5, GRIB and BUFR are
# recognised by Pillow without being readable; IM is on its way out of Pillow. Contents are tried in this
# order.
FORMATS: Final = MappingProxyType(
    {
        "JPEG": (".jpg", ".jpeg", ".jpe", ".jfif", ".mpo"),
        "PNG": (".png", ".apng"),
        "GIF": (".gif",),
        "WEBP": (".webp",),
        "TIFF": (".tif", ".tiff"),
        "BMP": (".bmp",),
        "DIB": (".dib",),
        "AVIF": (".avif", ".avifs"),
        "HEIF": (".heic", ".heif", ".hif"),
        "JPEG2000": (".jp2", ".j2k", ".jpc", ".jpf", ".jpx", ".j2c"),
        "PPM": (".ppm", ".pgm", ".pbm", ".pnm", ".pfm"),
        "ICO": (".ico",),
        "CUR": (".cur",),
        "ICNS": (".icns",),
        "QOI": (".qoi",),
        "PSD": (".psd",),
        "SGI": (".sgi", ".rgb", ".rgba", ".bw"),
        "SUN": (".ras",),
        "PCX": (".pcx",),
        "DCX": (".dcx",),
        "DDS": (".dds",),
        "XBM": (".xbm",),
        "XPM": (".xpm",),
        "FITS": (".fits", ".fit"),
        "BLP": (".blp",),
        "FLI": (".fli", ".flc"),
        "FTEX": (".ftc", ".ftu"),
        "GBR": (".gbr",),
        "MSP": (".msp",),
        "PIXAR": (".pxr",),
        "PCD": (".pcd",),
        "TGA": (".tga", ".icb", ".vda", ".vst"),
    }
)

# These have no signature at their beginning: anything may pass for one, so only the suffix is believed.
NO_SIGNATURE: Final = frozenset({"PCD", "TGA"})


# Formats whose library may be left out, and the module that is there if it was not.
_LIBRARIES: Final = {"HEIF": "pillow_heif", "AVIF": "PIL._avif", "WEBP": "PIL._webp"}


def installed(name: str) -> bool:
    """Whether the library for a format of `FORMATS` is there. Looked for, not imported."""
    return name not in _LIBRARIES or importlib.util.find_spec(_LIBRARIES[name]) is not None


def needs(name: str) -> str:
    """A sentence on a picture whose format is known, but not its library."""
    package = "the pillow-heif package" if name == "HEIF" else f"a Pillow that was built with {name}"
    return f"This is a {name} picture, which needs {package}: install it, or save the picture as JPEG."


SUFFIXES: Final[frozenset[str]] = frozenset(
    suffix for name, suffixes in FORMATS.items() if installed(name) for suffix in suffixes
)
"""Lower-case suffixes, with their dot, of the pictures that the installed libraries can open."""

# Pictures that nothing installed here reads: named, so that they are not passed over as if they were notes.
NOT_READ: Final = MappingProxyType(
    {
        **dict.fromkeys(
            (".cr2", ".cr3", ".nef", ".arw", ".dng", ".raf", ".orf", ".rw2", ".pef", ".srw"),
            "Raw camera files cannot be read: save the picture as JPEG or TIFF.",
        ),
        **dict.fromkeys((".dcm", ".dicom"), "DICOM files cannot be read: save the picture as PNG or TIFF."),
        ".jxl": "JPEG XL cannot be read: save the picture as JPEG or PNG.",
        **{suffix: needs(name) for name in _LIBRARIES if not installed(name) for suffix in FORMATS[name]},
    }
)

# First bytes, where they start, and the format they stand for. For files without a suffix and for failed
# openings; BMP's two letters are left out, too many texts begin with "BM".
_PICTURE_STARTS: Final = (
    (0, b"\xff\xd8\xff", "JPEG"),
    (0, b"\x89PNG\r\n\x1a\n", "PNG"),
    (0, b"GIF8", "GIF"),
    (8, b"WEBP", "WEBP"),
    (0, b"II*\x00", "TIFF"),
    (0, b"MM\x00*", "TIFF"),
    (0, b"II+\x00", "TIFF"),
    (0, b"MM\x00+", "TIFF"),
    (0, b"\x00\x00\x00\x0cjP  ", "JPEG2000"),
    (0, b"\xff\x4f\xff\x51", "JPEG2000"),
    (0, b"qoif", "QOI"),
    (0, b"8BPS", "PSD"),
)
_HEIF_BRANDS: Final = (b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1")
_OTHER_STARTS: Final = (
    (b"%PDF", "This is a PDF document, not a picture."),
    (b"%!PS", "This is a PostScript document, not a picture."),
    (b"PK\x03\x04", "This is a ZIP archive or an office document, not a picture."),
    (b"\x1f\x8b", "This is a compressed archive, not a picture."),
    (b"SIMPLE  =                    F", "This is not a standard FITS file."),
)
SNIFFED = 512
"""How many first bytes `picture_kind` and `what_else` want to see; fewer will do."""


def picture_kind(start: bytes) -> str | None:
    """The format of a file that begins so, whatever it is called; None where that does not tell."""
    if start[4:8] == b"ftyp":
        if b"avif" in start[8:64] or b"avis" in start[8:64]:
            return "AVIF"
        return "HEIF" if start[8:12] in _HEIF_BRANDS else None
    return next((name for at, mark, name in _PICTURE_STARTS if start[at:].startswith(mark)), None)


def what_else(start: bytes) -> str:
    """A sentence on what a file is that begins so and that no format accepts."""
    for mark, sentence in _OTHER_STARTS:
        if start.startswith(mark):
            return sentence
    if start[4:8] == b"ftyp" or start.startswith(b"\x1aE\xdf\xa3") or start[8:12] == b"AVI ":
        return "This is a film, not a picture."
    text = start.removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    if text.startswith((b"<!doctype html", b"<html")):
        return "This is a web page, not a picture."
    if b"<svg" in text:
        return "This is an SVG drawing, not a picture made of pixels."
    if not any(start):
        return "The file holds only zeros: it was never written whole."
    if not any(byte < 9 or 13 < byte < 32 for byte in start):
        return "This is a text file, not a picture."
    return "This is not a picture in a known format."
