"""What the weights themselves show: values that are no numbers, and activations that are always zero."""

from collections.abc import Mapping
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional as F
from torch.nn.parameter import is_lazy
from torch.overrides import TorchFunctionMode

from cnngui.checker.network import operations as ops
from cnngui.checker.network.copying import real_copy
from cnngui.checker.network.facts import BadWeights, DeadLayer, Trace
from cnngui.checker.network.forward import precision_of, undisturbed

# Looking for dead activations without pictures of the user's may take this many multiplications.
_MOST_MULTIPLICATIONS = 1_000_000_000
_DRAWN = 16
_FEWEST_DRAWN = 4

# Fewer units than this may all be silent by chance, such as the eight in a squeeze-and-excitation block.
_FEWEST_UNITS = 16


def bad_weights(tensors: Mapping[str, Tensor]) -> tuple[BadWeights, ...]:
    """Floating-point tensors that hold NaN or infinite values."""
    found = []
    for name, tensor in tensors.items():
        if is_lazy(tensor) or tensor.is_meta or not tensor.is_floating_point() or not tensor.numel():
            continue
        if tensor.layout != torch.strided:
            continue
        # One pass: the sum of a tensor is finite unless a value is not, or it overflows.
        values = tensor.detach()
        if torch.isfinite(values.sum(dtype=torch.float64 if values.device.type != "mps" else None)):
            continue
        nan, infinite = int(torch.isnan(values).sum()), int(torch.isinf(values).sum())
        if nan or infinite:
            found.append(BadWeights(name, nan, infinite, values.numel()))
    return tuple(found)


def all_tensors(module: nn.Module) -> dict[str, Tensor]:
    return {**dict(module.named_parameters()), **dict(module.named_buffers())}


def dead_layers(module: nn.Module, trace: Trace, pictures: Tensor | None) -> tuple[DeadLayer, ...]:
    """ReLUs with units that are zero everywhere on each of `pictures`, float32 (N, C, S, S), normalised.

    Without pictures, drawn ones are used where the network is small enough for that to be quick.
    """
    batch = pictures if pictures is not None else _drawn(trace)
    if batch is None or not len(batch) or any(one.is_meta for one in module.parameters()):
        return ()
    watch = _Rectifiers()
    try:
        with undisturbed(), torch.no_grad():
            copy = real_copy(module)
            handles = [one.register_forward_pre_hook(watch.at(path)) for path, one in copy.named_modules()]
            with watch:
                copy(batch.cpu().to(precision_of(copy)))
            for handle in handles:
                handle.remove()
    except Exception:  # noqa: BLE001  the trace says what keeps the network from running
        return ()
    return tuple(
        DeadLayer(path, dead, units, len(batch), pictures is not None)
        for path, dead, units in watch.seen
        if units >= _FEWEST_UNITS
    )


class _Rectifiers(TorchFunctionMode):
    """Notes of each ReLU how many of its channels or features were zero throughout."""

    def __init__(self) -> None:
        super().__init__()
        self.seen: list[tuple[str, int, int]] = []
        self._place = ""

    def at(self, path: str) -> Any:
        def enter(module: nn.Module, args: Any) -> None:  # noqa: ARG001  the hook's shape
            self._place = path

        return enter

    def __torch_function__(
        self, func: Any, types: Any, args: Any = (), kwargs: dict[str, Any] | None = None
    ) -> Any:
        result = func(*args, **(kwargs or {}))
        if ops.plain(getattr(func, "__name__", "")) in ops.RECTIFIERS and result.ndim > 1:
            live = (result > 0).transpose(0, 1).flatten(1).any(1)
            self.seen.append((self._place, int((~live).sum()), live.numel()))
        return result


def _drawn(trace: Trace) -> Tensor | None:
    """Pictures of many kinds: noise, blobs, gradients, plain colours; about as bright as photographs."""
    each = max(1, trace.multiplications // trace.batch)
    count = min(_DRAWN, _MOST_MULTIPLICATIONS // each)
    if count < _FEWEST_DRAWN:
        return None
    generator = torch.Generator().manual_seed(0)
    side, channels = trace.size, trace.channels
    pictures = []
    for number in range(count):
        grain = (side, max(2, side // 4), 4, 2, 1)[number % 5]
        small = torch.randn((1, channels, grain, grain), generator=generator)
        pictures.append(F.interpolate(small, (side, side), mode="bilinear", align_corners=False))
    return torch.cat(pictures)
