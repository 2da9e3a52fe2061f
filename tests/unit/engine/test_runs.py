import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import asdict, replace
from pathlib import Path

import pytest

from cnngui import settings
from cnngui.cancel import Cancel
from cnngui.data.index import DatasetIndex
from cnngui.data.project import Project
from cnngui.engine import choose, header, runs
from cnngui.engine.choose import Settled
from cnngui.engine.distributed import Team
from cnngui.engine.events import EpochDone, Notice, RunEnded, RunStarted, TrainEvent
from cnngui.engine.spec import TrainConfig
from cnngui.errors import RequestError
from tests.pictures import make_pictures, scanned

QUICK = TrainConfig(epochs=3, batch_size=8, device="cpu", precision="float32")


def ended(events: list[TrainEvent]) -> RunEnded:
    assert isinstance(events[-1], RunEnded)
    return events[-1]


def started(events: list[TrainEvent]) -> RunStarted:
    return next(event for event in events if isinstance(event, RunStarted))


def test_keeps_the_run_and_copies_the_model(pictures: Path, tmp_path: Path) -> None:
    output = tmp_path / "my model.safetensors"
    events = list(runs.run(scanned(pictures), QUICK, Cancel(), output=output))
    assert ended(events).model == str(output)
    assert header.read(output).classes == ("blue", "green", "red")
    (kept,) = Project.of(pictures).runs()
    assert kept.ended == "finished"
    assert [event["event"] for event in kept.events()] == ["RunStarted", *["EpochDone"] * 3, "RunEnded"]
    assert kept.config["epochs"] == 3
    assert kept.best.read_bytes() == output.read_bytes()
    assert runs.unfinished(pictures) is None


def stopped_after(epochs: int, pictures: Path) -> None:
    cancel = Cancel()
    for event in runs.run(scanned(pictures), QUICK, cancel):
        if isinstance(event, EpochDone) and event.epoch == epochs:
            cancel.stop()


def test_a_run_that_cannot_be_written_to_is_not_offered(pictures: Path) -> None:
    stopped_after(1, pictures)
    (kept,) = Project.of(pictures).runs()
    (kept.folder / "lock").unlink(missing_ok=True)
    (kept.folder / "lock").mkdir()  # for root, whom a folder's permissions do not stop, as for everybody
    assert runs.unfinished(pictures) is None


def test_a_lock_that_cannot_be_written_is_one_sentence(pictures: Path, tmp_path: Path) -> None:
    stopped_after(1, pictures)
    (kept,) = Project.of(pictures).runs()
    (kept.folder / "lock").unlink(missing_ok=True)
    (kept.folder / "lock").mkdir()
    with pytest.raises(RequestError, match=r"Cannot write .*lock"):
        list(runs.run(scanned(pictures), QUICK, Cancel(), resume=True))
    locks = settings.cache_dir() / "locks"
    locks.parent.mkdir(parents=True, exist_ok=True)
    locks.write_text("in the way")
    with pytest.raises(RequestError, match=r"Cannot write .*locks"):
        list(runs.run(scanned(pictures), QUICK, Cancel(), output=tmp_path / "out.safetensors"))


def test_a_stopped_run_can_be_gone_on_with_as_it_was_configured(pictures: Path, tmp_path: Path) -> None:
    stopped_after(1, pictures)
    assert runs.unfinished(pictures) is not None
    other = TrainConfig(epochs=50, batch_size=16, device="cpu")
    output = tmp_path / "out.safetensors"
    events = list(runs.run(scanned(pictures), other, Cancel(), output=output, resume=True))
    assert (started(events).first_epoch, started(events).epochs, started(events).batch_size) == (2, 3, 8)
    assert ended(events).epochs == 3
    assert started(events).notes[-1] == (
        "epochs, batch_size have no effect: a training that goes on keeps the options it was begun with."
    )
    assert len(Project.of(pictures).runs()) == 1
    assert runs.unfinished(pictures) is None
    assert output.exists()


def test_with_nothing_to_go_on_with_a_new_run_begins_and_says_so(pictures: Path) -> None:
    events = list(runs.run(scanned(pictures), QUICK, Cancel(), resume=True))
    assert started(events).first_epoch == 1
    assert any("no interrupted training" in note for note in started(events).notes)


def test_a_run_that_cannot_be_noted_goes_on_and_its_model_is_named(pictures: Path, tmp_path: Path) -> None:
    output = tmp_path / "out.safetensors"
    events = []
    for event in runs.run(scanned(pictures), QUICK, Cancel(), output=output):
        events.append(event)
        if isinstance(event, RunStarted):
            for name in ("events.jsonl", "ended.json"):
                Path(event.run_folder, name).unlink(missing_ok=True)
                Path(event.run_folder, name).mkdir()
    assert [event.epoch for event in events if isinstance(event, EpochDone)] == [1, 2, 3]
    assert (ended(events).reason, ended(events).model) == ("failed", str(output))
    assert "The training is finished. " in ended(events).sentence
    assert "ended.json" in ended(events).sentence
    assert output.exists()


def test_a_validation_folder_takes_the_place_of_the_split(pictures: Path, tmp_path: Path) -> None:
    val = scanned(make_pictures(tmp_path / "val", 4, seed=8))
    events = list(runs.run(scanned(pictures), QUICK, Cancel(), val=val))
    assert (started(events).train_images, started(events).val_images) == (60, 12)
    shutil.rmtree(tmp_path / "val" / "blue")
    (tmp_path / "val" / "red").rename(tmp_path / "val" / "orange")
    with pytest.raises(RequestError, match="a class “orange”"):
        list(runs.run(scanned(pictures), QUICK, Cancel(), val=scanned(tmp_path / "val")))


HOLDER = """
import sys
from dataclasses import asdict, replace
from pathlib import Path
from cnngui.cancel import Cancel
from cnngui.engine import runs
from cnngui.engine.events import EpochDone
from cnngui.engine.spec import TrainConfig
from tests.pictures import scanned
config = TrainConfig(epochs=3, batch_size=8, device="cpu")
for event in runs.run(scanned(Path(sys.argv[1])), config, Cancel(), output=Path(sys.argv[2])):
    if isinstance(event, EpochDone) and event.epoch == 1:
        print("holding", flush=True)
        sys.stdin.read()
"""


def test_two_trainings_at_once_keep_out_of_each_others_way(pictures: Path, tmp_path: Path) -> None:
    output = tmp_path / "model.safetensors"
    command = [sys.executable, "-c", HOLDER, str(pictures), str(output)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == b"holding\n"
        # It is running, not interrupted, and nobody else may write its model.
        assert runs.unfinished(pictures) is None
        with pytest.raises(RequestError, match="is being written by another training"):
            list(runs.run(scanned(pictures), QUICK, Cancel(), output=output))
        other.kill()
    assert runs.unfinished(pictures) is not None
    events = list(runs.run(scanned(pictures), QUICK, Cancel(), output=output, resume=True))
    assert started(events).first_epoch == 2
    assert output.exists()


def test_two_trainings_of_the_same_pictures_into_two_files_both_end_well(
    pictures: Path, tmp_path: Path
) -> None:
    mine, theirs = tmp_path / "mine.safetensors", tmp_path / "theirs.safetensors"
    command = [sys.executable, "-c", HOLDER, str(pictures), str(theirs)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as other:
        assert other.stdout is not None
        assert other.stdin is not None
        assert other.stdout.readline() == b"holding\n"
        assert ended(list(runs.run(scanned(pictures), QUICK, Cancel(), output=mine))).model == str(mine)
        other.stdin.close()
        assert other.wait() == 0
    assert header.read(theirs).classes == header.read(mine).classes


def test_what_cannot_be_written_is_said_before_anything_is_trained(pictures: Path, tmp_path: Path) -> None:
    with pytest.raises(RequestError, match="Cannot write"):
        list(runs.run(scanned(pictures), QUICK, Cancel(), output=tmp_path / "nowhere" / "model.safetensors"))
    with pytest.raises(RequestError, match="is a folder"):
        list(runs.run(scanned(pictures), QUICK, Cancel(), output=tmp_path))
    assert Project.of(pictures).runs() == []


def test_asking_for_unfinished_runs_loads_no_torch(pictures: Path) -> None:
    code = (
        "import sys, json; from pathlib import Path; from cnngui.engine import runs;"
        "print(json.dumps([runs.unfinished(Path(sys.argv[1])), 'torch' in sys.modules]))"
    )
    done = subprocess.run([sys.executable, "-c", code, str(pictures)], capture_output=True, check=True)
    assert json.loads(done.stdout) == [None, False]


def test_a_model_that_cannot_be_put_where_it_was_wanted_is_named(pictures: Path, tmp_path: Path) -> None:
    folder = tmp_path / "gone"
    folder.mkdir()
    events = []
    for event in runs.run(scanned(pictures), QUICK, Cancel(), output=folder / "m.safetensors"):
        events.append(event)
        if isinstance(event, RunStarted):
            shutil.rmtree(folder)
    end = ended(events)
    (kept,) = Project.of(pictures).runs()
    assert end.reason == "failed"
    assert end.model == str(kept.best)
    assert str(kept.best) in end.sentence
    folder.mkdir()
    again = list(runs.run(scanned(pictures), QUICK, Cancel(), output=folder / "m.safetensors", resume=True))
    assert ended(again).reason == "finished"
    assert (folder / "m.safetensors").exists()


def test_a_refused_wish_leaves_a_finished_run_finished(pictures: Path) -> None:
    list(runs.run(scanned(pictures), QUICK, Cancel()))
    (pictures / "red" / "more.png").write_bytes((pictures / "red" / "00.png").read_bytes())
    with pytest.raises(RequestError, match="have changed"):
        list(runs.run(scanned(pictures), QUICK, Cancel(), longer=1))
    (pictures / "red" / "more.png").unlink()
    assert ended(list(runs.run(scanned(pictures), QUICK, Cancel(), longer=1))).epochs == 4


def test_validation_pictures_of_its_own_are_asked_for_again(pictures: Path, tmp_path: Path) -> None:
    val = scanned(make_pictures(tmp_path / "others", 3, seed=1))
    list(runs.run(scanned(pictures), QUICK, Cancel(), val=val))
    with pytest.raises(RequestError, match="others"):
        list(runs.run(scanned(pictures), QUICK, Cancel(), longer=1))
    assert ended(list(runs.run(scanned(pictures), QUICK, Cancel(), val=val, longer=1))).epochs == 4


@pytest.mark.parametrize("begun_with", ["nothing", "other"])
def test_other_validation_pictures_than_it_was_begun_with_are_refused(
    pictures: Path, tmp_path: Path, begun_with: str
) -> None:
    """Where there is no checkpoint yet, only the folder's name tells."""
    other, wanted = (scanned(make_pictures(tmp_path / name, 3, seed=1)) for name in ("other", "wanted"))
    Project.of(pictures).new_run(asdict(QUICK), other.root if begun_with == "other" else None)
    how = "without --val" if begun_with == "nothing" else "with --val .*other"
    with pytest.raises(RequestError, match=f"not measured on the pictures in .*wanted: go on with it {how},"):
        list(runs.run(scanned(pictures), QUICK, Cancel(), val=wanted, resume=True))
    assert runs.unfinished(pictures) is not None  # and can still be gone on with


def test_what_could_not_be_had_is_told_at_the_start(pictures: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def settled(_index: DatasetIndex, config: TrainConfig, _cancel: Cancel) -> Iterator[Settled]:
        yield Settled(config, (), (Notice("The weights could not be had."),))

    monkeypatch.setattr(choose, "settle", settled)
    events = list(runs.run(scanned(pictures), QUICK, Cancel()))
    at = next(place for place, event in enumerate(events) if isinstance(event, RunStarted))
    assert events[at + 1] == Notice("The weights could not be had.")
    (kept,) = Project.of(pictures).runs()
    assert [event["event"] for event in kept.events()][:2] == ["RunStarted", "Notice"]


def test_a_refused_training_takes_no_place_from_an_interrupted_one(pictures: Path) -> None:
    stopped_after(1, pictures)
    interrupted = runs.unfinished(pictures)
    with pytest.raises(RequestError, match="no dropout layers"):
        list(runs.run(scanned(pictures), replace(QUICK, dropout=0.2), Cancel()))
    assert len(Project.of(pictures).runs()) == 2
    assert runs.unfinished(pictures) == interrupted
    events = list(runs.run(scanned(pictures), QUICK, Cancel(), resume=True))
    assert started(events).first_epoch == 2


def test_several_processes_do_not_begin_the_last_layer_again(
    pictures: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    Project.of(pictures).new_run(asdict(replace(QUICK, method="best")))
    team = Team(0, 2, 0)
    monkeypatch.setattr(Team, "told", lambda _self, message: message)
    with pytest.raises(RequestError, match="--method scratch"):
        list(runs.run(scanned(pictures), QUICK, Cancel(), resume=True, team=team))
