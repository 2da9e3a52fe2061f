"""Trainings that are stopped, killed, gone on with, and trained longer."""

import os
import random
import shutil
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file

from cnngui.cancel import Cancel
from cnngui.engine import checkpoint, modelfile
from cnngui.engine.checkpoint import LAST
from cnngui.engine.ending import BEST
from cnngui.engine.events import EpochDone, RunStarted, StepDone
from cnngui.engine.spec import TrainConfig
from cnngui.engine.train import train
from cnngui.errors import RequestError
from tests.pictures import scanned
from tests.unit.engine.trainings import QUICK, ended, events_of, weights


@pytest.mark.parametrize(
    ("model", "optimizer"), [("simple_cnn", "adamw"), ("resnet_small", "adamw"), ("simple_cnn_bn", "muon")]
)
@pytest.mark.parametrize("stop_after", [1, 9, 20])
def test_stopped_and_resumed_is_as_if_never_stopped(
    pictures: Path,
    tmp_path: Path,
    model: str,
    optimizer: str,
    stop_after: int,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("cnngui.engine.lookout._REPORT_SECONDS", 0.0)  # an event for every step
    config = TrainConfig(model=model, epochs=4, batch_size=8, device="cpu", optimizer=optimizer)
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


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no fork to start each attempt at once")
def test_killed_at_random_moments_it_ends_as_if_never_killed(pictures: Path, tmp_path: Path) -> None:
    config = TrainConfig(
        model="simple_cnn_bn", epochs=8, batch_size=8, device="cpu", ema=0.9, mixup=0.4, trivial_augment=True
    )
    whole = ended(events_of(pictures, tmp_path / "whole", config))
    folder = tmp_path / "run"
    folder.mkdir()
    # Forked from a process that has loaded everything, so that each attempt starts at once.
    code = f"""
import os, sys
from pathlib import Path
import torch
torch.set_num_threads({torch.get_num_threads()})
from cnngui.cancel import Cancel
from cnngui.engine import lookout, loop
from cnngui.engine.spec import TrainConfig
from cnngui.engine.train import train
from tests.pictures import scanned
loop._CHECKPOINT_SECONDS = lookout._REPORT_SECONDS = 0.0
folder = Path({str(folder)!r})
index = scanned(Path({str(pictures)!r}))
while sys.stdin.readline():
    child = os.fork()
    if child == 0:
        print(os.getpid(), flush=True)
        resume = (folder / {LAST!r}).exists()
        list(train(index, {config!r}, folder, Cancel(), resume=resume))
        os._exit(0)
    print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)
"""
    chance, kills = random.Random(5), 0
    with subprocess.Popen(
        [sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        for last in (False, False, False, False, True):
            process.stdin.write("go\n")
            process.stdin.flush()
            child = int(process.stdout.readline())
            if not last:
                # Anywhere in the run: between two steps, in one, or while a checkpoint is written.
                time.sleep(chance.uniform(0.05, 0.4))
                os.kill(child, signal.SIGKILL)
            kills += int(process.stdout.readline()) == -signal.SIGKILL
        process.stdin.close()
    assert kills == 4
    place = checkpoint.place_of(folder / LAST)
    assert [epoch.epoch for epoch in place.history] == list(range(1, 9))
    header_, state = modelfile.load(folder / BEST)
    assert header_.config["epoch"] == whole.best_epoch
    a, b = weights(tmp_path / "whole" / BEST), state
    assert all(torch.equal(a[name], b[name]) for name in a)
    left, right = load_file(tmp_path / "whole" / LAST), load_file(folder / LAST)
    assert left.keys() == right.keys()
    assert all(torch.equal(left[name], right[name]) for name in left)


def test_a_finished_training_goes_on_for_longer(pictures: Path, tmp_path: Path) -> None:
    folder = tmp_path / "run"
    first = ended(events_of(pictures, folder, QUICK))
    events = events_of(pictures, folder, QUICK, resume=True, longer=2)
    started = next(event for event in events if isinstance(event, RunStarted))
    assert (started.first_epoch, started.epochs) == (first.epochs + 1, first.epochs + 2)
    assert ended(events).epochs == 8
    rates = [event.learning_rate for event in events if isinstance(event, StepDone)]
    assert max(rates) > 10 * rates[-1]  # it rose and fell anew


def test_a_training_that_gave_up_goes_on_for_longer(pictures: Path, tmp_path: Path) -> None:
    folder = tmp_path / "run"
    still = replace(QUICK, epochs=20, learning_rate=1e-12, patience=2)
    first = ended(events_of(pictures, folder, still))
    assert first.epochs < 20
    events = events_of(pictures, folder, replace(still, patience=0), resume=True, longer=2)
    assert ended(events).epochs == first.epochs + 2


def test_a_training_that_is_killed_when_it_gives_up_has_given_up(
    pictures: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("cnngui.engine.loop._CHECKPOINT_SECONDS", 0.0)  # one after every epoch
    still = replace(QUICK, epochs=20, learning_rate=1e-12, patience=2)
    whole = ended(events_of(pictures, tmp_path / "whole", still))
    folder = tmp_path / "killed"
    folder.mkdir()
    for event in train(scanned(pictures), still, folder, Cancel()):
        if isinstance(event, EpochDone) and event.epoch == whole.epochs:
            break
    again = ended(events_of(pictures, folder, still, resume=True))
    assert (again.epochs, again.sentence) == (whole.epochs, whole.sentence)
    longer = ended(events_of(pictures, folder, still, resume=True, longer=3))
    assert longer.epochs > whole.epochs  # what was no better before does not count any more


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
