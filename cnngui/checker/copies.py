"""Groups and pairs of copies, sorted by what they spoil."""

from collections.abc import Iterable
from itertools import combinations

from cnngui.checker.folder_facts import FolderFacts
from cnngui.data.index import UNLABELLED

Pair = tuple[int, int]
_MOST_PAIRS = 1000  # of one group: a picture that lies there a thousand times is one finding all the same


def pairs(groups: Iterable[tuple[int, ...]]) -> list[Pair]:
    """Every two members of each group; of very large groups every member with the first."""
    found: list[Pair] = []
    for group in groups:
        if len(group) * (len(group) - 1) // 2 <= _MOST_PAIRS:
            found += combinations(group, 2)
        else:
            found += [(group[0], member) for member in group[1:]]
    return found


def across_classes(facts: FolderFacts, pair: Pair) -> bool:
    """Whether the two have different labels."""
    one, other = (facts.index.records[position].label for position in pair)
    return one != other and UNLABELLED not in (one, other)


def across_splits(facts: FolderFacts, pair: Pair) -> bool:
    """Whether one is learnt from and the other measured on, or one validated on and the other tested on."""
    return facts.split(pair[0]) != facts.split(pair[1])


def leaked(facts: FolderFacts, crossing: Iterable[Pair]) -> list[int]:
    """The validation and test pictures among pairs that cross splits, each once."""
    order = {"train": 0, "val": 1, "test": 2}
    return sorted({max(pair, key=lambda position: order[facts.split(position)]) for pair in crossing})


def joined(linked: Iterable[Pair]) -> list[tuple[int, ...]]:
    """Groups of positions that are linked, directly or through others, in order."""
    parent: dict[int, int] = {}

    def root(position: int) -> int:
        while parent.setdefault(position, position) != position:
            parent[position] = parent[parent[position]]
            position = parent[position]
        return position

    for one, other in linked:
        parent[root(other)] = root(one)
    groups: dict[int, list[int]] = {}
    for position in sorted(parent):
        groups.setdefault(root(position), []).append(position)
    return sorted(tuple(group) for group in groups.values())
