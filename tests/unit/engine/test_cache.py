import shutil
from pathlib import Path

import numpy as np
import pytest
from filelock import FileLock

from cnngui import settings
from cnngui.cancel import Cancel
from cnngui.data.decode import Rgb, decode
from cnngui.data.index import DatasetIndex, Unreadable
from cnngui.engine import cache
from cnngui.engine.cache import Cached, open_cache
from cnngui.engine.events import Decoding
from cnngui.engine.pipeline import ImagePipeline
from cnngui.engine.reader import read_prepared
from cnngui.engine.spec import ImageSpec
from cnngui.errors import RequestError
from tests.pictures import scanned, touch_later

PIPELINE = ImagePipeline(ImageSpec(16, 20))


def opened(index: DatasetIndex, pipeline: ImagePipeline = PIPELINE) -> tuple[Cached, list[Decoding]]:
    *progress, cached = open_cache(index, pipeline, Cancel())
    assert isinstance(cached, Cached)
    return cached, [item for item in progress if isinstance(item, Decoding)]


def files() -> list[Path]:
    return sorted((settings.cache_dir() / "pictures").glob("*/*.u8"))


def test_rows_are_the_prepared_pictures_in_order(pictures: Path) -> None:
    index = scanned(pictures)
    cached, progress = opened(index)
    assert cached.pixels.shape == (60, 20, 20, 3)
    for row, record in enumerate(index.records):
        image = decode(index.file(record), 20)
        assert np.array_equal(cached.pixels[row], PIPELINE.prepare(image))  # type: ignore[arg-type]
    assert len(set(cached.hashes)) == 60
    assert progress[-1].done == progress[-1].total == 60


def test_a_second_opening_decodes_nothing(pictures: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    index = scanned(pictures)
    first, _ = opened(index)
    monkeypatch.setattr(cache, "read_prepared", None)  # any decoding would now fail
    second, progress = opened(index)
    assert not progress
    assert np.array_equal(first.pixels, second.pixels)
    assert first.hashes == second.hashes


def test_a_changed_folder_costs_only_what_changed(pictures: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    opened(scanned(pictures))
    shutil.copy(pictures / "red" / "00.png", pictures / "blue" / "new.png")
    (pictures / "green" / "03.png").unlink()
    touch_later(pictures / "green" / "04.png")
    read = []

    def watched(path: Path, spec: ImageSpec) -> Rgb | Unreadable:
        read.append(path.relative_to(pictures).as_posix())
        return read_prepared(path, spec)

    monkeypatch.setattr(cache, "read_prepared", watched)
    index = scanned(pictures)
    cached, _ = opened(index)
    assert sorted(read) == ["blue/new.png", "green/04.png"]
    paths = [record.path for record in index.records]
    assert cached.hashes[paths.index("blue/new.png")] == cached.hashes[paths.index("red/00.png")]
    for row, record in enumerate(index.records):
        image = decode(index.file(record), 20)
        assert np.array_equal(cached.pixels[row], PIPELINE.prepare(image))  # type: ignore[arg-type]
    assert len(files()) == 1


def test_unreadable_pictures_are_said_again_and_read_again(pictures: Path) -> None:
    (pictures / "red" / "05.png").write_bytes(b"not a picture")
    index = scanned(pictures)
    row = [record.path for record in index.records].index("red/05.png")
    for _ in range(2):
        cached, _ = opened(index)
        assert list(cached.unreadable) == [row]
        assert not cached.pixels[row].any()
    shutil.copy(pictures / "red" / "06.png", pictures / "red" / "05.png")
    cached, _ = opened(scanned(pictures))
    assert not cached.unreadable
    assert cached.pixels[row].any()


def test_each_picture_size_has_its_own(pictures: Path) -> None:
    index = scanned(pictures)
    opened(index)
    other, _ = opened(index, ImagePipeline(ImageSpec(8, 8)))
    assert other.pixels.shape == (60, 8, 8, 3)
    assert len(files()) == 2


@pytest.mark.parametrize("harm", ["pixels cut short", "contents cut short", "pixels gone"])
def test_a_damaged_cache_is_made_anew(pictures: Path, harm: str) -> None:
    index = scanned(pictures)
    before, _ = opened(index)
    copy = np.array(before.pixels)
    (pixels,) = files()
    if harm == "contents cut short":
        contents = pixels.with_name("contents.json")
        contents.write_bytes(contents.read_bytes()[:100])
    elif harm == "pixels gone":
        pixels.unlink()
    else:
        shutil.copyfile(pixels, pixels.with_suffix(".copy"))  # the map of `before` keeps the old file
        pixels.unlink()
        pixels.write_bytes(pixels.with_suffix(".copy").read_bytes()[:1000])
    after, progress = opened(index)
    assert progress
    assert np.array_equal(after.pixels, copy)


def test_a_stop_leaves_nothing_half(pictures: Path) -> None:
    cancel = Cancel()
    cancel.stop()
    assert list(open_cache(scanned(pictures), PIPELINE, cancel)) == []
    assert not files()


def test_a_disk_without_room_is_said_before_anything_is_decoded(
    pictures: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cache, "_SPARE_BYTES", 2**60)
    with pytest.raises(RequestError, match="make room"):
        list(open_cache(scanned(pictures), PIPELINE, Cancel()))
    assert not files()


def test_the_oldest_caches_go_when_the_limit_is_reached(pictures: Path) -> None:
    index = scanned(pictures)
    settings.save(settings.Settings(cache_limit_gb=0.0))
    opened(index)
    opened(index, ImagePipeline(ImageSpec(8, 8)))
    (only,) = files()  # the newest is never removed
    assert only.stat().st_size == 60 * 8 * 8 * 3


def test_pictures_that_another_training_is_preparing_are_left(pictures: Path) -> None:
    index = scanned(pictures)
    settings.save(settings.Settings(cache_limit_gb=0.0))
    opened(index)
    (making,) = files()
    with FileLock(making.with_name("lock")):
        opened(index, ImagePipeline(ImageSpec(8, 8)))
        assert making in files()
    opened(index, ImagePipeline(ImageSpec(24, 24)))
    assert len(files()) == 1


def test_a_vanished_folder_makes_every_picture_unreadable(pictures: Path) -> None:
    index = scanned(pictures)
    shutil.rmtree(pictures)
    cached, _ = opened(index)
    assert len(cached.unreadable) == 60
