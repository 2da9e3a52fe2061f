"""Quick and Best, with a small network that has learnt from other pictures before."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from PIL import Image
from safetensors.torch import load_file, save_file
from torch import nn

from cnngui import settings
from cnngui.cancel import Cancel
from cnngui.data.project import Project
from cnngui.engine import features, runs
from cnngui.engine import quick as quick_module
from cnngui.engine.classify import Classifier
from cnngui.engine.ending import save_best
from cnngui.engine.events import EpochDone, RunEnded, RunStarted, StepDone, TrainEvent
from cnngui.engine.features import VIEWS, Backbone, View, last_layer, seen
from cnngui.engine.models import registry
from cnngui.engine.pipeline import ImagePipeline
from cnngui.engine.prepare import Prepared
from cnngui.engine.quick import fine_tuning
from cnngui.engine.recipe import Recipe, optimizer
from cnngui.engine.spec import ImageSpec, TrainConfig
from cnngui.engine.step import Stepper
from cnngui.errors import RequestError
from tests.pictures import scanned


@pytest.fixture
def learnt(tmp_path: Path) -> Path:
    """Weights of a resnet_small; even random features tell colours apart."""
    torch.manual_seed(0)
    path = tmp_path / "learnt.pth"
    torch.save(registry.build("resnet_small", 5).state_dict(), path)
    return path


@pytest.fixture
def quick(learnt: Path) -> TrainConfig:
    return TrainConfig(
        model="resnet_small", method="quick", epochs=3, weights=str(learnt), device="cpu", precision="float32"
    )


def run(pictures: Path, config: TrainConfig, cancel: Cancel | None = None) -> list[TrainEvent]:
    return list(runs.run(scanned(pictures), config, cancel or Cancel()))


@pytest.fixture
def computed(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[int]]:
    """How many pictures each batch had that went through the network for its features."""
    sizes: list[int] = []
    compute = Backbone._compute

    def counted(self: Backbone, pixels: torch.Tensor, view: View, kind: torch.dtype) -> torch.Tensor:
        sizes.append(len(pixels))
        return compute(self, pixels, view, kind)

    monkeypatch.setattr(features.Backbone, "_compute", counted)
    return iter([sizes])


def test_quick_goes_through_the_same_events_and_leaves_an_ordinary_model(
    pictures: Path, quick: TrainConfig
) -> None:
    started, *events, ended = [event for event in run(pictures, quick) if not hasattr(event, "total")]
    assert isinstance(started, RunStarted)
    assert isinstance(ended, RunEnded)
    assert (started.method, started.epochs) == ("quick", 3)
    epochs = [event for event in events if isinstance(event, EpochDone)]
    assert [epoch.epoch for epoch in epochs] == [1, 2, 3]
    steps = [event for event in events if isinstance(event, StepDone)]
    assert steps[0].loss == pytest.approx(np.log(3), abs=1e-4)  # nothing is known before the first fit
    assert ended.reason == "finished"
    assert ended.val_accuracy == 1.0
    classifier = Classifier.open(Path(ended.model or ""), "cpu")
    assert classifier.header.config["method"] == "quick"
    (answer,) = classifier.classify([pictures / "red" / "00.png"], Cancel())
    assert getattr(answer, "label", None) == "red"


def test_a_second_training_and_another_seed_find_the_features(
    pictures: Path, quick: TrainConfig, computed: Iterator[list[int]]
) -> None:
    sizes = next(computed)
    first = run(pictures, quick)[-1]
    assert sum(sizes) == 3 * 48 + 12  # and the validation pictures in one view
    sizes.clear()
    again = run(pictures, quick)[-1]
    assert sizes == []
    assert isinstance(first, RunEnded)
    assert isinstance(again, RunEnded)
    assert Path(first.model or "").read_bytes()[-4096:] == Path(again.model or "").read_bytes()[-4096:]
    # One more picture costs one picture in each view.
    Image.fromarray(np.full((30, 40, 3), 7, np.uint8)).save(pictures / "red" / "new.png")
    run(pictures, quick)
    assert sum(sizes) < 4 * 3 + 12


def test_a_stop_acts_within_a_batch_and_keeps_what_there_is(pictures: Path, quick: TrainConfig) -> None:
    cancel = Cancel()
    events = []
    for event in runs.run(scanned(pictures), quick, cancel):
        events.append(event)
        if isinstance(event, StepDone) and event.epoch == 2:
            cancel.stop()
    ended = events[-1]
    assert isinstance(ended, RunEnded)
    assert (ended.reason, ended.epochs) == ("stopped", 2 if ended.epochs == 2 else 1)
    assert ended.model is not None


@pytest.mark.parametrize(("seconds", "times"), [(0.0, 3), (1e9, 1)])
def test_the_model_is_written_now_and_then_and_at_the_end(
    pictures: Path, quick: TrainConfig, monkeypatch: pytest.MonkeyPatch, seconds: float, times: int
) -> None:
    written: list[int] = []

    def watched(
        folder: Path, data: Prepared, config: TrainConfig, network: nn.Module, epoch: EpochDone
    ) -> None:
        written.append(epoch.epoch)
        save_best(folder, data, config, network, epoch)

    monkeypatch.setattr(quick_module, "save_best", watched)
    monkeypatch.setattr(quick_module, "_SAVE_SECONDS", seconds)
    *_, ended = run(pictures, quick)
    assert isinstance(ended, RunEnded)
    assert ended.reason == "finished"
    assert written == [1, 2, 3][-times:]
    assert ended.epochs == 3


@pytest.mark.parametrize(("at", "left"), [(1, 0), (3, 2)])
def test_an_epoch_whose_model_cannot_be_written_does_not_count(
    pictures: Path, quick: TrainConfig, monkeypatch: pytest.MonkeyPatch, at: int, left: int
) -> None:

    def full(folder: Path, data: Prepared, config: TrainConfig, network: nn.Module, epoch: EpochDone) -> None:
        if epoch.epoch == at:
            raise RequestError("The disk is full.")
        save_best(folder, data, config, network, epoch)

    monkeypatch.setattr(quick_module, "save_best", full)
    monkeypatch.setattr(quick_module, "_SAVE_SECONDS", 0.0)
    *_, ended = run(pictures, quick)
    assert isinstance(ended, RunEnded)
    assert (ended.reason, ended.sentence) == ("failed", "The disk is full.")
    assert ended.epochs == left
    assert (ended.model is not None) is (left > 0)


def test_best_begins_with_quick_and_is_no_worse(pictures: Path, quick: TrainConfig) -> None:
    events = run(pictures, replace(quick, method="best", epochs=2))
    epochs = [event for event in events if isinstance(event, EpochDone)]
    assert [epoch.epoch for epoch in epochs] == list(range(1, len(VIEWS) + 3))
    assert {epoch.epochs for epoch in epochs} == {len(VIEWS) + 2}
    (started,) = (event for event in events if isinstance(event, RunStarted))
    assert any(f"first {len(VIEWS)} epochs fit the last layer" in note for note in started.notes)
    fitted = events.index(epochs[len(VIEWS) - 1])
    *_, before = (event for event in events[:fitted] if isinstance(event, StepDone))
    assert before.eta_seconds > 0  # the last view is done, and what follows is reckoned with
    assert [epoch.learning_rate > 0 for epoch in epochs] == [False] * len(VIEWS) + [True] * 2
    ended = events[-1]
    assert isinstance(ended, RunEnded)
    assert ended.val_accuracy is not None
    assert ended.val_accuracy >= (epochs[len(VIEWS) - 1].val_accuracy or 0)


@pytest.mark.parametrize("method", ["best", "scratch"])
def test_fine_tuning_keeps_the_statistics_of_norms_and_changes_the_rest(
    method: str, pictures: Path, quick: TrainConfig, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[dict[str, torch.Tensor]] = []
    step = Stepper.step

    def watched(self: Stepper, *given: Any) -> tuple[torch.Tensor, ...]:
        assert self.network.training
        done = step(self, *given)
        seen.append({name: one.clone() for name, one in self.network.state_dict().items()})
        return done

    monkeypatch.setattr(Stepper, "step", watched)
    run(pictures, replace(quick, method=method, epochs=2))
    changed = {name for name, one in seen[0].items() if not torch.equal(one, seen[-1][name])}
    weights = {name for name in changed if name.endswith("weight")}
    assert len(weights) > 10
    assert any("running" in name for name in changed) == (method == "scratch")


@pytest.mark.parametrize("name", ["resnet18", "mobilenet_v3_small", "regnet_y_400mf", "resnet_small"])
def test_fine_tuning_leaves_no_layer_out_and_goes_from_the_answer_to_the_picture(name: str) -> None:
    network = registry.build(name, 3)
    recipe = Recipe(9, 16, 1e-3, 0.05, 0.1, augmentation=None, warm_up=0.2)
    tuned = fine_tuning(recipe, TrainConfig(), network)
    groups = optimizer(network, tuned).param_groups
    assert sum(len(group["params"]) for group in groups) == len(list(network.parameters()))
    assert groups[0]["params"][0] is last_layer(network).weight
    assert [part.scale for part in tuned.parts] == sorted((p.scale for p in tuned.parts), reverse=True)
    first = next(network.parameters())
    assert any(one is first for one in groups[-2]["params"])


def test_the_first_views_are_the_picture_in_use_and_its_mirror_image() -> None:
    pipeline = ImagePipeline(ImageSpec(size=24, resize=32))
    images = torch.randint(0, 256, (2, 3, 32, 32), dtype=torch.uint8)
    assert torch.equal(seen(images, VIEWS[0], pipeline), pipeline.to_batch(images))
    assert torch.equal(seen(images, VIEWS[1], pipeline), pipeline.to_batch(images).flip(3))
    for view in VIEWS:
        assert seen(images, view, pipeline).shape == (2, 3, 24, 24)


def _broken(path: Path) -> None:
    path.write_bytes(b"broken")


def _of_other_numbers(path: Path) -> None:
    tensors = load_file(path)
    save_file({name: tensor.to(torch.int32) for name, tensor in tensors.items()}, path)


def _of_short_hashes(path: Path) -> None:
    tensors = load_file(path)
    save_file({"features": tensors["features"][:5], "hashes": tensors["hashes"][:5, 0].contiguous()}, path)


def _a_folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


def _beside_a_stray_file(path: Path) -> None:
    (path.parent.parent / "stray").touch()
    path.unlink()


def _where_no_folder_can_be(path: Path) -> None:
    folder = path.parent.parent
    shutil.rmtree(folder, ignore_errors=True)
    folder.unlink(missing_ok=True)
    folder.touch()


@pytest.mark.parametrize(
    "harm",
    [_broken, _of_other_numbers, _of_short_hashes, _a_folder, _beside_a_stray_file, _where_no_folder_can_be],
)
def test_a_damaged_cache_is_made_anew(
    pictures: Path, quick: TrainConfig, own_home: Path, harm: Callable[[Path], None]
) -> None:
    first = run(pictures, quick)[-1]
    stored = list(own_home.parent.rglob("view-*.safetensors"))
    assert len(stored) == 3
    for path in stored:
        harm(path)
    ended = run(pictures, quick)[-1]
    assert isinstance(first, RunEnded)
    assert isinstance(ended, RunEnded)
    assert (ended.reason, ended.val_loss) == (first.reason, first.val_loss)


def test_features_that_are_used_count_as_younger_than_others(
    pictures: Path, quick: TrainConfig, own_home: Path
) -> None:
    run(pictures, quick)
    (used,) = {path.parent for path in own_home.parent.rglob("view-*.safetensors")}
    idle = used.with_name("idle")
    shutil.copytree(used, idle)
    for age, folder in enumerate((idle, used), 1):
        os.utime(folder, (age, age))
    run(pictures, quick)  # finds all there is
    assert used.stat().st_mtime > idle.stat().st_mtime


def test_a_training_goes_on_where_the_cache_is_deleted_meanwhile(
    pictures: Path, quick: TrainConfig, own_home: Path
) -> None:
    events = []
    for event in runs.run(scanned(pictures), quick, Cancel()):
        events.append(event)
        if isinstance(event, StepDone):
            shutil.rmtree(settings.cache_dir(), ignore_errors=True)
    ended = events[-1]
    assert isinstance(ended, RunEnded)
    assert (ended.reason, ended.val_accuracy) == ("finished", 1.0)


_IN_ITS_FIRST_PART = """
import sys
from pathlib import Path
from typing import Any
from cnngui.cancel import Cancel
from cnngui.engine import runs
from cnngui.engine.events import EpochDone
from cnngui.engine.spec import TrainConfig
from tests.pictures import scanned
for event in runs.run(scanned(Path(sys.argv[1])), eval(sys.argv[2]), Cancel()):
    if isinstance(event, EpochDone) and event.epoch == 2:
        print("holding", flush=True)
        sys.stdin.read()
"""


def test_killed_in_its_first_part_best_begins_again_as_it_was_asked_for(
    pictures: Path, quick: TrainConfig, computed: Iterator[list[int]]
) -> None:
    older = TrainConfig(epochs=3, batch_size=8, device="cpu", precision="float32")
    cancel = Cancel()
    for event in runs.run(scanned(pictures), older, cancel):
        if isinstance(event, EpochDone):
            cancel.stop()
    best = replace(quick, method="best", epochs=2, seed=4)
    command = [sys.executable, "-c", _IN_ITS_FIRST_PART, str(pictures), repr(best)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"holding\n"
        process.kill()
    events = list(runs.run(scanned(pictures), replace(older, epochs=9), Cancel(), resume=True))
    (started,) = (event for event in events if isinstance(event, RunStarted))
    assert (started.method, started.model, started.first_epoch) == ("best", "resnet_small", 1)
    assert any("begun again with its own settings" in note for note in started.notes)
    assert sum(next(computed)) == (len(VIEWS) - 2) * 48, "two views were done before"
    (_, run_) = Project.of(pictures).runs()
    assert (Path(started.run_folder), run_.ended) == (run_.folder, "finished")
    assert isinstance(events[-1], RunEnded)
    assert events[-1].epochs == len(VIEWS) + 2


def test_options_of_the_whole_network_are_said_to_have_no_effect(pictures: Path, quick: TrainConfig) -> None:
    events = run(pictures, replace(quick, mixup=0.2))
    (started,) = (event for event in events if isinstance(event, RunStarted))
    assert any("mixup has no effect: method quick" in note for note in started.notes)


@pytest.mark.parametrize("method", ["quick", "best", "scratch"])
def test_what_is_done_for_rare_classes_is_said_where_it_is_done(
    method: str, pictures: Path, quick: TrainConfig
) -> None:
    for path in list((pictures / "red").iterdir())[4:]:
        path.unlink()
    events = run(pictures, replace(quick, method=method, epochs=1))
    (started,) = (event for event in events if isinstance(event, RunStarted))
    assert sum("rare classes count more" in note for note in started.notes) == (method != "quick")
