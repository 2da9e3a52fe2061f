"""Which labels are probably wrong: confident learning (Northcutt, Jiang and Chuang, JAIR 2021)."""

import numpy as np
import numpy.typing as npt

from cnngui.data.index import DatasetIndex
from cnngui.engine.results import OutOfFold

Labels = npt.NDArray[np.int64]
Probabilities = npt.NDArray[np.float64]


def doubtful(index: DatasetIndex, predictions: OutOfFold) -> tuple[Labels, Labels]:
    """The labels of the pictures that were asked about, and the rows of those that are probably wrong."""
    labels = np.array([index.records[position].label for position in predictions.positions], np.int64)
    return labels, suspected(labels, predictions.probabilities)


def suspected(labels: Labels, probabilities: Probabilities) -> Labels:
    """Rows whose label is probably wrong, the surest first.

    `labels` (n,) hold 0 to classes − 1, `probabilities` (n, classes) what a network that did not learn
    from the row says of it. A row counts for class j where p(j) reaches the mean p(j) of the rows
    labelled j; the counts off the diagonal, scaled to the classes' sizes, say how many of label i are
    really j, and that many with the largest margin p(j) − p(i) are given ("prune by noise rate"). Raises
    ValueError where the shapes do not fit.
    """
    if probabilities.ndim != 2 or labels.shape != probabilities.shape[:1]:
        raise ValueError(f"labels {labels.shape} do not fit probabilities {probabilities.shape}")
    classes = probabilities.shape[1]
    if len(labels) and not 0 <= labels.min() <= labels.max() < classes:
        raise ValueError(f"labels must be 0 to {classes - 1}")
    thresholds = np.array(
        [probabilities[labels == j, j].mean() if (labels == j).any() else np.inf for j in range(classes)]
    )
    eligible = np.where(probabilities >= thresholds, probabilities, -1.0)
    counted = eligible.max(axis=1) >= 0
    guess = eligible.argmax(axis=1)
    joint = np.zeros((classes, classes))
    np.add.at(joint, (labels[counted], guess[counted]), 1)
    own = np.bincount(labels, minlength=classes)
    sums = joint.sum(axis=1)
    scaled = joint * np.divide(own, sums, out=np.zeros(classes), where=sums > 0)[:, None]
    rows: list[int] = []
    margins: list[float] = []
    for i in range(classes):
        members = np.flatnonzero(labels == i)
        for j in range(classes):
            wanted = int(np.rint(scaled[i, j]))
            if i == j or wanted == 0:
                continue
            margin = probabilities[members, j] - probabilities[members, i]
            order = np.argsort(-margin, kind="stable")[:wanted]
            order = order[(margin[order] > 0) & (probabilities[members[order]].argmax(axis=1) == j)]
            rows += members[order].tolist()
            margins += margin[order].tolist()
    return np.array(rows, np.int64)[np.argsort(-np.array(margins), kind="stable")]
