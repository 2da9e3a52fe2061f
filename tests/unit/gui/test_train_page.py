"""Train: ready, running, ended."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QApplication, QFileDialog
from pytestqt.qtbot import QtBot

from cnngui.engine.events import Decoding, Download, Notice, RunStarted
from cnngui.engine.spec import TrainConfig
from cnngui.errors import RequestError
from cnngui.gui import planning, work
from cnngui.gui.job import Work
from cnngui.gui.main_window import MainWindow
from cnngui.gui.pages.train import TrainPage
from cnngui.gui.training import Phase
from cnngui.gui.widgets.live_plot import axis_end, epoch_ticks
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


def test_without_pictures_the_page_says_what_to_do_first(window: MainWindow) -> None:
    page = window.pages["train"]
    assert isinstance(page, TrainPage)
    window.show_page("train")
    assert page.choose.isVisible()
    assert not page.ready.isVisible()


def test_two_actions_and_no_required_setting(page: TrainPage, qtbot: QtBot) -> None:
    assert page.ready.button.isVisible()
    assert page.ready.device.text() == fakes.DEVICE
    assert not page.ready.settings.isVisible()
    with qtbot.waitSignal(page.session.training.ended):
        page.ready.button.click()
    assert page.session.training.config == TrainConfig(model="auto", method="auto", weights="auto")
    assert page.run.isVisible()


def test_the_settings_say_what_they_come_to(page: TrainPage) -> None:
    page.ready.fold.button.click()
    settings = page.ready.settings
    assert settings.isVisible()
    assert settings.epochs.text() == "Automatic"
    assert settings.side.isEnabled()
    settings.model.setCurrentIndex(settings.model.findData("simple_cnn"))
    assert settings.epochs.text() == "Automatic (62)"
    assert settings.side.text() == "Automatic (32 × 32)"
    assert not settings.side.isEnabled()  # simple_cnn takes one size only
    settings.model.setCurrentIndex(settings.model.findData("resnet_small"))
    assert settings.side.isEnabled()


def test_every_setting_reaches_the_training(page: TrainPage, qtbot: QtBot) -> None:
    settings = page.ready.settings
    settings.model.setCurrentIndex(settings.model.findData("resnet_small"))
    settings.method.setCurrentIndex(settings.method.findData("best"))
    settings.epochs.setValue(3)
    settings.minutes.setValue(2)
    settings.side.setValue(48)
    settings.batch.setValue(32)
    settings.rate.setValue(0.01)
    settings.share.setValue(30)
    settings.seed.setValue(7)
    settings.augment.click()
    settings.device.setCurrentIndex(settings.device.findData("cpu"))
    with qtbot.waitSignal(page.session.training.ended):
        page.ready.button.click()
    assert page.session.training.config == TrainConfig(
        model="resnet_small", size=48, epochs=3, minutes=2.0, batch_size=32, learning_rate=0.01,
        augment=False, val_fraction=0.3, seed=7, device="cpu", method="best", weights="auto",
    )  # fmt: skip


def test_a_wheel_that_scrolls_the_page_changes_no_field(page: TrainPage) -> None:
    page.ready.fold.button.click()
    box = page.ready.settings.epochs
    box.setValue(5)
    spot = QPointF(box.rect().center())
    turn = QWheelEvent(
        spot, box.mapToGlobal(spot), QPoint(0, 0), QPoint(0, 120), Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    QApplication.sendEvent(box, turn)
    assert box.value() == 5


def test_one_class_is_not_enough(page: TrainPage, tmp_path: Path, settle: Callable[[], None]) -> None:
    page.session.set_index(fakes.index_of(fakes.folder(tmp_path / "only", ("ants",))))
    settle()
    assert not page.ready.button.isEnabled()
    assert page.ready.problem.text().startswith("One class is not enough")
    page.ready.start()
    assert not page.session.training.busy


def test_what_the_engine_would_refuse_is_said_before(page: TrainPage, fake_work: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> planning.Plan:
        raise RequestError("This computer has no CUDA graphics card that can be used.")

    fake_work.setattr(planning, "plan", refuse)
    page.ready.settings.device.setCurrentIndex(page.ready.settings.device.findData("cuda"))
    assert page.ready.problem.text() == "This computer has no CUDA graphics card that can be used."
    assert not page.ready.button.isEnabled()


def test_the_curves_grow_while_it_runs(page: TrainPage, qtbot: QtBot, fake_work: pytest.MonkeyPatch) -> None:
    fake_work.setattr(work, "train", lambda *_: fakes.endless(*fakes.run_events(until=6.6)))
    page.ready.button.click()
    qtbot.waitUntil(lambda: page.run.loss.points() == (79, 6, 6))
    assert page.run.accuracy.points() == (0, 6, 6)
    assert page.run.progress.title.text() == "Epoch 7 of 16"
    assert page.run.progress.left.text() == "about 40 s left"
    assert "1,240 pictures a second" in page.run.progress.facts.text()
    assert page.run.progress.device.text() == fakes.DEVICE
    assert page.run.progress.bar.value() == pytest.approx(1000 * 6.58 / 16, abs=2)
    assert page.run.clock.isActive()
    assert 10 <= 1000 / page.run.clock.interval() <= 20  # a second
    page.session.training.stop()


def test_reading_the_pictures_shows_how_far_it_is(
    page: TrainPage, qtbot: QtBot, fake_work: pytest.MonkeyPatch
) -> None:
    fake_work.setattr(work, "train", lambda *_: fakes.endless(Decoding(100, 400, 6.0)))
    page.ready.button.click()
    qtbot.waitUntil(lambda: page.run.progress.facts.text() == "100 of 400 pictures")
    assert page.run.progress.title.text() == "Reading the pictures"
    assert page.run.progress.left.text() == "about 20 s left"
    page.session.training.stop()


def test_a_download_shows_how_far_it_is(page: TrainPage, qtbot: QtBot, fake_work: pytest.MonkeyPatch) -> None:
    event = Download("resnet18-f37072fd.pth", 12_000_000, 46_000_000, 3.0)
    fake_work.setattr(work, "train", lambda *_: fakes.endless(event))
    page.ready.button.click()
    qtbot.waitUntil(lambda: page.run.progress.bar.value() == 12_000)
    assert page.run.progress.bar.maximum() == 46_000
    assert page.run.progress.facts.text() == "12 MB of 46 MB"
    assert page.run.progress.title.text() == "Downloading what the network has learnt before"
    page.session.training.stop()


def test_pause_go_on_and_stop(
    window: MainWindow, page: TrainPage, qtbot: QtBot, fake_work: pytest.MonkeyPatch
) -> None:
    fake_work.setattr(
        work, "train", lambda *_: fakes.endless(*fakes.run_events(until=2.5), last=fakes.stopped())
    )
    page.ready.button.click()
    qtbot.waitUntil(lambda: page.run.progress.title.text() == "Epoch 3 of 16")
    qtbot.waitUntil(lambda: window.buttons["train"].badge.endswith("%"))
    page.run.progress.pause.click()
    assert page.run.progress.pause.text() == "Go on"
    assert page.run.progress.title.text() == "Paused in epoch 3 of 16"
    assert window.buttons["train"].badge == "Paused"
    page.run.progress.pause.click()
    assert page.run.progress.pause.text() == "Pause"
    with qtbot.waitSignal(page.session.training.ended):
        page.run.progress.stop.click()
        assert page.run.progress.title.text() == "Stopping and saving…"
        assert not page.run.progress.stop.isEnabled()
    assert page.run.end.note.text() == fakes.stopped().sentence
    assert window.buttons["train"].badge == ""


def test_of_a_single_epoch_none_is_called_the_best(
    page: TrainPage, qtbot: QtBot, fake_work: pytest.MonkeyPatch, settle: Callable[[], None]
) -> None:
    fake_work.setattr(work, "train", fakes.fake_train(fakes.run_events(epochs=1)))
    with qtbot.waitSignal(page.session.training.ended):
        page.ready.button.click()
    settle()
    words = "95 % interval 81–97 % · 1 epoch, where one quick look found 31 right · 1 min"
    assert page.run.end.more.text() == words


def test_the_end_is_said_in_words(page: TrainPage, qtbot: QtBot, settle: Callable[[], None]) -> None:
    with qtbot.waitSignal(page.session.training.ended):
        page.ready.button.click()
    settle()
    end = page.run.end
    assert end.isVisible()
    assert end.title.text() == "45 of 49 validation pictures right"
    assert end.more.text() == (
        "95 % interval 81–97 % · best of 16 epochs: number 14, where one quick look found 46 right · 1 min"
    )
    assert not end.note.isVisible()
    assert not page.run.clock.isActive()
    assert page.run.loss.points() == (192, 16, 16)
    wanted: list[str] = []
    page.session.wanted.connect(wanted.append)
    end.classify.click()
    assert wanted == ["classify"]


def test_two_counts_that_agree_are_one(
    page: TrainPage, qtbot: QtBot, fake_work: pytest.MonkeyPatch, settle: Callable[[], None]
) -> None:
    done = replace(fakes.ended(), val_accuracy=46 / 49)
    fake_work.setattr(work, "train", fakes.fake_train([*fakes.run_events()[:-1], done]))
    with qtbot.waitSignal(page.session.training.ended):
        page.ready.button.click()
    settle()
    assert page.run.end.more.text() == "95 % interval 81–97 % · best of 16 epochs: number 14 · 1 min"


def test_the_network_can_be_saved_as_a_file(
    page: TrainPage, qtbot: QtBot, tmp_path: Path, fake_work: pytest.MonkeyPatch, settle: Callable[[], None]
) -> None:
    model = tmp_path / "best.safetensors"
    model.write_bytes(b"numbers")
    done = replace(fakes.ended(), model=str(model))
    fake_work.setattr(work, "train", fakes.fake_train([*fakes.run_events()[:-1], done]))
    with qtbot.waitSignal(page.session.training.ended):
        page.ready.button.click()
    settle()
    fake_work.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(tmp_path / "insects"), ""))
    page.session.open_model(tmp_path / "another.safetensors")  # in between
    settle()
    page.run.end.save.click()
    settle()
    assert (tmp_path / "insects.safetensors").read_bytes() == b"numbers"
    page.run.end.classify.click()
    settle()
    assert page.session.model is not None
    assert page.session.model.path == model


def test_a_failure_shows_its_sentence_and_offers_another_try(
    window: MainWindow, page: TrainPage, qtbot: QtBot, fake_work: pytest.MonkeyPatch
) -> None:
    fake_work.setattr(work, "train", lambda *_: fakes.refuses("The folder has disappeared."))
    with qtbot.waitSignal(page.session.training.ended):
        page.ready.button.click()
    assert page.run.end.more.text() == "The folder has disappeared."
    assert not page.run.end.classify.isVisible()
    assert window.buttons["train"].badge == "!"
    page.run.end.again.click()
    assert page.session.training.phase is Phase.IDLE
    assert page.ready.isVisible()


def test_an_interrupted_run_can_be_resumed(
    page: TrainPage, folder: Path, qtbot: QtBot, fake_work: pytest.MonkeyPatch, settle: Callable[[], None]
) -> None:
    assert not page.ready.resume.isVisible()
    fake_work.setattr(work, "earlier", lambda root: fakes.works(work.Earlier(root, Path("/runs/1"))))
    asked: list[bool] = []

    def train(_index: object, _config: object, resume: bool, _longer: int) -> Work:
        asked.append(resume)
        return fakes.works(*fakes.run_events())

    fake_work.setattr(work, "train", train)
    page.session.set_index(fakes.index_of(folder))
    settle()
    assert page.ready.resume.isVisible()
    with qtbot.waitSignal(page.session.training.ended):
        page.ready.resume.click()
    assert asked == [True]


def test_an_axis_grows_with_the_run_and_has_round_marks() -> None:
    assert [axis_end(done, 80) for done in (0, 5, 9.5, 12, 30, 60, 80)] == [10, 10, 20, 20, 40, 80, 80]
    assert axis_end(0, 3) == 3
    assert epoch_ticks(3) == [0, 1, 2, 3]
    assert epoch_ticks(16) == [0, 2, 4, 6, 8, 10, 12, 14, 16]
    assert epoch_ticks(80) == [0, 10, 20, 30, 40, 50, 60, 70, 80]
    assert len(epoch_ticks(9_999)) <= 9


def test_pitfalls_stand_beside_the_curves_and_mark_the_rail(
    page: TrainPage,
    window: MainWindow,
    folder: Path,
    fake_work: pytest.MonkeyPatch,
    settle: Callable[[], None],
) -> None:
    warned = work.Warned(fakes.finding("overfitting"), "")
    fake_work.setattr(work, "train", lambda *_: fakes.works(*fakes.run_events(), warned, fakes.ended()))
    page.session.set_index(fakes.index_of(folder))
    page.session.training.start(fakes.index_of(folder), page.session.training.config)
    settle()
    assert [card.finding.rule for card in page.run.found.cards] == ["overfitting"]
    assert not page.run.found.isHidden()
    assert window.buttons["train"].badge == "!"
    page.session.training.forget()
    assert window.buttons["train"].badge == ""


def test_what_a_training_notes_is_shown_while_it_runs_and_after(
    page: TrainPage, qtbot: QtBot, fake_work: pytest.MonkeyPatch
) -> None:
    events: list[object] = [
        replace(
            event, notes=("Split by chance.", "Chosen: simple_cnn."), unreadable=(("a.jpg", "Cut short."),)
        )
        if isinstance(event, RunStarted)
        else event
        for event in fakes.run_events()
    ]
    events.insert(8, Notice("The memory does not hold a batch of 64 pictures."))
    fake_work.setattr(work, "train", lambda *_: fakes.endless(*events[:-1], last=events[-1]))
    page.ready.button.click()
    notes = page.run.notes
    qtbot.waitUntil(lambda: len(notes.lines) == 4)
    said = [line.text() for line in notes.lines]
    assert said[0] == "The memory does not hold a batch of 64 pictures."  # what changed on the way is first
    assert said[1] == "1 picture cannot be read and is left out: a.jpg. Cut short."
    assert [line.isVisible() for line in notes.lines] == [True, True, False, False]
    assert notes.more.text() == "2 more notes"
    with qtbot.waitSignal(page.session.training.ended):
        page.session.training.stop()
    assert page.run.end.isVisible()
    notes.more.click()
    assert all(line.isVisible() for line in notes.lines)
    page.session.training.forget()
    with qtbot.waitSignal(page.session.training.ended):
        fake_work.setattr(work, "train", fakes.fake_train(fakes.run_events()))
        page.ready.button.click()
    assert not notes.isVisible()  # this one had nothing to say
