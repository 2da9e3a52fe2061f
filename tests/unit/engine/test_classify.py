import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from cnngui.cancel import Cancel
from cnngui.data.index import Unreadable
from cnngui.engine import header, modelfile
from cnngui.engine.batches import Batches
from cnngui.engine.cache import Cached, open_cache
from cnngui.engine.classify import Classifier
from cnngui.engine.ending import all_logits
from cnngui.engine.evaluate import evaluate
from cnngui.engine.events import RunEnded
from cnngui.engine.models import registry
from cnngui.engine.results import Evaluation, Prediction
from cnngui.engine.spec import TrainConfig
from cnngui.engine.train import train
from cnngui.errors import RequestError
from tests.pictures import make_pictures, scanned
from tests.unit.engine.test_modelfile import HEADER


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A network that knows blue, green and red."""
    folder = tmp_path_factory.mktemp("trained")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CNNGUI_HOME", str(folder / "home"))
        index = scanned(make_pictures(folder / "pictures"))
        config = TrainConfig(epochs=8, batch_size=8, device="cpu")
        *_, end = train(index, config, folder, Cancel())
    assert isinstance(end, RunEnded)
    assert end.val_accuracy == 1.0
    return folder / "best.safetensors"


def answers(trained: Path, paths: list[Path], **rest: float) -> list[Prediction | Unreadable]:
    return list(Classifier.open(trained, "cpu").classify(iter(paths), Cancel(), **rest))  # type: ignore[arg-type]


def test_answers_come_in_order_with_probabilities(trained: Path, tmp_path: Path) -> None:
    root = make_pictures(tmp_path / "new", 30, seed=9)
    paths = sorted(root.rglob("*.png"), key=lambda path: path.name)
    found = answers(trained, paths)
    assert [item.path for item in found] == [str(path) for path in paths]
    for item, path in zip(found, paths, strict=True):
        assert isinstance(item, Prediction)
        assert item.label == path.parent.name
        assert [guess.probability for guess in item.top] == sorted(
            (g.probability for g in item.top), reverse=True
        )
        assert sum(guess.probability for guess in item.top) == pytest.approx(1, abs=1e-5)


def test_bad_pictures_are_values_in_their_place(trained: Path, tmp_path: Path) -> None:
    root = make_pictures(tmp_path / "new", 2)
    good = root / "red" / "00.png"
    (tmp_path / "text.jpg").write_bytes(b"hello")
    paths = [tmp_path / "text.jpg", good, tmp_path / "not there.png", tmp_path, good]
    kinds = [type(item) for item in answers(trained, paths)]
    assert kinds == [Unreadable, Prediction, Unreadable, Unreadable, Prediction]
    assert answers(trained, []) == []


def test_many_at_once_are_answered_as_each_alone() -> None:
    """Of many pictures the norms are folded into the convolutions."""
    torch.manual_seed(0)
    network = registry.build("simple_cnn_bn", 3)
    for name, statistic in network.named_buffers():
        if name.endswith("running_mean"):
            statistic.uniform_(-0.5, 0.5)
        elif name.endswith("running_var"):
            statistic.uniform_(0.5, 2.0)
    about = replace(HEADER, architecture="simple_cnn_bn", classes=("a", "b", "c"), temperature=0.1)
    one = Classifier(about, network, "cpu")
    pictures = list(np.random.default_rng(0).integers(0, 256, (40, 32, 32, 3), np.uint8))
    alone = torch.cat([one.probabilities([picture]) for picture in pictures])
    assert float((one.probabilities(pictures) - alone).abs().max()) < 1e-5
    assert float(alone.std(0).min()) > 1e-3


def test_the_threshold_decides_who_is_sure(trained: Path, tmp_path: Path) -> None:
    path = make_pictures(tmp_path / "new", 1) / "red" / "00.png"
    (sure,) = answers(trained, [path], unsure_below=0.0)
    (unsure,) = answers(trained, [path], unsure_below=1.01)
    assert isinstance(sure, Prediction)
    assert isinstance(unsure, Prediction)
    assert (sure.sure, unsure.sure) == (True, False)
    (one,) = answers(trained, [path], top=1)
    assert isinstance(one, Prediction)
    assert len(one.top) == 1


def test_an_unfamiliar_picture_is_not_sure_at_any_probability(trained: Path, tmp_path: Path) -> None:
    path = make_pictures(tmp_path / "new", 1) / "red" / "00.png"
    saved, state = modelfile.load(trained)
    for line, familiar in ((-1e9, True), (1e9, False)):
        modelfile.save(tmp_path / "m.safetensors", replace(saved, unfamiliar_below=line), state)
        (answer,) = answers(tmp_path / "m.safetensors", [path], unsure_below=0.0)
        assert isinstance(answer, Prediction)
        assert (answer.familiar, answer.sure) == (familiar, familiar)


def test_both_views_are_looked_at_when_asked(trained: Path) -> None:
    image = np.random.default_rng(0).integers(0, 256, (32, 32, 3), np.uint8)
    one, both = Classifier.open(trained, "cpu"), Classifier.open(trained, "cpu", looks=2)
    flipped = np.ascontiguousarray(image[:, ::-1])
    mean = (one.logits([image]) + one.logits([flipped])) / 2
    assert torch.allclose(both.logits([image]), mean, atol=1e-5)


def test_a_training_picture_gives_the_same_logits_both_ways(trained: Path, tmp_path: Path) -> None:
    root = make_pictures(tmp_path / "pictures")
    Image.fromarray(np.arange(300 * 400 * 3, dtype=np.uint8).reshape(300, 400, 3)).save(
        root / "red" / "big.jpg"
    )
    index = scanned(root)
    classifier = Classifier.open(trained, "cpu")
    *_, cached = open_cache(index, classifier.pipeline, Cancel())
    assert isinstance(cached, Cached)
    batches = Batches(cached, torch.zeros(len(index.records), dtype=torch.long), classifier.pipeline, "cpu")
    from_training, _ = all_logits(
        classifier.network, batches, torch.arange(len(index.records)), 16, classifier.header.looks
    )
    from_files = {
        item.path: [guess.probability for guess in sorted(item.top, key=lambda guess: guess.label)]
        for item in classifier.classify([index.file(record) for record in index.records], Cancel(), top=3)
        if isinstance(item, Prediction)
    }
    expected = torch.softmax(from_training / classifier.header.temperature, 1)
    for row, record in enumerate(index.records):
        assert expected[row].tolist() == pytest.approx(from_files[str(index.file(record))], abs=1e-5)


def test_a_stop_ends_it(trained: Path, tmp_path: Path) -> None:
    path = make_pictures(tmp_path / "new", 1) / "red" / "00.png"
    cancel = Cancel()
    seen = 0
    for _ in Classifier.open(trained, "cpu").classify([path] * 10_000, cancel):
        seen += 1
        if seen == 5:
            cancel.stop()
    assert seen < 200


def test_a_model_for_another_network_is_refused(trained: Path, tmp_path: Path) -> None:
    saved, state = modelfile.load(trained)
    other = tmp_path / "other.safetensors"
    with_name = header._from_json({**_json(saved), "architecture": "networks_of_tomorrow"}, other)
    modelfile.save(other, with_name, state)
    with pytest.raises(RequestError, match="does not have"):
        Classifier.open(other)
    del state["fc2.bias"]
    modelfile.save(other, saved, state)
    with pytest.raises(RequestError, match="do not fit simple_cnn"):
        Classifier.open(other)


def _json(saved: header.ModelHeader) -> dict[str, object]:
    import json

    values: dict[str, object] = json.loads(saved.to_json())
    return values


def test_evaluation_counts_right(trained: Path, tmp_path: Path) -> None:
    root = make_pictures(tmp_path / "new", 10, seed=3)
    # Two red pictures filed under green, and one that cannot be read.
    shutil.move(root / "red" / "00.png", root / "green" / "a.png")
    shutil.move(root / "red" / "01.png", root / "green" / "b.png")
    (root / "blue" / "03.png").write_bytes(b"x")
    *_, result = evaluate(Classifier.open(trained, "cpu"), scanned(root), Cancel())
    assert isinstance(result, Evaluation)
    assert result.images == 29
    assert result.accuracy == pytest.approx(27 / 29)
    assert result.confusion == ((9, 0, 0), (0, 10, 2), (0, 0, 8))
    assert [score.images for score in result.per_class] == [9, 12, 8]
    assert result.per_class[2].precision == 0.8
    assert len(result.unreadable) == 1
    assert result.accuracy_interval[0] < result.accuracy < result.accuracy_interval[1]


def test_evaluation_prefers_the_test_split_and_matches_classes_by_name(trained: Path, tmp_path: Path) -> None:
    make_pictures(tmp_path / "all" / "train", 5)
    test = make_pictures(tmp_path / "all" / "test", 3)
    shutil.rmtree(test / "blue")
    *_, result = evaluate(Classifier.open(trained, "cpu"), scanned(tmp_path / "all"), Cancel())
    assert isinstance(result, Evaluation)
    assert result.images == 6
    assert result.accuracy == 1.0
    assert result.classes == ("blue", "green", "red")


def test_evaluation_refuses_classes_it_does_not_know(trained: Path, tmp_path: Path) -> None:
    root = make_pictures(tmp_path / "new", 2)
    (root / "red").rename(root / "orange")
    with pytest.raises(RequestError, match="a class “orange” that the model does not know"):
        list(evaluate(Classifier.open(trained, "cpu"), scanned(root), Cancel()))
    with pytest.raises(RequestError, match="no labelled pictures"):
        list(evaluate(Classifier.open(trained, "cpu"), scanned(root / "blue"), Cancel()))
