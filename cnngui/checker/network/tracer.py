"""One forward pass, watched: every operation is noted and the history of every tensor is carried along."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import torch
from torch import Tensor, nn
from torch.overrides import TorchFunctionMode

from cnngui.checker.network import operations as ops
from cnngui.checker.network.facts import Fault, LayerUse, Softmax, Tag
from cnngui.checker.network.misfits import fault_of

# A forward pass of a classifier has a few thousand operations; one that has more is taken to have no end.
MOST_OPERATIONS = 50_000

_NOTHING = Tag()


class EndlessError(Exception):
    """The forward pass went on and on."""


class Tracer(TorchFunctionMode):
    """Active around a call of `module`, which must be a copy of its own: hooks are put on it.

    Tensors that are made on the way are kept until the tracer goes, so that an identity stands for one
    tensor alone; on the meta device they have no memory.
    """

    def __init__(self, module: nn.Module) -> None:
        super().__init__()
        self.uses: list[LayerUse] = []
        self.joined: set[int] = set()
        self.norm_biases: list[int] = []
        self.softmaxes: list[Softmax] = []
        self.always_dropouts: dict[str, None] = {}
        self.used: set[str] = set()
        self.deepest: dict[str, tuple[int, str]] = {}
        self.operations = 0
        self.multiplications = 0
        self.failed: tuple[Exception, Fault] | None = None
        self._tags: dict[int, Tag] = {}
        self._kept: list[Tensor] = []
        self._stack: list[str] = []
        self._owners: dict[int, str] = {}
        for path, one in module.named_modules():
            for tensor in (*one.parameters(recurse=False), *one.buffers(recurse=False)):
                self._owners.setdefault(id(tensor), path)
            one.register_forward_pre_hook(self._enter(path), with_kwargs=True)
            one.register_forward_hook(self._leave)

    # --- where it is -------------------------------------------------------------------------------

    def _enter(self, path: str) -> Callable[..., None]:
        def enter(module: nn.Module, args: Any, kwargs: Any) -> None:  # noqa: ARG001  the hook's shape
            self._stack.append(path)
            self.used.add(path)

        return enter

    def _leave(self, module: nn.Module, args: Any, output: Any) -> None:  # noqa: ARG002  the hook's shape
        self._stack.pop()

    @property
    def place(self) -> str:
        """The dotted path of the module at work."""
        return self._stack[-1] if self._stack else ""

    def put(self, tensor: Tensor, tag: Tag) -> None:
        self._tags[id(tensor)] = tag
        self._kept.append(tensor)

    def tag(self, value: object) -> Tag | None:
        """The history of a tensor; None for one that came from no picture."""
        return self._tags.get(id(value)) if isinstance(value, Tensor) else None

    # --- every operation ---------------------------------------------------------------------------

    def __torch_function__(
        self,
        func: Callable[..., Any],
        types: Any,
        args: tuple[Any, ...] = (),
        kwargs: dict[str, Any] | None = None,
    ) -> Any:
        kwargs = kwargs or {}
        name = ops.plain(getattr(func, "__name__", ""))
        self.operations += 1
        if self.operations > MOST_OPERATIONS:
            raise EndlessError
        try:
            result = func(*args, **kwargs)
        except Exception as error:
            given = [(value, self.tag(value)) for value in _tensors((args, kwargs))]
            self.failed = (error, fault_of(name, args, kwargs, given, self._layer_at(args, kwargs), error))
            raise
        made = list(_tensors((result,)))
        if made:
            self._note(name, args, kwargs, made)
        return result

    def _note(self, name: str, args: tuple[Any, ...], kwargs: dict[str, Any], made: list[Tensor]) -> None:
        given = list(_tensors((args, kwargs)))
        for value in given:
            owner = self._owners.get(id(value))
            if owner is not None:
                self.used.add(owner)
        histories = [(value, tag) for value in given if (tag := self._tags.get(id(value))) is not None]
        if not histories:
            return
        tag = self._after(name, args, kwargs, histories, made[0])
        for value in made:
            # What a comparison or a search gives depends on the picture, but in no linear way.
            self.put(value, tag if value.is_floating_point() else Tag(ended="chosen"))

    def _after(
        self,
        name: str,
        args: tuple[Any, ...],
        kwargs: dict[str, Any],
        given: list[tuple[Tensor, Tag]],
        made: Tensor,
    ) -> Tag:
        """The history of what an operation made."""
        value, tag = given[0]
        if name in ops.CONVOLUTIONS or name == "linear":
            return self._layer(name, args, kwargs, tag, made)
        if name in ops.MOVES:
            return self._moved(name, args, kwargs, value, tag, made)
        if name in ops.NORMS:
            if name == "batch_norm" and tag.direct is not None and self.uses[tag.direct].bias:
                self.norm_biases.append(tag.direct)
            return Tag(tag.linear, ended=name)
        if name in ops.LINEAR and not (name == "max" and len(args) > 1 and isinstance(args[1], Tensor)):
            return replace(tag, direct=None, ended=name, scored="", feature_map=None)
        if name in ops.SOFTMAXES:
            axis = _argument(args, kwargs, 1, "dim", None)
            axis = -1 if axis is None else axis % max(1, value.ndim)
            self.softmaxes.append(Softmax(self.place, name, axis, tuple(value.shape), tag.scored))
            return Tag(ended=name, scored=name)
        if name in ops.JOINS:
            return self._joined(name, given)
        if name in ops.ACTIVATIONS or name == "max":
            return self._bent(name, tag)
        return Tag(ended="other")

    def _layer(self, name: str, args: tuple[Any, ...], kwargs: dict[str, Any], tag: Tag, made: Tensor) -> Tag:
        weight: Tensor = _argument(args, kwargs, 1, "weight", None)
        bias = _argument(args, kwargs, 2, "bias", None)
        conv = name != "linear"
        turned = "transpose" in name
        groups = _argument(args, kwargs, 6 if not turned else 7, "groups", 1) if conv else 1
        groups = groups if isinstance(groups, int) else 1
        first, second = weight.shape[0], weight.shape[1] if weight.ndim > 1 else 1
        kernel = tuple(weight.shape[2:])
        stride = _argument(args, kwargs, 3, "stride", 1) if conv else ()
        use = LayerUse(
            number=len(self.uses),
            path=self._layer_at(args, kwargs),
            kind="conv" if conv else "linear",
            inputs=first if turned else second * groups,
            outputs=second * groups if turned else first,
            kernel=kernel,
            stride=tuple(stride) if isinstance(stride, tuple | list) else (stride,) * len(kernel),
            groups=groups,
            bias=bias is not None,
            before=tag.linear,
        )
        self.uses.append(use)
        self.multiplications += made.numel() * (weight.numel() // max(1, first))
        return Tag(use.number, use.number, use.kind, bends=tag.bends)

    def _moved(
        self,
        name: str,
        args: tuple[Any, ...],
        kwargs: dict[str, Any],
        value: Tensor,
        tag: Tag,
        made: Tensor,
    ) -> Tag:
        if name == "dropout" and not self._quiet_dropout(args, kwargs):
            self.always_dropouts[self.place] = None
        if name in ops.RESHAPES and value.ndim == 4 and made.ndim == 2:
            return replace(tag, feature_map=tuple(value.shape[1:]))
        return replace(tag, direct=None) if name == "__getitem__" else tag

    @staticmethod
    def _quiet_dropout(args: tuple[Any, ...], kwargs: dict[str, Any]) -> bool:
        """Whether a dropout, in a network that is evaluated, lets everything through."""
        share, working = _argument(args, kwargs, 1, "p", 0.5), _argument(args, kwargs, 2, "training", True)
        return not working or not share

    def _joined(self, name: str, given: list[tuple[Tensor, Tag]]) -> Tag:
        """Two paths put together are a new beginning; one with a number or a weight is still itself."""
        tags = [tag for _, tag in given]
        if len(tags) == 1 or all(tag is tags[0] for tag in tags[1:]):
            return replace(tags[0], direct=None, ended=name, scored="")
        self.joined.update(tag.linear for tag in tags if tag.linear is not None)
        bends = None
        if name in ops.SUMS:
            # A gradient has a way past the longer of two paths.
            bends = min((tag.bends for tag in tags), key=lambda one: one[1] if one else 0)
        return Tag(ended="join", bends=bends)

    def _bent(self, name: str, tag: Tag) -> Tag:
        scored = "sigmoid" if name in ops.SIGMOIDS else ""
        kind = ops.SATURATING.get(name)
        bends = None
        ended = f"{name} of a layer" if tag.direct is not None else name
        if kind is not None:
            count = tag.bends[1] + 1 if tag.bends and tag.bends[0] == kind else 1
            bends = (kind, count, self.place)
            if count > self.deepest.get(kind, (0, ""))[0]:
                self.deepest[kind] = (count, self.place)
        return Tag(ended=ended, scored=scored, bends=bends)

    def _layer_at(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> str:
        """The module whose weight an operation takes, or else the one at work."""
        for value in _tensors((args, kwargs)):
            owner = self._owners.get(id(value))
            if owner is not None:
                return owner
        return self.place


def _argument(args: tuple[Any, ...], kwargs: dict[str, Any], place: int, name: str, default: Any) -> Any:
    if name in kwargs:
        return kwargs[name]
    return args[place] if place < len(args) else default


def _tensors(values: Any) -> Iterator[Tensor]:
    """Every tensor in arguments or results, two levels of lists and dictionaries deep and more."""
    for value in values.values() if isinstance(values, dict) else values:
        if isinstance(value, Tensor):
            yield value
        elif isinstance(value, tuple | list | dict) and len(value) < 10_000:
            yield from _tensors(value)


def main_output(result: object) -> Tensor | None:
    """The scores among what a forward pass returned: a tensor, or the first of what holds several."""
    if isinstance(result, Tensor):
        return result
    if isinstance(result, dict):
        for name in ("logits", "out", "output", "scores"):
            if isinstance(result.get(name), Tensor):
                return torch.as_tensor(result[name])
    logits = getattr(result, "logits", None)
    if isinstance(logits, Tensor):
        return logits
    if isinstance(result, tuple | list | dict):
        return next(_tensors(result), None)
    return None
