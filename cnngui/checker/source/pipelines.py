"""Reading transform pipelines without applying them: their steps, and what they lack."""

from __future__ import annotations

from collections.abc import Iterator

from cnngui.checker.source.datasets import TABLE
from cnngui.checker.source.facts import SourceFacts
from cnngui.checker.source.reading import root_dataset
from cnngui.checker.source.values import Dataset, ListV, Pic, Spot, Tensor, Thing, as_int, sequence

NESTED = 5
FIXES_SIZE = frozenset({"CenterCrop", "RandomCrop", "RandomResizedCrop", "FiveCrop", "TenCrop", "Preset"})


def steps(transform: object, depth: int = 0) -> list[Thing] | None:
    """The transforms of a pipeline in order, nested ones taken apart; None where one is not followed."""
    if isinstance(transform, Thing) and transform.kind == "transform.Compose":
        given = transform.config.get("transforms")
        items = sequence(given) if isinstance(given, (tuple, ListV)) else None
        if items is None:
            return None
        found: list[Thing] = []
        for item in items:
            inner = steps(item, depth + 1) if depth < NESTED else None
            if inner is None:
                return None
            found.extend(inner)
        return found
    return [transform] if isinstance(transform, Thing) else None


def known_steps(transform: object, depth: int = 0) -> list[Thing]:
    """The steps that are followed, others left out."""
    if isinstance(transform, Thing) and transform.kind == "transform.Compose":
        given = transform.config.get("transforms")
        items = list(given) if isinstance(given, tuple) else given.items if isinstance(given, ListV) else []
        return [step for item in items for step in known_steps(item, depth + 1)] if depth < NESTED else []
    return [transform] if isinstance(transform, Thing) else []


def name_of(step: Thing) -> str:
    return step.kind.removeprefix("transform.")


def transform_of(dataset: Dataset) -> object:
    """The transform of a data set, also of a part of one or of a class of the file."""
    whole = root_dataset(dataset)
    if dataset.transform is not None:
        return dataset.transform
    if whole.obj is not None:
        return next(
            (whole.obj.attrs[key] for key in ("transform", "transforms", "tf") if key in whole.obj.attrs),
            None,
        )
    return whole.transform


def pipeline_spot(value: Tensor | None) -> Spot | None:
    """Where the transforms of a batch are put together."""
    transform = transform_of(value.data) if value is not None and value.data is not None else None
    return transform.at if isinstance(transform, Thing) else None


def varied(dataset: Dataset) -> bool:
    """Whether a data set of torchvision holds photographs of many proportions."""
    whole = root_dataset(dataset)
    known = TABLE.get(whole.kind)
    return known is not None and known.side is None and whole.kind != "FakeData" and whole.square is not True


def loose_resizes(facts: SourceFacts) -> Iterator[tuple[Thing, int, str]]:
    """``Resize(n)`` with no crop after it, on batched photographs: the step, n, the data set's name."""
    seen: set[int] = set()
    for loader in facts.loaders:
        dataset = loader.dataset
        size = loader.config.get("batch_size", 1)
        if (
            not isinstance(dataset, Dataset)
            or as_int(size) == 1
            or size is None
            or "collate_fn" in loader.config
        ):
            continue
        found = _loose(facts, dataset)
        if found is not None and id(found) not in seen:
            seen.add(id(found))
            number = as_int((sequence(found.config.get("size")) or [found.config.get("size")])[0])
            if number is not None:
                yield found, number, root_dataset(dataset).kind


def _loose(facts: SourceFacts, dataset: Dataset) -> Thing | None:
    listed = steps(transform_of(dataset))
    if listed is None or not (varied(dataset) or _straight_from_files(facts, listed)):
        return None
    loose: Thing | None = None
    for step in listed:
        name = name_of(step)
        if name == "Resize":
            size = step.config.get("size")
            both = sequence(size)
            loose = step if as_int(size) is not None or (both is not None and len(both) == 1) else None
        elif name in FIXES_SIZE or name not in SAFE:
            loose = None
    return loose


def _straight_from_files(facts: SourceFacts, listed: list[Thing]) -> bool:
    """Whether a pipeline is given pictures as they are in their files."""
    return bool(listed) and any(
        one.transform is listed[0] and isinstance(one.given, Pic) and one.given.opened
        for one in facts.applied
    )


SAFE = frozenset({
    "ToTensor", "PILToTensor", "ToImage", "ToDtype", "ConvertImageDtype", "Normalize", "RandomHorizontalFlip",
    "RandomVerticalFlip", "ColorJitter", "RandomRotation", "Grayscale", "RandomGrayscale", "RandomErasing",
    "GaussianBlur", "RandAugment", "AutoAugment", "TrivialAugmentWide", "RandomAffine", "RGB",
})  # fmt: skip
"""Steps that leave the size as it is."""
