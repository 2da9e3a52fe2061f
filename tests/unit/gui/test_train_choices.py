"""The choices of the Train page: drawn from the recipe, seen while folded away, remembered for the folder."""

from collections.abc import Callable
from dataclasses import asdict, fields
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog, QInputDialog, QWidget
from pytestqt.qtbot import QtBot

from cnngui.cancel import Cancel
from cnngui.data.project import Project
from cnngui.engine.events import EpochDone
from cnngui.engine.options import OPTIONS
from cnngui.engine.spec import UNASKED, TrainConfig
from cnngui.errors import RequestError
from cnngui.gui import work
from cnngui.gui.job import Work
from cnngui.gui.main_window import MainWindow
from cnngui.gui.pages.train import TrainPage
from cnngui.gui.pages.train_ready import ReadyPanel
from cnngui.gui.planning import Value
from cnngui.gui.widgets.fields import Choice, Decimal, Toggle, Whole
from tests.pictures import make_pictures, scanned
from tests.unit.gui import fakes


@pytest.fixture
def page(window: MainWindow, folder: Path, settle: Callable[[], None]) -> TrainPage:
    page = window.pages["train"]
    assert isinstance(page, TrainPage)
    window.session.warm_up()
    window.session.set_index(fakes.index_of(folder))
    window.show_page("train")
    settle()
    return page


@pytest.fixture
def ready(page: TrainPage) -> ReadyPanel:
    return page.ready


def test_every_choice_of_a_training_has_its_field(ready: ReadyPanel) -> None:
    names = {name for form in ready.forms for name in form.rows}
    assert names == {field.name for field in fields(TrainConfig)}
    assert ready.config() == UNASKED


def test_choices_go_by_their_names(ready: ReadyPanel) -> None:
    field = ready.options.rows["optimizer"].field
    assert isinstance(field, Choice)
    assert [field.itemText(number) for number in range(field.count())] == ["Automatic", "AdamW", "Muon"]


def test_every_option_has_its_field_at_its_default(ready: ReadyPanel) -> None:
    assert list(ready.options.rows) == [one.name for one in OPTIONS]
    for one in OPTIONS:
        field = ready.options.rows[one.name].field
        assert field.chosen() == one.default
        assert field.accessibleName() == one.title
        assert field.accessibleDescription() == one.sentence
        assert (field.focusPolicy() & Qt.FocusPolicy.TabFocus) == Qt.FocusPolicy.TabFocus


@pytest.mark.parametrize("name", [one.name for one in OPTIONS])
def test_an_option_takes_what_the_command_line_takes(ready: ReadyPanel, name: str) -> None:
    one = next(one for one in OPTIONS if one.name == name)
    tries = one.choices or ((True, False) if one.kind is bool else (one.minimum, one.maximum))
    for value in tries:
        ready.options.show_values({name: value})
        assert getattr(ready.config(), name) == value
    ready.options.show_values({})
    assert ready.config() == UNASKED


def test_options_are_folded_away_until_they_are_asked_for(ready: ReadyPanel) -> None:
    assert not ready.options.isVisible()
    ready.more.button.click()
    assert ready.options.isVisible()


def test_only_what_makes_a_difference_is_shown_and_asked_for(page: TrainPage, qtbot: QtBot) -> None:
    ready = page.ready
    ready.options.show_values({"shift": 0.2, "dropout": 0.3, "patience": 5})
    assert "shift" in ready.options.shown()
    assert "dropout" not in ready.options.shown()  # no network was chosen that is known to have such layers
    ready.settings.augment.click()
    assert "shift" not in ready.options.shown()
    assert "patience" in ready.options.shown()
    ready.settings.method.choose("quick")
    assert ready.options.shown() == ()
    assert not ready.more.isVisible()
    assert "batch_size" not in ready.settings.shown()
    ready.settings.method.choose("scratch")
    with qtbot.waitSignal(page.session.training.ended):
        ready.button.click()
    config = page.session.training.config
    assert (config.shift, config.dropout, config.patience) == (None, None, 5)


def test_what_was_changed_is_seen_while_folded_away_and_there_is_a_way_back(ready: ReadyPanel) -> None:
    assert not ready.changes.isVisible()
    ready.settings.minutes.setValue(10)
    ready.options.show_values({"mixup": 0.2, "trivial_augment": True})
    assert not ready.fold.button.isChecked()
    assert ready.changes.isVisible()
    assert ready.changes.text() == "Changed: Time limit: 10 min · Trivial augment: on · Mixup: 0.2"
    QTest.keyClick(ready.reset, Qt.Key.Key_Space)
    assert ready.config() == UNASKED
    assert not ready.changes.isVisible()


def test_a_field_says_what_the_network_decides(ready: ReadyPanel) -> None:
    field = ready.options.rows["weight_decay"].field
    assert field.words() == "Automatic"
    ready.settings.model.choose("simple_cnn")
    assert field.words() == "Automatic (0.02)"
    ready.options.show_values({"weight_decay": 0.0})
    assert field.words() == "0"
    assert ready.config().weight_decay == 0.0


def test_what_is_remembered_of_a_folder_is_shown_when_it_is_opened(
    page: TrainPage, folder: Path, fake_work: pytest.MonkeyPatch, settle: Callable[[], None], tmp_path: Path
) -> None:
    other = fakes.folder(tmp_path / "others")
    chosen: dict[str, Value] = {
        "minutes": 10,
        "ema": 0.99,
        "weights": "/nets/mine.pth",
        "of_a_later_version": 3,
        "epochs": "many",
    }
    kept = work.Earlier(other, choices=chosen)
    fake_work.setattr(work, "earlier", lambda root: fakes.works(kept))
    page.session.set_index(fakes.index_of(other))
    settle()
    config = page.ready.config()
    assert config.epochs is None  # somebody edited the file
    assert (config.minutes, config.ema, config.weights) == (10, 0.99, "/nets/mine.pth")
    assert "Weights to begin with: mine.pth" in page.ready.changes.text()
    page.ready.settings.minutes.setValue(3)
    page.session.look_for_earlier()  # as after each training
    settle()
    assert page.ready.config().minutes == 3


def test_a_folder_without_choices_of_its_own_begins_with_the_defaults(
    page: TrainPage, folder: Path, fake_work: pytest.MonkeyPatch, settle: Callable[[], None], tmp_path: Path
) -> None:
    def earlier(root: Path) -> Work:
        return fakes.works(work.Earlier(root, choices={"minutes": 10} if root == folder else {}))

    fake_work.setattr(work, "earlier", earlier)
    page.ready.settings.epochs.setValue(7)
    page.ready.options.show_values({"ema": 0.5})
    other = fakes.folder(tmp_path / "others")
    page.session.set_index(fakes.index_of(other))
    assert page.ready.config() == UNASKED  # at once: somebody may press Train
    settle()
    assert page.ready.config() == UNASKED
    page.ready.settings.epochs.setValue(3)
    page.session.set_index(fakes.index_of(other))  # the same folder, looked through again
    settle()
    assert page.ready.config().epochs == 3
    page.session.set_index(fakes.index_of(folder))
    settle()
    config = page.ready.config()
    assert (config.minutes, config.epochs) == (10, None)


def test_a_training_remembers_what_was_asked_for(tmp_path: Path) -> None:
    root = make_pictures(tmp_path / "colours")
    index = scanned(root)
    config = TrainConfig(model="simple_cnn", method="auto", weights="auto", epochs=1, mixup=0.2)
    list(work.train(index, config)(Cancel()))
    (earlier,) = work.earlier(root)(Cancel())
    assert isinstance(earlier, work.Earlier)
    assert earlier.choices == {"model": "simple_cnn", "epochs": 1, "mixup": 0.2}
    assert earlier.unfinished is None
    assert earlier.finished is not None
    *_, ended = work.train(index, config, longer=2)(Cancel())
    assert ended.epochs == 3  # type: ignore[attr-defined]
    assert Project.of(root).choices() == earlier.choices
    assert asdict(UNASKED)["model"] == "auto"


@pytest.mark.parametrize("stopped", [False, True])
def test_a_training_gives_its_memory_back(
    stopped: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    given: list[bool] = []
    monkeypatch.setattr(work, "give_back", lambda: given.append(True))
    config, cancel = TrainConfig(model="simple_cnn", method="scratch", epochs=1), Cancel()
    for _ in work.train(scanned(make_pictures(tmp_path / "colours")), config)(cancel):
        assert not given
        if stopped:
            cancel.stop()
    assert given == [True]


def test_damaged_choices_hide_no_interrupted_training(tmp_path: Path) -> None:
    root = make_pictures(tmp_path / "colours")
    index, cancel = scanned(root), Cancel()
    config = TrainConfig(model="simple_cnn", method="scratch", epochs=50)
    for event in work.train(index, config)(cancel):
        if isinstance(event, EpochDone):
            cancel.stop()
    (Project.of(root).folder / "choices.json").write_text("{", encoding="utf-8")
    found = work.earlier(root)(Cancel())
    earlier = next(found)
    assert isinstance(earlier, work.Earlier)
    assert earlier.unfinished is not None
    with pytest.raises(RequestError, match=r"choices\.json is damaged"):
        next(found)


def test_a_weights_file_is_asked_for_and_a_way_back_remains(
    ready: ReadyPanel, fake_work: pytest.MonkeyPatch
) -> None:
    weights = ready.settings.weights
    ask = weights.count() - 1
    fake_work.setattr(QFileDialog, "getOpenFileName", lambda *_: ("", ""))
    weights.setCurrentIndex(ask)
    weights.activated.emit(ask)
    assert weights.chosen() == "auto"
    fake_work.setattr(QFileDialog, "getOpenFileName", lambda *_: ("/nets/mine.pth", ""))
    weights.setCurrentIndex(ask)
    assert ready.config().weights == "auto"  # nothing is chosen yet
    weights.activated.emit(ask)
    assert ready.config().weights == "/nets/mine.pth"
    assert weights.words() == "mine.pth"
    weights.choose(None)
    assert ready.config().weights is None


def test_the_last_training_can_go_on_for_longer(
    page: TrainPage, folder: Path, qtbot: QtBot, fake_work: pytest.MonkeyPatch, settle: Callable[[], None]
) -> None:
    assert not page.ready.longer.isVisible()
    fake_work.setattr(work, "earlier", lambda root: fakes.works(work.Earlier(root, finished=Path("/runs/1"))))
    asked: list[tuple[object, bool, int]] = []

    def train(_index: object, config: object, resume: bool, longer: int) -> object:
        asked.append((config, resume, longer))
        return fakes.works(*fakes.run_events())

    fake_work.setattr(work, "train", train)
    page.session.look_for_earlier()
    settle()
    fake_work.setattr(QInputDialog, "getInt", lambda *_: (7, True))
    with qtbot.waitSignal(page.session.training.ended):
        page.ready.longer.click()
    settle()
    assert page.run.end.longer.isVisible()
    with qtbot.waitSignal(page.session.training.ended):
        page.run.end.longer.click()
    assert asked == [(UNASKED, False, 7), (UNASKED, False, 7)]  # it has options of its own
    fake_work.setattr(work, "earlier", lambda root: fakes.works(work.Earlier(root, finished=Path("/runs/0"))))
    page.session.look_for_earlier()
    settle()
    assert not page.run.end.longer.isVisible()  # another run than this one


def test_a_stopped_run_can_go_on_from_its_end_card(
    page: TrainPage, qtbot: QtBot, fake_work: pytest.MonkeyPatch, settle: Callable[[], None]
) -> None:
    run = Path(fakes.stopped().run_folder)
    fake_work.setattr(work, "earlier", lambda root: fakes.works(work.Earlier(root, unfinished=run)))
    events = [*fakes.run_events(until=2.5), fakes.stopped()]
    fake_work.setattr(work, "train", fakes.fake_train(events))
    with qtbot.waitSignal(page.session.training.ended):
        page.ready.button.click()
    settle()
    assert page.run.end.resume.isVisible()
    with qtbot.waitSignal(page.session.training.ended):
        page.run.end.resume.click()


def test_the_keyboard_stays_with_a_training_that_is_stopped_and_resumed(
    window: MainWindow, page: TrainPage, qtbot: QtBot, fake_work: pytest.MonkeyPatch,
    settle: Callable[[], None],
) -> None:  # fmt: skip
    events = fakes.run_events(until=2.5)
    run = Path(fakes.stopped().run_folder)
    fake_work.setattr(work, "earlier", lambda root: fakes.works(work.Earlier(root, unfinished=run)))
    fake_work.setattr(work, "train", lambda *_: fakes.endless(*events, last=fakes.stopped()))
    progress, end = page.run.progress, page.run.end

    def held_by(part: QWidget) -> bool:
        return part.isAncestorOf(window.focusWidget())

    page.ready.button.click()
    qtbot.waitUntil(lambda: bool(page.session.training.epochs))
    progress.stop.setFocus()
    with qtbot.waitSignal(page.session.training.ended):
        QTest.keyClick(progress.stop, Qt.Key.Key_Space)
        assert held_by(progress)
    assert window.focusWidget() is end.classify
    settle()
    end.resume.setFocus()
    QTest.keyClick(end.resume, Qt.Key.Key_Space)
    assert window.focusWidget() is progress.pause
    window.buttons["train"].setFocus()
    with qtbot.waitSignal(page.session.training.ended):
        page.session.training.stop()
    assert window.focusWidget() is window.buttons["train"]  # it is taken from nothing else


def test_a_number_is_typed_in_the_place_of_words(ready: ReadyPanel, qtbot: QtBot) -> None:
    ready.fold.button.click()
    for field, keys, value in (
        (ready.settings.epochs, "12", 12),
        (ready.settings.rate, "0.25", 0.25),
        (ready.settings.side, "64", 64),
    ):
        QTest.mouseClick(field.lineEdit(), Qt.MouseButton.LeftButton)
        qtbot.waitUntil(field.lineEdit().hasSelectedText)
        QTest.keyClicks(field.lineEdit(), keys)
        assert field.chosen() == value


def test_automatic_is_one_step_below_the_lowest_number(qtbot: QtBot) -> None:
    decimal = Decimal(0.0, 0.9, 0.05, "Automatic")
    qtbot.addWidget(decimal)
    decimal.choose(None)
    assert (decimal.chosen(), decimal.words()) == (None, "Automatic")
    decimal.stepUp()
    assert (decimal.chosen(), decimal.words()) == (0.0, "0")
    decimal.stepUp()
    assert (decimal.chosen(), decimal.words()) == (0.05, "0.05")
    decimal.stepDown()
    decimal.stepDown()
    assert decimal.chosen() is None


def test_a_share_is_shown_in_per_cent(qtbot: QtBot) -> None:
    whole = Whole(0, 50, 5, automatic="Automatic", parts=100)
    qtbot.addWidget(whole)
    whole.choose(0.3)
    assert (whole.value(), whole.chosen()) == (30, 0.3)
    whole.choose(None)
    assert whole.chosen() is None


def test_a_toggle_says_what_it_is(qtbot: QtBot) -> None:
    toggle = Toggle()
    qtbot.addWidget(toggle)
    assert (toggle.chosen(), toggle.words()) == (False, "off")
    toggle.choose(True)
    assert (toggle.chosen(), toggle.words()) == (True, "on")
