"""The look, as tokens: one type scale, one 8-pixel grid, one accent colour, two palettes.

Everything drawn in the window takes its colours, sizes and distances from here; nothing else in
`cnngui.gui` writes a colour down. `now()` is the palette in use, read afresh in every paint event; `style`
applies it.
"""

from dataclasses import dataclass, fields
from itertools import pairwise

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontMetrics, QTextLayout, QTextOption
from PySide6.QtWidgets import QApplication

# The grid. Distances between things are multiples of 8; 4 is only for what belongs together.
GRID = 8
HALF = GRID // 2
GAP = 2 * GRID
MARGIN = 4 * GRID
CONTROL = 36  # height of a button or a field
RADIUS = 8
RADIUS_CARD = 12
RAIL = 208  # width of the left rail

# The type scale, in pixels, and the weights it is set in.
CAPTION, BODY, LEAD, TITLE, DISPLAY = 12, 14, 16, 20, 28
REGULAR, MEDIUM, SEMIBOLD = QFont.Weight.Normal, QFont.Weight.Medium, QFont.Weight.DemiBold


@dataclass(frozen=True, slots=True)
class Palette:
    """Colours as #rrggbb. Text roles reach WCAG AA (4.5:1) on every ground they are put on; see the tests."""

    name: str
    page: str  # the ground of a page
    rail: str  # the ground of the left rail
    surface: str  # cards and fields
    sunken: str  # tracks of bars, wells, placeholders
    hover: str  # under the pointer, on page and rail
    line: str  # hairlines: only ever decoration
    edge: str  # the border of a field or a check box, 3:1 on page and surface
    text: str
    soft: str  # secondary text
    faint: str  # captions and placeholders, still AA
    accent: str  # filled controls, chosen things, the focus ring
    accent_hover: str
    accent_press: str
    on_accent: str
    link: str  # the accent as text
    tint: str  # the accent as a ground
    good: str
    good_tint: str
    warn: str
    warn_tint: str
    bad: str
    bad_tint: str
    train: str  # the training curve; the validation curve takes the accent
    bar: str  # bars that are not the first
    scrim: str  # over pictures and behind overlays; used with transparency


LIGHT = Palette(
    name="light",
    page="#f7f8fa",
    rail="#eef0f4",
    surface="#ffffff",
    sunken="#eceef2",
    hover="#e4e7ed",
    line="#e2e5ea",
    edge="#808897",
    text="#1a1d23",
    soft="#525a67",
    faint="#626a78",
    accent="#3257d6",
    accent_hover="#2a4bc0",
    accent_press="#2340a6",
    on_accent="#ffffff",
    link="#2e51cb",
    tint="#e6ebfb",
    good="#18744a",
    good_tint="#e3f3ea",
    warn="#825500",
    warn_tint="#fbf0d9",
    bad="#b3261e",
    bad_tint="#fbe9e7",
    train="#6d7686",
    bar="#b6bdc9",
    scrim="#0d1017",
)

DARK = Palette(
    name="dark",
    page="#14161a",
    rail="#101216",
    surface="#1c1f25",
    sunken="#282c34",
    hover="#22262d",
    line="#2b2f38",
    edge="#6f7887",
    text="#eceef2",
    soft="#b0b7c3",
    faint="#98a0ae",
    accent="#8aa8ff",
    accent_hover="#a0b9ff",
    accent_press="#7394f5",
    on_accent="#0e1322",
    link="#9ab4ff",
    tint="#252d49",
    good="#6bd09c",
    good_tint="#1a3328",
    warn="#e9b95c",
    warn_tint="#382d16",
    bad="#ff9a90",
    bad_tint="#3d2220",
    train="#8f98a8",
    bar="#525a68",
    scrim="#05060a",
)

# (text, ground) pairs that occur in the window; the tests hold each of them to 4.5:1.
TEXT_PAIRS = (
    *(
        (text, ground)
        for text in ("text", "soft", "faint")
        for ground in ("page", "rail", "surface", "sunken")
    ),
    *((text, "hover") for text in ("text", "soft")),
    *((text, "tint") for text in ("text", "soft", "link")),
    *(("on_accent", ground) for ground in ("accent", "accent_hover", "accent_press")),
    *(("link", ground) for ground in ("page", "rail", "surface")),
    *((kind, ground) for kind in ("good", "warn", "bad") for ground in ("surface", "page", f"{kind}_tint")),
    *(("text", f"{kind}_tint") for kind in ("good", "warn", "bad")),
)
# (mark, ground) pairs that must be told apart without being read: 3:1.
MARK_PAIRS = (
    *((mark, ground) for mark in ("edge", "accent") for ground in ("page", "surface", "rail")),
    *((mark, "surface") for mark in ("train", "accent")),
    ("accent", "sunken"),
)


def contrast(first: str, second: str) -> float:
    """WCAG 2.2's contrast ratio of two colours, 1 to 21 (its definitions of relative luminance and ratio)."""

    def luminance(colour: str) -> float:
        linear = [
            value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4
            for value in (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
        ]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    lighter, darker = sorted((luminance(first), luminance(second)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def colour(token: str, alpha: float = 1.0) -> QColor:
    """The colour of a token of the palette in use."""
    value = QColor(str(getattr(now(), token)))
    value.setAlphaF(alpha)
    return value


def tokens(palette: Palette) -> dict[str, str]:
    """The palette's colours by their names."""
    return {
        field.name: str(getattr(palette, field.name)) for field in fields(palette) if field.name != "name"
    }


def font(size: int = BODY, weight: QFont.Weight = REGULAR, figures: bool = False) -> QFont:
    """The window's face. `figures`: all digits equally wide, for numbers that change or stand in columns."""
    face = QFont(QApplication.font())
    face.setPixelSize(size)
    face.setWeight(weight)
    if size >= TITLE:
        face.setLetterSpacing(QFont.SpacingType.PercentageSpacing, 98.5)
    if figures:
        face.setFeature(QFont.Tag("tnum"), 1)
    return face


def elide(text: str, face: QFont, width: int, middle: bool = False) -> str:
    """`text` cut to `width` pixels with an ellipsis: at its end, or in the `middle` as suits a path."""
    mode = Qt.TextElideMode.ElideMiddle if middle else Qt.TextElideMode.ElideRight
    return QFontMetrics(face).elidedText(text, mode, width)


def lines(text: str, face: QFont, width: int, most: int) -> tuple[str, ...]:
    """`text` in lines of `width` pixels, broken between words, or within one that is longer than a line; the
    last of `most` lines gives up its end where that is too few."""
    layout = QTextLayout(text, face)
    option = QTextOption()
    option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
    layout.setTextOption(option)
    layout.beginLayout()
    starts = [0]
    while (line := layout.createLine()).isValid():
        line.setLineWidth(max(1, width))
        starts.append(line.textStart() + line.textLength())
    layout.endLayout()
    pieces = [text[start:end] for start, end in pairwise(starts)]
    kept, rest = pieces[: most - 1], "".join(pieces[most - 1 :])
    return (*(piece.rstrip() for piece in kept), *([elide(rest, face, width)] if rest else []))


class _Theme(QObject):
    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.palette = LIGHT
        self.followed = False  # whether the system's scheme is listened to


in_use = _Theme()  # `in_use.changed` is emitted after another palette has been applied


def now() -> Palette:
    """The palette in use."""
    return in_use.palette
