"""The training loop: a generator of events. It never prints, draws or knows who is watching."""

import math
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from cnngui.cancel import Cancel
from cnngui.data.index import DatasetIndex
from cnngui.engine import checkpoint
from cnngui.engine.batches import Batches, epoch_order, seeded
from cnngui.engine.checkpoint import Place
from cnngui.engine.device import DeviceChoice, choose, keep_large_blocks
from cnngui.engine.ending import STOPPED_BEFORE, all_logits, ended, nothing_done, save_best
from cnngui.engine.events import (
    Decoding,
    EpochDone,
    Health,
    RunEnded,
    RunStarted,
    StepDone,
    StopReason,
    TrainEvent,
)
from cnngui.engine.health import HealthSampler
from cnngui.engine.models import registry
from cnngui.engine.pipeline import ImagePipeline
from cnngui.engine.prepare import Prepared, prepare
from cnngui.engine.quick import Quick, fine_tuning
from cnngui.engine.recipe import Recipe, image_spec, optimizer, recipe, set_rate
from cnngui.engine.spec import TrainConfig
from cnngui.engine.weights.file import read, take
from cnngui.errors import RequestError

_REPORT_SECONDS = 0.05
_CHECKPOINT_SECONDS = 10.0

# Of a time limit; the rest is for the last validation and for writing the model.
_TIME_FOR_STEPS = 0.97

LAST = "last.ckpt"


def train(
    index: DatasetIndex, config: TrainConfig, run_folder: Path, cancel: Cancel, resume: bool = False
) -> Iterator[TrainEvent]:
    """Train on the index's pictures and leave `best.safetensors` and `last.ckpt` in `run_folder`.

    Events come in this order: Decoding, RunStarted, StepDone and EpochDone, RunEnded. RunEnded is always
    the last one; when the work was stopped before a network was made it is the only one beside Decoding.
    With `resume` the run goes on from the folder's checkpoint. Raises RequestError when the request cannot
    be met (no classes, no pictures, no such device, no room on the disk).
    """
    started = time.monotonic()
    card = registry.card(config.model)
    pipeline = ImagePipeline(image_spec(card, config.size))
    device = choose(config.device, config.precision)
    data = None
    for item in prepare(index, config, pipeline, cancel):
        if isinstance(item, Decoding):
            yield item
        else:
            data = item
    if data is None:
        yield nothing_done("stopped", STOPPED_BEFORE, run_folder, time.monotonic() - started)
        return
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(config.seed)
        network = registry.build(config.model, len(index.classes))
    if config.weights is not None:
        said = take(read(Path(config.weights)), config.model, index.classes, network)
        data = replace(data, notes=(*data.notes, said))
    numbers = recipe(config, card, len(data.train))
    if config.method == "best":
        numbers = fine_tuning(numbers, config, network)
    if config.method != "scratch" and not resume:
        quick = Quick(data, config, device, network, run_folder, cancel, started, numbers)
        yield from quick.work()
        if quick.ended:
            return
    run = _Run(data, config, numbers, device, network, run_folder, cancel, started)
    if resume:
        run.go_back_to(checkpoint.load(run_folder / LAST, network, run.optimizer))
        yield from run.work()
    elif config.method == "best":
        run.go_on_after(quick.history)
        yield from (event for event in run.work() if not isinstance(event, RunStarted))
    else:
        yield from run.work()


@dataclass(slots=True)
class _Sums:
    """What an epoch has added up so far."""

    loss: float = 0.0
    right: int = 0
    images: int = 0


class _Run:
    """One training, from its first step to its last."""

    def __init__(
        self,
        data: Prepared,
        config: TrainConfig,
        numbers: Recipe,
        device: DeviceChoice,
        network: nn.Module,
        folder: Path,
        cancel: Cancel,
        started: float,
    ) -> None:
        keep_large_blocks()
        self.data, self.config, self.recipe, self.device = data, config, numbers, device
        self.folder, self.cancel, self.started = folder, cancel, started
        # Channels last: the layout in which convolutions are fastest, and the one the cache is in.
        self.network = network.to(device.device, memory_format=torch.channels_last)  # type: ignore[call-overload]
        self.optimizer = optimizer(self.network, numbers)
        self.batches = Batches(data.cached, data.labels, data.pipeline, device.device)
        self.health = HealthSampler(self.network, self.optimizer)
        self.steps = math.ceil(len(data.train) / numbers.batch_size)
        self.epochs = numbers.epochs
        self.history: list[EpochDone] = []
        self.epoch, self.step, self.sums = 1, 0, _Sums()
        self.cycle = 0  # epochs before this course of the learning rate: those of the last layer alone
        self.rate = 0.0  # the learning rate of the last step
        self.seconds_before = 0.0  # of the run, before it was interrupted
        self.epoch_started = self.saved_at = started

    # --- where it is -------------------------------------------------------------------------------

    def go_back_to(self, place: Place) -> None:
        """Take up the run where a checkpoint left it."""
        if place.fingerprint != self.data.index.fingerprint:
            raise RequestError(
                f"The pictures in {self.data.index.root} have changed since the training was interrupted, "
                "so it cannot go on. Start a new one."
            )
        self.epochs, self.history = place.epochs, list(place.history)
        self.epoch, self.step = place.epoch, place.step
        self.cycle = sum(epoch.learning_rate == 0 for epoch in self.history)
        self.sums = _Sums(place.loss_sum, place.right, place.images)
        self.seconds_before = place.total_seconds
        self.epoch_started = time.monotonic() - place.epoch_seconds

    def go_on_after(self, head: list[EpochDone]) -> None:
        """Begin where the last layer alone has been trained: fine-tuning has to be better than that."""
        self.history = list(head)
        self.cycle = len(head)
        self.epoch, self.epochs = self.cycle + 1, self.cycle + self.epochs
        self.epoch_started = time.monotonic()

    def _save_place(self) -> None:
        now = time.monotonic()
        place = Place(
            fingerprint=self.data.index.fingerprint,
            epoch=self.epoch,
            step=self.step,
            epochs=self.epochs,
            batch_size=self.recipe.batch_size,
            loss_sum=self.sums.loss,
            right=self.sums.right,
            images=self.sums.images,
            epoch_seconds=now - self.epoch_started,
            total_seconds=self._seconds(),
            history=tuple(self.history),
        )
        checkpoint.save(self.folder / LAST, place, self.network, self.optimizer)
        self.saved_at = now

    def _seconds(self) -> float:
        return self.seconds_before + time.monotonic() - self.started

    def _progress(self) -> float:
        """How far the run is, 0 to 1: in steps, or in time where that is limited and runs out sooner."""
        steps = (self.epoch - 1 - self.cycle) * self.steps + self.step
        done = steps / ((self.epochs - self.cycle) * self.steps)
        if self.config.minutes is None:
            return done
        return max(done, self._seconds() / (_TIME_FOR_STEPS * 60 * self.config.minutes))

    # --- the loop ----------------------------------------------------------------------------------

    def work(self) -> Iterator[TrainEvent]:
        yield self._run_started()
        if not self.history and not self.step:
            # The first epoch counts from the very start, decoding included.
            self.epoch_started = self.started
        reason: StopReason = "finished"
        sentence = ""
        try:
            while self.epoch <= self.epochs and self._progress() < 1 and reason == "finished":
                yield from self._steps()
                if self.cancel.stopped:
                    reason = "stopped"
                    self._save_place()
                    if not self.history and self.step:
                        # Better a model of half an epoch than none. The checkpoint knows nothing of it.
                        yield self._epoch_done()
                else:
                    epoch = self._epoch_done()
                    self._go_on_to_next_epoch()
                    yield epoch
        except (FloatingPointError, RequestError, torch.OutOfMemoryError) as error:
            reason, sentence = "failed", _failure(error)
            if isinstance(error, FloatingPointError):
                yield self.health.broken(self.epoch, self.step)
        yield self._ended(reason, sentence)

    def _steps(self) -> Iterator[StepDone | Health]:
        """The rest of this epoch's steps; ends early when stopped or out of time."""
        self.network.train()
        order = epoch_order(self.data.train, self.config.seed, self.epoch)
        size, waiting_loss, waiting_images = self.recipe.batch_size, [], 0
        reported = time.monotonic()
        while self.step < self.steps and not self.cancel.check():
            numbers = order[self.step * size : (self.step + 1) * size]
            self.rate = set_rate(self.optimizer, self.recipe, self._progress())
            with self.health.watching():
                loss, right = self._one_step(numbers)
            self.step += 1
            if (health := self.health.take(self.epoch, self.step, loss)) is not None:
                yield health
            waiting_loss.append((loss, right, len(numbers)))
            waiting_images += len(numbers)
            now = time.monotonic()
            if now - reported >= _REPORT_SECONDS or self.step == self.steps:
                mean = self._add_up(waiting_loss)
                yield self._step_done(mean, waiting_images / (now - reported))
                waiting_loss, waiting_images, reported = [], 0, time.monotonic()
                if now - self.saved_at >= _CHECKPOINT_SECONDS and self.step < self.steps:
                    self._save_place()
            if self._progress() >= 1 and self.config.minutes is not None:
                break
        if waiting_loss:
            self._add_up(waiting_loss)

    def _one_step(self, numbers: Tensor) -> tuple[Tensor, Tensor]:
        """One batch forwards and backwards; the mean loss and the number of right answers, on the device."""
        images, labels = self.batches.training(
            numbers, self.config.augment, self.recipe.erase, seeded(self.config.seed, self.epoch, self.step)
        )
        self.optimizer.zero_grad(set_to_none=True)
        with torch.autocast(images.device.type, torch.bfloat16, enabled=self.device.precision == "bfloat16"):
            logits = self.network(images)
        loss = F.cross_entropy(logits.float(), labels, label_smoothing=self.recipe.label_smoothing)
        loss.backward()  # type: ignore[no-untyped-call]
        self.optimizer.step()
        return loss.detach(), (logits.argmax(1) == labels).sum()

    def _add_up(self, waiting: list[tuple[Tensor, Tensor, int]]) -> float:
        """Bring what is waiting on the device into the sums, in one transfer; the mean loss of it."""
        losses = torch.stack([loss for loss, _, _ in waiting]).tolist()
        images = sum(count for _, _, count in waiting)
        loss = math.fsum(one * count for one, (_, _, count) in zip(losses, waiting, strict=True))
        if not math.isfinite(loss):
            raise FloatingPointError
        self.sums.loss += loss
        self.sums.right += int(torch.stack([right for _, right, _ in waiting]).sum())
        self.sums.images += images
        return loss / images

    def _run_started(self) -> RunStarted:
        return RunStarted(
            run_folder=str(self.folder),
            model=self.config.model,
            parameters=sum(parameter.numel() for parameter in self.network.parameters()),
            classes=self.data.index.classes,
            train_images=len(self.data.train),
            val_images=len(self.data.val),
            unreadable=self.data.unreadable,
            notes=self.data.notes,
            device=self.device.sentence,
            precision=self.device.precision,
            epochs=self.epochs,
            first_epoch=self.epoch,
            steps_per_epoch=self.steps,
            batch_size=self.recipe.batch_size,
            history=tuple(self.history),
            method=self.config.method,
        )

    def _step_done(self, loss: float, speed: float) -> StepDone:
        past = [epoch.seconds for epoch in self.history[-3:]]
        here = time.monotonic() - self.epoch_started
        per_epoch = sum(past) / len(past) if past else here * self.steps / self.step
        left = (self.epochs - self.epoch + 1 - self.step / self.steps) * per_epoch
        if self.config.minutes is not None:
            left = min(left, max(0.0, 60 * self.config.minutes - self._seconds()))
        return StepDone(self.epoch, self.step, self.steps, loss, self.rate, speed, left)

    # --- epochs and the end ------------------------------------------------------------------------

    def _epoch_done(self) -> EpochDone:
        val_loss, val_accuracy = self._validate()
        seconds = time.monotonic() - self.epoch_started
        done = EpochDone(
            epoch=self.epoch,
            epochs=self.epochs,
            train_loss=self.sums.loss / self.sums.images,
            train_accuracy=self.sums.right / self.sums.images,
            val_loss=val_loss,
            val_accuracy=val_accuracy,
            learning_rate=self.rate,
            seconds=seconds,
            images_per_second=self.sums.images / seconds,
            best=self._is_best(val_accuracy, val_loss),
        )
        if done.best:
            save_best(self.folder, self.data, self.config, self.network, done)
        self.history.append(done)
        return done

    def _go_on_to_next_epoch(self) -> None:
        if self.config.minutes is not None:
            self._plan_epochs(self.config.minutes)
        self.epoch, self.step, self.sums = self.epoch + 1, 0, _Sums()
        self.epoch_started = time.monotonic()
        if len(self.history) == 1 or self.epoch_started - self.saved_at >= _CHECKPOINT_SECONDS:
            self._save_place()

    def _is_best(self, accuracy: float | None, loss: float | None) -> bool:
        """More right answers, or as many with a lower loss; without validation pictures the latest."""
        if accuracy is None or loss is None:
            return True
        past = [(e.val_accuracy or 0.0, -(e.val_loss or 0.0)) for e in self.history]
        return (accuracy, -loss) > max(past, default=(-1.0, 0.0))

    def _validate(self) -> tuple[float | None, float | None]:
        """Mean loss and accuracy over the validation pictures."""
        if not len(self.data.val):
            return None, None
        mirrored = registry.card(self.config.model).mirrored
        logits, labels = all_logits(
            self.network, self.batches, self.data.val, 2 * self.recipe.batch_size, mirrored
        )
        return float(F.cross_entropy(logits, labels)), float((logits.argmax(1) == labels).double().mean())

    def _plan_epochs(self, minutes: float) -> None:
        """Set the number of epochs to what the time allows, now that the speed is known."""
        later = self.history[1:] or self.history
        per_epoch = sum(epoch.seconds for epoch in later) / len(later)
        left = max(0.0, _TIME_FOR_STEPS * 60 * minutes - self._seconds())
        self.epochs = max(
            len(self.history), min(self.recipe.epochs, len(self.history) + round(left / per_epoch))
        )

    def _ended(self, reason: StopReason, sentence: str) -> RunEnded:
        return ended(
            reason,
            sentence,
            self.folder,
            self.history,
            self._seconds,
            self.network,
            self.batches,
            self.data,
            2 * self.recipe.batch_size,
        )


def _failure(error: Exception) -> str:
    """What went wrong in a run, and what to do, in one line."""
    if isinstance(error, FloatingPointError):
        return (
            "The loss is no longer a number: the learning rate is too high. Start again with a tenth of it."
        )
    if isinstance(error, torch.OutOfMemoryError):
        return "The device is out of memory: start again with a smaller batch size or picture size."
    return str(error)
