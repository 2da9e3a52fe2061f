"""What the interpreter saw: the plain facts that the source rules read.

The interpreter judges nothing. It notes what was applied to what, and the rules decide. A shape
that cannot work is noted once, as a :class:`ShapeFault`; what comes after it is unknown.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from cnngui.checker.source.sizes import Dim, Shape
from cnngui.checker.source.trace import Node
from cnngui.checker.source.values import (
    ClassV,
    Dataset,
    Layer,
    Loader,
    Obj,
    Op,
    Optimizer,
    Spot,
    Tensor,
    Thing,
)


@dataclass(frozen=True, slots=True)
class ShapeFault:
    """Two sizes that do not fit. ``kind`` says where; ``made`` is the other place a person may mend."""

    kind: str
    at: Spot
    want: Dim | None
    have: Dim | None
    shape: Shape | None
    layer: Layer | None = None
    value: Tensor | None = None
    other: Shape | None = None
    detail: str = ""


@dataclass(frozen=True, slots=True)
class LayerUse:
    """A layer (or functional operation) applied to a tensor."""

    at: Spot
    kind: str
    layer: Layer | None
    given: Tensor
    gave: object


@dataclass(frozen=True, slots=True)
class NetCall:
    """A whole network called from outside of it."""

    at: Spot
    net: object
    given: object
    gave: object


@dataclass(frozen=True, slots=True)
class LossCall:
    """A loss applied to scores and targets; ``kind`` as PyTorch names the module."""

    at: Spot
    kind: str
    scores: object
    target: object
    made_at: Spot
    config: dict[object, object]


@dataclass(frozen=True, slots=True)
class AxisCall:
    """Softmax, argmax or max over an axis (None: not given)."""

    at: Spot
    op: str
    given: Tensor
    axis: object


@dataclass(frozen=True, slots=True)
class Shown:
    """A number that a person will read (printed, formatted, plotted) or that is compared."""

    at: Spot
    value: Tensor
    how: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class DropoutUse:
    """Dropout that does not know about ``eval()``."""

    at: Spot
    how: str
    explicit: bool


@dataclass(frozen=True, slots=True)
class Growth:
    """A loss added to something that outlives the loop's turn."""

    at: Spot
    name: str
    loss: object
    how: str
    number: int


@dataclass(frozen=True, slots=True)
class Applied:
    """A transform applied to a picture, and what the picture was."""

    at: Spot
    transform: Thing
    given: object


@dataclass(frozen=True, slots=True)
class Indexed:
    """A list of class names indexed with a predicted class."""

    at: Spot
    names: int
    scores: Tensor


@dataclass(slots=True)
class Root:
    """One thing that was followed from its start: the script, or a function nobody calls.

    ``before``: what the script had done by then; whoever calls such a function does so after it.
    ``memo``: what was worked out of the trace and several rules ask for, by the name of the question.
    """

    name: str
    trace: list[Node]
    called: bool
    before: list[Node] = field(default_factory=list)
    memo: dict[str, Any] = field(default_factory=dict, repr=False, compare=False)


@dataclass(frozen=True, slots=True)
class Skipped:
    """Something that could not be followed, in words."""

    line: int
    text: str


@dataclass(slots=True)
class SourceFacts:
    """Everything seen in one file."""

    faults: list[ShapeFault] = field(default_factory=list)
    layers: list[LayerUse] = field(default_factory=list)
    nets: list[NetCall] = field(default_factory=list)
    losses: list[LossCall] = field(default_factory=list)
    axes: list[AxisCall] = field(default_factory=list)
    shown: list[Shown] = field(default_factory=list)
    dropouts: list[DropoutUse] = field(default_factory=list)
    growths: list[Growth] = field(default_factory=list)
    applied: list[Applied] = field(default_factory=list)
    composes: list[Thing] = field(default_factory=list)
    indexed: list[Indexed] = field(default_factory=list)
    loaders: list[Loader] = field(default_factory=list)
    datasets: list[Dataset] = field(default_factory=list)
    optimizers: list[Optimizer] = field(default_factory=list)
    schedulers: list[Thing] = field(default_factory=list)
    objects: list[Obj] = field(default_factory=list)
    made_in_forward: list[tuple[Spot, Layer]] = field(default_factory=list)
    forwarded: dict[int, tuple[object, bool]] = field(default_factory=dict)
    joined: set[int] = field(default_factory=set)
    networks: list[Layer] = field(default_factory=list)
    batches: list[tuple[Loader, Tensor]] = field(default_factory=list)
    net_inputs: list[NetCall] = field(default_factory=list)
    returned: set[int] = field(default_factory=set)
    backward: list[object] = field(default_factory=list)
    backward_numbers: set[int] = field(default_factory=set)
    lineage: dict[int, tuple[object, int]] = field(default_factory=dict)
    used_layers: set[int] = field(default_factory=set)
    loaded_names: set[str] = field(default_factory=set)
    dynamic_names: bool = False
    classes: list[ClassV] = field(default_factory=list)
    roots: list[Root] = field(default_factory=list)
    skipped: list[Skipped] = field(default_factory=list)
    class_count: int | None = None
    keep: list[object] = field(default_factory=list)
    cuts: list[Op] = field(default_factory=list)
