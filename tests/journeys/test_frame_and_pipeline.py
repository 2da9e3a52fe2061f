"""The frame that the window draws and the picture that the network gets are the same."""

import numpy as np
import pytest
import torch

from cnngui.engine.pipeline import ImagePipeline
from cnngui.engine.spec import Fit, ImageSpec
from cnngui.gui import crop


@pytest.mark.parametrize("fit", ["crop", "pad", "stretch"])
def test_the_frame_is_what_the_pipeline_takes(fit: Fit) -> None:
    """The one preprocessing path and the frame must agree: a picture that is white inside the frame and
    black outside comes out of the pipeline white."""
    spec = ImageSpec(48, 64, fit=fit)
    high, wide = 240, 400
    picture = np.zeros((high, wide, 3), np.uint8)
    seen = crop.seen(wide, high, spec).toRect()
    picture[seen.top() : seen.bottom() + 1, seen.left() : seen.right() + 1] = 255
    pipeline = ImagePipeline(spec)
    prepared = torch.from_numpy(np.array(pipeline.prepare(picture))).permute(2, 0, 1)[None]
    batch = pipeline.to_batch(prepared)
    mean, std = torch.tensor(spec.mean), torch.tensor(spec.std)
    back = batch[0].permute(1, 2, 0) * std + mean
    inner = back[2:-2, 2:-2]  # the edge is blended when the picture is scaled
    if fit == "pad":  # above and below there is grey where the picture ends
        inner = back[14:-14, 2:-2]
    assert inner.min() > 0.97
