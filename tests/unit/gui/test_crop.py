"""The frame of what a network sees."""

import pytest

from cnngui.engine.spec import ImageSpec
from cnngui.gui import crop


@pytest.mark.parametrize(
    ("size", "spec", "seen"),
    [
        ((400, 300), None, (50, 0, 300, 300)),
        ((300, 400), ImageSpec(32, 32), (0, 50, 300, 300)),
        ((400, 300), ImageSpec(224, 256), (68.75, 18.75, 262.5, 262.5)),
        ((400, 300), ImageSpec(32, 32, fit="pad"), (0, 0, 400, 300)),
        ((400, 300), ImageSpec(32, 64, fit="pad"), (100, 50, 200, 200)),
        ((400, 300), ImageSpec(32, 64, fit="stretch"), (100, 75, 200, 150)),
    ],
)
def test_seen(size: tuple[int, int], spec: ImageSpec | None, seen: tuple[float, ...]) -> None:
    assert crop.seen(*size, spec).getRect() == pytest.approx(seen)
