"""A running average of the weights: steadier than the last ones, and often a little more right."""

from collections.abc import Iterator
from contextlib import contextmanager

import torch
from torch import Tensor, nn

# Averaging takes every tensor once; at every fourth step it costs a quarter and gives the same.
_EVERY = 4


class Average:
    """Exponential moving average of a network's parameters and of its norms' statistics.

    `decay` (0 to 1) of it stays at each step. Early on it is less, so that the start is soon forgotten.
    """

    def __init__(self, network: nn.Module, decay: float) -> None:
        state = network.state_dict()
        self._live = [one for one in state.values() if one.is_floating_point()]
        self._names = [name for name, one in state.items() if one.is_floating_point()]
        self._shadow = [one.detach().clone() for one in self._live]
        self._decay = decay

    @torch.no_grad()
    def update(self, step: int) -> None:
        """Take in the weights after `step` steps of the run, counted from 1."""
        every = 1 if step < _EVERY else _EVERY  # a run may end after so few
        if step % every:
            return
        decay = min(self._decay, step / (step + 10)) ** every
        torch._foreach_lerp_(self._shadow, self._live, 1 - decay)

    @contextmanager
    def in_place(self) -> Iterator[None]:
        """While inside, the network has the average's weights."""
        self._swap()
        try:
            yield
        finally:
            self._swap()

    def state(self) -> dict[str, Tensor]:
        """The average by the network's names, for a checkpoint."""
        return dict(zip(self._names, self._shadow, strict=True))

    def load(self, state: dict[str, Tensor]) -> None:
        """Take up what `state` gave. Raises KeyError for one of another network."""
        for name, shadow in zip(self._names, self._shadow, strict=True):
            shadow.copy_(state[name])

    @torch.no_grad()
    def _swap(self) -> None:
        for live, shadow in zip(self._live, self._shadow, strict=True):
            kept = live.clone()
            live.copy_(shadow)
            shadow.copy_(kept)
