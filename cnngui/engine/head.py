"""The last layer by itself: multinomial logistic regression on the features of a frozen network."""

from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional as F

from cnngui.cancel import Cancel

# L2 strengths per picture that are tried, strongest first: each solution is a good start for the next.
STRENGTHS: tuple[float, ...] = tuple(10.0 ** (1 - number / 2) for number in range(11))

_FOLDS = 5
# From so many pictures on, a fifth held out once says as much as five folds do with few.
_ONE_FOLD_FROM = 2000
_ITERATIONS = 60


@dataclass(frozen=True, slots=True)
class Head:
    """logits = features @ weight.T + bias. `strength`: of the regularisation, one of STRENGTHS."""

    weight: Tensor  # float32 (classes, width)
    bias: Tensor  # float32 (classes,)
    strength: float


def fit(
    views: list[Tensor],
    labels: Tensor,
    classes: int,
    seed: int,
    cancel: Cancel,
    strength: float | None = None,
) -> Head:
    """Fit to several views of the same pictures, each float32 (N, width), and their labels, int64 (N,).

    Minimises the mean cross-entropy plus strength / 2 · |weight|² over features that are centred and have
    a mean squared length of one, by L-BFGS; centring and scaling are folded into the result. Without a
    `strength` the one is taken whose held-out cross-entropy is least: all views of a picture are
    held out together, and it is judged by the first view. Once cancelled, it takes the middle strength.
    """
    every = torch.cat(views)
    middle = every.mean(0)
    scale = (every - middle).square().sum(1).mean().sqrt().clamp_min(1e-12)
    scaled = [(view - middle) / scale for view in views]
    if strength is None:
        strength = _best_strength(scaled, labels, classes, seed, cancel)
    weight, bias = _solve(torch.cat(scaled), labels.repeat(len(views)), classes, strength, None)
    weight = weight / scale
    return Head(weight.T.contiguous(), bias - middle @ weight, strength)


def _best_strength(views: list[Tensor], labels: Tensor, classes: int, seed: int, cancel: Cancel) -> float:
    count = len(labels)
    generator = torch.Generator().manual_seed(seed)
    fold = torch.empty(count, dtype=torch.long)
    fold[torch.randperm(count, generator=generator)] = torch.arange(count) % _FOLDS
    losses = torch.zeros(len(STRENGTHS))
    for number in range(1 if count >= _ONE_FOLD_FROM else _FOLDS):
        learn, held = fold != number, fold == number
        if not held.any() or not learn.any():
            break
        features, targets = torch.cat([view[learn] for view in views]), labels[learn].repeat(len(views))
        start = None
        for place, strength in enumerate(STRENGTHS):
            if cancel.check():
                return STRENGTHS[len(STRENGTHS) // 2]
            start = _solve(features, targets, classes, strength, start)
            logits = views[0][held] @ start[0] + start[1]
            losses[place] += F.cross_entropy(logits, labels[held], reduction="sum")
    return STRENGTHS[int(losses.argmin())]


def _solve(
    features: Tensor, labels: Tensor, classes: int, strength: float, start: tuple[Tensor, Tensor] | None
) -> tuple[Tensor, Tensor]:
    """Weight (width, classes) and bias (classes,)."""
    if start is None:
        start = features.new_zeros(features.shape[1], classes), features.new_zeros(classes)
    weight, bias = (one.clone().requires_grad_() for one in start)
    search = torch.optim.LBFGS(
        [weight, bias], max_iter=_ITERATIONS, tolerance_change=1e-7, line_search_fn="strong_wolfe"
    )
    penalty = strength / features.shape[1]

    def loss() -> Tensor:
        search.zero_grad()
        value = F.cross_entropy(features @ weight + bias, labels) + 0.5 * penalty * weight.square().sum()
        value.backward()  # type: ignore[no-untyped-call]
        return value

    search.step(loss)  # type: ignore[no-untyped-call]
    return weight.detach(), bias.detach()
