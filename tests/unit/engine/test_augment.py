import torch

from cnngui.engine.augment import erased, gather, middle_windows, random_windows


def test_middle_windows_gather_the_middle_of_the_right_pictures() -> None:
    pixels = torch.randint(0, 256, (5, 6, 6, 3), dtype=torch.uint8)
    numbers = torch.tensor([4, 0, 4])
    images = gather(pixels, numbers, *middle_windows(3, 6, 4))
    assert images.shape == (3, 3, 4, 4)
    assert torch.equal(images, pixels[numbers, 1:5, 1:5].permute(0, 3, 1, 2))


def test_random_windows_are_shifts_and_flips_of_the_mirrored_picture() -> None:
    side = 16
    pixels = torch.randint(0, 256, (1, side, side, 3), dtype=torch.uint8)
    mirrored = torch.nn.functional.pad(
        pixels.permute(0, 3, 1, 2).float(), (2, 2, 2, 2), mode="reflect"
    ).byte()
    allowed = {
        bytes(view[..., y : y + side, x : x + side].contiguous().numpy().tobytes())
        for view in (mirrored, mirrored.flip(3))
        for y in range(5)
        for x in range(5)
    }
    generator = torch.Generator().manual_seed(0)
    numbers = torch.zeros(400, dtype=torch.long)
    mirror = torch.arange(400) % 2 == 0
    images = gather(pixels, numbers, *random_windows(mirror, side, side, 0.125, generator)).contiguous()
    seen = {bytes(image[None].numpy().tobytes()) for image in images}
    assert seen <= allowed
    assert len(seen) > 40  # of 50: every kind of window comes up


def test_larger_cached_pictures_are_cropped_anywhere() -> None:
    generator = torch.Generator().manual_seed(0)
    mirror = torch.arange(500) % 3 == 0
    rows, columns = random_windows(mirror, 40, 32, 0.125, generator)
    assert rows.shape == columns.shape == (500, 32)
    assert rows.min() == 0
    assert rows.max() == 39
    assert int((rows[:, 0] > rows[:, -1]).sum()) == 0  # never upside down
    assert torch.equal(columns[:, 0] > columns[:, -1], mirror)


def test_a_one_pixel_picture_survives() -> None:
    rows, columns = random_windows(
        torch.ones(3, dtype=torch.bool), 1, 1, 0.125, torch.Generator().manual_seed(0)
    )
    assert rows.tolist() == columns.tolist() == [[0], [0], [0]]


def test_erased_is_a_square_of_the_right_size_anywhere() -> None:
    mask = erased(300, 32, 0.25, torch.Generator().manual_seed(0))
    assert mask.shape == (300, 1, 32, 32)
    assert mask.dtype == torch.bool
    areas = mask.sum((1, 2, 3))
    assert areas.max() == 64
    assert areas.min() < 64  # at the edge a part of the square lies outside
    for one in mask[:20, 0]:
        rows, columns = one.any(1), one.any(0)
        assert torch.equal(one, rows[:, None] & columns[None, :])
    assert mask.any(0).all()
