"""How good a network is, and how sure one can be of that."""

import math
from collections.abc import Sequence

from cnngui.engine.results import ClassScore, Reliability

_Z95 = 1.959963984540054  # the normal distribution's 97.5 % point


def wilson(right: int, total: int) -> tuple[float, float] | None:
    """The 95 % interval of a share (Wilson 1927), from 0 to 1; None of nothing.

    Unlike the textbook's normal interval it stays within 0 to 1 and is honest for few pictures.
    """
    if total == 0:
        return None
    share = right / total
    spread = _Z95 * math.sqrt(share * (1 - share) / total + _Z95**2 / (4 * total**2))
    middle = share + _Z95**2 / (2 * total)
    scale = 1 + _Z95**2 / total
    # At the ends the exact bounds are 0 and 1; rounding leaves a trace of 1e-17.
    low = 0.0 if right == 0 else (middle - spread) / scale
    high = 1.0 if right == total else (middle + spread) / scale
    return (low, high)


def class_scores(confusion: Sequence[Sequence[int]]) -> tuple[ClassScore, ...]:
    """Per class, from `confusion[true][called]`. A score with nothing to divide by is 0."""
    called = [sum(row[column] for row in confusion) for column in range(len(confusion))]
    scores = []
    for number, row in enumerate(confusion):
        right, images = row[number], sum(row)
        precision = right / called[number] if called[number] else 0.0
        recall = right / images if images else 0.0
        f1 = 2 * precision * recall / (precision + recall) if right else 0.0
        scores.append(ClassScore(precision, recall, f1, images))
    return tuple(scores)


def balanced_accuracy(scores: Sequence[ClassScore]) -> float:
    """The mean recall of the classes that have pictures, 0 to 1; 0 of none."""
    recalls = [score.recall for score in scores if score.images]
    return sum(recalls) / len(recalls) if recalls else 0.0


def reliability(
    confidences: Sequence[float], right: Sequence[bool], bins: int = 15
) -> tuple[Reliability, ...]:
    """The pictures by their top probability, in `bins` equal parts of 0 to 1, empty ones left out."""
    counts, sums, hits = [0] * bins, [0.0] * bins, [0] * bins
    for confidence, hit in zip(confidences, right, strict=True):
        place = min(int(confidence * bins), bins - 1)
        counts[place] += 1
        sums[place] += confidence
        hits[place] += hit
    return tuple(
        Reliability(count, total / count, hit / count)
        for count, total, hit in zip(counts, sums, hits, strict=True)
        if count
    )


def calibration_error(bins: Sequence[Reliability]) -> float:
    """Expected calibration error (Guo et al. 2017, equation 3): how far stated probability and actual
    accuracy lie apart, averaged over the bins weighted by their pictures. 0 is perfect."""
    images = sum(one.images for one in bins)
    return sum(one.images * abs(one.probability - one.right) for one in bins) / images if images else 0.0
