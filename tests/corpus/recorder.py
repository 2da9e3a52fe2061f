"""Watches a script while it runs, so that a silent fault can be measured instead of believed.

Nothing the script computes is changed. `lines` are the line numbers of the script's own frames, innermost
first: a call inside `forward` carries the line in forward and the lines that led there.
"""

from __future__ import annotations

import functools
import sys
from dataclasses import dataclass, field

import torch
from torch import nn
from torch.nn import functional
from torch.optim import optimizer as optimizers

NOISY = (nn.modules.dropout._DropoutNd, nn.modules.batchnorm._NormBase)
LOSSES = ("cross_entropy", "nll_loss", "binary_cross_entropy", "binary_cross_entropy_with_logits", "mse_loss")


@dataclass
class Call:
    """One forward of an outermost network."""

    lines: list[int]
    module: nn.Module
    picture: torch.Tensor | None
    noisy: bool = False  # a dropout or batch norm layer worked in training mode
    graph: bool = False  # the result asks for a backward pass


@dataclass
class Step:
    """One optimizer.step()."""

    lines: list[int]
    empty: bool  # no parameter had a gradient other than zero
    stale: bool  # some gradient held more than what the backward passes since the last step brought


@dataclass
class Seen:
    """What happened in one run; the names a label's `check` may use as `seen.<name>`."""

    path: str
    calls: list[Call] = field(default_factory=list)
    steps: list[Step] = field(default_factory=list)
    losses: list[tuple[str, list[int], str]] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    out: str = ""
    started: list[tuple[nn.Parameter, torch.Tensor]] = field(default_factory=list)
    stack: list[Call] = field(default_factory=list)
    fresh: dict[int, torch.Tensor] = field(default_factory=dict)

    def lines(self) -> list[int]:
        found, frame = [], sys._getframe(1)
        while frame is not None:
            if frame.f_code.co_filename == self.path:
                found.append(frame.f_lineno)
            frame = frame.f_back
        return found

    def at(self, line: int) -> list[Call]:
        calls = [call for call in self.calls if line in call.lines]
        if not calls:
            raise LookupError(f"no forward ran through line {line}")
        return calls

    def noisy(self, line: int) -> bool:
        """A forward through this line had dropout or batch norm in training mode."""
        return any(call.noisy for call in self.at(line))

    def graph(self, line: int) -> bool:
        """A forward through this line recorded a graph for a backward pass."""
        return any(call.graph for call in self.at(line))

    def pictures(self, line: int) -> torch.Tensor:
        """The first batch that entered the network through this line."""
        return self.at(line)[0].picture

    def stale(self) -> bool:
        return any(step.stale for step in self.steps)

    def empty(self) -> bool:
        return bool(self.steps) and all(step.empty for step in self.steps)

    def fed(self, loss: str) -> set[str]:
        """What kinds of value this loss was given: probs, log-probs, unit (all in 0..1), positive, raw."""
        return {kind for name, _, kind in self.losses if name == loss}

    def unchanged(self) -> bool:
        """No parameter that was handed to an optimiser differs from what it was then."""
        return bool(self.started) and all(
            torch.equal(parameter, before) for parameter, before in self.started
        )

    def missed(self, model: nn.Module) -> int:
        """How many parameters got gradients that no optimiser will use."""
        held = {id(parameter) for parameter, _ in self.started}
        return sum(p.grad is not None and id(p) not in held for p in model.parameters())


def kind_of(values: torch.Tensor) -> str:
    values = values.detach().float()
    if values.dim() >= 2 and values.shape[1] > 1:
        one = torch.ones_like(values.sum(1))
        if values.min() >= 0 and torch.allclose(values.sum(1), one, atol=1e-3):
            return "probs"
        if values.max() <= 0 and torch.allclose(values.exp().sum(1), one, atol=1e-3):
            return "log-probs"
    if values.min() >= 0:
        return "unit" if values.max() <= 1 else "positive"
    return "raw"


def watch(path: str) -> Seen:
    """Install the hooks for the one script this process is going to run."""
    seen = Seen(path)
    _watch_forwards(seen)
    _watch_losses(seen)
    _watch_optimizers(seen)
    return seen


def _watch_forwards(seen: Seen) -> None:
    def before(module, args):
        if not seen.stack:
            picture = args[0].detach() if args and isinstance(args[0], torch.Tensor) else None
            if isinstance(module, nn.modules.loss._Loss):
                return
            seen.stack.append(Call(seen.lines(), module, picture))
        if isinstance(module, NOISY) and module.training and getattr(module, "p", 1) > 0:
            seen.stack[0].noisy = True

    def after(module, args, result):
        if seen.stack and seen.stack[0].module is module:
            call = seen.stack.pop()
            tensors = result if isinstance(result, (tuple, list)) else [result]
            call.graph = any(isinstance(item, torch.Tensor) and item.requires_grad for item in tensors)
            seen.calls.append(call)

    nn.modules.module.register_module_forward_pre_hook(before)
    nn.modules.module.register_module_forward_hook(after)


def _watch_losses(seen: Seen) -> None:
    for name in LOSSES:
        real = getattr(functional, name)

        def wrapped(values, *args, _real=real, _name=name, **kwargs):
            if isinstance(values, torch.Tensor) and values.numel():
                seen.losses.append((_name, seen.lines(), kind_of(values)))
            return _real(values, *args, **kwargs)

        setattr(functional, name, functools.wraps(real)(wrapped))


def _watch_optimizers(seen: Seen) -> None:
    real = torch.optim.Optimizer.add_param_group

    def add_param_group(self, group):
        real(self, group)
        for parameter in self.param_groups[-1]["params"]:
            seen.started.append((parameter, parameter.detach().clone()))
            if parameter.requires_grad:
                parameter.register_hook(functools.partial(_arrived, seen, id(parameter)))

    def step(optimizer, args, kwargs):
        if len(args) > 1 or "closure" in kwargs:  # a closure goes backward inside
            return
        parameters = [p for group in optimizer.param_groups for p in group["params"]]
        grads = [(p.grad, seen.fresh.get(id(p))) for p in parameters if p.grad is not None]
        empty = not any(bool(grad.any()) for grad, _ in grads)
        stale = any(new is None or not torch.allclose(grad, new, rtol=1e-3, atol=1e-7) for grad, new in grads)
        seen.steps.append(Step(seen.lines(), empty, stale and not empty))
        for parameter in parameters:
            seen.fresh.pop(id(parameter), None)

    torch.optim.Optimizer.add_param_group = add_param_group
    optimizers.register_optimizer_step_pre_hook(step)


def _arrived(seen: Seen, key: int, grad: torch.Tensor) -> None:
    held = seen.fresh.get(key)
    seen.fresh[key] = grad.detach().clone() if held is None else held + grad.detach()
