"""One picture of the sample "shapes": a flat thing on a ground, lit and photographed."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageChops, ImageDraw, ImageFilter

Floats = npt.NDArray[np.floating[Any]]
Colour = tuple[float, float, float]  # lightness 0 to 1, chroma 0 to about 0.3, hue in radians: OKLCH
Outline = list[tuple[float, float]]  # a closed line; (0, 0) is the middle, 1 the outer radius

SIDES: Final = (
    (640, 480),
    (480, 640),
    (600, 600),
    (640, 512),
    (800, 600),
    (600, 800),
    (960, 640),
    (1280, 720),
)
_COARSE: Final = 4  # the ground is made at 1/4 of the size: it is soft, and 16 times fewer numbers
_FINE: Final = 2  # outlines are drawn at twice the size, so that their edges are smooth
_GRAIN_SIDE: Final = 1280
_STRENGTHS: Final = (1.0, 2.0, 4.0, 6.0, 12.0, 25.0)  # of the grain, in grey levels


def _polygon(corners: int, inner: float = 1.0) -> Outline:
    """A regular polygon, first corner up; with `inner` below 1 a star of as many points."""
    step = 1 if inner == 1.0 else 2
    radii = [1.0 if i % step == 0 else inner for i in range(corners * step)]
    turns = [2 * math.pi * i / len(radii) for i in range(len(radii))]
    return [(r * math.sin(t), -r * math.cos(t)) for r, t in zip(radii, turns, strict=True)]


def _circle(radius: float = 1.0) -> Outline:
    return [(radius * x, radius * y) for x, y in _polygon(96)]


def _square() -> Outline:
    side = math.sqrt(0.5)
    return [(-side, -side), (side, -side), (side, side), (-side, side)]


def _cross(arm: float) -> Outline:
    """Two bars of half-width `arm`, upright and level."""
    points = [(-arm, -1.0), (arm, -1.0), (arm, -arm)]
    outline: Outline = []
    for _ in range(4):
        outline += points
        points = [(-y, x) for x, y in points]
    return outline


# What is drawn for each class: an outline and the holes in it.
OUTLINES: Final[dict[str, Callable[[np.random.Generator], list[Outline]]]] = {
    "circle": lambda _: [_circle()],
    "cross": lambda rng: [_cross(rng.uniform(0.24, 0.36))],
    "ring": lambda rng: [_circle(), _circle(rng.uniform(0.5, 0.66))],
    "square": lambda _: [_square()],
    "star": lambda rng: [_polygon(5, rng.uniform(0.4, 0.48))],
    "triangle": lambda _: [_polygon(3)],
}


@dataclass(frozen=True, slots=True)
class _Pose:
    """Where the shape lies, in pixels of the finished picture: x → matrix · x + middle."""

    middle: tuple[float, float]
    matrix: npt.NDArray[np.float64]

    def place(self, outline: Outline, scale: float, shift: tuple[float, float]) -> list[tuple[float, float]]:
        points = np.asarray(outline) @ self.matrix.T * scale + (np.asarray(self.middle) * scale + shift)
        return [(float(x), float(y)) for x, y in points]


def grain(rng: np.random.Generator) -> list[Image.Image]:
    """Sheets of film grain around 128, from weak to strong: made once, cut anew for each picture."""
    sheet = rng.random((_GRAIN_SIDE, _GRAIN_SIDE, 3), dtype=np.float32)
    sheet += rng.random((_GRAIN_SIDE, _GRAIN_SIDE, 1), dtype=np.float32) * 1.5
    sheet -= 1.25
    return [Image.fromarray((sheet * strength + 128).astype(np.uint8)) for strength in _STRENGTHS]


def draw(name: str, rng: np.random.Generator, sheets: Sequence[Image.Image]) -> Image.Image:
    """An RGB picture of one shape, 480 to 1280 pixels a side, with one of the `sheets` of `grain` over it.

    The same state of `rng` gives the same picture.
    """
    width, height = SIDES[rng.integers(len(SIDES))]
    outlines = OUTLINES[name](rng)
    pose = _pose(rng, width, height)
    ground_colour, shape_colour = _colours(rng)
    light = rng.uniform(0.82, 1.1)
    shadow = _shadow(rng, pose, outlines, width, height)
    picture = _ground(rng, width, height, ground_colour, shadow * light)
    _lay_on(picture, rng, pose, outlines, shape_colour, light)
    return _photograph(picture, rng, sheets)


def _pose(rng: np.random.Generator, width: int, height: int) -> _Pose:
    """Within the middle square, which is what a network sees of the picture."""
    side = min(width, height)
    radius = side * rng.uniform(0.32, 0.46)
    room = side / 2 - radius
    middle = (width / 2 + room * rng.uniform(-0.85, 0.85), height / 2 + room * rng.uniform(-0.85, 0.85))
    turn, tilt = rng.uniform(-0.28, 0.28), rng.uniform(0, 2 * math.pi)
    squeeze = np.diag([1.0, rng.uniform(0.86, 1.0)])  # seen a little from the side
    matrix = _turn(tilt) @ squeeze @ _turn(turn - tilt) * radius
    return _Pose(middle, matrix)


def _turn(angle: float) -> npt.NDArray[np.float64]:
    cos, sin = math.cos(angle), math.sin(angle)
    return np.array([[cos, -sin], [sin, cos]])


def _colours(rng: np.random.Generator) -> tuple[Colour, Colour]:
    """A quiet ground and a vivid shape that stands off from it in lightness, mostly in hue as well."""
    hue = rng.uniform(0, 2 * math.pi)
    lightness = rng.choice([rng.uniform(0.28, 0.45), rng.uniform(0.82, 0.95)])
    ground = (lightness, rng.uniform(0.01, 0.07), hue)
    away = rng.uniform(0.24, 0.42)
    shape_lightness = lightness + away if lightness < 0.6 else lightness - away
    other_hue = hue + rng.choice([math.pi, 2.1, -2.1, 1.2, -1.2]) + rng.uniform(-0.3, 0.3)
    return ground, (shape_lightness, rng.uniform(0.11, 0.19), other_hue)


def rgb(colour: Colour) -> Floats:
    """sRGB, 0 to 255, of a colour in OKLCH (B. Ottosson, "A perceptual color space", 2020), clipped."""
    lightness, chroma, hue = colour
    a, b = chroma * math.cos(hue), chroma * math.sin(hue)
    cones = np.array(
        [
            lightness + 0.3963377774 * a + 0.2158037573 * b,
            lightness - 0.1055613458 * a - 0.0638541728 * b,
            lightness - 0.0894841775 * a - 1.2914855480 * b,
        ]
    )
    matrix = np.array(
        [
            [4.0767416621, -3.3077115913, 0.2309699292],
            [-1.2684380046, 2.6097574011, -0.3413193965],
            [-0.0041960863, -0.7034186147, 1.7076147010],
        ]
    )
    linear = np.clip(matrix @ cones**3, 0, 1)
    encoded: Floats = np.where(linear <= 0.0031308, 12.92 * linear, 1.055 * linear ** (1 / 2.4) - 0.055)
    return encoded * 255


def _shadow(
    rng: np.random.Generator, pose: _Pose, outlines: list[Outline], width: int, height: int
) -> Floats:
    """How much light the shape lets through to the ground, 0 to 1, at coarse size."""
    mask = Image.new("L", (width // _COARSE, height // _COARSE))
    reach = rng.uniform(0.01, 0.05) * min(width, height) / _COARSE
    angle = rng.uniform(0, 2 * math.pi)
    _fill(mask, pose, outlines, 1 / _COARSE, (reach * math.cos(angle), reach * math.sin(angle)))
    soft = mask.filter(ImageFilter.GaussianBlur(reach * rng.uniform(0.5, 1.0)))
    depth = np.float32(rng.uniform(0.25, 0.5) / 255)
    light: Floats = 1 - np.asarray(soft, np.float32) * depth
    return light


def _ground(rng: np.random.Generator, width: int, height: int, colour: Colour, light: Floats) -> Image.Image:
    rows, columns = light.shape
    y, x = np.mgrid[-1 : 1 : rows * 1j, -1 : 1 : columns * 1j].astype(np.float32)
    angle = rng.uniform(0, 2 * math.pi)
    along = np.clip((x * math.cos(angle) + y * math.sin(angle)) * 0.5 + 0.5, 0, 1)[:, :, None]
    lightness, chroma, hue = colour
    ends = [(lightness + d, chroma, hue + t) for d, t in ((-0.06, -0.35), (0.06, 0.35))]
    image = rgb(ends[0]) * (1 - along) + rgb(ends[1]) * along
    texture = _TEXTURES[rng.integers(len(_TEXTURES))](rng, x, y * (height / width))
    shade = light * (1 + texture * rng.uniform(0.05, 0.13)) * (1 - rng.uniform(0, 0.22) * (x * x + y * y) / 2)
    image *= shade[:, :, None]
    coarse = Image.fromarray(np.clip(image, 0, 255).astype(np.uint8))
    if rng.random() < 0.35:
        coarse = coarse.resize((width // 2, height // 2), Image.Resampling.BICUBIC)
        _lines(coarse, rng, colour)
    return coarse.resize((width, height), Image.Resampling.BILINEAR)


# Textures take the two coordinates, -1 to 1 across the picture, and give values of about -1 to 1.
def _plain(_: np.random.Generator, x: Floats, __: Floats) -> Floats:
    return np.zeros_like(x)


def _clouds(rng: np.random.Generator, x: Floats, _: Floats) -> Floats:
    total = np.zeros_like(x)
    for cells, weight in ((3, 1.0), (7, 0.6), (17, 0.35)):
        small = Image.fromarray(rng.random((cells, cells), dtype=np.float32) * 2 - 1)
        total += weight * np.asarray(small.resize(x.shape[::-1], Image.Resampling.BICUBIC))
    return total


def _stripes(rng: np.random.Generator, x: Floats, y: Floats) -> Floats:
    angle, count = rng.uniform(0, math.pi), rng.uniform(8, 22)
    wave: Floats = np.sin((x * math.cos(angle) + y * math.sin(angle)) * np.float32(count * math.pi / 2))
    return np.tanh(wave * 3) * 0.6


def _tiles(rng: np.random.Generator, x: Floats, y: Floats) -> Floats:
    angle, count = rng.uniform(0, math.pi / 2), rng.uniform(5, 12)
    along, across = x * math.cos(angle) + y * math.sin(angle), y * math.cos(angle) - x * math.sin(angle)
    wave: Floats = np.sin(along * np.float32(count)) * np.sin(across * np.float32(count))
    return np.tanh(wave * 8) * 0.6


def _wood(rng: np.random.Generator, x: Floats, y: Floats) -> Floats:
    bend = _clouds(rng, x, y)
    wave: Floats = np.sin(y * np.float32(rng.uniform(18, 30)) + bend * 2.2)
    return wave * 0.6 + bend * 0.3


_TEXTURES: Final = (_plain, _clouds, _stripes, _tiles, _wood)


def _lines(picture: Image.Image, rng: np.random.Generator, colour: Colour) -> None:
    """Scratches, threads and pencil marks that lie about."""
    pen = ImageDraw.Draw(picture)
    lightness, chroma, hue = colour
    for _ in range(rng.integers(3, 10)):
        tone = rgb(
            (float(np.clip(lightness + rng.uniform(-0.16, 0.16), 0, 1)), chroma, hue + rng.uniform(-1, 1))
        )
        ends = rng.random(4) * np.array([picture.width, picture.height] * 2)
        pen.line([float(v) for v in ends], fill=tuple(int(v) for v in tone), width=int(rng.integers(1, 4)))


def _lay_on(
    picture: Image.Image,
    rng: np.random.Generator,
    pose: _Pose,
    outlines: list[Outline],
    colour: Colour,
    light: float,
) -> None:
    """Draw the shape itself: a gradient of its colour, sometimes with the light rim of a sticker."""
    corners = np.array(pose.place(_circle(), 1, (0, 0)))
    left, top = (int(v) - 2 for v in corners.min(0))
    right, bottom = (int(v) + 3 for v in corners.max(0))
    size = (right - left, bottom - top)
    mask = Image.new("L", (size[0] * _FINE, size[1] * _FINE))
    _fill(mask, pose, outlines, _FINE, (-left * _FINE, -top * _FINE))
    lightness, chroma, hue = colour
    lit = rng.uniform(-0.07, 0.07, (2, 2))
    corner_colours = [
        [rgb((lightness + lit[i, j], chroma, hue + lit[i, j] * 2)) for j in (0, 1)] for i in (0, 1)
    ]
    small = Image.fromarray(np.clip(np.array(corner_colours) * light, 0, 255).astype(np.uint8))
    fill = small.resize(size, Image.Resampling.BILINEAR)
    if rng.random() < 0.25:
        rim = Image.new("L", mask.size)
        for outline in outlines:
            line = pose.place(outline, _FINE, (-left * _FINE, -top * _FINE))
            # The first two points again: a joint is drawn between lines, not at the ends.
            pen = ImageDraw.Draw(rim)
            pen.line([*line, *line[:2]], fill=255, width=max(6, mask.width // 24), joint="curve")
        fill.paste((250, 248, 244), mask=rim.reduce(_FINE))
    picture.paste(fill, (left, top), mask.reduce(_FINE))


def _fill(
    mask: Image.Image, pose: _Pose, outlines: list[Outline], scale: float, shift: tuple[float, float]
) -> None:
    pen = ImageDraw.Draw(mask)
    for outline, value in zip(outlines, (255, 0), strict=False):
        pen.polygon(pose.place(outline, scale, shift), fill=value)


def _photograph(picture: Image.Image, rng: np.random.Generator, sheets: Sequence[Image.Image]) -> Image.Image:
    """Focus and grain of a camera: mostly good, now and then poor."""
    blur, poor_focus = rng.uniform(0.003, 0.01) * min(picture.size), rng.random() < 0.25
    if poor_focus:
        picture = picture.filter(ImageFilter.BoxBlur(blur))
    sheet = sheets[int(rng.integers(len(sheets)))]
    left, top = (int(rng.integers(_GRAIN_SIDE - side + 1)) for side in picture.size)
    cut = sheet.crop((left, top, left + picture.width, top + picture.height))
    return ImageChops.add(picture, cut, 1, -128)
