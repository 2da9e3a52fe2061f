"""Muon, an optimiser that moves the weights of inner layers equally far in every direction."""

from collections.abc import Iterable
from typing import Any

import torch
from torch import Tensor
from torch.optim import Optimizer
from torch.optim.adamw import adamw

# Newton–Schulz: a polynomial of odd powers that, applied again and again, brings every singular value near to
# 1. Coefficients and the number of rounds for small convolutional networks are Jordan's (2024, "Muon: An
# optimizer for hidden layers in neural networks").
_A, _B, _C = 3.4445, -4.7750, 2.0315
_ROUNDS = 3

_MOMENTUM = 0.9  # what stays of the gradients' average at each step

# The root mean square of a step at a learning rate of 1, as AdamW's usually is (Liu et al. 2025, "Muon is
# Scalable for LLM Training"), so that learning rate and weight decay mean the same for all parameters.
_SIZE = 0.2


class Muon(Optimizer):
    """Groups with `orthogonal` true step along their momentum made orthogonal; the others as AdamW does.

    An orthogonal group's parameters have at least two dimensions; the first is the layer's outputs. `kind` is
    the number format in which their steps are worked out.
    """

    def __init__(self, groups: Iterable[dict[str, Any]], lr: float, kind: torch.dtype) -> None:
        super().__init__(groups, {"lr": lr, "weight_decay": 0.0, "orthogonal": False})
        self._kind = kind

    @torch.no_grad()
    def step(self) -> None:  # type: ignore[override]
        for group in self.param_groups:
            given = [one for one in group["params"] if one.grad is not None]
            if not group["orthogonal"]:
                self._adamw(given, group["lr"], group["weight_decay"])
                continue
            for parameter in given:
                self._move(parameter, parameter.grad, group["lr"], group["weight_decay"])

    def _adamw(self, given: list[Tensor], rate: float, decay: float) -> None:
        states = [self.state[one] for one in given]
        for one, state in zip(given, states, strict=True):
            if not state:
                state["step"] = torch.tensor(0.0)
                state["exp_avg"], state["exp_avg_sq"] = torch.zeros_like(one), torch.zeros_like(one)
        adamw(
            given,
            [one.grad for one in given if one.grad is not None],
            [state["exp_avg"] for state in states],
            [state["exp_avg_sq"] for state in states],
            [],
            [state["step"] for state in states],
            amsgrad=False,
            beta1=0.9,
            beta2=0.999,
            lr=rate,
            weight_decay=decay,
            eps=1e-8,
            maximize=False,
        )

    def _move(self, parameter: Tensor, gradient: Tensor, rate: float, decay: float) -> None:
        state = self.state[parameter]
        if not state:
            state["momentum"] = torch.zeros_like(parameter)
        momentum = state["momentum"].lerp_(gradient, 1 - _MOMENTUM)
        ahead = gradient.lerp(momentum, _MOMENTUM)  # Nesterov's look ahead
        # Outputs by inputs, in the order of memory: in which order the inputs stand makes no difference.
        ahead = ahead.permute(0, 2, 3, 1) if ahead.ndim == 4 else ahead
        rows = ahead.reshape(len(ahead), -1)
        step = orthogonal(rows.to(self._kind)).to(parameter.dtype).view(ahead.shape)
        step = step.permute(0, 3, 1, 2) if ahead.ndim == 4 else step
        parameter.mul_(1 - rate * decay)
        parameter.add_(step, alpha=-rate * _SIZE * max(rows.shape) ** 0.5)


def orthogonal(rows: Tensor) -> Tensor:
    """(M, N) → the same shape and directions, with most singular values between 0.3 and 1.3.

    The rounds do not bring the very smallest ones all the way; zeros stay zeros.
    """
    turned = rows.shape[0] > rows.shape[1]
    x: Tensor = rows.T if turned else rows
    x = x / (torch.linalg.vector_norm(x) + 1e-7)
    # Each round multiplies x by a polynomial of x xᵀ, from the left. These are gathered on that small square
    # matrix, so that of the products with all of x, which cost the most, there are two and not two per round.
    square = x @ x.T
    factor = gathered = _factor(square)
    for _ in range(_ROUNDS - 1):
        square = factor @ square @ factor
        factor = _factor(square)
        gathered = factor @ gathered
    x = gathered @ x
    return x.T if turned else x


def _factor(square: Tensor) -> Tensor:
    """What a round multiplies by, given x xᵀ."""
    factor = torch.addmm(square, square, square, beta=_B, alpha=_C)
    factor.diagonal().add_(_A)
    return factor
