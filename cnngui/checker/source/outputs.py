"""Reading what a network gives and what is done with it: losses, axes, numbers shown."""

from __future__ import annotations

from collections.abc import Iterator

from cnngui.checker.source.facts import AxisCall, LossCall, Shown, SourceFacts
from cnngui.checker.source.reading import root_dataset
from cnngui.checker.source.sizes import Size, shape_text
from cnngui.checker.source.values import Dataset, Op, Spot, Tensor, Unknown, meant

RAW = frozenset({"linear", "conv"})
LABELS = frozenset({"label", "labels", "target", "targets", "y", "yb", "y_true", "y_batch", "gt", "truth"})


def scored(facts: SourceFacts, kind: str) -> Iterator[tuple[LossCall, Op]]:
    """Calls of one loss with the operation that its scores end with."""
    for call in facts.losses:
        scores = call.scores
        if call.kind != kind or not isinstance(scores, Tensor) or scores.role == "target":
            continue
        last = meant(scores.last)
        if last is not None:
            yield call, last


def is_multiclass(call: LossCall) -> bool:
    """Whether a yes-or-no loss meets class numbers of several classes."""
    scores, target = call.scores, call.target
    if _several(call):
        return True
    if not isinstance(scores, Tensor) or not isinstance(target, Tensor) or target.onehot:
        return False
    if scores.shape is None or target.shape is None or len(scores.shape) != 2 or len(target.shape) != 1:
        return False
    width = scores.shape[1]
    return isinstance(width, int) and width > 1 and target.role == "target"


def _several(call: LossCall) -> bool:
    """Whether the targets are numbers of three classes or more, whatever the scores look like."""
    target = call.target
    if (
        not isinstance(target, Tensor)
        or target.onehot
        or target.role != "target"
        or len(target.shape or ()) > 1
    ):
        return False
    return target.classes is not None and target.classes > 2 and target.data is not None


def is_class_target(call: LossCall) -> bool:
    """Whether the target is a class number or a one-hot vector of one, and the scores come from a network."""
    scores, target = call.scores, call.target
    if not isinstance(scores, Tensor) or not isinstance(target, Tensor) or scores.net is None:
        return False
    return target.onehot or (target.role == "target" and target.classes is not None)


def swapped(call: LossCall) -> bool:
    """Whether the first argument is the labels and the second the network's output."""
    if call.kind not in {"CrossEntropyLoss", "NLLLoss", "BCELoss", "BCEWithLogitsLoss"}:
        return False
    first, second = call.scores, call.target
    from_net = isinstance(second, Tensor) and second.net is not None and second.index_of is None
    if isinstance(second, Unknown) and second.hint in {"output", "outputs", "logits", "pred", "preds"}:
        from_net = True
    if isinstance(first, Tensor):
        return from_net and first.net is None and first.role == "target"
    return from_net and isinstance(first, Unknown) and first.hint.lower() in LABELS


def producer(last: Op | None) -> Op | None:
    """The layer that gave the scores, looking back through what came after it."""
    while last is not None and last.kind not in {"linear", "conv"}:
        last = last.before
    return last


def class_mismatches(facts: SourceFacts) -> Iterator[tuple[Spot, int, int, str, bool]]:
    """Scores whose width is not the number of classes: where, both numbers, whose, whether it must fail."""
    for call in facts.losses:
        if call.kind not in {"CrossEntropyLoss", "NLLLoss"} or not isinstance(call.scores, Tensor):
            continue
        shape, target = call.scores.shape, call.target
        if shape is None or len(shape) != 2 or not isinstance(shape[1], int) or call.scores.net is None:
            continue
        found = _classes_of(facts, target)
        if found is None:
            continue
        classes, name, exact = found
        outputs = int(shape[1])
        if outputs < classes or (exact and outputs > classes):
            at = producer(call.scores.last)
            place = at.layer.at if at is not None and at.layer is not None else call.at
            yield place, outputs, classes, name, outputs < classes
    yield from _named(facts)


def _classes_of(facts: SourceFacts, target: object) -> tuple[int, str, bool] | None:
    if facts.class_count is not None:
        return facts.class_count, "the data", True
    if (
        not isinstance(target, Tensor)
        or target.role != "target"
        or target.classes is None
        or len(target.shape or ()) > 1
    ):
        return None
    if target.data is None or target.data.kind == "TensorDataset":
        return target.classes, "the data", False
    if _picked(target.data):
        return None
    kind = root_dataset(target.data).kind
    return target.classes, kind, kind != "EMNIST"


def _picked(dataset: Dataset) -> bool:
    """Whether a part was picked by indices that are not followed: it may hold some of the classes alone."""
    while dataset.parts:
        share = dataset.share
        if isinstance(share, tuple) and share[0] == "indices" and not isinstance(share[1], range):
            return True
        dataset = dataset.parts[0]
    return False


def _named(facts: SourceFacts) -> Iterator[tuple[Spot, int, int, str, bool]]:
    for one in facts.indexed:
        shape = one.scores.shape
        if (
            shape
            and isinstance(shape[-1], int)
            and one.scores.net is not None
            and int(shape[-1]) != one.names
        ):
            at = producer(one.scores.last)
            place = at.layer.at if at is not None and at.layer is not None else one.at
            yield place, int(shape[-1]), one.names, f"the list of class names (line {one.at.line})", False


def wrong_axes(facts: SourceFacts, ops: set[str]) -> Iterator[tuple[AxisCall, str]]:
    """Calls over the batch axis of scores (N, C)."""
    for call in facts.axes:
        shape, axis = call.given.shape, call.axis
        if call.op not in ops or shape is None or len(shape) != 2 or not _scores(call.given):
            continue
        rows, width = shape
        if width == 1 or isinstance(axis, (Unknown, Tensor)):
            continue
        batch = rows.batch if isinstance(rows, Size) else rows > 1 and call.given.net is not None
        single = rows == 1 and call.op in {"softmax", "log_softmax"}
        whole = axis is None and call.op == "argmax" and batch
        if (
            (axis in {0, -2} and not isinstance(axis, bool) and (batch or single or rows == 1))
            or whole
            or (isinstance(axis, int) and axis >= 2)
        ):
            yield call, shape_text(shape)


def _scores(value: Tensor) -> bool:
    return value.kind in {"linear", "softmax", "log_softmax", "sigmoid"} or (
        value.kind == "conv" and value.net is not None
    )


def logits_shown(facts: SourceFacts) -> Iterator[tuple[Shown, str]]:
    """Raw scores that are shown, stored or compared as probabilities, and how."""
    blamed = {
        id(call.scores.net)
        for call, last in scored(facts, "BCELoss")
        if last.kind in RAW and isinstance(call.scores, Tensor)
    }
    for shown in facts.shown:
        value = shown.value
        if id(value.net) in blamed:
            continue
        if value.kind not in RAW or value.index_of is not None or value.dtype == "bool" or value.net is None:
            continue
        if shown.how == "stored" and not _single(value):
            continue
        yield (
            shown,
            {
                "stored": f"stored as {shown.name}",
                "printed": "shown",
                "compared": f"compared with {shown.name}",
                "returned": f"returned by {shown.name}",
            }[shown.how],
        )


def _single(value: Tensor) -> bool:
    """Whether it is one score per picture rather than all scores."""
    if value.number or value.shape is None or not value.shape:
        return value.shape is not None or value.number
    return len(value.shape) == 1 and (value.shape[0] == 1 or isinstance(value.shape[0], Size))


def logits_picked(facts: SourceFacts) -> Iterator[Spot]:
    """Where the class is picked from raw scores."""
    for call in facts.axes:
        if call.op in {"argmax", "max"} and call.given.kind in RAW and call.given.net is not None:
            yield call.at
