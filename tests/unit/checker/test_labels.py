"""The rule for wrong labels alone, on what networks said: what the window asks for after a training."""

import shutil
from pathlib import Path

from cnngui.cancel import Cancel
from cnngui.checker.labels import suspects
from cnngui.engine.spec import TrainConfig
from tests.pictures import scanned

CONFIG = TrainConfig(epochs=8, batch_size=8, learning_rate=3e-3, label_smoothing=0.0, device="cpu")


def test_wrong_labels_are_named_and_their_pictures_given(pictures: Path) -> None:
    for number in range(3):
        shutil.move(pictures / "red" / f"{number:02}.png", pictures / "green" / f"wrong {number}.png")
    index = scanned(pictures)
    told: list[int] = []
    found = suspects(index, Cancel(), lambda done, _total, _what: told.append(done), CONFIG)
    assert found is not None
    paths = [index.records[position].path for position in found.positions]
    assert paths
    assert {path.rpartition("/")[2].split()[0] for path in paths} == {"wrong"}
    (finding,) = found.findings
    assert finding.rule == "suspected-mislabel"
    assert finding.where.part == paths[0]
    assert told == sorted(told)


def test_a_stop_gives_nothing(pictures: Path) -> None:
    cancel = Cancel()
    cancel.stop()
    assert suspects(scanned(pictures), cancel, lambda *_: None, CONFIG) is None
