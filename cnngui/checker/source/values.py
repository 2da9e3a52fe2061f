"""The abstract domain: what the interpreter knows about a value instead of the value itself.

Python's own constants (numbers, strings, booleans, None, tuples, ranges) stand for themselves.
Everything else is one of the classes below, and :class:`Unknown` is what cannot be followed: no
rule may fire on it. Objects are compared by identity; dictionaries that describe them are changed
through the machine alone, which can take a change back when a branch was only tried.
"""

from __future__ import annotations

import ast
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from cnngui.checker.source.sizes import Dim, Shape


@dataclass(frozen=True, slots=True)
class Spot:
    """A place in the source: line from 1, column from 0, and the function it stands in."""

    line: int
    column: int = 0
    function: str = ""


class Unknown:
    """A value that is not followed.

    ``hint`` is the name it was given (a parameter called ``optimizer``), ``tag`` a property that
    survives arithmetic ("loader-length"), ``parts`` what it was read from: ``batch`` in ``x, y = batch``.
    """

    __slots__ = ("hint", "parent", "reason", "tag")

    def __init__(self, hint: str = "", reason: str = "", tag: str = "", parent: object = None) -> None:
        self.hint = hint
        self.reason = reason
        self.tag = tag
        self.parent = parent


@dataclass(slots=True, eq=False)
class ListV:
    """A list, set or iterator. ``open``: more may be in it than is known; ``kind`` as Python names it."""

    items: list[object]
    open: bool = False
    kind: str = "list"
    depth: int = 0
    at: Spot | None = None


@dataclass(slots=True, eq=False)
class DictV:
    """A dictionary with constant keys. ``open``: more may be in it than is known."""

    items: dict[object, object]
    open: bool = False
    at: Spot | None = None


@dataclass(slots=True, eq=False)
class Scope:
    """The names of a module or of one function call, and the scope around it."""

    names: dict[object, object]
    parent: Scope | None = None
    owner: ClassV | None = None
    outer_names: frozenset[str] = frozenset()


@dataclass(slots=True, eq=False)
class ClassV:
    """A class of the file. ``lib`` is the dotted name of the first library class it comes from."""

    name: str
    node: ast.ClassDef
    bases: tuple[object, ...]
    attrs: dict[object, object]
    lib: str = ""
    fields: list[str] | None = None

    def lookup(self, name: str) -> object:
        """The attribute as the class or its bases in this file define it, else None."""
        for one in self.line():
            if name in one.attrs:
                return one.attrs[name]
        return None

    def line(self) -> list[ClassV]:
        """This class and its bases in this file, nearest first (no repeats)."""
        found: list[ClassV] = [self]
        for base in self.bases:
            if isinstance(base, ClassV):
                found.extend(one for one in base.line() if one not in found)
        return found


@dataclass(slots=True, eq=False)
class Obj:
    """An instance of a class of the file. ``base``: the library layer below it, if it has one."""

    cls: ClassV
    attrs: dict[object, object]
    base: object = None
    at: Spot = Spot(0)
    opaque: bool = False


@dataclass(slots=True, eq=False)
class Func:
    """A function or lambda of the file, with its defaults evaluated."""

    node: ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda
    scope: Scope
    name: str
    owner: ClassV | None = None
    kind: str = "plain"
    defaults: dict[str, object] = field(default_factory=dict)
    no_grad: bool = False


@dataclass(slots=True, eq=False)
class Bound:
    """A method together with the object it belongs to; ``func`` is a Func, a Lib or a method name."""

    func: object
    owner: object


@dataclass(slots=True, frozen=True)
class Lib:
    """Something of a library, by its canonical dotted name (``torch.nn.Linear``)."""

    path: str


@dataclass(slots=True, eq=False)
class Thing:
    """An instance of a library class that is neither a layer nor data: scheduler, scaler, transform."""

    kind: str
    config: dict[object, object]
    at: Spot = Spot(0)


@dataclass(slots=True, eq=False)
class Layer:
    """A module of the library: a layer, a loss, a container, a torchvision network.

    ``config`` holds its arguments by name, ``children`` its registered modules in order, ``state``
    what may change: ``frozen`` (True, False, None for unknown), ``pretrained``. ``at`` is where it is
    made, ``site`` the call of the helper function that made it.
    """

    kind: str
    config: dict[object, object]
    children: dict[object, object] = field(default_factory=dict)
    state: dict[object, object] = field(default_factory=dict)
    at: Spot = Spot(0)
    born: str = ""
    site: Spot | None = None

    def number(self, name: str) -> int | None:
        value = self.config.get(name)
        return value if isinstance(value, int) and not isinstance(value, bool) else None


@dataclass(slots=True, eq=False)
class Params:
    """Parameters of layers, with their names where they are known: what ``parameters()`` gives."""

    entries: list[tuple[str, Layer]]
    owner: object = None
    open: bool = False


@dataclass(slots=True, eq=False)
class Param:
    """One parameter, or every parameter of a group at once (the variable of a loop over them)."""

    group: Params


@dataclass(slots=True, eq=False)
class Optimizer:
    """An optimiser: the layers it updates (None: not known), its learning rate, where it was made."""

    kind: str
    layers: list[Layer] | None
    config: dict[object, object]
    at: Spot
    owners: list[object] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Op:
    """The last operation that shaped the values of a tensor, looking through views and copies."""

    kind: str
    at: Spot
    layer: Layer | None = None
    before: Op | None = None


def meant(op: Op | None) -> Op | None:
    """The operation behind a flattening that took in the batch axis."""
    while op is not None and op.kind == "flatten_all":
        op = op.before
    return op


@dataclass(frozen=True, slots=True)
class Range:
    """What the numbers of a picture mean: ``0-255``, ``0-1`` or normalised with (mean, std)."""

    kind: str
    mean: tuple[float, ...] = ()
    std: tuple[float, ...] = ()
    at: Spot | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True, eq=False)
class Tensor:
    """A tensor or array.

    shape    axes, with symbols for what is not known; None where even the number of axes is not
    dtype    float, int, uint8 or bool; None where unknown
    last     the last operation on the values
    net      the network whose output this is
    role     input (nothing learned has touched it), target, or empty
    linear   the operation since which everything was linear (batch norm and pooling included)
    graph    "on": gradients reach parameters; "cut": they did and were cut; "" no; None unknown
    bends    saturating activations on the path without a norm or skip, and where the last was
    """

    shape: Shape | None
    dtype: str | None = "float"
    last: Op | None = None
    net: object = None
    role: str = ""
    linear: Op | None = None
    graph: str | None = ""
    cut: Op | None = None
    bends: tuple[str, int, Spot] | None = None
    range: Range | None = None
    data: Dataset | None = None
    classes: int | None = None
    picture: tuple[Dim, Dim] | None = None
    onehot: bool = False
    array: bool = False
    broken_layout: bool = False
    index_of: Tensor | None = None
    made_of: tuple[int, ...] = ()
    random: bool = False
    number: bool = False

    def but(self, **changes: Any) -> Tensor:
        """The same with some fields changed."""
        return replace(self, **changes)

    @property
    def kind(self) -> str:
        """The kind of the last operation that changed values (a flattened batch keeps what it was)."""
        last = meant(self.last)
        return last.kind if last else ""


@dataclass(frozen=True, slots=True, eq=False)
class Pic:
    """A picture before it is a tensor (PIL): channels (None unknown), (height, width) if known.

    ``opened``: as large as it is in its file.
    """

    channels: int | None = None
    size: tuple[Dim, Dim] | None = None
    data: Dataset | None = None
    opened: bool = False


@dataclass(slots=True, eq=False)
class Dataset:
    """A data set: a torchvision one by name, one of the file (``obj``), or a part of another.

    ``split`` is train, test or unknown (""), ``parts`` the sets it was made from, ``share`` how a
    part was cut (a key that differs for parts that do not overlap).
    """

    kind: str
    at: Spot
    split: str = ""
    root: object = None
    transform: object = None
    target_transform: object = None
    classes: int | None = None
    channels: int | None = None
    size: tuple[Dim, Dim] | None = None
    square: bool | None = None
    obj: Obj | None = None
    tensors: tuple[object, ...] = ()
    parts: tuple[Dataset, ...] = ()
    share: object = None
    length: object = None
    config: dict[object, object] = field(default_factory=dict)


@dataclass(slots=True, eq=False)
class Loader:
    """A DataLoader. ``config`` holds its arguments by name."""

    dataset: object
    config: dict[object, object]
    at: Spot
    names: dict[object, object] = field(default_factory=dict)


MISSING: Any = object()


def truth(value: object) -> bool | None:
    """Whether Python would take it for true; None where that is not known."""
    if isinstance(value, (bool, int, float, str, bytes, tuple, range, type(None))):
        return bool(value)
    if isinstance(value, (ListV, DictV)):
        return None if value.open and not value.items else bool(value.items)
    if isinstance(value, (Layer, Obj, Func, Bound, Lib, ClassV, Optimizer, Thing, Dataset, Loader, Params)):
        return True
    return None


def keyed(values: Mapping[str, object]) -> dict[object, object]:
    """Arguments by name as the dictionary that describes an object."""
    return {key: value for key, value in values.items()}  # noqa: C416


def is_number(value: object) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def as_int(value: object) -> int | None:
    """A plain integer, or None for anything else (booleans included)."""
    if isinstance(value, bool):
        return None
    return value if isinstance(value, int) else None


def sequence(value: object) -> list[object] | None:
    """The items of a tuple or of a list known in full."""
    if isinstance(value, tuple):
        return list(value)
    if isinstance(value, ListV) and not value.open:
        return value.items
    return None
