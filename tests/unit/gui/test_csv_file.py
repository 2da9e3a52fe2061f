"""The answers as CSV."""

import csv
from pathlib import Path

import pytest

from cnngui.data.index import Unreadable
from cnngui.engine.results import Guess, Prediction
from cnngui.errors import RequestError
from cnngui.gui import csv_file

TWO = Prediction("/a/b.jpg", (Guess("bee", 0.9), Guess("ant", 0.1)), sure=True)


def read(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.reader(file))


def test_a_line_for_each_picture_in_the_columns_of_the_command_line(tmp_path: Path) -> None:
    path = tmp_path / "answers.csv"
    unsure = Prediction("/a/c, “d”.jpg", (Guess("ant", 0.512345678),), sure=False)
    csv_file.write(path, [TWO, unsure, Unreadable("/a/e.jpg", "It is cut short.")])
    head, first, second, third = read(path)
    assert head[:6] == ["path", "label", "probability", "sure", "error", "familiar"]
    assert head[6:8] == ["label_2", "probability_2"]
    assert first[:8] == ["/a/b.jpg", "bee", "0.900000", "true", "", "true", "ant", "0.100000"]
    assert second[:5] == ["/a/c, “d”.jpg", "ant", "0.512346", "false", ""]
    assert third[:5] == ["/a/e.jpg", "", "", "", "It is cut short."]
    assert {len(line) for line in (head, first, second, third)} == {len(head)}


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_no_cell_can_be_run_as_a_formula(tmp_path: Path, start: str) -> None:
    path = tmp_path / "answers.csv"
    name = f"{start}HYPERLINK(1)"
    csv_file.write(
        path, [Prediction(name, (Guess(name, 0.9), Guess(name, 0.1)), sure=True), Unreadable(name, name)]
    )
    for line in read(path)[1:]:
        assert all(not cell.startswith(start) for cell in line)
        assert f"'{name}" in line


def test_a_file_that_cannot_be_written_leaves_nothing_behind(tmp_path: Path) -> None:
    path = tmp_path / "gone" / "answers.csv"
    with pytest.raises(RequestError, match="Cannot write"):
        csv_file.write(path, [TWO])
    assert not list(tmp_path.iterdir())


def test_an_older_file_stays_whole_when_writing_fails(tmp_path: Path) -> None:
    path = tmp_path / "answers.csv"
    path.write_text("before")

    def break_off() -> object:
        yield TWO
        raise RequestError("The disk is full.")

    with pytest.raises(RequestError):
        csv_file.write(path, break_off())  # type: ignore[arg-type]
    assert path.read_text() == "before"
    assert list(tmp_path.iterdir()) == [path]


def test_a_name_that_is_not_text_is_written_readably(tmp_path: Path) -> None:
    path = tmp_path / "answers.csv"
    csv_file.write(path, [Prediction("caf\udce9.jpg", (Guess("bee", 1.0),), sure=True)])
    assert read(path)[1][0] == "caf?.jpg"
