"""What was seen of a network or a model file: the plain facts that the model rules read."""

from collections.abc import Sequence
from dataclasses import dataclass, field

Shape = tuple[int, ...]

# The kinds of fault that may be the picture's size and not the network's own.
OF_SIZE = frozenset({"fc", "collapse", "assert", "view", "residual", "cat", "other"})


@dataclass(frozen=True, slots=True)
class LayerUse:
    """One call of a convolution or fully connected layer.

    `inputs` and `outputs` are channels or features; `kernel` and `stride` are empty for a fully connected
    layer. `before` is the number of the use since which nothing non-linear happened, or None.
    """

    number: int
    path: str
    kind: str  # conv, linear
    inputs: int
    outputs: int
    kernel: Shape
    stride: Shape
    groups: int
    bias: bool
    before: int | None

    def __str__(self) -> str:
        name = "Conv" if self.kind == "conv" else "Linear"
        rank = f"{len(self.kernel)}d" if self.kernel else ""
        text = f"{name}{rank}({self.inputs}, {self.outputs})"
        return f"{self.path} = {text}" if self.path else text


@dataclass(frozen=True, slots=True)
class Tag:
    """What is known of a tensor's history.

    `linear`: the last layer's number, while nothing non-linear has happened since. `direct`: the layer
    whose very output this is. `ended`: the operation that made it, reshaping apart. `scored`: softmax,
    log_softmax, sigmoid or nothing. `bends`: the kind and number of saturating activations in a row.
    `feature_map`: the shape (C, H, W) it was flattened from. `of_input`: no layer has touched it yet.
    """

    linear: int | None = None
    direct: int | None = None
    ended: str = ""
    scored: str = ""
    bends: tuple[str, int, str] | None = None
    feature_map: Shape | None = None
    of_input: bool = False


@dataclass(frozen=True, slots=True)
class Fault:
    """The operation that stopped the forward pass. `want` and `have` are the two sizes that differ."""

    kind: str  # fc, flatten, input-channel, conv-channel, bn, residual, cat, collapse, view, assert, other
    path: str
    layer: str  # in words
    want: int
    have: int
    shape: Shape
    other: Shape
    feature_map: Shape | None
    error: str  # PyTorch's own words, one line


@dataclass(frozen=True, slots=True)
class Softmax:
    """A softmax (or log-softmax) over `axis` of a tensor of `shape` that already was `scored`."""

    path: str
    op: str
    axis: int
    shape: Shape
    scored: str


@dataclass(frozen=True, slots=True)
class Trace:
    """One forward pass. `fault` or `unfollowed` say why it did not come to its end."""

    size: int
    channels: int
    batch: int
    uses: tuple[LayerUse, ...] = ()
    joined: frozenset[int] = frozenset()  # uses whose output was added, multiplied, joined or returned
    norm_biases: tuple[int, ...] = ()  # uses with a bias whose output went straight into batch norm
    softmaxes: tuple[Softmax, ...] = ()
    always_dropouts: tuple[str, ...] = ()  # modules in which dropout works in evaluation mode too
    used: frozenset[str] = frozenset()  # paths of modules that were called or whose weights were used
    output: Shape = ()
    output_tag: Tag = Tag()
    deepest: tuple[tuple[str, int, str], ...] = ()  # saturating activations in a row: kind, count, path
    operations: int = 0
    multiplications: int = 0  # in layers, of the whole batch
    fault: Fault | None = None
    unfollowed: str = ""

    @property
    def done(self) -> bool:
        return self.fault is None and not self.unfollowed


@dataclass(frozen=True, slots=True)
class Sizes:
    """Picture sizes that were tried: those that work, whether it is one alone, and the smallest tried."""

    work: tuple[int, ...] = ()
    fail: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class BadWeights:
    """A tensor with values that are no numbers."""

    name: str
    nan: int
    infinite: int
    total: int


@dataclass(frozen=True, slots=True)
class DeadLayer:
    """An activation of whose `units` the `dead` were zero on every one of `pictures`."""

    path: str
    dead: int
    units: int
    pictures: int
    real: bool  # pictures of the user's, not drawn ones


@dataclass(frozen=True, slots=True)
class FileFault:
    """Why a file cannot be opened, or what its format keeps from being checked."""

    kind: str  # unpickling, program, damaged, weights-alone
    sentence: str
    fix: str


@dataclass(slots=True)
class ModelFacts:
    """Everything known of one network or model file; what is None or empty was not looked at."""

    name: str
    size: int | None = None  # asked for
    classes: tuple[str, ...] = ()
    class_count: int | None = None
    trace: Trace | None = None
    sizes: Sizes = field(default_factory=Sizes)
    stated_size: int | None = None  # the picture's side, where a file names one
    unused: tuple[str, ...] = ()
    unregistered: tuple[tuple[str, int], ...] = ()  # (attribute, modules in it)
    output_width: int | None = None
    scored: str | None = None  # of the output: softmax, log_softmax, sigmoid, "" for plain numbers
    bad_weights: tuple[BadWeights, ...] = ()
    dead: tuple[DeadLayer, ...] = ()
    file_fault: FileFault | None = None
    unfollowed: str = ""


def picture_text(trace: Trace) -> str:
    return f"a {trace.size}×{trace.size} picture"


def shape_text(shape: Sequence[int]) -> str:
    """A shape as people write it, the batch as N."""
    return f"({', '.join(['N', *map(str, shape[1:])])})" if shape else "()"
