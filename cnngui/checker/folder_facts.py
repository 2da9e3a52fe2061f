"""What the rules for picture folders read, and how they speak of pictures."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from cnngui.data.facts import ImageFacts
from cnngui.data.index import UNLABELLED, DatasetIndex, Record, Split, Unreadable
from cnngui.data.names import clean, quoted
from cnngui.engine.results import OutOfFold

TITLES: Final = {Split.TRAIN: "training", Split.VAL: "validation", Split.TEST: "test"}
_EXAMPLES: Final = 10

_SOMETHING_ELSE: Final = ("not a picture", "not a standard FITS file")  # of `formats.what_else`

Evidence = dict[str, str | int | float]


@dataclass(frozen=True, slots=True)
class FolderFacts:
    """A folder, as far as it has been looked at: what comes later in the list is empty until then.

    `size` is the side of the square the network sees, in pixels. `empty_folders`: folders that stand
    where class folders stand and hold no picture. `images[i]` belongs to `index.records[i]`. `equal`:
    groups of positions of pictures with equal content, each of two or more. `near`: pairs of positions of
    pictures that show the same, though not equally.
    """

    index: DatasetIndex
    size: int
    empty_folders: tuple[str, ...] = ()
    images: tuple[ImageFacts | Unreadable, ...] = ()
    equal: tuple[tuple[int, ...], ...] = ()
    near: tuple[tuple[int, int], ...] = ()
    predictions: OutOfFold | None = None

    def readable(self) -> Iterator[tuple[int, ImageFacts]]:
        """Every picture that could be decoded, with its position."""
        for position, image in enumerate(self.images):
            if isinstance(image, ImageFacts):
                yield position, image

    def split(self, position: int) -> Split:
        """Where a picture is used: what the folder leaves unsplit is trained on."""
        return self.index.records[position].split or Split.TRAIN

    def is_split(self) -> bool:
        """Whether the folder itself says what is for validation or testing."""
        return any(record.split in (Split.VAL, Split.TEST) for record in self.index.records)

    def class_counts(self) -> Counter[str]:
        """Labelled pictures to learn from, by class. Of a folder with neither training nor unsplit
        pictures, all."""
        labelled = [record for record in self.index.records if record.label != UNLABELLED]
        learnt = [record for record in labelled if record.split in (Split.TRAIN, Split.UNSPLIT)] or labelled
        counts = Counter(self.index.classes[record.label] for record in learnt)
        return Counter({name: counts[name] for name in self.index.classes})

    def class_name(self, record: Record) -> str:
        """“bees”, or "no class"."""
        return quoted([self.index.classes[record.label]]) if record.label != UNLABELLED else "no class"

    def path(self, position: int) -> str:
        """A picture's path within the folder, fit to be shown."""
        return clean(self.index.records[position].path)


def examples(paths: Sequence[str]) -> Evidence:
    """The first few of `paths` as evidence: "example 1", "example 2", …"""
    return {f"example {number}": path for number, path in enumerate(paths[:_EXAMPLES], 1)}


def of_pictures(facts: FolderFacts, positions: Sequence[int]) -> Evidence:
    """How many pictures, and the first few."""
    return {"pictures": len(positions), **examples([facts.path(position) for position in positions])}


def pictures(count: int) -> str:
    """ "1 picture", "12,000 pictures"."""
    return f"{count:,} picture{'s' * (count != 1)}"


def part_of(count: int, total: int) -> str:
    """ "3 of 120 pictures"."""
    return f"{count:,} of {pictures(total)}"


def some(facts: FolderFacts, positions: Iterable[int], most: int = 3) -> str:
    """The first few pictures by their paths: “a/1.jpg”, “a/2.jpg” and “b/7.jpg”."""
    return quoted(facts.path(position) for position, _ in zip(positions, range(most), strict=False))


def pairs_of(facts: FolderFacts, pairs: Sequence[tuple[int, int]]) -> Evidence:
    """The first few pairs as evidence, two paths each."""
    return examples([f"{facts.path(one)} = {facts.path(other)}" for one, other in pairs])


def unreadable_files(facts: FolderFacts) -> list[Unreadable]:
    """All files that cannot be used, found by the scan or on decoding, with paths fit to be shown."""
    decoded = [image for image in facts.images if isinstance(image, Unreadable)]
    return [Unreadable(clean(item.path), item.reason) for item in (*facts.index.unreadable, *decoded)]


def is_something_else(item: Unreadable) -> bool:
    """Whether a file is no damaged picture but something else altogether."""
    return any(words in item.reason for words in _SOMETHING_ELSE)
