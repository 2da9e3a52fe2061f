"""Whole-file writing on a real disk."""

import stat
from pathlib import Path

import pytest

from cnngui.errors import RequestError
from cnngui.files import prove_writable, write_whole, written_whole


def test_the_old_file_stands_until_the_new_one_is_complete(tmp_path: Path) -> None:
    path = tmp_path / "out.csv"
    path.write_text("old")
    path.chmod(0o640)
    with written_whole(path) as file:
        file.write(b"new")
        assert path.read_text() == "old"
    assert path.read_text() == "new"
    assert stat.S_IMODE(path.stat().st_mode) == 0o640
    assert list(tmp_path.iterdir()) == [path]


def test_a_failure_on_the_way_changes_nothing(tmp_path: Path) -> None:
    path = tmp_path / "out.csv"
    path.write_text("old")

    def fail() -> None:
        with written_whole(path) as file:
            file.write(b"half")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_a_link_goes_on_pointing_where_it_did(tmp_path: Path) -> None:
    target, link = tmp_path / "v1.csv", tmp_path / "latest.csv"
    target.write_text("old")
    link.symlink_to(target)
    write_whole(link, b"new")
    assert link.is_symlink()
    assert target.read_text() == "new"


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
def test_devices_are_written_to_and_stay_devices() -> None:
    write_whole(Path("/dev/null"), b"x")
    assert Path("/dev/null").is_char_device()
    prove_writable(Path("/dev/null"))
    with pytest.raises(RequestError, match="No space left"):
        write_whole(Path("/dev/full"), b"x")


@pytest.mark.parametrize("write", [lambda path: write_whole(path, b"x"), prove_writable])
@pytest.mark.parametrize("name", ["missing/out.csv", "file/out.csv", "folder", "x" * 300])
def test_places_that_cannot_be_written_are_one_sentence(tmp_path: Path, write: object, name: str) -> None:
    assert callable(write)
    (tmp_path / "file").touch()
    (tmp_path / "folder").mkdir()
    before = sorted(tmp_path.iterdir())
    with pytest.raises(RequestError, match="Cannot write") as caught:
        write(tmp_path / name)
    assert "\n" not in str(caught.value)
    assert sorted(tmp_path.iterdir()) == before


def test_proving_leaves_an_existing_file_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "out.csv"
    path.write_text("old")
    prove_writable(path)
    prove_writable(tmp_path / "new.csv")
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]
