"""What trees of folders mean."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cnngui.data.layouts import Parts, understand
from cnngui.data.names import split_word

Meaning = dict[str, tuple[str, str | None]]


def parts_of(*folders: str) -> list[Parts]:
    return [tuple(folder.split("/")) if folder else () for folder in folders]


def meaning(*folders: str) -> Meaning:
    places = understand(parts_of(*folders)).places
    return {"/".join(parts): (place.split.value, place.label) for parts, place in places.items()}


@pytest.mark.parametrize(
    ("folders", "labels"),
    [
        (["cats", "dogs"], ["cats", "dogs"]),
        (["data/cats", "data/dogs"], ["cats", "dogs"]),
        (["a/b/cats", "a/b/dogs"], ["cats", "dogs"]),
        (["one"], ["one"]),
        ([""], [None]),
        (["images"], [None]),
        (["images/part 1", "images/part 2"], ["part 1", "part 2"]),
        # The top level, as soon as one folder of it holds pictures.
        (["cats", "cats/more", "dogs/old", "dogs/new"], ["cats", "cats", "dogs", "dogs"]),
        # The level below where none does.
        (["pets/cat", "pets/dog", "birds/owl", "birds/hen"], ["cat", "dog", "owl", "hen"]),
        (["photo/cat", "photo/dog", "sketch/cat", "sketch/dog"], ["cat", "dog", "cat", "dog"]),
        (["web/images/mug", "web/images/pen", "shop/images/mug"], ["mug", "pen", "mug"]),
        # … unless that level only counts or dates.
        (["cat/2021-05", "cat/2021-06", "dog/2021-05"], ["cat", "cat", "dog"]),
        (["ill/P001", "ill/P002", "well/P003", "well/P004"], ["ill", "ill", "well", "well"]),
        (["cats/images", "dogs/images"], ["cats", "dogs"]),
        (
            ["benign/40X", "benign/100X", "malignant/40X", "malignant/100X"],
            ["benign"] * 2 + ["malignant"] * 2,
        ),
        (["1025/0", "1025/1", "1099/0"], ["0", "1", "0"]),
        (["", "cats", "dogs"], [None, "cats", "dogs"]),
        (["", "d/cats", "d/dogs"], [None, "cats", "dogs"]),
    ],
)
def test_classes(folders: list[str], labels: list[str | None]) -> None:
    assert meaning(*folders) == dict(zip(folders, [("", label) for label in labels], strict=True))


@pytest.mark.parametrize(
    ("train", "val", "test"),
    [
        ("train", "val", "test"),
        ("Train", "Valid", "Testing"),
        ("TRAINING", "validation", "eval"),
        ("trainset", "val_set", "test-images"),
        ("train2017", "val2017", "test2017"),
        ("images_train", "images_val", "images_test"),
        ("seg_train", "seg_dev", "seg_test"),
        ("01 training data", "02 validation data", "03 evaluation data"),
    ],
)
def test_spellings_of_splits(train: str, val: str, test: str) -> None:
    assert meaning(f"{train}/a", f"{train}/b", f"{val}/a", f"{val}/b", f"{test}/a", f"{test}/b") == {
        f"{train}/a": ("train", "a"),
        f"{train}/b": ("train", "b"),
        f"{val}/a": ("val", "a"),
        f"{val}/b": ("val", "b"),
        f"{test}/a": ("test", "a"),
        f"{test}/b": ("test", "b"),
    }


@pytest.mark.parametrize(
    ("folders", "expected"),
    [
        # below the classes
        ("ant/train ant/val bee/train bee/val", "train:ant val:ant train:bee val:bee"),
        # packed twice
        ("x_train/x_train/a x_train/x_train/b x_test/x_test/a", "train:a train:b test:a"),
        # one split alone within a wrapper
        ("data/train/a data/train/b", "train:a train:b"),
        # split once more
        ("train/train/a train/val/a test/a", "train:a val:a test:a"),
        # the training classes beside the test folder
        ("a b c test/a test/b", ":a :b :c test:a test:b"),
        # unlabelled test pictures
        ("train/a train/b test", "train:a train:b test:"),
        ("train test", "train: test:"),
        # beside the splits
        ("train/a train/b val/a extra", "train:a train:b val:a :"),
        ("train/a train/b val/a more/a", "train:a train:b val:a :a"),
        ("train/a train/b docs", "train:a train:b :"),
        # no splits at all
        ("bus car train", ":bus :car :train"),
        ("test1 test2 test3", ":test1 :test2 :test3"),
        # two spellings of one class, and of two
        ("train/Cat train/dog val/cat val/dog", "train:Cat train:dog val:Cat val:dog"),
        ("train/A train/a val/a", "train:A train:a val:a"),
    ],
)
def test_splits(folders: str, expected: str) -> None:
    found = meaning(*folders.split())
    assert (
        " ".join(f"{split}:{label or ''}" for split, label in map(found.__getitem__, folders.split()))
        == expected
    )


def test_what_was_understood_is_said() -> None:
    layout = understand(parts_of("Training/a", "Training/b", "Validation/a", "spare/x"))
    assert layout.split_notes == (
        "“Training” was read as the training split.",
        "“Validation” was read as the validation split.",
    )
    assert layout.class_notes == ("“spare” lies beside the split folders; its pictures have no class.",)
    lone = understand(parts_of("bus", "train", "cat/a", "cat/b"))
    assert "“train” was not read as a split, for nothing beside it says so." in lone.class_notes
    assert "Pictures in folders inside a class folder count to that class." in lone.class_notes
    assert (
        understand(parts_of("m/a", "m/b", "n/c")).class_notes[0]
        == "The classes are the folders inside “m” and “n”."
    )


@pytest.mark.parametrize("word", ["train", "Validation", "TEST set", "dev", "eval_images"])
def test_a_split_by_its_word(word: str) -> None:
    assert split_word(word)


@pytest.mark.parametrize("word", ["", "cat", "train test", "trains", "bullet train", "1"])
def test_no_split_by_its_word(word: str) -> None:
    assert not split_word(word)


names = st.sampled_from(
    ["train", "val", "Test", "cat", "dog", "Cat", "2021", "images", "ü", "x_train", "x_test"]
)


@given(st.sets(st.lists(names, max_size=5).map(tuple), min_size=1, max_size=12))
def test_every_folder_has_its_place(folders: set[Parts]) -> None:
    layout = understand(folders)
    assert set(layout.places) == folders
    assert layout == understand(sorted(folders, reverse=True))
    for parts, place in layout.places.items():
        # A class is always the name of a folder on the way to the picture, in one of its spellings.
        assert place.label is None or place.label.casefold() in {part.casefold() for part in parts}
        assert place.split == "" or any(split_word(part) == place.split or "_" in part for part in parts)
