"""Which part of a picture a network sees, for drawing a frame around it."""

from PySide6.QtCore import QRectF

from cnngui.engine.spec import ImageSpec


def seen(width: int, height: int, spec: ImageSpec | None) -> QRectF:
    """The part of a `width` × `height` picture that a network with `spec` sees, in the picture's own units.

    Follows :class:`ImageSpec`: the picture is brought to `resize` × `resize` as `fit` says, and the network
    sees the middle `size` × `size` of that. With `pad` the frame never reaches beyond the picture, as there
    is only grey. Without a spec: the middle square.
    """
    share = spec.size / spec.resize if spec else 1.0
    fit = spec.fit if spec else "crop"
    if fit == "stretch":
        wide, high = width * share, height * share
    else:
        side = (min(width, height) if fit == "crop" else max(width, height)) * share
        wide, high = min(side, width), min(side, height)
    return QRectF((width - wide) / 2, (height - high) / 2, wide, high)
