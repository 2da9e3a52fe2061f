"""The split into training and validation pictures."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cnngui.data.index import UNLABELLED, DatasetIndex, Record, Split
from cnngui.data.split import Parts, split


def index_with(*items: tuple[int, str]) -> DatasetIndex:
    """One record per (label, split)."""
    records = tuple(Record(f"{i:05}.png", label, Split(part), 1, 1) for i, (label, part) in enumerate(items))
    classes = tuple(f"class {label}" for label in range(max((label for label, _ in items), default=-1) + 1))
    return DatasetIndex(Path("/nowhere"), classes, records, (), (), (), "")


def own_hashes(index: DatasetIndex) -> list[bytes]:
    return [record.path.encode() for record in index.records]


def halves(*labels: int, fraction: float = 0.5, hashes: str | None = None, seed: int = 0) -> Parts:
    """Split unsplit records of these labels; equal letters of `hashes` are equal pictures."""
    index = index_with(*((label, "") for label in labels))
    contents = own_hashes(index) if hashes is None else [letter.encode() for letter in hashes]
    return split(index, contents, fraction, seed)


def test_each_class_gives_its_share() -> None:
    index = index_with(*[(0, "")] * 100, *[(1, "train")] * 50, *[(2, "")] * 10)
    parts = split(index, own_hashes(index), 0.2, 0)
    held = [index.records[i].label for i in parts.val]
    assert [held.count(label) for label in range(3)] == [20, 10, 2]
    assert sorted(parts.train + parts.val) == list(range(160))
    assert parts.train == tuple(sorted(parts.train))
    assert parts.val == tuple(sorted(parts.val))
    assert parts.notes == (
        "The folder names no validation pictures, so 32 of 160 training pictures were set aside for it.",
    )


def test_the_same_seed_gives_the_same_split_everywhere() -> None:
    # Written down so that another system, Python or library cannot quietly change it.
    assert halves(*[0] * 8, *[1] * 8, fraction=0.25, seed=7).val == (0, 7, 11, 13)
    assert halves(*[0] * 8, *[1] * 8, fraction=0.25, seed=8).val != (0, 7, 11, 13)


def test_a_split_of_the_folders_own_is_used_as_it_is() -> None:
    index = index_with((0, "train"), (0, ""), (0, "val"), (1, "train"), (1, "val"), (1, "test"))
    parts = split(index, own_hashes(index), 0.2, 0)
    assert (parts.train, parts.val, parts.notes) == ((0, 1, 3), (2, 4), ())


def test_test_pictures_are_in_neither_part_and_validation_is_taken_from_training() -> None:
    index = index_with(*[(0, "train")] * 5, *[(1, "train")] * 5, (0, "test"), (1, "test"))
    parts = split(index, own_hashes(index), 0.2, 0)
    assert sorted(parts.train + parts.val) == list(range(10))
    assert len(parts.val) == 2


def test_unlabelled_pictures_are_never_used() -> None:
    index = index_with((UNLABELLED, ""), (0, ""), (UNLABELLED, "val"), (0, ""), (UNLABELLED, "train"))
    parts = split(index, own_hashes(index), 0.5, 0)
    assert sorted(parts.train + parts.val) == [1, 3]


def test_equal_pictures_stay_together_across_classes() -> None:
    parts = halves(0, 0, 0, 0, 1, 1, 1, 1, hashes="abcdaefg", seed=1)
    sides = dict.fromkeys(parts.train, "train") | dict.fromkeys(parts.val, "val")
    assert len(sides) == 8
    assert sides[0] == sides[4]


def test_training_pictures_that_are_validation_or_test_pictures_are_left_out() -> None:
    index = index_with(
        (0, "train"), (0, "train"), (1, "train"), (0, "val"), (1, "val"), (1, "test"), (1, "train")
    )
    parts = split(index, [b"a", b"b", b"c", b"a", b"d", b"c", b"e"], 0.2, 0)
    assert (parts.train, parts.val) == ((1, 6), (3, 4))
    assert parts.notes == (
        "2 training pictures are also validation or test pictures and were left out of the training.",
    )
    index = index_with(*[(0, "train")] * 4, (UNLABELLED, "test"))
    assert 0 not in split(index, [b"a", b"b", b"c", b"d", b"a"], 0.5, 0).train


def test_a_class_of_one_picture_is_trained_on_and_said() -> None:
    parts = halves(0, 0, 0, 0, 1, 2, 2, hashes="abcdexx")
    assert {4, 5, 6} <= set(parts.train)
    assert parts.notes[1] == (
        "“class 1” and “class 2” have too few different pictures to set one aside, so all are trained on."
    )


def test_a_class_of_two_pictures_gives_one_to_each_part() -> None:
    for seed in range(20):
        parts = halves(0, 0, 1, 1, fraction=0.01, seed=seed)
        assert len(parts.train) == len(parts.val) == 2
        # even where one of the two exists ten times
        parts = halves(*[0] * 11, fraction=0.2, hashes="a" * 10 + "b", seed=seed)
        assert parts.val == (10,)


def test_a_class_whose_every_group_is_too_large_gives_its_smallest() -> None:
    assert halves(*[0] * 11, fraction=0.1, hashes="a" * 6 + "b" * 5).val == (6, 7, 8, 9, 10)


def test_no_validation_on_request_and_none_possible() -> None:
    assert halves(0, 0, 1, 1, fraction=0).val == ()
    assert halves(0, 1).notes == ("No pictures were set aside for validation.",)
    assert halves() == Parts((), (), ())


def test_a_class_that_is_only_validated_is_said() -> None:
    index = index_with((0, "train"), (0, "val"), (1, "val"))
    assert split(index, own_hashes(index), 0.2, 0).notes == (
        "There are validation pictures of “class 1”, but none to learn from.",
    )


@pytest.mark.parametrize("fraction", [-0.1, 1.0, float("nan")])
def test_a_wrong_request(fraction: float) -> None:
    with pytest.raises(ValueError, match="val_fraction"):
        halves(0, 0, fraction=fraction)
    with pytest.raises(ValueError, match="hashes"):
        split(index_with((0, "")), [], 0.2, 0)


records = st.lists(
    st.tuples(st.integers(-1, 3), st.sampled_from(["", "train", "val", "test"]), st.binary(max_size=1)),
    max_size=60,
)


@given(records, st.floats(0, 0.99), st.integers(-5, 5))
def test_what_always_holds(items: list[tuple[int, str, bytes]], fraction: float, seed: int) -> None:
    index = index_with(*((label, part) for label, part, _ in items))
    hashes = [content for _, _, content in items]
    parts = split(index, hashes, fraction, seed)
    train, val = set(parts.train), set(parts.val)
    assert parts == split(index, hashes, fraction, seed)
    assert not {hashes[i] for i in train} & {hashes[i] for i in val}
    assert not {hashes[i] for i in train} & {h for _, part, h in items if part == "test"}
    assert all(items[i][0] >= 0 and items[i][1] != "test" for i in train | val)
    own = {i for i, (label, part, _) in enumerate(items) if part == "val" and label >= 0}
    if own:
        assert val == own
        return
    pool = list(train | val)
    for label in range(4):
        contents = {hashes[i] for i in pool if items[i][0] == label}
        if contents:
            assert any(items[i][0] == label for i in train)
        alone = all(sum(hashes[i] == h for i in pool) == 1 for h in contents)
        if fraction > 0 and len(contents) > 1 and alone:
            assert any(items[i][0] == label for i in val)
