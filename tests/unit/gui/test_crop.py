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


def test_the_frame_is_what_the_pipeline_takes() -> None:
    """The one preprocessing path and the frame must agree: a picture that is white inside the frame and
    black outside comes out of the pipeline white."""
    torch = pytest.importorskip("torch")
    np = pytest.importorskip("numpy")
    from cnngui.engine.pipeline import ImagePipeline

    for fit in ("crop", "pad", "stretch"):
        spec = ImageSpec(48, 64, fit=fit)
        high, wide = 240, 400
        picture = np.zeros((high, wide, 3), np.uint8)
        x, y, w, h = (round(value) for value in crop.seen(wide, high, spec).getRect())
        picture[y : y + h, x : x + w] = 255
        pipeline = ImagePipeline(spec)
        prepared = torch.from_numpy(np.array(pipeline.prepare(picture))).permute(2, 0, 1)[None]
        batch = pipeline.to_batch(prepared)
        mean, std = torch.tensor(spec.mean), torch.tensor(spec.std)
        back = batch[0].permute(1, 2, 0) * std + mean
        inner = back[2:-2, 2:-2]  # the edge is blended when the picture is scaled
        if fit == "pad":  # above and below there is grey where the picture ends
            inner = back[14:-14, 2:-2]
        assert inner.min() > 0.97, fit
