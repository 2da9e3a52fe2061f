"""Looking inside a network while it trains, as often as one hundredth of the time allows."""

import math
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn.modules.batchnorm import _BatchNorm
from torch.nn.modules.dropout import _DropoutNd
from torch.optim import Optimizer
from torch.overrides import TorchFunctionMode

from cnngui.engine.events import Health

_SHARE_OF_TIME = 0.01

# So many values of a tensor tell how much it changed.
_VALUES = 2048

# So many pictures of a batch tell which channels are never above zero.
_PICTURES = 32

_RECTIFIERS = frozenset({"relu", "relu_", "relu6"})
_SQUASHERS = {
    "sigmoid": (0.01, 0.99),
    "sigmoid_": (0.01, 0.99),
    "tanh": (-0.98, 0.98),
    "tanh_": (-0.98, 0.98),
}
_LAYERS = frozenset({"conv1d", "conv2d", "conv3d", "linear"})


class HealthSampler:
    """Makes a Health of the first step and then of as many as the time allows. It changes nothing.

    Wrap each step in `watching` and ask `take` afterwards.
    """

    def __init__(self, network: nn.Module, optimizer: Optimizer) -> None:
        self._network, self._optimizer = network, optimizer
        self._names = {id(one): name.rpartition(".")[0] or name for name, one in network.named_parameters()}
        self._mode_layers = sum(isinstance(one, _BatchNorm | _DropoutNd) for one in network.modules())
        self.seconds_looking = 0.0  # that looking has taken so far
        self._of_steps = 0.0  # seconds, looking included
        self._seen: _Seen | None = None

    @property
    def _trainable(self) -> list[tuple[str, nn.Parameter]]:
        # Asked anew each time: some layers may be trained only later in the run.
        return [(name, one) for name, one in self._network.named_parameters() if one.requires_grad]

    @contextmanager
    def watching(self) -> Iterator[None]:
        """Around one step: forwards, backwards and the optimiser."""
        started = time.perf_counter()
        if self.seconds_looking > _SHARE_OF_TIME * self._of_steps:
            yield
        else:
            before = _samples(self._trainable)
            watch = _Activations(self._names)
            self.seconds_looking += time.perf_counter() - started
            with watch:
                yield
            self._seen = _Seen(before, watch)
            self.seconds_looking += watch.seconds
        self._of_steps += time.perf_counter() - started

    def take(self, epoch: int, step: int, loss: Tensor) -> Health | None:
        """What the step just watched showed, if it was one to look at. `loss`: its mean, of one value."""
        if self._seen is None:
            return None
        started = time.perf_counter()
        seen, self._seen = self._seen, None
        health = self._health(epoch, step, loss, seen)
        self.seconds_looking += time.perf_counter() - started
        return health

    def broken(self, epoch: int, step: int) -> Health:
        """The event for a step whose loss was no number."""
        return self._health(epoch, step, torch.tensor(math.nan), None)

    @torch.no_grad()
    def _health(self, epoch: int, step: int, loss: Tensor, seen: "_Seen | None") -> Health:
        trainable = self._trainable
        weights = [one for _, one in trainable if one.ndim > 1]
        gradients = [one.grad for _, one in trainable if one.grad is not None]
        ends = [one for one in (weights[:1] + weights[-1:]) if one.grad is not None]
        zero = loss.new_zeros(())
        numbers = [
            loss.detach(),
            _norm(gradients) if gradients else zero,
            *(_ratio(one.grad, one) for one in ends if one.grad is not None),
        ]
        changes, sizes = seen.changes(_samples(trainable)) if seen is not None else ([], [])
        shares = [share for _, share in seen.watch.dead + seen.watch.saturated] if seen is not None else []
        device = loss.device
        every = torch.stack(
            [one.float().to(device) for one in (*numbers, *changes, *sizes, *shares)]
        ).tolist()
        head, rest = every[: len(numbers)], every[len(numbers) :]
        moved, of = rest[: len(changes)], rest[len(changes) : 2 * len(changes)]
        told = rest[2 * len(changes) :]
        matrices = [number for number, (_, one) in enumerate(trainable) if one.ndim > 1 and changes]
        size = math.sqrt(math.fsum(of[number] for number in matrices))
        dead = seen.watch.dead if seen is not None else []
        saturated = seen.watch.saturated if seen is not None else []
        return Health(
            epoch=epoch,
            step=step,
            loss=head[0],
            learning_rate=self._optimizer.param_groups[0]["lr"],
            training=self._network.training,
            mode_layers=self._mode_layers,
            trainable=len(trainable),
            changed=sum(one != 0 for one in moved),
            without_gradient=tuple(name for name, one in trainable if one.grad is None),
            grad_norm=head[1],
            first_gradient=head[2] if len(ends) == 2 else 0.0,
            last_gradient=head[3] if len(ends) == 2 else 0.0,
            update_ratio=math.sqrt(math.fsum(moved[number] for number in matrices)) / size if size else 0.0,
            dead=tuple((name, share) for (name, _), share in zip(dead, told, strict=False)),
            saturated=tuple(
                (name, share) for (name, _), share in zip(saturated, told[len(dead) :], strict=True)
            ),
        )


class _Seen:
    """A step that was looked at: some of the weights before it, and the activations in it."""

    def __init__(self, before: list[Tensor], watch: "_Activations") -> None:
        self.before, self.watch = before, watch

    def changes(self, after: list[Tensor]) -> tuple[list[Tensor], list[Tensor]]:
        """Per tensor: the sum of squares of the change, and of the values before."""
        moved = [(new - old).square().sum() for old, new in zip(self.before, after, strict=True)]
        return moved, [old.square().sum() for old in self.before]


class _Activations(TorchFunctionMode):
    """While it is active, notes the shares of silent units and of saturated values."""

    def __init__(self, names: dict[int, str]) -> None:
        super().__init__()
        self.dead: list[tuple[str, Tensor]] = []
        self.saturated: list[tuple[str, Tensor]] = []
        self.seconds = 0.0
        self._names = names
        self._layer = "the picture"

    def __torch_function__(
        self,
        func: Callable[..., Any],
        types: Any,
        args: tuple[Any, ...] = (),
        kwargs: dict[str, Any] | None = None,
    ) -> Any:
        result = func(*args, **(kwargs or {}))
        name = getattr(func, "__name__", "")
        if name in _LAYERS:
            weight = args[1] if len(args) > 1 else (kwargs or {}).get("weight")
            self._layer = self._names.get(id(weight), self._layer)
        elif name in _RECTIFIERS or name in _SQUASHERS:
            started = time.perf_counter()
            self._note(name, result.detach())
            self.seconds += time.perf_counter() - started
        return result

    def _note(self, name: str, values: Tensor) -> None:
        if values.ndim == 4:
            if values.shape[2] * values.shape[3] == 1:
                return  # a gate that weighs channels: to be shut is its work
            values = values[:_PICTURES, :, ::2, ::2]
        elif values.ndim != 2:
            return
        if name in _RECTIFIERS:
            largest = values.amax((0, 2, 3)) if values.ndim == 4 else values.amax(0)
            self.dead.append((self._layer, (largest <= 0).float().mean()))
        else:
            low, high = _SQUASHERS[name]
            self.saturated.append((self._layer, ((values < low) | (values > high)).float().mean()))


def _samples(tensors: list[tuple[str, nn.Parameter]]) -> list[Tensor]:
    """At most `_VALUES` values of each, evenly spaced in memory, whatever its layout."""
    made = []
    for _, one in tensors:
        count = min(one.numel(), _VALUES)
        values = one.detach().as_strided((count,), (max(1, one.numel() // max(1, count)),))
        made.append(values.clone())
    return made


def _norm(tensors: list[Tensor]) -> Tensor:
    norm: Tensor = torch.linalg.vector_norm(torch.stack([torch.linalg.vector_norm(one) for one in tensors]))
    return norm


def _ratio(gradient: Tensor, weight: Tensor) -> Tensor:
    ratio: Tensor = torch.linalg.vector_norm(gradient) / torch.linalg.vector_norm(weight).clamp_min(1e-12)
    return ratio
