import math
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import torch

from cnngui.cancel import Cancel
from cnngui.engine import checkpoint, header
from cnngui.engine.checkpoint import LAST
from cnngui.engine.clock import Clock
from cnngui.engine.ending import BEST
from cnngui.engine.events import Decoding, EpochDone, Notice, RunEnded, RunStarted, StepDone, TrainEvent
from cnngui.engine.loop import Loop
from cnngui.engine.prepare import check_trainable
from cnngui.engine.spec import TrainConfig
from cnngui.engine.step import Stepper
from cnngui.engine.train import train
from cnngui.errors import RequestError
from cnngui.files import write_whole
from tests.pictures import make_pictures, scanned
from tests.unit.engine.trainings import QUICK, ended, epochs_of, events_of, weights


def test_learns_and_says_everything_in_order(pictures: Path, tmp_path: Path) -> None:
    events = events_of(pictures, tmp_path / "run")
    kinds = [type(event) for event in events]
    assert kinds[0] is Decoding
    assert kinds.count(RunStarted) == 1
    started = next(event for event in events if isinstance(event, RunStarted))
    assert (started.train_images, started.val_images, started.classes) == (48, 12, ("blue", "green", "red"))
    assert started.steps_per_epoch == 6
    assert "processor" in started.device
    assert [epoch.epoch for epoch in epochs_of(events)] == [1, 2, 3, 4, 5, 6]
    assert kinds.index(RunStarted) < kinds.index(StepDone) < kinds.index(EpochDone)
    end = ended(events)
    assert end.reason == "finished"
    assert end.val_accuracy is not None
    assert end.val_accuracy > 0.9
    assert end.val_images == 12
    assert end.model == str(tmp_path / "run" / BEST)
    saved = header.read(Path(end.model))
    assert saved.classes == started.classes
    assert saved.val_accuracy == end.val_accuracy
    assert saved.config["epoch"] == end.best_epoch


def test_the_same_seed_gives_the_same_network_and_another_seed_another(
    pictures: Path, tmp_path: Path
) -> None:
    two = TrainConfig(epochs=2, batch_size=8, device="cpu")
    events_of(pictures, tmp_path / "a", two)
    events_of(pictures, tmp_path / "b", two)
    events_of(pictures, tmp_path / "c", TrainConfig(epochs=2, batch_size=8, device="cpu", seed=1))
    a, b, c = (weights(tmp_path / name / BEST) for name in "abc")
    assert all(torch.equal(a[name], b[name]) for name in a)
    assert not torch.equal(a["fc1.weight"], c["fc1.weight"])


def test_training_leaves_the_callers_random_numbers_alone(pictures: Path, tmp_path: Path) -> None:
    torch.manual_seed(5)
    expected = torch.rand(3)
    torch.manual_seed(5)
    events_of(pictures, tmp_path / "run", TrainConfig(epochs=1, device="cpu"))
    assert torch.equal(torch.rand(3), expected)


def test_memory_that_does_not_suffice_cuts_the_batch_and_says_so(
    pictures: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    config = TrainConfig(epochs=2, batch_size=16, device="cpu", precision="float32")
    whole = weights(Path(str(ended(events_of(pictures, tmp_path / "whole", config)).model)))
    piece = Stepper._piece

    def scarce(self: Stepper, images: torch.Tensor, wanted: torch.Tensor, share: float) -> object:
        if len(images) > 4:
            raise RuntimeError("[enforce fail] DefaultCPUAllocator: can't allocate memory")
        return piece(self, images, wanted, share)

    monkeypatch.setattr(Stepper, "_piece", scarce)
    events = events_of(pictures, tmp_path / "run", config)
    said = [event.sentence for event in events if isinstance(event, Notice)]
    assert ["pieces of 8," in said[0], "pieces of 4," in said[1], len(said)] == [True, True, 2]
    assert ended(events).reason == "finished"
    cut = weights(Path(str(ended(events).model)))
    assert all(torch.allclose(whole[name], cut[name], atol=2e-3) for name in whole)
    monkeypatch.setattr(Stepper, "_piece", lambda *_: (_ for _ in ()).throw(MemoryError()))
    end = ended(events_of(pictures, tmp_path / "none", config))
    assert (end.reason, end.model) == ("failed", None)
    assert "single pictures" in end.sentence


def test_a_full_disk_is_said_once_and_the_training_goes_on(
    pictures: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("cnngui.engine.loop._CHECKPOINT_SECONDS", 0.0)
    save, fails = write_whole, iter([True, True, False, True])

    def full(path: Path, data: bytes) -> None:
        if next(fails, False):
            raise RequestError(f"Cannot write {path}: No space left on device.")
        save(path, data)

    monkeypatch.setattr(checkpoint, "write_whole", full)
    events = events_of(pictures, tmp_path / "run")
    assert sum(isinstance(event, Notice) and "No space left" in event.sentence for event in events) == 2
    assert ended(events).reason == "finished"
    assert (tmp_path / "run" / LAST).exists()


def test_patience_ends_a_training_that_gets_no_better(pictures: Path, tmp_path: Path) -> None:
    config = replace(QUICK, epochs=40, patience=2)
    end = ended(events_of(pictures, tmp_path / "run", config))
    assert end.epochs == end.best_epoch + 2 < 40
    assert "ended early" in end.sentence


def test_a_pause_and_a_sleeping_machine_are_no_time_of_work(monkeypatch: pytest.MonkeyPatch) -> None:
    now = 100.0
    monkeypatch.setattr("cnngui.engine.clock.time.monotonic", lambda: now)
    clock = Clock()
    for _ in range(5):
        now += 0.1
        assert clock.look() == 0.0
    now += 3600
    assert clock.look() == 3600
    assert clock.seconds() == pytest.approx(0.6)
    paused = now
    now += 50
    clock.pause_over(paused)
    assert clock.seconds() == pytest.approx(0.6)
    now += 30  # a slow validation is work
    assert clock.look() == 0.0
    assert clock.seconds() == pytest.approx(30.6)


def test_a_pause_holds_and_lets_go(pictures: Path, tmp_path: Path) -> None:
    cancel = Cancel()
    (tmp_path / "run").mkdir()
    events: Iterator[TrainEvent] = train(scanned(pictures), QUICK, tmp_path / "run", cancel)
    for event in events:
        if isinstance(event, EpochDone):
            cancel.pause()
            break
    assert cancel.paused
    cancel.resume()
    assert isinstance(list(events)[-1], RunEnded)


def test_a_stop_before_the_first_step_changes_nothing(pictures: Path, tmp_path: Path) -> None:
    cancel = Cancel()
    cancel.stop()
    (only,) = train(scanned(pictures), QUICK, tmp_path, cancel)
    assert isinstance(only, RunEnded)
    assert (only.reason, only.model) == ("stopped", None)


def test_a_stop_between_the_start_and_the_first_step_leaves_no_model(pictures: Path, tmp_path: Path) -> None:
    cancel = Cancel()
    events = []
    for event in train(scanned(pictures), QUICK, tmp_path, cancel):
        events.append(event)
        if isinstance(event, RunStarted):
            cancel.stop()
    assert (ended(events).reason, ended(events).model) == ("stopped", None)


def test_a_diverging_run_ends_with_the_best_model_kept(pictures: Path, tmp_path: Path) -> None:
    config = TrainConfig(epochs=3, batch_size=8, device="cpu", learning_rate=1e30)
    end = ended(events_of(pictures, tmp_path / "run", config))
    assert end.reason == "failed"
    assert "learning rate is too high" in end.sentence


def test_minutes_end_the_run_in_time_with_the_schedule_run_down(
    pictures: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    worked = 0.0
    step = Stepper.step

    def timed(*arguments: Any) -> Any:
        nonlocal worked
        worked += 0.02 if worked else 0.5  # the first one loads what it needs
        return step(*arguments)

    monkeypatch.setattr(Stepper, "step", timed)
    monkeypatch.setattr(Clock, "seconds", lambda _: worked)  # however busy the machine is
    config = TrainConfig(minutes=0.05, epochs=1_000_000, batch_size=8, device="cpu")
    events = events_of(pictures, tmp_path / "run", config)
    end = ended(events)
    assert end.reason == "finished"
    assert 0.9 * 3 <= end.seconds <= 3
    last = epochs_of(events)[-1]
    peak = max(epoch.learning_rate for epoch in epochs_of(events))
    assert last.learning_rate < 0.05 * peak


def test_unreadable_pictures_are_left_out_and_said(pictures: Path, tmp_path: Path) -> None:
    (pictures / "red" / "07.png").write_bytes(b"no picture")
    (pictures / "red" / "08.png").write_bytes(b"")
    events = events_of(pictures, tmp_path / "run", TrainConfig(epochs=1, device="cpu"))
    started = next(event for event in events if isinstance(event, RunStarted))
    assert started.train_images + started.val_images == 58
    assert {Path(path).name for path, _ in started.unreadable} == {"07.png", "08.png"}


def test_the_folder_vanishing_after_the_scan_is_one_sentence(pictures: Path, tmp_path: Path) -> None:
    index = scanned(pictures)
    shutil.rmtree(pictures)
    with pytest.raises(RequestError, match="has disappeared"):
        list(train(index, QUICK, tmp_path, Cancel()))


def test_the_folder_vanishing_after_decoding_does_no_harm(pictures: Path, tmp_path: Path) -> None:
    events = []
    for event in train(scanned(pictures), QUICK, tmp_path, Cancel()):
        events.append(event)
        if isinstance(event, RunStarted):
            shutil.rmtree(pictures)
    assert ended(events).reason == "finished"


def test_what_nothing_can_be_learnt_from_is_refused(tmp_path: Path) -> None:
    empty = tmp_path / "empty"
    empty.mkdir()
    with pytest.raises(RequestError, match="no pictures"):
        check_trainable(scanned(empty))
    flat = make_pictures(tmp_path / "flat", 2) / "red"
    with pytest.raises(RequestError, match="class"):
        check_trainable(scanned(flat))
    one = make_pictures(tmp_path / "one", 2)
    shutil.rmtree(one / "red")
    shutil.rmtree(one / "green")
    with pytest.raises(RequestError, match="only one class, “blue”"):
        check_trainable(scanned(one))


def test_a_class_of_one_picture_is_trained_on_and_said(pictures: Path, tmp_path: Path) -> None:
    for file in list((pictures / "red").iterdir())[1:]:
        file.unlink()
    events = events_of(pictures, tmp_path / "run", TrainConfig(epochs=1, device="cpu"))
    started = next(event for event in events if isinstance(event, RunStarted))
    assert started.classes == ("blue", "green", "red")
    assert any("red" in note for note in started.notes)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"model": "simple_cn"}, "Did you mean simple_cnn"),
        ({"size": 64}, "only takes 32 × 32"),
        ({"model": "resnet_small", "size": 4}, "16 to 1024"),
        ({"epochs": 0}, "must be above 0"),
        ({"learning_rate": math.nan}, "must be above 0"),
        ({"minutes": math.inf}, "above 0 and finite, not inf"),
        ({"device": "cuda:99"}, "CUDA"),
        ({"device": "tpu"}, "no device called"),
        ({"precision": "int8"}, "no precision called"),
    ],
)
def test_impossible_wishes_get_one_sentence(
    pictures: Path, tmp_path: Path, changes: dict[str, object], said: str
) -> None:
    with pytest.raises(RequestError, match=said) as caught:
        events_of(pictures, tmp_path / "run", TrainConfig(**changes))  # type: ignore[arg-type]
    assert "\n" not in str(caught.value)


def test_a_larger_picture_for_a_network_that_takes_any(pictures: Path, tmp_path: Path) -> None:
    config = TrainConfig(model="resnet_small", size=48, epochs=1, device="cpu")
    end = ended(events_of(pictures, tmp_path / "run", config))
    assert end.model is not None
    assert header.read(Path(end.model)).spec.size == 48


def test_a_network_that_gives_no_numbers_takes_no_models_place(
    pictures: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    validate = Loop._validate

    def broken(self: Loop) -> tuple[float | None, float | None]:
        return validate(self) if self.epoch < 3 else (math.nan, 0.9)

    monkeypatch.setattr(Loop, "_validate", broken)
    events = events_of(pictures, tmp_path / "run")
    assert ended(events).reason == "failed"
    assert [epoch.epoch for epoch in epochs_of(events)] == [1, 2]
    assert ended(events).model is not None
    monkeypatch.setattr(Loop, "_validate", lambda _: (math.nan, 0.9))
    end = ended(events_of(pictures, tmp_path / "none"))
    assert (end.reason, end.model) == ("failed", None)


def test_minutes_that_are_over_before_the_first_step_are_a_failure(pictures: Path, tmp_path: Path) -> None:
    end = ended(events_of(pictures, tmp_path / "run", replace(QUICK, minutes=1e-6)))
    assert (end.reason, end.model) == ("failed", None)
    assert "Allow more" in end.sentence


def test_a_better_epoch_is_one_better_than_the_network_that_is_kept() -> None:
    def epoch(accuracy: float, best: bool) -> EpochDone:
        return EpochDone(1, 3, 0.1, 1.0, 0.3, accuracy, 0.0, 1.0, 1.0, best)

    loop = object.__new__(Loop)
    # The last layer alone: what has seen more views takes the place of what has seen fewer, worse or not.
    loop.history = [epoch(0.9, True), epoch(0.8, True), epoch(0.7, False)]
    assert loop._is_best(0.85, 0.3)
    assert not loop._is_best(0.8, 0.3)
    assert not loop._is_best(0.75, 0.1)


def test_validation_pictures_none_of_which_can_be_read_are_refused(pictures: Path, tmp_path: Path) -> None:
    (pictures / "train").mkdir()
    for name in ("blue", "green", "red"):
        (pictures / name).rename(pictures / "train" / name)
        (pictures / "val" / name).mkdir(parents=True)
        (pictures / "val" / name / "x.png").write_bytes(b"no picture")
    with pytest.raises(RequestError, match="None of the 3 validation pictures can be used"):
        events_of(pictures, tmp_path / "run")


def test_a_part_to_set_aside_is_said_to_have_no_effect_where_there_are_validation_pictures(
    tmp_path: Path,
) -> None:
    make_pictures(tmp_path / "both" / "train", 8)
    make_pictures(tmp_path / "both" / "val", 4, seed=1)
    said = []
    for fraction in (None, 0.3):
        config = TrainConfig(epochs=1, device="cpu", val_fraction=fraction)
        events = events_of(tmp_path / "both", tmp_path / "run", config)
        (started,) = (event for event in events if isinstance(event, RunStarted))
        said.append(any("val_fraction has no effect" in note for note in started.notes))
    assert said == [False, True]
