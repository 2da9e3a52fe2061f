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
# After so many strengths none of which was better than one before, weaker ones are not tried.
_PATIENCE = 2


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
    like: Head | None = None,
) -> Head:
    """Fit to several views of the same pictures, each float32 (N, width), and their labels, int64 (N,).

    Minimises the mean cross-entropy plus strength / 2 · |weight|² over features that are centred and have
    a mean squared length of one, by L-BFGS; centring and scaling are folded into the result. The strength is
    that of `like`, which fits some of the views already and is where the search begins. Without one that
    strength is taken whose held-out cross-entropy is least: all views of a picture are held out together,
    and it is judged by the first view. Once cancelled, it takes the middle strength.
    """
    every = torch.cat(views)
    middle = every.mean(0)
    scaled = every - middle
    scale = scaled.square().sum(1).mean().sqrt().clamp_min(1e-12)
    scaled /= scale
    width, basis, start = every.shape[1], None, None
    if like is not None:
        start = like.weight * scale, like.bias + like.weight @ middle
    elif len(scaled) < width:
        # The best weights are sums of feature vectors, whatever the strength: look for them among those.
        basis, triangle = torch.linalg.qr(scaled.T)
        scaled = triangle.T.contiguous()
    problem = _Problem(scaled, labels.repeat(len(views)), classes, width)
    strength = _best_strength(problem, len(labels), seed, cancel) if like is None else like.strength
    everyone = torch.full((len(scaled), 1), 1 / len(scaled))
    weight, bias = problem.solved(everyone, strength, start, None)
    weight = (weight if basis is None else weight @ basis.T) / scale
    return Head(weight, bias - weight @ middle, strength)


def _best_strength(problem: "_Problem", count: int, seed: int, cancel: Cancel) -> float:
    """`count` pictures, whose first views come first. From the strongest on, until it gets no better."""
    folds = 1 if count >= _ONE_FOLD_FROM else min(_FOLDS, count)
    if count < 2:
        return STRENGTHS[len(STRENGTHS) // 2]
    generator = torch.Generator().manual_seed(seed)
    fold = torch.empty(count, dtype=torch.long)
    fold[torch.randperm(count, generator=generator)] = torch.arange(count) % _FOLDS
    held = fold[:, None] == torch.arange(folds)
    learn = (~held).repeat(len(problem.labels) // count, 1).float()
    learn /= learn.sum(0)
    losses: list[float] = []
    start = None
    for strength in STRENGTHS:
        start = problem.solved(learn, strength, start, cancel)
        if cancel.stopped:
            return STRENGTHS[len(STRENGTHS) // 2]
        losses.append(float((problem.losses(*start, count) * held).sum()))
        if min(losses[-_PATIENCE:]) > min(losses):
            break
    return STRENGTHS[losses.index(min(losses))]


class _Problem:
    """Cross-entropy of `features`, float32 (M, D), and `labels`, int64 (M,), for several sets of weights at
    once: weight (sets · classes, D), bias (sets · classes,). `width` is that of the features as they were."""

    def __init__(self, features: Tensor, labels: Tensor, classes: int, width: int) -> None:
        self.features, self.labels, self.classes = features, labels, classes
        self._width = width

    def losses(self, weight: Tensor, bias: Tensor, count: int) -> Tensor:
        """Of the first `count` feature vectors, float32 (count, sets)."""
        logs = self._log_probabilities(weight, bias, count)
        chosen = self.labels[:count, None, None].expand(-1, logs.shape[1], 1)
        return -logs.gather(2, chosen).squeeze(2)

    def _log_probabilities(self, weight: Tensor, bias: Tensor, count: int) -> Tensor:
        """float32 (count, sets, classes)."""
        logits = F.linear(self.features[:count], weight, bias)
        return logits.view(count, -1, self.classes).log_softmax(2)

    def solved(
        self,
        shares: Tensor,
        strength: float,
        start: tuple[Tensor, Tensor] | None,
        cancel: Cancel | None,
    ) -> tuple[Tensor, Tensor]:
        """The weights at which each set's loss is least: a sum in which each feature vector counts with its
        of the `shares`, float32 (M, sets). Once cancelled it returns what it has come to."""
        sets = shares.shape[1]
        if start is None:
            rows = sets * self.classes
            start = self.features.new_zeros(rows, self.features.shape[1]), shares.new_zeros(rows)
        weight, bias = (one.clone() for one in start)
        search = torch.optim.LBFGS(
            [weight, bias],
            max_iter=_ITERATIONS,
            tolerance_change=1e-7,
            history_size=10,
            line_search_fn="strong_wolfe",
        )
        penalty = strength / self._width
        shares = shares.unsqueeze(2)
        wanted = F.one_hot(self.labels, self.classes).unsqueeze(1) * shares

        def loss() -> Tensor:
            # The gradient by hand: a search takes hundreds of these, and torch's own bookkeeping for it
            # takes longer than the arithmetic.
            logs = self._log_probabilities(weight, bias, len(self.features))
            slopes = (logs.exp() * shares - wanted).view(len(logs), -1)
            weight.grad = torch.addmm(weight, slopes.T, self.features, beta=penalty)
            bias.grad = slopes.sum(0)
            if cancel is not None and cancel.check():
                weight.grad.zero_()  # as at a minimum: the search ends
                bias.grad.zero_()
            return 0.5 * penalty * weight.square().sum() - (logs * wanted).sum()

        search.step(loss)  # type: ignore[no-untyped-call]
        return weight, bias
