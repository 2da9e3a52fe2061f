"""What is open, and how it came to be."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from cnngui.cancel import Cancel
from cnngui.checker.runner import Checked
from cnngui.data.index import ScanProgress
from cnngui.gui import work
from cnngui.gui.session import Message, Session
from tests.unit.gui import fakes


@pytest.fixture
def said(session: Session) -> list[Message]:
    heard: list[Message] = []
    session.said.connect(heard.append)
    return heard


@pytest.fixture
def wanted(session: Session) -> list[str]:
    heard: list[str] = []
    session.wanted.connect(heard.append)
    return heard


def test_a_folder_with_classes_becomes_the_data_set(
    session: Session, folder: Path, wanted: list[str], settle: Callable[[], None]
) -> None:
    session.scanning.start(folder)
    assert session.scanning.busy
    settle()
    assert session.index is not None
    assert session.index.classes == ("ants", "bees")
    assert wanted == ["images"]
    assert not session.scanning.busy


def test_a_flat_folder_is_classified(
    session: Session,
    folder: Path,
    wanted: list[str],
    said: list[Message],
    fake_work: pytest.MonkeyPatch,
    settle: Callable[[], None],
) -> None:
    labelled = fakes.index_of(folder)
    flat = replace(labelled, classes=())
    fake_work.setattr(work, "scan", lambda root: fakes.works(flat))
    session.open_model(Path("bees.safetensors"))
    settle()
    session.scanning.start(folder)
    settle()
    assert session.index is None
    assert wanted == ["classify"]
    assert len(session.classifying.rows) == 8
    assert said == []


def test_who_has_no_network_yet_hears_how_a_folder_to_train_on_looks(
    session: Session, folder: Path, said: list[Message], fake_work: pytest.MonkeyPatch,
    settle: Callable[[], None],
) -> None:  # fmt: skip
    flat = replace(fakes.index_of(folder), classes=())
    fake_work.setattr(work, "scan", lambda root: fakes.works(flat))
    fake_work.setattr(work, "starter", lambda: Path("starter.safetensors"))
    session.warm_up()
    session.scanning.start(folder)
    settle()
    assert len(session.classifying.rows) == 8
    (message,) = said
    assert message.text.startswith("“insects” has no class folders, so its pictures are classified.")
    assert message.kind == "info"


def test_without_a_network_pictures_get_a_sentence(
    session: Session, said: list[Message], folder: Path
) -> None:
    assert not session.classify([folder / "ants" / "ants 000.jpg"])
    assert (
        said[0].text == "There is no network yet to answer: train one, or open a model file (.safetensors)."
    )


def test_pictures_that_come_first_wait_for_the_starter(
    session: Session, said: list[Message], wanted: list[str], folder: Path,
    fake_work: pytest.MonkeyPatch, settle: Callable[[], None],
) -> None:  # fmt: skip
    fake_work.setattr(work, "starter", lambda: Path("starter.safetensors"))
    session.warm_up()
    assert session.model is None
    assert session.classify([folder / "ants" / "ants 000.jpg"])
    settle()
    assert wanted == ["classify"]
    assert len(session.classifying.rows) == 1
    assert said == []


def test_pictures_that_wait_for_a_broken_starter_get_a_sentence(
    session: Session, said: list[Message], folder: Path,
    fake_work: pytest.MonkeyPatch, settle: Callable[[], None],
) -> None:  # fmt: skip
    fake_work.setattr(work, "starter", lambda: Path("starter.safetensors"))
    fake_work.setattr(work, "open_model", lambda path, origin: fakes.refuses("The starter is broken."))
    session.warm_up()
    assert session.classify([folder / "ants" / "ants 000.jpg"])
    settle()
    assert said[0].text == "The starter is broken."
    assert said[1].text.startswith("There is no network yet to answer")


def test_an_empty_folder_gets_a_sentence(
    session: Session, tmp_path: Path, said: list[Message], fake_work: pytest.MonkeyPatch,
    settle: Callable[[], None],
) -> None:  # fmt: skip
    empty = tmp_path / "empty"
    empty.mkdir()
    session.scanning.start(empty)
    settle()
    assert [message.text for message in said] == ["“empty” holds no pictures that cnngui can read."]


def test_a_refused_scan_gets_its_sentence(
    session: Session, folder: Path, said: list[Message], fake_work: pytest.MonkeyPatch,
    settle: Callable[[], None],
) -> None:  # fmt: skip
    fake_work.setattr(work, "scan", lambda root: fakes.refuses("This folder cannot be opened."))
    session.scanning.start(folder)
    settle()
    assert (said[0].text, said[0].kind) == ("This folder cannot be opened.", "bad")
    assert not session.scanning.busy


def test_a_stopped_scan_finds_nothing(
    session: Session, folder: Path, qtbot: QtBot, fake_work: pytest.MonkeyPatch, settle: Callable[[], None]
) -> None:
    def endless(cancel: Cancel) -> Iterator[object]:
        while not cancel.check():
            yield ScanProgress(7, "ants")

    fake_work.setattr(work, "scan", lambda root: endless)
    session.scanning.start(folder)
    qtbot.waitUntil(lambda: session.scanning.files == 7)
    with qtbot.assertNotEmitted(session.scanning.found):
        session.scanning.stop()
        settle()
    assert not session.scanning.busy


def test_the_sample_is_drawn_and_then_opened(
    session: Session, folder: Path, qtbot: QtBot, fake_work: pytest.MonkeyPatch, settle: Callable[[], None]
) -> None:
    drawn: list[object] = []
    session.scanning.changed.connect(lambda: drawn.append(session.scanning.drawn))
    steps = (fakes.Progress(1, 2), fakes.Progress(2, 2), work.SampleReady(folder))
    fake_work.setattr(work, "draw_sample", lambda: fakes.works(*steps))
    session.scanning.start_sample()
    settle()
    assert [step for step in drawn if step] == [(0, 2), (1, 2), (2, 2)] or (1, 2) in drawn
    assert session.index is not None
    assert session.index.root == folder


def test_warming_up_brings_the_cards_and_the_starter(
    session: Session, fake_work: pytest.MonkeyPatch, settle: Callable[[], None]
) -> None:
    fake_work.setattr(work, "starter", lambda: Path("starter.safetensors"))
    session.warm_up()
    settle()
    assert session.ready is not None
    assert session.card("simple_cnn") is not None
    assert session.card("unknown") is None
    assert session.model is not None
    assert session.model.origin == "starter"


def test_the_starter_does_not_take_the_place_of_what_was_opened_meanwhile(
    session: Session, fake_work: pytest.MonkeyPatch, settle: Callable[[], None]
) -> None:
    fake_work.setattr(work, "starter", lambda: Path("starter.safetensors"))
    session.open_model(Path("mine.safetensors"))
    session.warm_up()
    settle()
    assert session.model is not None
    assert session.model.path == Path("mine.safetensors")


def test_an_engine_that_does_not_load_is_said_once_and_plainly(
    session: Session, said: list[Message], fake_work: pytest.MonkeyPatch, settle: Callable[[], None]
) -> None:
    def break_down(_cancel: Cancel) -> Iterator[object]:
        yield from ()
        raise ImportError("torch is missing a library")

    fake_work.setattr(work, "warm_up", lambda: break_down)
    session.warm_up()
    settle()
    assert "torch is missing a library" in session.problem
    assert [message.kind for message in said] == ["bad"]


def test_a_model_file_that_is_refused_leaves_the_open_one(
    session: Session, said: list[Message], fake_work: pytest.MonkeyPatch, settle: Callable[[], None]
) -> None:
    session.open_model(Path("mine.safetensors"))
    settle()

    refused = fakes.refuses("This is not a cnngui model file.")
    fake_work.setattr(work, "open_model", lambda path, origin: refused)
    session.open_model(Path("other.safetensors"))
    settle()
    assert said[0].text == "This is not a cnngui model file."
    assert session.model is not None
    assert session.model.path == Path("mine.safetensors")


def test_an_interrupted_run_is_found_for_the_open_folder_alone(
    session: Session, folder: Path, fake_work: pytest.MonkeyPatch, settle: Callable[[], None]
) -> None:
    fake_work.setattr(work, "earlier", lambda root: fakes.works(work.Earlier(root, Path("/runs/1"))))
    session.set_index(fakes.index_of(folder))
    settle()
    assert session.earlier is not None
    assert session.earlier.unfinished == Path("/runs/1")
    late = fakes.works(work.Earlier(Path("/another"), Path("/runs/1")))
    fake_work.setattr(work, "earlier", lambda root: late)
    session.set_index(fakes.index_of(folder))
    settle()
    assert session.earlier is None


def test_the_model_is_saved_whole(
    session: Session, tmp_path: Path, said: list[Message], settle: Callable[[], None]
) -> None:
    model = tmp_path / "best.safetensors"
    model.write_bytes(b"numbers")
    session.open_model(model)
    settle()
    session.save_model(model, tmp_path / "mine.safetensors")
    settle()
    assert (tmp_path / "mine.safetensors").read_bytes() == b"numbers"
    assert [message.kind for message in said] == ["good"]
    session.save_model(model, tmp_path / "gone" / "mine.safetensors")
    settle()
    assert [message.kind for message in said] == ["good", "bad"]
    assert "Cannot write" in said[-1].text


def test_an_opened_network_with_pitfalls_says_so(
    session: Session,
    said: list[Message],
    wanted: list[str],
    fake_work: pytest.MonkeyPatch,
    settle: Callable[[], None],
) -> None:
    path = Path("/models/net.safetensors")
    judged = work.Judged(Checked(str(path), (fakes.finding("nan-weights", path=str(path)),)), {})
    fake_work.setattr(work, "check", lambda *_: fakes.works(judged))
    session.open_model(path, "trained")
    settle()
    assert said == []  # its training has said what there was to say
    session.open_model(path)
    settle()
    assert [message.kind for message in said] == ["warn"]
    assert said[0].act is not None
    said[0].act()
    settle()
    assert wanted == ["pitfalls"]
    assert [one.rule for one in session.checking.findings(explanations=False)] == ["nan-weights"]


def test_the_network_trained_on_a_folder_answers_again_when_it_is_opened(
    session: Session, tmp_path: Path, fake_work: pytest.MonkeyPatch, settle: Callable[[], None]
) -> None:
    network = tmp_path / "best.safetensors"
    fake_work.setattr(work, "earlier", lambda root: fakes.works(work.Earlier(root, network=network)))
    session.set_index(fakes.index_of(tmp_path))
    settle()
    assert session.model is not None
    assert (session.model.path, session.model.origin) == (network, "trained")
    other = tmp_path / "other.safetensors"
    session.open_model(other)
    settle()
    session.set_index(fakes.index_of(tmp_path))
    settle()
    assert session.model.path == other  # chosen by the person
