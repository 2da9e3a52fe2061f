"""Whether pictures are in the training set and in an evaluation set as well."""

from __future__ import annotations

from collections.abc import Iterator

from cnngui.checker.source.datasets import TABLE
from cnngui.checker.source.facts import SourceFacts
from cnngui.checker.source.roles import EVALUATES, evaluation_loaders, named, training_loaders
from cnngui.checker.source.values import Dataset, Loader, Spot, Unknown

Atom = tuple[Dataset, tuple[object, ...]]


def atoms(dataset: Dataset, shares: tuple[object, ...] = ()) -> Iterator[Atom]:
    """The whole sets a set was made from, each with the parts that were cut."""
    inner = _wrapped(dataset)
    if inner is not None:
        yield from atoms(inner[0], (*shares, *inner[1]))
    elif dataset.kind == "ConcatDataset":
        for one in dataset.parts:
            yield from atoms(one, shares)
    elif dataset.parts:
        yield from atoms(dataset.parts[0], (*shares, dataset.share))
    else:
        yield dataset, shares


def _wrapped(dataset: Dataset) -> tuple[Dataset, tuple[object, ...]] | None:
    """The set that a set of the file goes through, and how it may pick from it."""
    if dataset.obj is None:
        return None
    attrs = dataset.obj.attrs
    sets = [value for value in attrs.values() if isinstance(value, Dataset)]
    picks = tuple(
        ("indices", value) for name, value in attrs.items() if "ind" in str(name) or "idx" in str(name)
    )
    return (sets[0], picks) if len(sets) == 1 else None


def _same_source(first: Dataset, second: Dataset) -> bool:
    if first is second:
        return True
    if first.kind != second.kind or first.kind not in TABLE or first.kind == "FakeData":
        return False
    if TABLE[first.kind].split:
        same_root = first.root == second.root or not (
            isinstance(first.root, str) and isinstance(second.root, str)
        )
        return bool(first.split) and first.split == second.split and same_root
    return isinstance(first.root, str) and first.root == second.root


def _apart(first: tuple[object, ...], second: tuple[object, ...]) -> bool | None:
    """Whether two parts of one set cannot overlap; None if that is not known."""
    if not first or not second:
        return False
    for one in first:
        for other in second:
            answer = _shares_apart(one, other)
            if answer is not False:
                return answer
    return False


def _shares_apart(one: object, other: object) -> bool | None:
    if not isinstance(one, tuple) or not isinstance(other, tuple):
        return None
    if one[0] == other[0] == "cut":
        return True if one[1] == other[1] and one[2] != other[2] else False if one == other else None
    if one[0] == other[0] == "indices":
        if isinstance(one[1], range) and isinstance(other[1], range):
            return set(one[1]).isdisjoint(other[1])
        return False if _holds(one[1], other[1]) or _holds(other[1], one[1]) else None
    return None


def _holds(whole: object, part: object) -> bool:
    """Whether indices are the others, or those that the others were sliced from."""
    return part is whole or (isinstance(part, Unknown) and part.tag == "part" and part.parent is whole)


def overlap(first: Dataset, second: Dataset) -> bool:
    """Whether some pictures are certainly in both."""
    for one, cut in atoms(first):
        for other, other_cut in atoms(second):
            if _same_source(one, other) and _apart(cut, other_cut) is False:
                return True
    return False


def leaks(facts: SourceFacts) -> Iterator[tuple[Spot, str]]:
    """Evaluation sets that share pictures with the training set."""
    training = [one for one in training_loaders(facts) if _whole(one)]
    evaluating = evaluation_loaders(facts)
    yield from _trained_on_test(training)
    for loader in evaluating:
        if (
            len(evaluating) > 1
            and not named(loader, *EVALUATES)
            and any(one.dataset is loader.dataset for one in training)
        ):
            continue
        if not _whole(loader) or named(loader, "train"):
            continue
        for trained in training:
            first, second = trained.dataset, loader.dataset
            assert isinstance(first, Dataset)
            assert isinstance(second, Dataset)
            if overlap(first, second):
                yield _verdict(trained, loader, first, second)
                break


def _trained_on_test(training: list[Loader]) -> Iterator[tuple[Spot, str]]:
    """Loops that train on the test split after training on the training split."""
    splits = {one.dataset.split for one in training if isinstance(one.dataset, Dataset)}
    for loader in training:
        if isinstance(loader.dataset, Dataset) and loader.dataset.split == "test" and "train" in splits:
            yield loader.at, "The network is trained with the test split as well"


def _whole(loader: Loader) -> bool:
    """Whether the loader goes through all of a set that is known."""
    free = all(loader.config.get(key) is None for key in ("sampler", "batch_sampler"))
    return free and isinstance(loader.dataset, Dataset)


def _verdict(trained: Loader, loader: Loader, first: Dataset, second: Dataset) -> tuple[Spot, str]:
    if first.split == "test":
        return (
            trained.at if first is second else first.at,
            "The network is trained with the test split it is evaluated on",
        )
    if first is second:
        return loader.at, "The network is evaluated on the very set it is trained with"
    if second.parts and not first.parts:
        return trained.at, "The network is trained with the whole set, and evaluated on a part of it"
    return second.at, "The evaluation pictures are those the network is trained with"
