"""Each part of the recipe does what its sentence says, and a wrong value gets one sentence."""

from dataclasses import fields, replace
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image, ImageEnhance, ImageOps
from torch import nn

from cnngui.cancel import Cancel
from cnngui.engine import colours, warp
from cnngui.engine.augment import Augmentation, reshaped
from cnngui.engine.batches import epoch_order, seeded
from cnngui.engine.ema import Average
from cnngui.engine.mixing import mixed
from cnngui.engine.models import registry
from cnngui.engine.options import OPTIONS, changed, idle, no_effect, option, unheeded
from cnngui.engine.rate_finder import RateFound, RateTried, find_learning_rate
from cnngui.engine.recipe import balance, recipe, set_dropout, share_of_rate
from cnngui.engine.spec import UNASKED, TrainConfig
from cnngui.errors import RequestError
from tests.pictures import make_pictures, scanned

CARD = registry.card("simple_cnn")


def pictures(count: int = 28, side: int = 16) -> torch.Tensor:
    return torch.randint(0, 256, (count, 3, side, side), dtype=torch.uint8, generator=seeded(3))


def test_every_part_has_a_sentence_a_default_in_its_range_and_is_in_the_table_once() -> None:
    assert len({one.name for one in OPTIONS}) == len(OPTIONS) >= 15
    for one in OPTIONS:
        assert one.sentence.endswith((".", ".)"))
        assert one.default is None or one.parse(str(one.default)) == one.default
        assert one.name in {field.name for field in fields(TrainConfig)}


@pytest.mark.parametrize(
    ("setting", "said"),
    [
        ("mixup", "not of the form NAME=VALUE"),
        ("mixpu=0.2", "Did you mean mixup"),
        ("zzzz=1", "There are: schedule"),
        ("mixup=much", "It takes 0 to 8"),
        ("mixup=nan", "It takes 0 to 8"),
        ("mixup=9", "It takes 0 to 8"),
        ("patience=1.5", "It takes 0 to"),
        ("schedule=square", "It takes one_cycle, cosine"),
        ("trivial_augment=perhaps", "It takes true, false"),
    ],
)
def test_a_wrong_setting_is_one_sentence(setting: str, said: str) -> None:
    with pytest.raises(RequestError, match=said):
        changed(TrainConfig(), [setting])


def test_settings_change_the_config_and_the_recipe() -> None:
    config = changed(TrainConfig(), ["trivial_augment=on", "mixup = 0.2", "patience=3", "schedule=cosine"])
    assert (config.trivial_augment, config.mixup, config.patience) == (True, 0.2, 3)
    made = recipe(config, CARD, 1000, 2)
    assert made.warm_up < recipe(TrainConfig(), CARD, 1000).warm_up
    assert made.augmentation is not None
    assert made.augmentation.trivial_augment
    assert recipe(TrainConfig(optimizer="muon"), CARD, 1000).optimizer == "muon"
    ours = replace(CARD, optimizer="muon")
    assert recipe(TrainConfig(), ours, 1000).optimizer == "muon"
    assert recipe(TrainConfig(optimizer="adamw"), ours, 1000).optimizer == "adamw"
    assert recipe(TrainConfig(), ours, 2000).epochs < recipe(TrainConfig(), CARD, 2000).epochs
    with pytest.raises(RequestError, match="dropout cannot be"):
        recipe(replace(config, dropout=2.0), CARD, 1000)
    assert option("ema").default is None


@pytest.mark.parametrize(
    "how",
    [Augmentation(resized_crop=0.3), Augmentation(colour_jitter=0.4), Augmentation(trivial_augment=True)],
)
def test_augmented_batches_are_pictures_and_the_same_for_the_same_place(how: Augmentation) -> None:
    mirror = torch.zeros(28, dtype=torch.bool)
    one, two = (reshaped(pictures(), 12, how, mirror, seeded(0, 1, 5)) for _ in range(2))
    assert torch.equal(one, two)
    assert not torch.equal(one, reshaped(pictures(), 12, how, mirror, seeded(0, 1, 6)))
    assert not torch.equal(one, reshaped(pictures(), 12, how, ~mirror, seeded(0, 1, 5)))
    assert one.shape == (28, 3, 12, 12)
    assert one.min() >= 0
    assert one.max() <= 255


def test_a_map_that_changes_nothing_gives_the_picture() -> None:
    before = pictures().float()
    assert torch.allclose(warp.sampled(before, warp.identity(28), 16), before, atol=1e-3)


def test_each_kind_of_trivial_augment_changes_the_picture_and_identity_does_not() -> None:
    whole = pictures(colours.KINDS).float()
    kinds, strengths = torch.arange(colours.KINDS), torch.full((colours.KINDS,), 0.8)
    moved = warp.sampled(whole, colours.shapes(kinds, strengths), 16)
    after = colours.toned(moved.clone(), kinds, strengths)
    same = [bool((after[n] - whole[n]).abs().max() < 1e-2) for n in range(colours.KINDS)]
    assert same == [n == 0 for n in range(colours.KINDS)]


def test_tones_are_those_of_pillow() -> None:
    array = pictures(1)[0].permute(1, 2, 0).numpy()
    picture, batch = Image.fromarray(array), pictures(1).float()
    half = torch.tensor([0.5])
    pairs = (
        (colours.brightness(batch, half), ImageEnhance.Brightness(picture).enhance(0.5)),
        (colours.contrast(batch, half), ImageEnhance.Contrast(picture).enhance(0.5)),
        (colours.saturation(batch, half), ImageEnhance.Color(picture).enhance(0.5)),
        (colours.sharpness(batch, half), ImageEnhance.Sharpness(picture).enhance(0.5)),
        (colours.posterise(batch, torch.tensor([3.0])), ImageOps.posterize(picture, 3)),
        (colours.solarise(batch, torch.tensor([128.0])), ImageOps.solarize(picture, 128)),
    )
    for ours, theirs in pairs:
        reference = torch.from_numpy(np.array(theirs)).permute(2, 0, 1)
        assert (ours[0] - reference).abs().max() <= 1.5


@pytest.mark.parametrize(("mixup", "cutmix"), [(1.0, 0.0), (0.0, 1.0), (1.0, 1.0)])
def test_mixed_labels_say_how_much_of_each_picture_there_is(mixup: float, cutmix: float) -> None:
    labels = torch.arange(8) % 4
    images = labels.float().view(8, 1, 1, 1).expand(8, 3, 16, 16).clone()
    for step in range(20):
        both, wanted = mixed(images.clone(), labels, 4, mixup, cutmix, seeded(0, 1, step))
        assert torch.allclose(wanted.sum(1), torch.ones(8))
        # A picture is as grey as its class's number: the mean grey is the mean number.
        assert torch.allclose(both.mean((1, 2, 3)), wanted @ torch.arange(4.0), atol=1e-4)


def test_unequal_classes_are_made_up_for_and_said() -> None:
    labels = torch.tensor([0] * 80 + [1] * 10)
    names = ("cat", "dog")
    assert balance("auto", labels[:20], ("cat",)).notes == ()
    assert balance("none", labels, names).loss_weights is None
    weighted = balance("auto", labels, names)
    assert "8 times" in weighted.notes[0]
    assert weighted.loss_weights is not None
    assert torch.allclose(weighted.loss_weights[labels].mean(), torch.tensor(1.0))
    drawn = balance("sampling", labels, names).draw_weights
    order = torch.cat([epoch_order(torch.arange(90), 0, epoch, drawn) for epoch in range(1, 30)])
    assert 0.45 < labels[order].float().mean() < 0.55


def test_the_average_is_put_in_place_and_taken_out_again() -> None:
    network = nn.BatchNorm1d(2)
    average = Average(network, 0.9)
    with torch.no_grad():
        network.weight.fill_(5.0)
    average.update(3)  # only every fourth step is looked at
    average.update(4)
    with average.in_place():
        assert 1 < network.weight[0] < 5
    assert network.weight[0] == 5
    other = Average(nn.BatchNorm1d(2), 0.9)
    other.load(average.state())
    assert torch.equal(other.state()["weight"], average.state()["weight"])


def test_the_rate_rises_and_falls_to_nothing() -> None:
    for warm_up in (0.0, 0.05, 0.2):
        course = [share_of_rate(n / 100, warm_up) for n in range(101)]
        assert max(course) == pytest.approx(1.0)
        assert course.index(max(course)) == round(100 * warm_up)
        assert course[-1] < 1e-6


def test_dropout_is_set_where_there_is_some() -> None:
    network = nn.Sequential(nn.Dropout(0.5), nn.Linear(2, 2))
    set_dropout(network, 0.1)
    assert network[0].p == 0.1
    with pytest.raises(RequestError, match="no dropout layers"):
        set_dropout(nn.Linear(2, 2), 0.1)


def test_a_learning_rate_is_found(pictures_folder: Path) -> None:
    items = list(find_learning_rate(scanned(pictures_folder), TrainConfig(device="cpu"), Cancel()))
    found = items[-1]
    assert isinstance(found, RateFound)
    assert 1e-5 < found.learning_rate < 0.3
    assert f"--learning-rate {found.learning_rate:.2g}" in found.sentence
    rates = [item.learning_rate for item in items if isinstance(item, RateTried)]
    assert rates == sorted(rates)


@pytest.fixture
def pictures_folder(tmp_path: Path) -> Path:
    return make_pictures(tmp_path / "pets", 20)


def test_what_makes_no_difference_is_known() -> None:
    assert idle(TrainConfig(), dropout=True) == frozenset()
    assert idle(TrainConfig(), dropout=False) == {"dropout"}
    assert idle(TrainConfig(resized_crop=0.5), dropout=True) == {"shift"}
    plain = idle(TrainConfig(augment=False), dropout=True)
    assert plain == {"shift", "erase", "resized_crop", "colour_jitter", "trivial_augment"}
    quick = idle(TrainConfig(method="quick"), dropout=True)
    assert quick == {one.name for one in OPTIONS} | {"batch_size", "learning_rate", "augment"}


def test_what_was_asked_for_in_vain_is_named_with_the_reason() -> None:
    assert no_effect(TrainConfig(mixup=0.2, batch_size=8)) == []
    assert no_effect(TrainConfig(method="quick", epochs=3, seed=1)) == []
    (quick,) = no_effect(TrainConfig(method="quick", mixup=0.2, batch_size=8, augment=False))
    assert quick.startswith("batch_size, augment, mixup have no effect: method quick")
    crop, plain = TrainConfig(resized_crop=0.5, shift=0.1), TrainConfig(augment=False, erase=0.2)
    assert no_effect(crop) == ["shift has no effect: resized_crop takes its place."]
    assert no_effect(plain) == ["erase has no effect: the pictures are not changed at random."]


def test_what_a_training_that_goes_on_does_not_heed_is_named() -> None:
    begun = TrainConfig(model="resnet18", method="best", weights="/w.pth", epochs=5, minutes=2.0)
    assert unheeded(UNASKED, begun) == []
    assert unheeded(replace(UNASKED, epochs=5, model="resnet18", device="cuda"), begun) == []
    (one,) = unheeded(replace(UNASKED, minutes=9.0), begun)
    assert one == "minutes has no effect: a training that goes on keeps the options it was begun with."
    (several,) = unheeded(replace(UNASKED, model="simple_cnn", weights=None, seed=3, mixup=0.2), begun)
    assert several.startswith("model, weights, seed, mixup have no effect: ")
