import numpy as np
import pytest
import torch
from PIL import Image
from torchvision.transforms import v2

from cnngui.engine.fitting import square
from cnngui.engine.pipeline import ImagePipeline
from cnngui.engine.spec import ImageSpec


def photo(height: int, width: int) -> np.ndarray:
    rows, columns = np.mgrid[0:height, 0:width]
    return np.stack([rows * 255 // height, columns * 255 // width, (rows + columns) % 256], 2).astype(
        np.uint8
    )


@pytest.mark.parametrize(("height", "width"), [(300, 400), (512, 384), (40, 900), (1, 1), (20, 20)])
@pytest.mark.parametrize("fit", ["crop", "pad", "stretch"])
def test_prepare_gives_a_square_of_uint8(height: int, width: int, fit: str) -> None:
    prepared = ImagePipeline(ImageSpec(24, 32, fit)).prepare(photo(height, width))  # type: ignore[arg-type]
    assert prepared.shape == (32, 32, 3)
    assert prepared.dtype == np.uint8


def test_agrees_with_the_transforms_that_torchvisions_weights_were_made_with() -> None:
    image = photo(300, 400)
    pipeline = ImagePipeline(ImageSpec(224, 256))
    ours = pipeline.to_batch(torch.from_numpy(np.stack([pipeline.prepare(image)])).permute(0, 3, 1, 2))
    theirs = v2.Compose(
        [
            v2.Resize(256, antialias=True),
            v2.CenterCrop(224),
            v2.PILToTensor(),
            v2.ToDtype(torch.float32, scale=True),
            v2.Normalize(pipeline.spec.mean, pipeline.spec.std),
        ]
    )(Image.fromarray(image))
    # The ramp wraps around in the third channel, where half a pixel of a window shows; hence the median.
    assert (ours[0] - theirs).abs().median() < 0.02


def test_crop_takes_the_middle_and_pad_keeps_everything() -> None:
    image = np.zeros((10, 30, 3), np.uint8)
    image[:, 10:20] = 255
    assert (ImagePipeline(ImageSpec(10, 10, "crop")).prepare(image) == 255).all()
    padded = ImagePipeline(ImageSpec(30, 30, "pad")).prepare(image)
    assert (padded[0] == 128).all()
    assert (padded[15, 15] == 255).all()
    assert (padded[15, 2] == 0).all()


def test_to_batch_normalises_the_middle() -> None:
    pipeline = ImagePipeline(ImageSpec(2, 4, mean=(0.5, 0.5, 0.5), std=(0.25, 0.5, 1.0)))
    images = torch.zeros(1, 3, 4, 4, dtype=torch.uint8)
    images[..., 1:3, 1:3] = 255
    batch = pipeline.to_batch(images)
    assert batch.shape == (1, 3, 2, 2)
    assert batch.dtype == torch.float32
    assert torch.allclose(batch[0, :, 0, 0], torch.tensor([2.0, 1.0, 0.5]), atol=1e-6)


@pytest.mark.parametrize("margin", [0, 3])
def test_the_layout_stays_and_changes_no_number(margin: int) -> None:
    pipeline = ImagePipeline(ImageSpec(8, 8 + 2 * margin, mean=(0.5, 0.4, 0.3), std=(0.25, 0.5, 1.0)))
    side = pipeline.spec.resize
    planes = torch.randint(0, 256, (5, 3, side, side), dtype=torch.uint8)
    last = pipeline.to_batch(planes.contiguous(memory_format=torch.channels_last))
    assert torch.equal(last, pipeline.to_batch(planes))
    assert last.is_contiguous(memory_format=torch.channels_last)
    mean, std = (torch.tensor(each).view(3, 1, 1) for each in (pipeline.spec.mean, pipeline.spec.std))
    middle = planes[..., margin : margin + 8, margin : margin + 8]
    assert torch.allclose(last, (middle / 255 - mean) / std, atol=1e-6)
    assert pipeline.to_batch(planes[:0].contiguous(memory_format=torch.channels_last)).shape == (0, 3, 8, 8)


def test_square_is_the_middle() -> None:
    assert square(400, 300) == (50, 0, 350, 300)
    assert square(3, 8) == (0, 2.5, 3, 5.5)
