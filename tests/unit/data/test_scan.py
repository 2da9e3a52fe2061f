"""Scanning real folders."""

import os
import shutil
import socket
import sys
import zipfile
from collections import Counter
from pathlib import Path

import pytest

from cnngui.cancel import Cancel
from cnngui.data.decode import decode, reduced_side
from cnngui.data.formats import installed, needs
from cnngui.data.index import UNLABELLED, DatasetIndex, ScanProgress, Split, Unreadable, scan
from cnngui.errors import RequestError
from tests.unit.data.making import index_of, make, meant

posix_only = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such files")


def reasons(items: tuple[object, ...]) -> dict[str, str]:
    return {item.path: item.reason for item in items}  # type: ignore[attr-defined]


def test_class_folders(tmp_path: Path) -> None:
    make(tmp_path, "bees/b.JPG", "Ants/a 1.png", "Ants/🐜 ünï.gif", "cats/x.WebP")
    index = index_of(tmp_path)
    assert index.root == tmp_path
    assert index.classes == ("Ants", "bees", "cats")
    assert index.labelled
    assert [(record.path, record.label) for record in index.records] == [
        ("Ants/a 1.png", 0),
        ("Ants/🐜 ünï.gif", 0),
        ("bees/b.JPG", 1),
        ("cats/x.WebP", 2),
    ]
    status = (tmp_path / "bees/b.JPG").stat()
    record = index.records[2]
    assert (record.size, record.mtime_ns, record.split) == (status.st_size, status.st_mtime_ns, Split.UNSPLIT)
    assert index.file(record).samefile(tmp_path / "bees/b.JPG")
    assert (index.unreadable, index.ignored, index.notes) == ((), (), ())


def test_a_flat_folder_is_unlabelled_and_says_so(tmp_path: Path) -> None:
    make(tmp_path, "a.png", "b.png")
    index = index_of(tmp_path)
    assert not index.labelled
    assert [record.label for record in index.records] == [UNLABELLED, UNLABELLED]
    assert index.notes == ("The pictures do not lie in class folders, so they have no classes.",)


def test_a_class_missing_from_a_split_shifts_no_label(tmp_path: Path) -> None:
    make(
        tmp_path, "train/ant/1.png", "train/bee/1.png", "train/cat/1.png", "test/ant/2.png", "test/cat/2.png"
    )
    index = index_of(tmp_path)
    assert meant(index)["test/cat/2.png"] == ("test", "cat")
    assert "“bee” has no test pictures." in index.notes


def test_an_empty_class_folder_is_no_class(tmp_path: Path) -> None:
    make(tmp_path, "ant/1.png", "bee/1.png", "cat/", "dog/none/")
    index = index_of(tmp_path)
    assert index.classes == ("ant", "bee")
    assert index.notes == ("“cat” and “dog” hold no pictures: no class was made of that.",)


def test_an_empty_folder_gives_an_index_without_records(tmp_path: Path) -> None:
    index = index_of(tmp_path)
    assert (index.records, index.classes, index.notes) == ((), (), ())


def test_what_is_passed_over(tmp_path: Path) -> None:
    make(tmp_path, "a/1.png", "b/1.png", "a/.hidden.png", ".git/x.png", "__MACOSX/a/1.png", "a/@eaDir/1.png")
    for name in (".DS_Store", "a/Thumbs.db", "b/desktop.ini", "readme.txt", "b/._1.png", "b/Makefile"):
        (tmp_path / name).write_bytes(b"words")
    index = index_of(tmp_path)
    assert [record.path for record in index.records] == ["a/1.png", "b/1.png"]
    assert reasons(index.ignored) == {
        ".DS_Store": "It is hidden.",
        ".git": "It is hidden.",
        "__MACOSX": "It belongs to the operating system.",
        "a/.hidden.png": "It is hidden.",
        "a/@eaDir": "It belongs to the operating system.",
        "a/Thumbs.db": "It belongs to the operating system.",
        "b/._1.png": "It is hidden.",
        "b/Makefile": "It is not a picture.",
        "b/desktop.ini": "It belongs to the operating system.",
        "readme.txt": "It is not a picture.",
    }
    assert index.unreadable == ()


def test_what_cannot_be_read_is_named(tmp_path: Path) -> None:
    make(tmp_path, "a/1.png", "b/1.png")
    for name in ("a/empty.jpg", "a/empty"):
        (tmp_path / name).touch()
    (tmp_path / "b/raw.CR2").write_bytes(b"II*\0raw")
    index = index_of(tmp_path)
    assert len(index.records) == 2
    assert reasons(index.unreadable) == {
        "a/empty.jpg": "The file is empty.",
        "b/raw.CR2": "Raw camera files cannot be read: save the picture as JPEG or TIFF.",
    }
    assert reasons(index.ignored) == {"a/empty": "It is not a picture."}


@pytest.mark.skipif(installed("HEIF"), reason="pillow-heif is installed")
def test_pictures_whose_library_is_missing_are_named_too(tmp_path: Path) -> None:
    make(tmp_path, "a/1.png", "b/1.HEIC")
    assert reasons(index_of(tmp_path).unreadable) == {"b/1.HEIC": needs("HEIF")}


def test_a_picture_without_a_suffix_is_known_by_its_first_bytes(tmp_path: Path) -> None:
    make(tmp_path, "a/one", "b/two")
    (tmp_path / "a/notes").write_text("not a picture")
    index = index_of(tmp_path)
    assert [record.path for record in index.records] == ["a/one", "b/two"]


@posix_only
def test_names_that_are_not_utf_8(tmp_path: Path) -> None:
    try:
        (tmp_path / os.fsdecode(b"caf\xe9")).mkdir()
    except OSError:
        pytest.skip("this file system takes only UTF-8 names")
    make(tmp_path, os.fsdecode(b"caf\xe9/\xff\xfe.png"), "tea/new\nline.png")
    index = index_of(tmp_path)
    assert index.classes == ("caf\\xe9", "tea")
    first = index.records[0]
    assert os.fsencode(first.path) == b"caf\xe9/\xff\xfe.png"
    assert index.file(first).exists()
    "".join((*index.classes, *index.notes, index.fingerprint)).encode()


@posix_only
def test_links(tmp_path: Path) -> None:
    root = tmp_path / "root"
    make(root, "a/1.png", "b/1.png")
    make(tmp_path, "elsewhere/2.png")
    (root / "a/loop").symlink_to(root)
    (root / "a/itself").symlink_to(root / "a/itself")
    (root / "a/broken.png").symlink_to(tmp_path / "nothing.png")
    (root / "a/linked.png").symlink_to(tmp_path / "elsewhere/2.png")
    (root / "again").symlink_to(root / "b")
    (root / "c").symlink_to(tmp_path / "elsewhere")
    index = index_of(root)
    assert meant(index) == {
        "a/1.png": ("", "a"),
        "a/linked.png": ("", "a"),
        "b/1.png": ("", "b"),
        "c/2.png": ("", "c"),
    }
    assert reasons(index.unreadable)["a/broken.png"] == "It is a link to a file that does not exist."
    assert reasons(index.ignored)["a/loop"] == "It is a link to a folder that is read already."
    assert reasons(index.ignored)["again"] == "It is a link to a folder that is read already."
    assert "a/itself" in reasons(index.unreadable) | reasons(index.ignored)


@posix_only
def test_pipes_and_sockets_are_never_opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    if sys.platform == "win32":
        return
    make(tmp_path, "a/1.png", "b/1.png")
    os.mkfifo(tmp_path / "a/pipe.jpg")
    os.mkfifo(tmp_path / "a/pipe")
    monkeypatch.chdir(tmp_path / "b")  # a socket's path has to be short
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind("s.png")
        index = index_of(tmp_path)
    assert len(index.records) == 2
    assert set(reasons(index.ignored)) == {"a/pipe.jpg", "a/pipe", "b/s.png"}


def test_an_unreadable_folder_is_named_and_the_rest_read(guarded: Path) -> None:
    make(guarded, "a/1.png", "b/1.png", "c/1.png")
    (guarded / "b").chmod(0)
    index = index_of(guarded)
    assert index.classes == ("a", "c")
    assert reasons(index.unreadable) == {"b": "It may not be read: permission denied."}


def test_a_file_without_suffix_that_may_not_be_read(guarded: Path) -> None:
    make(guarded, "a/1.png", "b/1")
    (guarded / "b/1").chmod(0)
    assert reasons(index_of(guarded).unreadable) == {"b/1": "It may not be read: permission denied."}


def test_a_root_that_may_not_be_read(guarded: Path) -> None:
    make(guarded, "root/a.png")
    (guarded / "root").chmod(0)
    with pytest.raises(RequestError, match="permission denied"):
        index_of(guarded / "root")


def test_a_root_that_is_missing_or_a_file(tmp_path: Path) -> None:
    with pytest.raises(RequestError, match="There is no folder"):
        index_of(tmp_path / "nowhere")
    make(tmp_path, "x.png")
    with pytest.raises(RequestError, match="is a file, not a folder"):
        index_of(tmp_path / "x.png")
    with pytest.raises(RequestError):
        index_of(tmp_path / "x.png" / "below")
    with pytest.raises(RequestError, match="cannot be read"):
        index_of(tmp_path / "a\0b")


def test_progress_and_the_index_last(tmp_path: Path) -> None:
    for label in "ab":
        (tmp_path / label).mkdir()
        for number in range(700):
            (tmp_path / label / f"{number}.png").write_bytes(b"x")
    *progress, index = scan(tmp_path, Cancel())
    assert isinstance(index, DatasetIndex)
    assert len(index.records) == 1400
    files = [item.files for item in progress if isinstance(item, ScanProgress)]
    assert len(files) == len(progress) >= 3
    assert files == sorted(files)
    assert files[-1] == 1400


def test_a_stop_acts_at_once_and_nothing_more_comes(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    for number in range(1200):
        (tmp_path / "a" / f"{number}.png").write_bytes(b"x")
    cancel = Cancel()
    running = scan(tmp_path, cancel)
    assert isinstance(next(running), ScanProgress)
    cancel.stop()
    assert list(running) == []


def test_a_folder_that_disappears_in_the_middle(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    for number in range(600):
        (tmp_path / "a" / f"{number}.png").write_bytes(b"x")
    make(tmp_path, "a/deep/1.png")
    running = scan(tmp_path, Cancel())
    next(running)
    shutil.rmtree(tmp_path)
    *_, index = running
    assert isinstance(index, DatasetIndex)
    assert all(item.reason == "It disappeared while the folder was read." for item in index.unreadable)


def test_the_fingerprint_changes_with_the_folder(tmp_path: Path) -> None:
    make(tmp_path, "a/1.png", "b/1.png")
    seen = {index_of(tmp_path).fingerprint}
    assert index_of(tmp_path).fingerprint in seen

    def changed() -> bool:
        new = index_of(tmp_path).fingerprint
        known = new in seen
        seen.add(new)
        return not known

    make(tmp_path, "a/2.png")
    assert changed()
    (tmp_path / "a/2.png").unlink()
    assert not changed()
    os.utime(tmp_path / "a/1.png", ns=(1, 1))
    assert changed()
    (tmp_path / "b/1.png").rename(tmp_path / "a/3.png")
    assert changed()
    (tmp_path / "b").rmdir()
    (tmp_path / "a").rename(tmp_path / "c")
    assert changed()
    assert meant(index_of(tmp_path)) == {"c/1.png": ("", "c"), "c/3.png": ("", "c")}


def test_the_fingerprint_stays_when_the_folder_moves(tmp_path: Path) -> None:
    make(tmp_path, "here/a/1.png", "here/b/1.png")
    before = index_of(tmp_path / "here")
    (tmp_path / "here").rename(tmp_path / "there")
    assert index_of(tmp_path / "there").fingerprint == before.fingerprint


ZIP = Path(__file__).resolve().parents[4] / "shared" / "data" / "hymenoptera.zip"


@pytest.mark.skipif(not ZIP.exists(), reason="the photographs of ants and bees are not beside the checkout")
def test_real_photographs(tmp_path: Path) -> None:
    with zipfile.ZipFile(ZIP) as archive:
        archive.extractall(tmp_path)
    index = index_of(tmp_path)
    assert index.classes == ("ants", "bees")
    assert Counter(record.split for record in index.records) == {Split.TRAIN: 245, Split.VAL: 153}
    assert (index.unreadable, index.ignored) == ((), ())
    for record in index.records:
        decoded = decode(index.file(record), at_least=32)
        assert not isinstance(decoded, Unreadable), decoded
        assert min(decoded.shape[:2]) >= reduced_side(32)
