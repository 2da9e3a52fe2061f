"""Turning logits into probabilities that mean what they say, and knowing when not to answer."""

from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional as F

from cnngui.engine.header import Drawn

# Below this many held-out pictures what is fitted to them says more about chance than about the network.
FEWEST = 50

# Of the answers given as sure, this share should be right.
WANTED = 0.95

# Where no line can be drawn, a top probability below this is "not sure": if probabilities mean what they
# say, more than every third such answer would be wrong.
UNSURE_BELOW = 0.65

# A calibrated probability below one half is more likely wrong than right: never a sure answer.
_LOWEST = 0.5

# A line that leaves fewer sure answers than this was drawn by chance.
_FEWEST_SURE = 20

# This share of the held-out pictures, those that look strangest, is given up to catch what is unfamiliar.
_STRANGEST = 0.05


@dataclass(frozen=True, slots=True)
class Calibration:
    """What is fitted to held-out pictures; the fields are those of the model file's header."""

    temperature: float
    unsure_below: float
    drawn: Drawn | None
    unfamiliar_below: float | None


def calibrate(logits: Tensor, labels: Tensor, wanted: float = WANTED) -> Calibration:
    """Fit everything to held-out pictures: logits (N, classes), labels int64 (N,).

    With fewer than `FEWEST` pictures nothing is fitted: temperature 1, `UNSURE_BELOW`, and no picture is
    unfamiliar.
    """
    if len(labels) < FEWEST:
        return Calibration(1.0, UNSURE_BELOW, None, None)
    fitted = temperature(logits, labels)
    scores = familiarity(logits, fitted)
    unfamiliar_below = float(scores.quantile(_STRANGEST))
    best, called = torch.softmax(logits.double() / fitted, dim=1).max(dim=1)
    # What is unfamiliar is never sure, so the line is only for the rest.
    line, drawn = threshold(best, (called == labels), scores >= unfamiliar_below, wanted)
    return Calibration(fitted, line, drawn, unfamiliar_below)


def familiarity(logits: Tensor, temperature: float) -> Tensor:
    """How much pictures look like those the network learnt from: logits (N, classes) → float64 (N,).

    The negative free energy log Σ exp(logit / temperature) (Liu et al. 2020, "Energy-based
    Out-of-distribution Detection") of the logits less their mean, which the loss leaves open and a training
    lets drift: a picture of none of the classes lifts no class far above the others. Any real number;
    comparable within one network alone. On the starter model, 396 photographs of ants and bees against 2,000
    of CIFAR-10's test pictures: AUROC 0.883; with the mean 0.774, the top probability gives 0.882. On the
    starter before it (0.875) what needs features stored besides was little better (nearest neighbours 0.907,
    relative Mahalanobis distance 0.886, the plain one 0.748; tests/benchmarks/unfamiliar.py). On three other
    networks trained from scratch the mean cost 0.02 to 0.03; on one that averaged its last feature maps and
    was trained by AdamW it gained 0.02.
    """
    logits = logits.double()
    return torch.logsumexp((logits - logits.mean(1, keepdim=True)) / temperature, dim=1)


def threshold(best: Tensor, right: Tensor, familiar: Tensor, wanted: float) -> tuple[float, Drawn]:
    """The lowest top probability at which the share `wanted` of the sure answers is right, and what it gives.

    `best` float (N,) are the top probabilities, `right` and `familiar` bool (N,). Where no line reaches
    `wanted` it is `wanted` itself, which is where calibrated probabilities reach it. Never below one half.
    """
    order = best[familiar].argsort(descending=True, stable=True)
    probabilities = best[familiar][order]
    shares = right[familiar][order].double().cumsum(0) / torch.arange(1, len(order) + 1)
    # Pictures of equal probability fall on the same side: only the last of them can be a line.
    last = torch.ones(len(order), dtype=torch.bool)
    last[:-1] = probabilities[:-1] != probabilities[1:]
    enough = torch.arange(1, len(order) + 1) >= _FEWEST_SURE
    reached = torch.nonzero((shares >= wanted) & last & enough)
    line = max(_LOWEST, float(probabilities[reached[-1, 0]])) if len(reached) else wanted
    sure = familiar & (best >= line)
    answered = float(sure.double().mean())
    correct = float(right[sure].double().mean()) if sure.any() else 0.0
    return line, Drawn(len(best), wanted, answered, correct)


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
