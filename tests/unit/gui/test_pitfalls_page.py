"""Pitfalls: the real rules for code, fakes for folders and model files."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, Qt, QUrl
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog, QLabel
from pytestqt.qtbot import QtBot

from cnngui.checker.finding import Confidence, Finding, Place, Severity
from cnngui.checker.rule import Kind
from cnngui.checker.rules import source
from cnngui.checker.runner import Checked
from cnngui.checker.targets import Target
from cnngui.gui import work
from cnngui.gui.drops import Check, Refuse, preview, understand
from cnngui.gui.job import Work
from cnngui.gui.main_window import MainWindow
from cnngui.gui.pages.pitfalls import PitfallsPage
from cnngui.gui.widgets.finding_list import AT_ONCE, FindingList, place_of, sections
from tests.unit.gui import fakes

LOOP = """import torch
from torch import nn, optim

model = nn.Sequential(nn.Conv2d(3, 16, 3), nn.ReLU(), nn.Flatten(), nn.Linear(16 * 30 * 30, 10))
criterion = nn.CrossEntropyLoss()
optimizer = optim.SGD(model.parameters(), lr=0.1)

for x, y in loader:
    loss = criterion(model(x), y)
    loss.backward()
    optimizer.step()
"""
Settle = Callable[[], None]


@pytest.fixture
def page(window: MainWindow) -> PitfallsPage:
    page = window.pages["pitfalls"]
    assert isinstance(page, PitfallsPage)
    window.show_page("pitfalls")
    return page


def found(rule: str, severity: Severity, part: str = "") -> Finding:
    return Finding(rule, severity, Confidence.PROVEN, Place("/x", part=part), f"{rule}.", "Why.", "Fix.")


def judges(*findings: Finding) -> Callable[[Target, int | None, object], Work]:
    """In the place of work.check."""
    return lambda target, _size, _tell: fakes.works(work.Judged(Checked(target.path, findings), {}))


def paste(page: PitfallsPage, code: str, settle: Settle) -> None:
    page.code.setPlainText(code)
    page.check_code()
    settle()


def rules(page: PitfallsPage) -> list[str]:
    return [card.finding.rule for card in page.found.list.cards]


def test_an_empty_page_says_the_first_thing_to_do(page: PitfallsPage) -> None:
    assert page.found.note.title.text() == "Paste code to begin"
    assert page.code.hasFocus()
    assert not page.pictures.isEnabled()
    assert not page.network.isEnabled()


def test_typed_code_is_checked_after_a_pause(page: PitfallsPage, qtbot: QtBot) -> None:
    page.code.setPlainText(LOOP)
    assert not page.checking.busy
    qtbot.waitUntil(lambda: "missing-zero-grad" in rules(page))


def test_findings_are_counted_on_the_rail(page: PitfallsPage, window: MainWindow, settle: Settle) -> None:
    paste(page, LOOP, settle)
    errors = page.checking.count(Severity.ERROR) + page.checking.count(Severity.WARNING)
    assert errors >= 1
    assert window.buttons["pitfalls"].badge == str(errors)
    assert page.found.tally.whole().startswith("1 error")
    page.clear.click()
    assert window.buttons["pitfalls"].badge == ""
    assert page.found.note.isVisible()


def test_a_finding_leads_to_its_line(page: PitfallsPage, settle: Settle) -> None:
    paste(page, LOOP, settle)
    card = next(card for card in page.found.list.cards if card.finding.rule == "missing-zero-grad")
    line = card.finding.where.line
    assert line
    QTest.mouseClick(card.place, Qt.MouseButton.LeftButton)
    assert page.code.highlighted() == line
    assert page.code.textCursor().blockNumber() == line - 1
    page.code.show_marks({})
    QTest.mouseClick(card, Qt.MouseButton.LeftButton)
    assert page.code.highlighted() == line


def test_the_rules_page_is_a_fold_away(page: PitfallsPage, settle: Settle) -> None:
    paste(page, LOOP, settle)
    card = next(card for card in page.found.list.cards if card.finding.rule == "missing-zero-grad")
    words = dict(sections(source.RULES["missing-zero-grad"].page))
    assert list(words) == ["What it finds", "Why it hurts", "Example", "Instead", "When to ignore"]
    assert words["Instead"].startswith("for x, y in loader:\n    optimizer.zero_grad()")
    card.fold.button.click()
    shown = {label.text() for label in card.findChildren(QLabel)}
    assert set(words.values()) <= shown


def test_sound_code_is_said_to_be_sound(page: PitfallsPage, settle: Settle) -> None:
    paste(page, "import torch\n", settle)
    assert page.found.note.title.text() == "No pitfalls found"


def test_what_cannot_be_followed_is_not_called_sound(page: PitfallsPage, settle: Settle) -> None:
    paste(page, "( ( ( = = dear sir", settle)
    assert page.found.note.title.text() == "Nothing found in what could be read"
    assert page.found.unfollowed.isVisible()
    assert "Line 1: could not be read: " in page.found.unfollowed.text()


def test_a_file_that_is_no_notebook_is_said(page: PitfallsPage, tmp_path: Path, settle: Settle) -> None:
    notebook = tmp_path / "a.ipynb"
    notebook.write_text("{", encoding="utf-8")
    page.checking.open(notebook)
    settle()
    assert page.found.note.title.text() == "This cannot be checked"
    assert page.found.note.sentence.text().startswith("It is not a notebook")


def test_explanations_are_hidden_until_asked_for(
    page: PitfallsPage, fake_work: pytest.MonkeyPatch, tmp_path: Path, settle: Settle
) -> None:
    explains = found("fixed-size", Severity.INFO)
    fake_work.setattr(work, "check", judges(found("nan-weights", Severity.ERROR), explains))
    page.checking.open(tmp_path / "net.pth")
    settle()
    assert rules(page) == ["nan-weights"]
    page.found.explain.click()
    assert rules(page) == ["nan-weights", "fixed-size"]


def test_the_open_pictures_and_network_are_checked(
    page: PitfallsPage, folder: Path, fake_work: pytest.MonkeyPatch, settle: Settle
) -> None:
    asked: list[Target] = []

    def check(target: Target, _size: int | None, _tell: object) -> Work:
        asked.append(target)
        return fakes.works(
            work.Judged(Checked(target.path, (found("blurry", Severity.WARNING, "a.jpg"),)), {})
        )

    fake_work.setattr(work, "check", check)
    page.session.set_index(fakes.index_of(folder))
    page.session.open_model(folder / "net.safetensors")
    settle()
    asked.clear()  # both were looked at when they were opened
    page.pictures.click()
    settle()
    assert page.found.tally.whole() == "1 warning · insects"
    page.network.click()
    settle()
    assert [(one.path, one.kind) for one in asked] == [
        (str(folder), Kind.DATA),
        (str(folder / "net.safetensors"), Kind.MODEL),
    ]


def test_a_long_check_shows_how_far_it_is_and_can_be_stopped(
    page: PitfallsPage, folder: Path, qtbot: QtBot, fake_work: pytest.MonkeyPatch
) -> None:
    def check(_target: Target, _size: int | None, tell: Callable[[int, int | None, str], None]) -> Work:
        tell(3, 8, "Looking")
        return fakes.endless()

    fake_work.setattr(work, "check", check)
    page.checking.check_folder(folder)
    qtbot.waitUntil(lambda: page.found.progress.value() == 3)
    assert page.found.progress.maximum() == 8
    page.found.stop.click()
    assert not page.checking.busy
    assert not page.found.progress.isVisible()
    assert page.found.note.title.text() == "Paste code to begin"


def test_how_far_a_check_is_can_be_read_to_the_end(
    page: PitfallsPage, window: MainWindow, folder: Path, qtbot: QtBot, fake_work: pytest.MonkeyPatch
) -> None:
    def check(_target: Target, _size: int | None, tell: Callable[[int, int | None, str], None]) -> Work:
        tell(59_999, 60_000, "Looking for near duplicates")
        return fakes.endless()

    window.resize(window.minimumSize())
    fake_work.setattr(work, "check", check)
    page.checking.check_folder(folder)
    line = page.found.at
    qtbot.waitUntil(lambda: line.text() == "59,999 of 60,000 · Looking for near duplicates")
    qtbot.waitUntil(lambda: line.isVisible() and line.height() >= line.heightForWidth(line.width()))
    page.found.stop.click()


def test_a_script_is_shown_and_checked(
    page: PitfallsPage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, settle: Settle
) -> None:
    script = tmp_path / "train.py"
    script.write_text(LOOP, encoding="utf-8")
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (str(script), ""))
    page.script.click()
    settle()
    assert page.code.toPlainText() == LOOP
    assert "missing-zero-grad" in rules(page)
    assert page.found.tally.whole() == "1 error · train.py"


def test_a_script_that_is_gone_is_said(page: PitfallsPage, tmp_path: Path, qtbot: QtBot) -> None:
    with qtbot.waitSignal(page.checking.failed) as said:
        page.checking.open(tmp_path / "gone.py")
    assert said.args is not None
    assert said.args[0].startswith("“gone.py” cannot be read")


def test_a_dropped_script_comes_here(
    page: PitfallsPage, window: MainWindow, tmp_path: Path, settle: Settle
) -> None:
    script = tmp_path / "train.py"
    script.write_text(LOOP, encoding="utf-8")
    window.show_page("images")
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(script))])
    assert preview(mime) == "Drop to check “train.py” for pitfalls"
    window.drop(mime)
    settle()
    assert page.isVisible()
    assert page.found.list.cards


@pytest.mark.parametrize("name", ["a.py", "b.IPYNB", "net.pth", "net.onnx"])
def test_scripts_and_other_models_are_for_the_checker(tmp_path: Path, name: str) -> None:
    file = tmp_path / name
    file.touch()
    assert understand([file]) == Check(file)
    assert isinstance(understand([file, tmp_path / name]), Refuse)


def test_very_many_findings_come_in_parts(qtbot: QtBot) -> None:
    view = FindingList()
    qtbot.addWidget(view)
    view.show_findings([found(f"rule-{n}", Severity.WARNING) for n in range(AT_ONCE + 5)], {}, False)
    assert len(view.cards) == AT_ONCE
    view.more.click()
    assert len(view.cards) == AT_ONCE + 5
    assert view.more.isHidden()


def test_places_are_said_in_words() -> None:
    assert place_of(Place("n.ipynb", line=5, cell=3)) == "cell 3, line 5"
    assert place_of(Place("a.py", line=1200)) == "line 1,200"
    assert place_of(Place("net", part="features.0")) == "features.0"
