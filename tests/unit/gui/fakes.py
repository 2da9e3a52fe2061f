"""What the engine would say, without the engine: for pages that are fed by hand. No torch."""

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from PIL import Image, ImageDraw
from PySide6.QtCore import QThread

from cnngui.cancel import Cancel
from cnngui.checker.finding import Confidence, Finding, Place, Severity
from cnngui.data.index import DatasetIndex, Record, Split, Unreadable
from cnngui.engine import options
from cnngui.engine.events import Decoding, EpochDone, RunEnded, RunStarted, StepDone, TrainEvent
from cnngui.engine.header import ModelHeader
from cnngui.engine.results import Guess, Prediction
from cnngui.engine.spec import ImageSpec, TrainConfig
from cnngui.errors import RequestError
from cnngui.gui.job import Work
from cnngui.gui.planning import Plan, Ready
from cnngui.gui.work import OpenedModel, Origin

DEVICE = "Using the processor (2 cores, full precision): no CUDA graphics card found."


@dataclass(frozen=True, slots=True)
class Card:
    """As the registry's ModelCard."""

    name: str = "simple_cnn"
    title: str = "SimpleCNN"
    summary: str = "The network of the lesson: small, quick on any processor, easy to look inside."
    spec: ImageSpec = field(default_factory=lambda: ImageSpec(32, 32))
    smallest: int | None = None
    parameters: int = 268_650
    epochs: int = 16
    batch_size: int = 64
    learning_rate: float = 3e-3
    weight_decay: float = 0.02


@dataclass(frozen=True, slots=True)
class Device:
    """As the engine's DeviceChoice."""

    device: str = "cpu"
    precision: str = "float32"
    sentence: str = DEVICE


@dataclass(frozen=True, slots=True)
class Progress:
    """As the samples' SampleProgress."""

    done: int
    total: int


RESNET = Card(
    "resnet_small",
    "ResNet small",
    "Residual blocks and batch norm, for pictures of 32 to 64 pixels: accurate, slower to train.",
    smallest=16,
    parameters=5_135_002,
    epochs=12,
    batch_size=256,
    learning_rate=6e-3,
)


def ready() -> Ready:
    return Ready(Device(), (Card(), RESNET))  # type: ignore[arg-type]


def plan(index: DatasetIndex, config: TrainConfig, known: Ready) -> Plan:
    """In the place of planning.plan."""
    idle = options.idle(config, dropout=False)
    if config.model == "auto":
        words = "The network that suits your pictures and this computer."
        device = known.device.sentence
        return Plan("Automatic", words, None, None, None, None, any_size=True, device=device, idle=idle)
    card = next(card for card in known.cards if card.name == config.model)
    if config.size and card.smallest is None:
        raise RequestError(f"{card.name} only takes 32 × 32 pictures.")
    size = config.size or card.spec.size
    return Plan(
        card.title, card.summary, config.epochs or 62, config.batch_size or 16,
        config.learning_rate or 0.0015, size, card.smallest is not None, known.device.sentence,
        {"weight_decay": card.weight_decay, "shift": 0.125}, idle,
    )  # fmt: skip


def works(*items: object) -> Work:
    """A work that yields `items` and looks at its Cancel between two of them."""

    def work(cancel: Cancel) -> Iterator[object]:
        for item in items:
            if cancel.check():
                return
            yield item

    return work


def endless(*items: object, last: object = None) -> Work:
    """A work that yields `items`, goes on until it is stopped, and then yields `last`."""

    def work(cancel: Cancel) -> Iterator[object]:
        yield from items
        while not cancel.check():
            QThread.msleep(1)
        if last is not None:
            yield last

    return work


def refuses(sentence: str) -> Work:
    """A work that cannot be done."""

    def work(_cancel: Cancel) -> Iterator[object]:
        yield from ()
        raise RequestError(sentence)

    return work


def picture(path: Path, number: int, size: tuple[int, int] = (320, 240)) -> Path:
    """A picture of a shape on a coloured ground; each number gives another."""
    wide, high = size
    hue = (number * 47) % 255
    ground = Image.new("HSV", size, (hue, 60 + number * 13 % 80, 225))
    image = ground.convert("RGB")
    draw = ImageDraw.Draw(image)
    x, y = wide * (0.35 + 0.3 * (number % 5) / 5), high * (0.4 + 0.2 * (number % 3) / 3)
    side = min(wide, high) * (0.22 + 0.1 * (number % 4) / 4)
    fill = Image.new("HSV", (1, 1), ((hue + 110) % 255, 170, 170)).convert("RGB").getpixel((0, 0))
    points = [
        (
            x + side * math.cos(math.tau * (k / (3 + number % 4) + number / 9)),
            y + side * math.sin(math.tau * (k / (3 + number % 4) + number / 9)),
        )
        for k in range(3 + number % 4)
    ]
    draw.polygon(points, fill=fill)
    path.parent.mkdir(parents=True, exist_ok=True)
    image.save(path, quality=88)
    return path


def folder(root: Path, classes: Sequence[str] = ("ants", "bees"), each: int = 4) -> Path:
    """A folder with `each` pictures for each class."""
    for number, name in enumerate(classes):
        for k in range(each):
            picture(root / name / f"{name} {k:03}.jpg", number * 31 + k * 7)
    return root


def index_of(
    root: Path,
    unreadable: Sequence[Unreadable] = (),
    ignored: Sequence[Unreadable] = (),
    notes: Sequence[str] = (),
) -> DatasetIndex:
    """The index of a folder that `folder` made."""
    classes = tuple(sorted(path.name for path in root.iterdir() if path.is_dir()))
    records = tuple(
        Record(f"{name}/{file.name}", label, Split.UNSPLIT, file.stat().st_size, 0)
        for label, name in enumerate(classes)
        for file in sorted((root / name).iterdir())
    )
    return DatasetIndex(root, classes, records, tuple(unreadable), tuple(ignored), tuple(notes), "fake")


def header(classes: Sequence[str] = ("ants", "bees"), fit_size: int = 32) -> ModelHeader:
    return ModelHeader(
        architecture="simple_cnn",
        classes=tuple(classes),
        spec=ImageSpec(fit_size, fit_size),
        parameters=268_650,
        temperature=1.0,
        unsure_below=0.65,
        val_images=100,
        val_accuracy=0.92,
        val_accuracy_interval=(0.85, 0.96),
        val_loss=0.3,
        fingerprint="fake",
        config={},
        versions={},
        created="2024-01-01T00:00:00+00:00",
        note="",
    )


def opened(path: Path, origin: Origin = "file", classes: Sequence[str] = ("ants", "bees")) -> OpenedModel:
    return OpenedModel(path, header(classes), origin)


def prediction(path: Path, classes: Sequence[str], number: int) -> Prediction:
    """An answer whose certainty varies with `number`."""
    best = (0.97, 0.88, 0.52, 0.93, 0.71, 0.44)[number % 6]
    order = [classes[(number + k) % len(classes)] for k in range(min(5, len(classes)))]
    rest = (1 - best) / max(1, len(order) - 1)
    left = 1 - best
    guesses = [Guess(order[0], best)]
    for place, name in enumerate(order[1:], 1):
        share = left if place == len(order) - 1 else min(left, rest * (1.6 if place == 1 else 0.8))
        guesses.append(Guess(name, share))
        left -= share
    familiar = "strange" not in path.name
    return Prediction(str(path), tuple(guesses), sure=best >= 0.65 and familiar, familiar=familiar)


def answers(classes: Sequence[str] = ("ants", "bees")) -> Callable[[Path, Sequence[Path]], Work]:
    """In the place of work.classify: every picture gets an answer, what is called broken gets none, and
    what is called strange is unlike anything the network knows."""

    def classify(_model: Path, paths: Sequence[Path]) -> Work:
        return works(
            *(
                Unreadable(str(path), "This file is cut short: its lower half is missing.")
                if "broken" in path.name
                else prediction(path, classes, number)
                for number, path in enumerate(paths)
            )
        )

    return classify


def run_events(
    classes: Sequence[str] = ("ants", "bees"), epochs: int = 16, steps: int = 12, until: float = 99.0
) -> list[TrainEvent]:
    """A training as the engine tells it, up to `until` epochs; with its end if that is beyond the last."""
    events: list[TrainEvent] = [Decoding(0, 245, 0.0), Decoding(245, 245, 1.5)]
    events.append(
        RunStarted(
            run_folder="/runs/1", model="simple_cnn", parameters=268_650, classes=tuple(classes),
            train_images=196, val_images=49, unreadable=(), notes=(), device=DEVICE, precision="float32",
            epochs=epochs, first_epoch=1, steps_per_epoch=steps, batch_size=16,
        )
    )  # fmt: skip
    done: list[EpochDone] = []
    for epoch in range(1, epochs + 1):
        for step in range(1, steps + 1):
            at = epoch - 1 + step / steps
            if at > until:
                return events
            wobble = 0.1 * math.sin(12.9898 * (epoch * 31 + step)) * math.exp(-at / 14)
            loss = 0.22 + 0.5 * math.exp(-at / 4.5) + wobble
            events.append(StepDone(epoch, step, steps, loss, 1e-3, 1240.0, 4.2 * (epochs - at)))
        val = 0.27 + 0.42 * math.exp(-epoch / 4) + 0.02 * math.sin(epoch * 1.7)
        share = 0.95 - 0.42 * math.exp(-epoch / 4) + 0.012 * math.sin(epoch * 2.3)
        event = EpochDone(
            epoch, epochs, 0.22 + 0.5 * math.exp(-(epoch - 0.5) / 4.5), share - 0.02, val, share, 1e-3,
            4.2,
            1240.0, best=not done or share > max(e.val_accuracy or 0.0 for e in done),
        )  # fmt: skip
        done.append(event)
        events.append(event)
    if until >= epochs:
        events.append(ended(epochs=epochs))
    return events


def ended(epochs: int = 16, model: str | None = "/runs/1/best.safetensors") -> RunEnded:
    return RunEnded(
        reason="finished", sentence="The training is done.", model=model, run_folder="/runs/1", epochs=epochs,
        best_epoch=max(1, epochs - 2), seconds=68.0, train_images_per_second=1240.0, first_epoch_seconds=5.1,
        val_images=49, val_accuracy=45 / 49, val_accuracy_interval=(0.81, 0.97), val_loss=0.29,
    )  # fmt: skip


def stopped(epochs: int = 3) -> RunEnded:
    return replace(
        ended(epochs), reason="stopped", sentence="Stopped after 3 of 16 epochs; the best is kept."
    )


def fake_train(events: Sequence[object]) -> Callable[..., Work]:
    """In the place of work.train."""
    return lambda *_: works(*events)


def finding(
    rule: str, severity: Severity = Severity.WARNING, path: str = "/x", part: str | None = None
) -> Finding:
    """A finding of a rule."""
    return Finding(
        rule,
        severity,
        Confidence.PROVEN,
        Place(path, part=part),
        "The network has begun to learn its pictures by heart: accuracy on others falls.",
        "What it learns now is of no use on pictures it has not seen.",
        "Stop here, or train with more pictures.",
    )
