"""Turning logits into probabilities that mean what they say."""

import torch
from torch import Tensor
from torch.nn import functional as F

# Below this many held-out pictures a fitted temperature says more about chance than about the network.
FEWEST = 50


def temperature(logits: Tensor, labels: Tensor) -> float:
    """The number to divide logits (N, classes) by so that softmax is best calibrated on `labels` (N,).

    Minimises the held-out cross-entropy over one number (Guo et al. 2017, "On Calibration of Modern
    Neural Networks"). The loss is convex in 1/T, so a golden-section search over log T from 1/20 to
    20 finds it. 1.0 where there are fewer than `FEWEST` pictures.
    """
    if len(labels) < FEWEST:
        return 1.0
    logits = logits.double()

    def loss(log_t: float) -> float:
        return float(F.cross_entropy(logits / torch.tensor(log_t).exp(), labels))

    golden = (5**0.5 - 1) / 2
    low, high = -3.0, 3.0
    left, right = high - golden * (high - low), low + golden * (high - low)
    at_left, at_right = loss(left), loss(right)
    while high - low > 1e-4:
        if at_left < at_right:
            high, right, at_right = right, left, at_left
            left = high - golden * (high - low)
            at_left = loss(left)
        else:
            low, left, at_left = left, right, at_right
            right = low + golden * (high - low)
            at_right = loss(right)
    return float(torch.tensor((low + high) / 2).exp())
