"""What a tree of folders means: which folder is a split, which a class, which only a wrapper.

The rules, in the order they are applied; `DatasetIndex.notes` says what was understood.

1. A folder is a **split** by its name ("train", "Validation", "test_images", "seg_train"), but only where its
   neighbours agree: a training folder beside a validation or test folder, or nothing but split folders,
   or a split folder whose class folders stand beside it as well. A lone "train" between "bus" and "car" is a
   class. Splits are found at any depth, above the class folders or below them.
2. A folder that holds nothing but one folder of folders is a **wrapper**, and looked through.
3. The **classes** are the first level of folders that is left, and all below a class folder belongs to it,
   as soon as one of them holds pictures itself. Where none does, the level below is looked at: it holds the
   classes (`mammals/cat`, `photo/dog` and `sketch/dog`), the same name in two places being one class, unless
   its names only count or date (`cat/2021`, `ill/patient 7`).
4. Pictures that lie beside the class folders have no class. Folders that stand beside split folders have no
   class either, unless they, or the folders in them, are called as a class of the splits is.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from cnngui.data.names import are_portions, clean, is_portion, quoted, same_name, split_and_rest, was
from cnngui.data.records import Split

Parts = tuple[str, ...]

TITLES = {Split.TRAIN: "training", Split.VAL: "validation", Split.TEST: "test"}


@dataclass(frozen=True, slots=True)
class Place:
    """Where the pictures that lie directly in one folder belong. `label`: a class by name, None for none."""

    split: Split
    label: str | None


@dataclass(frozen=True, slots=True)
class Layout:
    """`places` has one entry per folder that holds pictures. `doubtful`: the folder names say little (none,
    one, or mere counting), so that a table of labels is to be believed more. `class_notes` hold only as long
    as the classes are the folders."""

    places: Mapping[Parts, Place]
    split_notes: tuple[str, ...]
    class_notes: tuple[str, ...]
    doubtful: bool

    @property
    def labels(self) -> set[str]:
        return {place.label for place in self.places.values() if place.label is not None}


@dataclass(slots=True)
class _Node:
    """A folder after splits are lifted out: the same place in several splits is one node."""

    holds: list[tuple[Parts, Split]] = field(default_factory=list)
    children: dict[str, "_Node"] = field(default_factory=dict)

    def merge(self, other: "_Node") -> None:
        self.holds += other.holds
        for name, child in other.children.items():
            self.children.setdefault(name, _Node()).merge(child)

    def all_holds(self) -> Iterator[tuple[Parts, Split]]:
        yield from self.holds
        for child in self.children.values():
            yield from child.all_holds()

    def is_leaf(self) -> bool:
        return not self.children


@dataclass(slots=True)
class _Splits:
    """The split folders met, by what they were read as, and the folders beside them that have no class."""

    read: dict[Split, set[str]] = field(default_factory=dict)
    outside: list[tuple[Parts, Split]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def understand(folders: Iterable[Parts]) -> Layout:
    """The meaning of a tree, given all folders that hold pictures directly (() for the root)."""
    raw = _tree(folders)
    splits = _Splits()
    root = _lift_splits(raw, Split.UNSPLIT, splits, at_top=True)
    classes, strays, notes = _classes(root)
    classes = _one_spelling(classes)
    places = {parts: Place(split, None) for parts, split in (*strays, *splits.outside)}
    for name, node in classes.items():
        places.update({parts: Place(split, name) for parts, split in node.all_holds()})
    notes += splits.notes
    if not classes:
        notes.append("The pictures do not lie in class folders, so they have no classes.")
    elif strays:
        lying = sorted({"/".join(parts) for parts, _ in strays})
        where = quoted(lying) if all(lying) else "the folder itself"
        notes.append(f"Pictures that lie directly in {where}, beside the class folders, have no class.")
    doubtful = len(classes) < 2 or are_portions(list(classes))
    return Layout(places, tuple(_split_notes(splits)), tuple(notes), doubtful)


def _tree(folders: Iterable[Parts]) -> _Node:
    root = _Node()
    for parts in sorted(folders):
        node = root
        for name in parts:
            node = node.children.setdefault(name, _Node())
        node.holds.append((parts, Split.UNSPLIT))
    return root


def _lift_splits(raw: _Node, split: Split, splits: _Splits, at_top: bool) -> _Node:
    """`raw` with the content of its split folders in their place. What lies in a training folder may be split
    once more; what lies in a validation or test folder stays there."""
    node = _Node(holds=[(parts, split) for parts, _ in raw.holds])
    kinds = _same_split_again(raw, split) or _split_folders(raw, at_top)
    if at_top and not kinds and not _looks_through(raw):
        splits.notes += _not_split_notes(raw)
    for name, child in raw.children.items():
        if name in kinds:
            splits.read.setdefault(kinds[name], set()).add(name)
            inner = kinds[name] if split in (Split.UNSPLIT, Split.TRAIN) else split
            node.merge(_lift_splits(child, inner, splits, at_top=False))
    beside = Split.TRAIN not in kinds.values()  # then the other folders are the training classes
    for name, child in raw.children.items():
        if name in kinds:
            continue
        lifted = _lift_splits(child, split, splits, at_top=at_top and _looks_through(raw))
        if beside or name in node.children:
            node.children.setdefault(name, _Node()).merge(lifted)
        elif lifted.children and lifted.children.keys() <= node.children.keys():
            node.merge(lifted)
        else:
            splits.outside += lifted.all_holds()
            splits.notes.append(
                f"{quoted([name])} lies beside the split folders; its pictures have no class."
            )
    return node


def _same_split_again(raw: _Node, split: Split) -> dict[str, Split]:
    """`seg_train/seg_train`: archives are often packed so."""
    names = list(raw.children)
    return {names[0]: split} if split and len(names) == 1 and split_and_rest(names[0])[0] == split else {}


def _looks_through(raw: _Node) -> bool:
    """Whether a folder only wraps another one. Pictures that lie about do not hinder it if that one holds
    several folders: they are classes then, and the pictures have none."""
    if len(raw.children) != 1:
        return False
    (child,) = raw.children.values()
    return len(child.children) > (1 if raw.holds or child.holds else 0)


def _split_folders(raw: _Node, at_top: bool) -> dict[str, Split]:
    """The children of `raw` that are splits by rule 1, each with its split."""
    groups: dict[str, dict[str, Split]] = {}
    for name in raw.children:
        split, rest = split_and_rest(name)
        if split:
            groups.setdefault(rest, {})[name] = split
    for group in groups.values():
        if Split.TRAIN in group.values() and len(set(group.values())) > 1:
            return group
    if len(groups) != 1:
        return {}
    (rest, group), *_ = groups.items()
    others = raw.children.keys() - group.keys()
    several_of_one_kind = len(group) > 1 and len(set(group.values())) == 1
    if not others:
        plain = rest == "" or at_top
        flat = all(raw.children[name].is_leaf() for name in group)
        return group if plain and not (several_of_one_kind and flat) else {}
    if not at_top:
        return {}
    below = {inner for name in group for inner in raw.children[name].children}
    beside = bool(below) and below <= others and Split.TRAIN not in group.values()
    only_folders = all(raw.children[name].is_leaf() for name in others) and len(below) > 1
    holds_none = not any(raw.children[name].holds for name in group)
    return group if beside or (only_folders and holds_none) else {}


def _split_notes(splits: _Splits) -> list[str]:
    return [
        f"{quoted(sorted(splits.read[split]))} {was(splits.read[split])} read as the {title} split."
        for split, title in TITLES.items()
        if split in splits.read
    ]


def _not_split_notes(raw: _Node) -> list[str]:
    named = sorted(name for name in raw.children if split_and_rest(name)[0])
    if not named:
        return []
    return [f"{quoted(named)} {was(named)} not read as a split, for nothing beside it says so."]


def _classes(root: _Node) -> tuple[dict[str, _Node], list[tuple[Parts, Split]], list[str]]:
    """Rules 2 to 4: the classes by folder name, the pictures beside them, and what to say of it."""
    strays: list[tuple[Parts, Split]] = []
    notes: list[str] = []
    while _looks_through(root):
        strays += root.holds
        (root,) = root.children.values()
    strays += root.holds
    classes = root.children
    while classes:
        _fold_chains(classes)
        if any(node.holds for node in classes.values()):
            break
        inner = _Node()
        for node in classes.values():
            inner.merge(node)
        if are_portions(list(inner.children)) and not are_portions(list(classes)):
            break
        notes.append(f"The classes are the folders inside {quoted(classes)}.")
        classes = inner.children
    if len(classes) == 1 and all(is_portion(name) and node.is_leaf() for name, node in classes.items()):
        strays += [hold for node in classes.values() for hold in node.all_holds()]
        return {}, strays, notes
    if any(node.children for node in classes.values()):
        notes.append("Pictures in folders inside a class folder count to that class.")
    return classes, strays, notes


def _fold_chains(classes: dict[str, _Node]) -> None:
    """Take a folder that holds nothing but one folder for that folder: `cat/images`, `cat/all/2021`, …"""
    counted = are_portions(list(classes))  # then a single "0" below may well be the class
    for name, node in classes.items():
        while not node.holds and len(node.children) == 1:
            ((inner_name, inner),) = node.children.items()
            if inner.is_leaf() and (counted or not is_portion(inner_name)):
                break
            node = classes[name] = inner
    if all(not node.holds and _has_one_leaf(node) for node in classes.values()):
        for name, node in classes.items():
            classes[name] = next(iter(node.children.values()))


def _has_one_leaf(node: _Node) -> bool:
    return len(node.children) == 1 and all(child.is_leaf() for child in node.children.values())


def _one_spelling(classes: dict[str, _Node]) -> dict[str, _Node]:
    """Classes by the name they are shown with. "Cats" for training and "cats" for testing are one class; "A"
    and "a" in one split are two."""
    spellings: dict[str, list[str]] = {}
    for name in sorted(classes):
        spellings.setdefault(same_name(name), []).append(name)
    merged: dict[str, _Node] = {}
    for names in spellings.values():
        splits = [{split for _, split in classes[name].all_holds()} for name in names]
        if sum(map(len, splits)) == len(set().union(*splits)):
            names_of_class = [(names[0], name) for name in names]
        else:
            names_of_class = [(name, name) for name in names]
        for shown, name in names_of_class:
            merged.setdefault(clean(shown), _Node()).merge(classes[name])
    return merged
