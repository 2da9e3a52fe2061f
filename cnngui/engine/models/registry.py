"""Networks by name: each a function with a card that says what it is and what it wants."""

import difflib
from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from typing import Any

from torch import nn
from torch.overrides import TorchFunctionMode

from cnngui.engine.spec import ImageSpec, Looks
from cnngui.errors import RequestError

Builder = Callable[[int], nn.Module]


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelCard:
    """What a person and the trainer need to know about a network before it is built.

    `parameters` are counted at 10 classes. `epochs` and `batch_size` are for tens of thousands of
    pictures; the trainer scales them down for fewer. `learning_rate` is the peak of the schedule at
    `batch_size`.
    """

    name: str
    title: str
    summary: str
    spec: ImageSpec
    parameters: int
    smallest: int | None = None  # side of the smallest picture it takes, in pixels; None: spec.size alone
    epochs: int = 20
    batch_size: int = 64
    learning_rate: float = 1e-3
    weight_decay: float = 0.05
    optimizer: str = "adamw"  # or muon
    looks: Looks = 1  # once trained, at a picture, whose mean is the answer; see `views.answer`
    shift: float = 0.125  # how far augmentation moves a picture, as a share of its side: 4 of 32 pixels
    erase: float = 0.0  # side of the square that augmentation erases, as a share of the picture's
    ema: float = 0.0  # what stays of the weights' running average at each step; 0: no average
    dropout: bool = False  # whether it has dropout layers
    # Weights learnt from ImageNet's photographs, as `torchvision.models.get_weight` names them; None: none.
    published: str | None = None


# Functions of `torch.nn.init`, and the methods of tensors that the others of it call.
_DRAWING = frozenset({"kaiming_normal_", "kaiming_uniform_", "normal_", "trunc_normal_", "uniform_"})

_BUILDERS: dict[str, Builder] = {}
_CARDS: dict[str, ModelCard] = {}


def register(card: ModelCard) -> Callable[[Builder], Builder]:
    """Enter a builder under its card's name. Raises ValueError for a name that is taken."""

    def enter(builder: Builder) -> Builder:
        if card.name in _CARDS:
            raise ValueError(f"two networks are called {card.name}")
        _CARDS[card.name] = card
        _BUILDERS[card.name] = builder
        return builder

    return enter


def names() -> tuple[str, ...]:
    """The networks' names, the one with the fewest parameters first."""
    _load()
    return tuple(sorted(_CARDS, key=lambda name: _CARDS[name].parameters))


def card(name: str) -> ModelCard:
    """The card of a network. Raises RequestError, naming the nearest network, for one there is not."""
    _load()
    if name not in _CARDS:
        near = difflib.get_close_matches(name, _CARDS, n=1)
        hint = f"Did you mean {near[0]}?" if near else f"There are: {', '.join(names())}."
        raise RequestError(f"There is no network called “{name}”. {hint}")
    return _CARDS[name]


def build(name: str, classes: int) -> nn.Module:
    """A freshly initialised network: float32 (N, 3, size, size) in, logits (N, classes) out."""
    card(name)
    return _BUILDERS[name](classes)


def blank(name: str, classes: int) -> nn.Module:
    """As `build`, for weights that it is given next: zeros stand where random numbers would be drawn, which
    takes four fifths of the time that a ResNet takes to be built."""
    with _Undrawn():
        return build(name, classes)


class _Undrawn(TorchFunctionMode):
    """While it is active, what `torch.nn.init` would draw is zero."""

    def __torch_function__(
        self,
        func: Callable[..., Any],
        types: Any,
        args: tuple[Any, ...] = (),
        kwargs: dict[str, Any] | None = None,
    ) -> Any:
        given = kwargs or {}
        if getattr(func, "__name__", "") not in _DRAWING:
            return func(*args, **given)
        tensor = args[0] if args else given["tensor"]
        tensor.detach().zero_()
        return tensor


def builder(name: str) -> Builder:
    """What builds a network. Raises RequestError as `card`."""
    card(name)
    return _BUILDERS[name]


def ships(name: str) -> bool:
    """Whether a network comes with the program; the others are users' own."""
    _load()
    return name in _BUILDERS and _BUILDERS[name].__module__.startswith("cnngui.")


def plain(network: nn.Module) -> bool:
    """Whether its forward methods are known to do arithmetic and nothing else: those of the program's own
    and of torchvision's networks, by any name."""
    return type(network).__module__.startswith(("cnngui.engine.models.", "torchvision.models."))


def _load() -> None:
    # The families import this module, so it can import them only when it is asked for one.
    import_module("cnngui.engine.models")
