"""A trained network held against labelled pictures."""

from collections.abc import Iterator

from cnngui.cancel import Cancel
from cnngui.data.index import UNLABELLED, DatasetIndex, Record, Split, Unreadable
from cnngui.data.names import same_name
from cnngui.engine import metrics
from cnngui.engine.classify import Classifier
from cnngui.engine.results import Evaluating, Evaluation
from cnngui.errors import RequestError

_REPORT_EVERY = 64


def evaluate(
    classifier: Classifier, index: DatasetIndex, cancel: Cancel, unsure_below: float | None = None
) -> Iterator[Evaluating | Evaluation]:
    """Classify the index's labelled pictures, yielding progress; the last item is the Evaluation.

    `unsure_below` (0 to 1) takes the place of the model's own threshold. Where the folder has a test split
    only that is used, else its validation split, else everything. Nothing more comes once cancelled.
    Raises RequestError when the folder's classes are not the model's.
    """
    records = held_out(index)
    classes = classifier.header.classes
    numbers = {name: number for number, name in enumerate(classes)}
    alike = {same_name(name): number for name, number in numbers.items()}  # “Cat” is “cat” to people
    labels = [numbers.get(name, alike.get(same_name(name))) for name in index.classes]
    unknown = sorted({index.classes[record.label] for record in records if labels[record.label] is None})
    if unknown:
        raise RequestError(
            f"{index.root} has a class “{unknown[0]}” that the model does not know; it knows "
            f"{', '.join(classes[:10])}{' and more' if len(classes) > 10 else ''}. "
            "Give a folder with the same class names."
        )
    confusion = [[0] * len(classes) for _ in classes]
    confidences: list[float] = []
    right: list[bool] = []
    sure: list[bool] = []
    familiar: list[bool] = []
    unreadable = [(item.path, item.reason) for item in index.unreadable]
    paths = (index.file(record) for record in records)
    answers = classifier.classify(paths, cancel, top=1, unsure_below=unsure_below)
    for done, (record, answer) in enumerate(zip(records, answers, strict=not cancel.stopped), start=1):
        if isinstance(answer, Unreadable):
            unreadable.append((answer.path, answer.reason))
        else:
            true = labels[record.label]
            assert true is not None
            confusion[true][numbers[answer.label]] += 1
            confidences.append(answer.probability)
            right.append(answer.label == classes[true])
            sure.append(answer.sure)
            familiar.append(answer.familiar)
        if done % _REPORT_EVERY == 0:
            yield Evaluating(done, len(records))
    if cancel.stopped:
        return
    yield Evaluating(len(records), len(records))
    interval = metrics.wilson(sum(right), len(right))
    if interval is None:
        raise RequestError(f"None of the pictures in {index.root} can be read. {unreadable[0][1]}")
    scores, bins = metrics.class_scores(confusion), metrics.reliability(confidences, right)
    right_and_sure = sum(one and other for one, other in zip(right, sure, strict=True))
    yield Evaluation(
        images=len(right),
        accuracy=sum(right) / len(right),
        accuracy_interval=interval,
        classes=classes,
        per_class=scores,
        confusion=tuple(tuple(row) for row in confusion),
        calibration_error=metrics.calibration_error(bins),
        unreadable=tuple(unreadable),
        balanced_accuracy=metrics.balanced_accuracy(scores),
        reliability=bins,
        unsure_below=classifier.header.unsure_below if unsure_below is None else unsure_below,
        answered=sum(sure) / len(sure),
        answered_accuracy=right_and_sure / sum(sure) if any(sure) else None,
        unfamiliar=1 - sum(familiar) / len(familiar),
    )


def held_out(index: DatasetIndex) -> list[Record]:
    """The labelled pictures to judge a model by. Raises RequestError where there are none."""
    labelled = [record for record in index.records if record.label != UNLABELLED]
    if not labelled:
        raise RequestError(
            f"{index.root} has no labelled pictures to evaluate on. Choose a folder with a sub-folder for "
            "each class."
        )
    for split in (Split.TEST, Split.VAL):
        chosen = [record for record in labelled if record.split is split]
        if chosen:
            return chosen
    return labelled
