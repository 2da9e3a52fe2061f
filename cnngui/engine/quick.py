"""Quick: a new last layer on the features of a network that has learnt from photographs before.

An epoch is one view of every picture (see `features.VIEWS`): its features are computed or taken from the
cache, and the last layer is fitted to all views so far. Nothing is chosen by the validation pictures, so
their accuracy is an honest one. The same is the first part of *best*, which then goes on to fine-tune.
"""

import time
from collections.abc import Generator, Iterator
from dataclasses import replace
from pathlib import Path

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from cnngui.cancel import Cancel
from cnngui.engine import modelfile
from cnngui.engine.batches import Batches
from cnngui.engine.clock import Clock
from cnngui.engine.device import DeviceChoice
from cnngui.engine.ending import BEST, calibrated, save_best
from cnngui.engine.events import EpochDone, RunEnded, RunStarted, StepDone, StopReason, TrainEvent
from cnngui.engine.features import VIEWS, Backbone, last_layer
from cnngui.engine.head import Head, fit
from cnngui.engine.memory import keep_large_blocks
from cnngui.engine.models import registry
from cnngui.engine.outcome import failure, nothing_done, outcome
from cnngui.engine.prepare import Prepared
from cnngui.engine.recipe import Part, Recipe
from cnngui.engine.spec import TrainConfig
from cnngui.errors import RequestError

# Few pictures need many views; with more pictures than this in all views together, more gain little.
_ENOUGH = 4000
_FEWEST_VIEWS = 2

_REPORT_SECONDS = 0.05
# The best model is written at the end, and before that so often: a view whose features are known takes less
# than its model takes to be written.
_SAVE_SECONDS = 1.0
_TIME_FOR_VIEWS = 0.8  # of a time limit; the rest is for fitting and calibration

# Fine-tuning: thirds of the network, that nearest to the answer first; see `recipe.Part`.
_THIRDS = ((1.0, 0.0), (1 / 2, 0.05), (1 / 4, 0.1))
_EPOCHS = 8
_EPOCH_IN_VIEWS = 4  # how long an epoch of it takes: MobileNet V2 on a processor
_TWO_PARTS = "The first {} epochs fit the last layer, the others train all layers; the best of both is kept."
_SHARE_OF_RATE = 0.3  # of the rate for a network that has learnt nothing yet


class Quick:
    """The last layer's training."""

    def __init__(
        self,
        data: Prepared,
        config: TrainConfig,
        device: DeviceChoice,
        network: nn.Module,
        folder: Path,
        cancel: Cancel,
        clock: Clock,
        then: Recipe,
    ) -> None:
        keep_large_blocks()
        self.data, self.config, self.device = data, config, device
        self.folder, self.cancel, self.clock = folder, cancel, clock
        # Channels last: the layout in which convolutions are fastest.
        self.network = network.to(device.device, memory_format=torch.channels_last).eval()  # type: ignore[call-overload]
        self.backbone = Backbone(self.network, config.model, data.pipeline, device.device)
        self.views = _views(config, len(data.train))
        self.then = then.epochs if config.method == "best" else 0  # epochs of fine-tuning that follow
        brief = device.precision == "bfloat16" and registry.ships(config.model)
        self.precision = device.precision if brief else "float32"
        self.history: list[EpochDone] = []
        self._written, self._written_at = 0, time.monotonic()  # so many epochs are in the best model

    def introduction(self) -> RunStarted:
        """What is begun."""
        return RunStarted(
            run_folder=str(self.folder),
            model=self.config.model,
            parameters=sum(parameter.numel() for parameter in self.network.parameters()),
            classes=self.data.index.classes,
            train_images=len(self.data.train),
            val_images=len(self.data.val),
            unreadable=self.data.unreadable,
            notes=(*self.data.notes, *([_TWO_PARTS.format(self.views)] if self.then else [])),
            device=self.device.sentence,
            precision=self.precision,
            epochs=self.views + self.then,
            first_epoch=1,
            steps_per_epoch=-(-len(self.data.train) // self.backbone.batch),
            batch_size=self.backbone.batch,
            method=self.config.method,
        )

    def work(self) -> Generator[TrainEvent, None, list[EpochDone] | None]:
        """StepDone and EpochDone of every view. Returns the epochs that fine-tuning follows; where nothing
        follows the last event is RunEnded, and None is returned."""
        reason: StopReason = "finished"
        sentence = ""
        try:
            try:
                yield from self._epochs()
            finally:
                self._save()
        except (RequestError, MemoryError, torch.OutOfMemoryError) as error:
            reason, sentence = "failed", failure(error)
        if self.cancel.stopped and reason == "finished":
            reason = "stopped"
        if self.config.method == "best" and reason == "finished":
            return self.history
        yield self._run_ended(reason, sentence)
        return None

    def _epochs(self) -> Iterator[StepDone | EpochDone]:
        labels = self.data.labels[self.data.train]
        learnt: list[Tensor] = []
        val: Tensor | None = None
        head = Head(torch.zeros(len(self.data.index.classes), self.backbone.width), torch.zeros(()), 0.0)
        for view in range(self.views):
            # The first epoch counts from the very start, with decoding.
            began = self.clock.seconds() if view else 0.0
            features = yield from self._features(view, head, labels)
            if features is None:
                return
            learnt.append(features)
            like = None if view in (0, self.views - 1) else head
            head = fit(learnt, labels, len(self.data.index.classes), self.config.seed, self.cancel, like)
            if val is None:
                val = self._validation()
                if val is None:
                    return
            yield self._epoch_done(head, learnt, labels, val, began)
            if self._out_of_time(self.clock.seconds() - began):
                self.views = view + 1
                return

    def _features(self, view: int, head: Head, labels: Tensor) -> Generator[StepDone, None, Tensor | None]:
        """All training pictures in one view, float32 (N, width); None once cancelled."""
        rows = self.data.train
        features = torch.empty(len(rows), self.backbone.width)
        steps = -(-len(rows) // self.backbone.batch)
        done, began, reported, losses, waiting = 0, time.monotonic(), time.monotonic(), 0.0, 0
        for places, some in self.backbone.features(self.data.cached, rows, view, self.precision, self.cancel):
            features[places] = some
            logits = some @ head.weight.T + head.bias
            losses += float(F.cross_entropy(logits, labels[places], reduction="sum"))
            done, waiting = done + len(places), waiting + len(places)
            now = time.monotonic()
            if now - reported >= _REPORT_SECONDS or done == len(rows):
                whole = (now - began) * len(rows) / done
                left = whole * (self.views - view - done / len(rows) + _EPOCH_IN_VIEWS * self.then)
                speed = waiting / max(now - reported, 1e-9)
                step = -(-done // self.backbone.batch)
                yield StepDone(view + 1, step, steps, losses / waiting, 0.0, speed, left)
                reported, losses, waiting = time.monotonic(), 0.0, 0
        return features if done == len(rows) else None

    def _validation(self) -> Tensor | None:
        """The features of the validation pictures as they are judged: in full precision, whatever the
        training's, since the saved model answers in that."""
        rows = self.data.val
        features = torch.empty(len(rows), self.backbone.width)
        done = 0
        for places, some in self.backbone.features(self.data.cached, rows, 0, "float32", self.cancel):
            features[places] = some
            done += len(places)
        return features if done == len(rows) else None

    def _epoch_done(
        self, head: Head, learnt: list[Tensor], labels: Tensor, val: Tensor, began: float
    ) -> EpochDone:
        last = last_layer(self.network)
        with torch.no_grad():
            last.weight.copy_(head.weight)
            last.bias.copy_(head.bias)
        train_loss, train_accuracy = _scores(head, torch.cat(learnt), labels.repeat(len(learnt)))
        val_loss, val_accuracy = None, None
        if len(val):
            val_loss, val_accuracy = _scores(head, val, self.data.labels[self.data.val])
        seconds = self.clock.seconds() - began
        epoch = EpochDone(
            epoch=len(self.history) + 1,
            epochs=self.views + self.then,
            train_loss=train_loss,
            train_accuracy=train_accuracy,
            val_loss=val_loss,
            val_accuracy=val_accuracy,
            learning_rate=0.0,
            seconds=seconds,
            images_per_second=len(labels) / seconds,
            best=True,  # what has seen more views takes the place of what has seen fewer
        )
        self.history.append(epoch)
        if time.monotonic() - self._written_at >= _SAVE_SECONDS:
            self._save()
        return epoch

    def _save(self) -> None:
        """Keep the network of the last epoch as the run's best."""
        if len(self.history) == self._written:
            return
        try:
            save_best(self.folder, self.data, self.config, self.network, self.history[-1])
        except Exception:
            del self.history[self._written :]  # there is no model of them
            raise
        self._written, self._written_at = len(self.history), time.monotonic()

    def _out_of_time(self, last: float) -> bool:
        """Whether another view like the last one would not fit into the time limit."""
        if self.config.minutes is None:
            return False
        return self.clock.seconds() + last > _TIME_FOR_VIEWS * 60 * self.config.minutes

    def _run_ended(self, reason: StopReason, sentence: str) -> RunEnded:
        if not self.history:
            sentence = sentence or "Stopped before an epoch was done."
            return nothing_done(reason, sentence, self.folder, self.clock.seconds())
        best = self.folder / BEST
        batches = Batches(self.data.cached, self.data.labels, self.data.pipeline, self.device.device)
        try:
            header = calibrated(best, self.network, batches, self.data, self.backbone.batch)
        except RequestError as error:  # the disk is full: the model is there, but not calibrated
            header, reason, sentence = modelfile.load(best)[0], "failed", sentence or str(error)
        return outcome(reason, sentence, best, header, self.history, self.clock.seconds())


def fine_tuning(numbers: Recipe, config: TrainConfig, network: nn.Module) -> Recipe:
    """The recipe for going on with the whole network once its last layer fits: few epochs, and the nearer a
    layer is to the picture the later it begins and the less it changes.

    Batch norms keep the statistics of the many pictures that the network comes from: those of small batches
    of few pictures take from it what it knows. MobileNet V2, 3,000 pictures of CIFAR-10 at 96 pixels, six
    epochs: 74 % of 600 others where norms learn, 82 % where they do not, 84 % with the higher rates of
    `_THIRDS` too; 70 % before fine-tuning.
    """
    last = last_layer(network)
    head = next(name for name, module in network.named_modules() if module is last) + "."
    # Two words of a parameter's name are its block ("layer4.1.", "features.17.").
    names = [name for name, _ in network.named_parameters() if not name.startswith(head)]
    blocks = list(dict.fromkeys(".".join(name.split(".")[:2]) for name in names))
    third = -(-len(blocks) // len(_THIRDS))
    blocks.reverse()
    parts = [Part((head,))]
    for number, (scale, begin) in enumerate(_THIRDS):
        chosen = blocks[number * third : (number + 1) * third]
        layers = tuple(one for name in chosen for one in (name + ".", name) if one in names or one[-1] == ".")
        if layers:
            parts.append(Part(layers, scale, begin))
    rate = config.learning_rate or _SHARE_OF_RATE * numbers.learning_rate
    return replace(
        numbers, epochs=config.epochs or _EPOCHS, learning_rate=rate, parts=tuple(parts), fixed_norms=True
    )


def _views(config: TrainConfig, images: int) -> int:
    if config.method == "quick" and config.epochs is not None:
        return min(config.epochs, len(VIEWS))
    return max(_FEWEST_VIEWS, min(len(VIEWS), _ENOUGH // images))


def _scores(head: Head, features: Tensor, labels: Tensor) -> tuple[float, float]:
    """Mean cross-entropy and accuracy."""
    logits = features @ head.weight.T + head.bias
    right = (logits.argmax(1) == labels).double().mean()
    return float(F.cross_entropy(logits, labels)), float(right)
