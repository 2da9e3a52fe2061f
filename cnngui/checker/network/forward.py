"""Running a copy of a network forward on an empty picture, and what was seen on the way."""

import math
import random
import warnings
from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn.parameter import is_lazy

from cnngui.checker.network.copying import meta_copy, real_copy
from cnngui.checker.network.facts import Fault, Tag, Trace
from cnngui.checker.network.misfits import fault_of
from cnngui.checker.network.tracer import EndlessError, Tracer, main_output

# Two pictures: batch norm in training mode refuses one alone.
BATCH = 2

# Running for real, where shapes alone will not do, is for networks of at most this many weights.
_MOST_REAL_WEIGHTS = 100_000_000

# What PyTorch says when it is asked for a value that the meta device does not have.
_NO_VALUE = (
    "meta",
    "data-dependent",
    "on different devices",
    "same device",
    "expected device",
    "Attempted to",
)


@contextmanager
def undisturbed() -> Iterator[None]:
    """Whatever happens inside, the random generators and the warnings are afterwards what they were."""
    python, numpy = random.getstate(), np.random.get_state()
    cards = list(range(torch.cuda.device_count())) if torch.cuda.is_initialized() else []  # type: ignore[no-untyped-call]
    try:
        with torch.random.fork_rng(devices=cards), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        random.setstate(python)
        np.random.set_state(numpy)


class Runner:
    """Traces of one network at several sizes. Copies are made when they are needed, once each."""

    def __init__(self, module: nn.Module, channels: int | None) -> None:
        self._module = module
        # The first run gives lazy layers their sizes, so that each run needs a copy of its own.
        self._keep = not any(is_lazy(value) for value in (*module.parameters(), *module.buffers()))
        self._meta: nn.Module | None = None
        self._real: nn.Module | None = None
        self.channels = channels or _channels_of(module)
        self.operations = 0
        self.needs_values = False

    def run(self, size: int, *, training: bool = False) -> Trace:
        """One forward pass on `size` × `size` pictures. Never raises."""
        if not self.needs_values:
            trace = self._run(self._meta_copy, size, training)
            followed = not trace.unfollowed and (trace.fault is None or trace.fault.kind != "other")
            if followed or not self._may_run_for_real():
                return trace
            real = self._run(self._real_copy, size, training)
            # Where shapes alone would have done, they are quicker for the next sizes.
            self.needs_values = real.done or bool(trace.unfollowed)
            return real
        return self._run(self._real_copy, size, training)

    def works(self, size: int) -> bool:
        """Whether a network that has been traced runs at `size`. Not watched, so quicker than `run`."""
        try:
            with undisturbed(), torch.no_grad():
                module, device = self._real_copy() if self.needs_values else self._meta_copy()
                shape = (BATCH, self.channels, size, size)
                picture = torch.zeros(shape, device=device, dtype=precision_of(module))
                with device:
                    module.eval()(picture)
        except Exception:  # noqa: BLE001  that it fails is the answer
            return False
        return True

    def _may_run_for_real(self) -> bool:
        weights = [one for one in self._module.parameters() if not is_lazy(one)]
        return sum(one.numel() for one in weights) <= _MOST_REAL_WEIGHTS

    def _meta_copy(self) -> tuple[nn.Module, torch.device]:
        if self._meta is None or not self._keep:
            self._meta = meta_copy(self._module)
        return self._meta, torch.device("meta")

    def _real_copy(self) -> tuple[nn.Module, torch.device]:
        if self._real is None or not self._keep:
            self._real = real_copy(self._module)
        return self._real, torch.device("cpu")

    def _run(self, source: object, size: int, training: bool) -> Trace:
        assert callable(source)
        try:
            with undisturbed():
                module, device = source()
                trace = _traced(module.train(training), size, self.channels, device)
        except Exception as error:  # noqa: BLE001  foreign code may raise anything, and it is said
            return Trace(size, self.channels, BATCH, unfollowed=_in_words(error))
        self.operations += trace.operations
        return trace


def _traced(module: nn.Module, size: int, channels: int, device: torch.device) -> Trace:
    tracer = Tracer(module)
    picture = torch.zeros((BATCH, channels, size, size), device=device, dtype=precision_of(module))
    tracer.put(picture, Tag(of_input=True))
    fault: Fault | None = None
    unfollowed = ""
    output: Tensor | None = None
    try:
        with torch.no_grad(), device, tracer:
            output = main_output(module(picture))
    except EndlessError:
        unfollowed = "its forward pass has no end in sight"
    except Exception as error:  # noqa: BLE001  a network that cannot run is a finding
        fault, unfollowed = _ended_by(error, tracer)
    finally:
        _unhook(module)
    tag = tracer.tag(output) or Tag()
    if tag.linear is not None:
        tracer.joined.add(tag.linear)
    return Trace(
        size=size,
        channels=channels,
        batch=BATCH,
        uses=tuple(tracer.uses),
        joined=frozenset(tracer.joined),
        norm_biases=tuple(tracer.norm_biases),
        softmaxes=tuple(tracer.softmaxes),
        always_dropouts=tuple(tracer.always_dropouts),
        used=frozenset(tracer.used),
        output=tuple(output.shape) if output is not None else (),
        output_tag=tag,
        deepest=tuple((kind, count, path) for kind, (count, path) in tracer.deepest.items()),
        operations=tracer.operations,
        multiplications=tracer.multiplications,
        fault=fault,
        unfollowed=unfollowed,
    )


def _ended_by(error: Exception, tracer: Tracer) -> tuple[Fault | None, str]:
    """(the misfit, why it could not be followed): one of the two."""
    text = str(error)
    if isinstance(error, NotImplementedError) or any(word in text for word in _NO_VALUE):
        return None, _in_words(error)
    if tracer.failed is not None and tracer.failed[0] is error:
        return tracer.failed[1], ""
    return fault_of("", (), {}, (), tracer.place, error), ""


def _unhook(module: nn.Module) -> None:
    for one in module.modules():
        one._forward_pre_hooks.clear()
        one._forward_pre_hooks_with_kwargs.clear()
        one._forward_hooks.clear()


def _in_words(error: Exception) -> str:
    text = (str(error).strip() or "no reason given").splitlines()[0][:200]
    return f"{type(error).__name__}: {text}"


def precision_of(module: nn.Module) -> torch.dtype:
    """The precision of the weights, which the pictures must have as well."""
    kinds = (one.dtype for one in module.parameters() if one.is_floating_point())
    return next(kinds, torch.float32)


def _channels_of(module: nn.Module) -> int:
    """The colour channels the first convolution wants; 1 where the first layer is fully connected and made
    for square grey pictures; or 3."""
    for one in module.modules():
        if isinstance(one, nn.Conv2d):
            return one.in_channels or 3  # 0: a lazy layer
        if isinstance(one, nn.Linear):
            return 1 if math.isqrt(one.in_features) ** 2 == one.in_features else 3
    return 3
