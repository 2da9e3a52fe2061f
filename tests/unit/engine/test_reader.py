import io
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from cnngui.cancel import Cancel
from cnngui.data.decode import Rgb, decode
from cnngui.data.index import Unreadable
from cnngui.engine.pipeline import ImagePipeline
from cnngui.engine.reader import plain_jpeg_size, read_prepared, reading
from cnngui.engine.spec import ImageSpec

PIPELINE = ImagePipeline(ImageSpec(32, 32))


def jpeg(image: Image.Image, **options: object) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, "JPEG", **options)
    return buffer.getvalue()


def noise(height: int, width: int, seed: int = 0) -> Image.Image:
    pixels = np.random.default_rng(seed).integers(0, 256, (height, width, 3), dtype=np.uint8)
    return Image.fromarray(pixels)


@pytest.mark.parametrize("subsampling", [0, 1, 2])
@pytest.mark.parametrize("quality", [30, 75, 100])
@pytest.mark.parametrize("progressive", [False, True])
def test_the_quick_way_gives_the_pixels_of_the_reference(
    tmp_path: Path, subsampling: int, quality: int, progressive: bool
) -> None:
    sizes = [(32, 32), (31, 33), (64, 40), (127, 100), (1, 1), (17, 300)]
    for number, (height, width) in enumerate(sizes):
        options = {"quality": quality, "subsampling": subsampling, "progressive": progressive}
        data = jpeg(noise(height, width, number), **options)
        assert plain_jpeg_size(data) == (height, width)
        file = tmp_path / f"{number}.jpg"
        file.write_bytes(data)
        reference = decode(file, PIPELINE.spec.resize)
        prepared = read_prepared(file, PIPELINE.spec)
        assert not isinstance(reference, Unreadable)
        assert not isinstance(prepared, Unreadable)
        assert np.array_equal(prepared, PIPELINE.prepare(reference))


def test_only_plain_jpegs_go_the_quick_way() -> None:
    picture = noise(20, 20)
    plain = jpeg(picture)
    assert plain_jpeg_size(plain) == (20, 20)
    exif = Image.Exif()
    exif[0x0112] = 6
    odd = {
        "turned by its EXIF": jpeg(picture, exif=exif),
        "with a colour profile": jpeg(picture, icc_profile=b"profile"),
        "grey": jpeg(picture.convert("L")),
        "CMYK": jpeg(picture.convert("CMYK")),
        "cut short": plain[:-200],
        "cut in its header": plain[:30],
        "with something behind its end": plain + b"more",
        "a PNG": b"\x89PNG\r\n\x1a\n",
        "empty": b"",
        "only its start": b"\xff\xd8",
    }
    assert {what: plain_jpeg_size(data) for what, data in odd.items()} == dict.fromkeys(odd)


def test_a_damaged_file_is_a_value_with_a_reason(tmp_path: Path) -> None:
    good = jpeg(noise(60, 60))
    broken = {
        "cut.jpg": good[: len(good) // 2],
        "cut_but_ended.jpg": good[: len(good) // 2] + b"\xff\xd9",
        "text.jpg": b"Dear diary",
        "empty.jpg": b"",
        "header_only.jpg": b"\xff\xd8\xff\xd9",
    }
    for name, data in broken.items():
        (tmp_path / name).write_bytes(data)
        found = read_prepared(tmp_path / name, PIPELINE.spec)
        assert isinstance(found, Unreadable), name
        assert found.reason.endswith("."), name
    assert isinstance(read_prepared(tmp_path / "not there.jpg", PIPELINE.spec), Unreadable)
    assert isinstance(read_prepared(tmp_path, PIPELINE.spec), Unreadable)


def test_reads_in_the_order_given(tmp_path: Path) -> None:
    paths = []
    for number in range(50):
        path = tmp_path / f"{number}.png"
        Image.new("RGB", (200 if number % 3 else 2, 3), (number, 0, 0)).save(path)
        paths.append(path)
    paths[10].write_bytes(b"")
    with reading(iter(paths), PIPELINE.spec, Cancel()) as pictures:
        found = list(pictures)
    assert [path for path, _ in found] == paths
    assert isinstance(found[10][1], Unreadable)
    reds = [int(image[0, 0, 0]) for _, image in found if not isinstance(image, Unreadable)]
    assert reds == [number for number in range(50) if number != 10]


def test_a_stop_ends_it_and_endless_input_is_taken_lazily(tmp_path: Path) -> None:
    path = tmp_path / "one.png"
    Image.new("RGB", (3, 3)).save(path)
    cancel = Cancel()
    taken = 0

    def endless() -> Iterator[Path]:
        nonlocal taken
        while True:
            taken += 1
            yield path

    with reading(endless(), PIPELINE.spec, cancel) as pictures:
        seen = 0
        for _ in pictures:
            seen += 1
            if seen == 20:
                cancel.stop()
    assert seen == 20
    assert taken < 2200


def test_reading_begins_before_the_first_picture_is_asked_for(tmp_path: Path) -> None:
    taken = threading.Event()

    def one() -> Iterator[Path]:
        taken.set()
        yield tmp_path / "not there.png"

    with reading(one(), PIPELINE.spec, Cancel()):
        assert taken.is_set()


def test_photographs_are_read_without_torch(tmp_path: Path) -> None:
    Image.new("RGB", (3000, 2000)).save(tmp_path / "photo.bmp")
    code = (
        "import sys\nfrom cnngui.engine.reader import read_prepared\n"
        "from cnngui.engine.spec import ImageSpec\n"
        "print(read_prepared(sys.argv[1], ImageSpec(32, 32)).shape, 'torch' in sys.modules)"
    )
    command = [sys.executable, "-c", code, str(tmp_path / "photo.bmp")]
    ran = subprocess.run(command, capture_output=True, text=True, check=False)
    assert ran.stdout == "(32, 32, 3) False\n", ran.stderr


def test_what_fails_after_decoding_is_not_blamed_on_the_file(tmp_path: Path) -> None:
    file = tmp_path / "good.png"
    Image.new("RGB", (4, 4)).save(file)

    def faulty(_picture: Image.Image) -> Rgb:
        raise ValueError("a fault of our own")

    def hungry(_picture: Image.Image) -> Rgb:
        raise MemoryError

    with pytest.raises(ValueError, match="of our own"):
        decode(file, None, faulty)
    assert decode(file, None, hungry) == Unreadable(
        str(file), "There is not enough memory to open the picture."
    )
