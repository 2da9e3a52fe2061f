"""What several widgets paint alike: pictures with round corners, the frame of what the network sees, bars."""

from collections.abc import Sequence

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPainterPath, QPen, QPixmap

from cnngui.engine.results import Guess
from cnngui.engine.spec import ImageSpec
from cnngui.gui import crop, icons, text, theme

BAR_ROW = 32  # height of a class with its bar


def filled(painter: QPainter, pixmap: QPixmap, where: QRectF, radius: float) -> None:
    """The picture's middle, filling `where`."""
    side = where.width() / where.height()
    wide, high = float(pixmap.width()), float(pixmap.height())
    part = QRectF(0, 0, min(wide, high * side), min(high, wide / side))
    part.moveCenter(QRectF(0, 0, wide, high).center())
    _clipped(painter, pixmap, where, part, radius)


def whole(painter: QPainter, pixmap: QPixmap, where: QRectF, radius: float) -> QRectF:
    """The whole picture within `where`; returns the place it takes."""
    place = fitted(pixmap.width(), pixmap.height(), where)
    _clipped(painter, pixmap, place, QRectF(pixmap.rect()), radius)
    return place


def fitted(width: int, height: int, where: QRectF) -> QRectF:
    """The largest place of a picture's proportions in the middle of `where`."""
    scale = min(where.width() / max(1, width), where.height() / max(1, height))
    place = QRectF(0, 0, width * scale, height * scale)
    place.moveCenter(where.center())
    return place


def frame(painter: QPainter, place: QRectF, pixmap: QPixmap, spec: ImageSpec | None, radius: float) -> None:
    """Dim what the network does not see of the picture at `place` and frame what it does."""
    scale = place.width() / max(1, pixmap.width())
    part = crop.seen(pixmap.width(), pixmap.height(), spec)
    inner = QRectF(
        place.left() + part.left() * scale,
        place.top() + part.top() * scale,
        part.width() * scale,
        part.height() * scale,
    )
    if place.width() - inner.width() < 1 and place.height() - inner.height() < 1:
        return  # it sees everything
    outside = QPainterPath()
    outside.addRoundedRect(place, radius, radius)
    hole = QPainterPath()
    hole.addRect(inner)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(theme.colour("scrim", 0.62))
    painter.drawPath(outside.subtracted(hole))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(Qt.GlobalColor.white, 1.5))
    painter.drawRoundedRect(inner.adjusted(1, 1, -1, -1), 2, 2)


def placeholder(painter: QPainter, where: QRectF, radius: float, icon: str = "") -> None:
    """Where a picture will be, or cannot be."""
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(theme.colour("sunken"))
    painter.drawRoundedRect(where, radius, radius)
    if icon:
        mark = QRectF(0, 0, 28, 28)
        mark.moveCenter(where.center())
        icons.draw(painter, icon, mark, "faint")


def bars(painter: QPainter, where: QRectF, top: Sequence[Guess], sure: bool, rows: int) -> None:
    """The best `rows` classes, each with its name, its probability and a bar; the first is the answer."""
    for place, guess in enumerate(top[:rows]):
        line = QRectF(where.left(), where.top() + place * BAR_ROW, where.width(), BAR_ROW)
        _bar(painter, line, guess, first=place == 0, sure=sure)


def _bar(painter: QPainter, line: QRectF, guess: Guess, first: bool, sure: bool) -> None:
    figures = theme.font(13, theme.MEDIUM if first else theme.REGULAR, figures=True)
    painter.setFont(figures)
    painter.setPen(theme.colour("text" if first else "soft"))
    number = QRectF(line.right() - 56, line.top(), 56, 20)
    painter.drawText(
        number, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, text.percent(guess.probability)
    )
    face = theme.font(13, theme.MEDIUM if first else theme.REGULAR)
    painter.setFont(face)
    name = QRectF(line.left(), line.top(), line.width() - 60, 20)
    painter.drawText(name, Qt.AlignmentFlag.AlignVCenter, theme.elide(guess.label, face, int(name.width())))
    track = QRectF(line.left(), line.top() + 21, line.width(), 6)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(theme.colour("sunken"))
    painter.drawRoundedRect(track, 3, 3)
    wide = track.width() * max(0.0, min(1.0, guess.probability))
    if guess.probability > 0:
        painter.setBrush(theme.colour(("accent" if sure else "warn") if first else "bar"))
        clip = QPainterPath()
        clip.addRoundedRect(track, 3, 3)
        painter.save()
        painter.setClipPath(clip)
        painter.drawRoundedRect(QRectF(track.left(), track.top(), max(wide, 2), 6), 3, 3)
        painter.restore()


def _clipped(painter: QPainter, pixmap: QPixmap, where: QRectF, part: QRectF, radius: float) -> None:
    path = QPainterPath()
    path.addRoundedRect(where, radius, radius)
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
    painter.setClipPath(path)
    painter.drawPixmap(where, pixmap, part)
    painter.restore()
