import math
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import torch

from cnngui.cancel import Cancel
from cnngui.engine import header, modelfile
from cnngui.engine.events import Decoding, EpochDone, RunEnded, RunStarted, StepDone, TrainEvent
from cnngui.engine.prepare import check_trainable
from cnngui.engine.spec import TrainConfig
from cnngui.engine.train import BEST, LAST, train
from cnngui.errors import RequestError
from tests.pictures import make_pictures, scanned

QUICK = TrainConfig(epochs=6, batch_size=8, device="cpu", precision="float32")


def events_of(pictures: Path, folder: Path, config: TrainConfig = QUICK, **rest: object) -> list[TrainEvent]:
    folder.mkdir(exist_ok=True)
    return list(train(scanned(pictures), config, folder, Cancel(), **rest))  # type: ignore[arg-type]


def epochs_of(events: list[TrainEvent]) -> list[EpochDone]:
    return [event for event in events if isinstance(event, EpochDone)]


def ended(events: list[TrainEvent]) -> RunEnded:
    last = events[-1]
    assert isinstance(last, RunEnded)
    assert not any(isinstance(event, RunEnded) for event in events[:-1])
    return last


def weights(path: Path) -> dict[str, torch.Tensor]:
    return modelfile.load(path)[1]


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


@pytest.mark.parametrize("model", ["simple_cnn", "resnet_small"])
@pytest.mark.parametrize("stop_after", [1, 9, 20])
def test_stopped_and_resumed_is_as_if_never_stopped(
    pictures: Path, tmp_path: Path, model: str, stop_after: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("cnngui.engine.lookout._REPORT_SECONDS", 0.0)  # an event for every step
    config = TrainConfig(model=model, epochs=4, batch_size=8, device="cpu")
    whole = ended(events_of(pictures, tmp_path / "whole", config))

    folder, cancel, steps = tmp_path / "parts", Cancel(), 0
    folder.mkdir()
    first = []
    for event in train(scanned(pictures), config, folder, cancel):
        first.append(event)
        steps += isinstance(event, StepDone)
        if steps == stop_after:
            cancel.stop()
    assert ended(first).reason == "stopped"
    assert steps == stop_after
    assert ended(first).model is not None  # even within the first epoch there is something to use

    second = events_of(pictures, folder, config, resume=True)
    assert ended(second).reason == "finished"
    assert ended(second).best_epoch == whole.best_epoch
    a, b = weights(tmp_path / "whole" / BEST), weights(folder / BEST)
    assert all(torch.equal(a[name], b[name]) for name in a)


def test_a_killed_training_goes_on_from_its_last_checkpoint(pictures: Path, tmp_path: Path) -> None:
    folder = tmp_path / "run"
    folder.mkdir()
    code = f"""
import sys
from pathlib import Path
from cnngui.cancel import Cancel
from cnngui.engine import train as module
from cnngui.engine.events import EpochDone
from cnngui.engine.spec import TrainConfig
from tests.pictures import scanned
module._CHECKPOINT_SECONDS = 0.0
config = TrainConfig(epochs=5, batch_size=8, device="cpu")
for event in module.train(scanned(Path({str(pictures)!r})), config, Path({str(folder)!r}), Cancel()):
    if isinstance(event, EpochDone) and event.epoch == 3:
        print("third", flush=True)
        sys.stdin.read()
"""
    with subprocess.Popen(
        [sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"third\n"
        process.kill()
    config = TrainConfig(epochs=5, batch_size=8, device="cpu")
    events = events_of(pictures, folder, config, resume=True)
    started = next(event for event in events if isinstance(event, RunStarted))
    assert started.first_epoch == 4
    assert [epoch.epoch for epoch in started.history] == [1, 2, 3]
    whole = ended(events_of(pictures, tmp_path / "whole", config))
    assert ended(events).best_epoch == whole.best_epoch
    a, b = weights(tmp_path / "whole" / BEST), weights(folder / BEST)
    assert all(torch.equal(a[name], b[name]) for name in a)


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


def test_changed_pictures_are_not_gone_on_with(pictures: Path, tmp_path: Path) -> None:
    events_of(pictures, tmp_path / "run")
    shutil.copy(pictures / "red" / "00.png", pictures / "red" / "more.png")
    with pytest.raises(RequestError, match="have changed since"):
        events_of(pictures, tmp_path / "run", resume=True)


def test_a_damaged_checkpoint_is_refused(pictures: Path, tmp_path: Path) -> None:
    events_of(pictures, tmp_path / "run")
    checkpoint = tmp_path / "run" / LAST
    for data in (checkpoint.read_bytes()[:5000], b"", b"x" * 100):
        checkpoint.write_bytes(data)
        with pytest.raises(RequestError, match="start a new training"):
            events_of(pictures, tmp_path / "run", resume=True)


def test_minutes_end_the_run_in_time_with_the_schedule_run_down(pictures: Path, tmp_path: Path) -> None:
    config = TrainConfig(minutes=0.05, epochs=1_000_000, batch_size=8, device="cpu")
    events = events_of(pictures, tmp_path / "run", config)
    end = ended(events)
    assert end.reason == "finished"
    assert end.seconds >= 0.9 * 3
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
