"""The training loop, from the first step to the last: a generator of events."""

import math
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor
from torch.nn import functional as F

from cnngui.cancel import Cancel
from cnngui.engine import checkpoint, modelfile
from cnngui.engine.batches import Batches, epoch_order
from cnngui.engine.checkpoint import LAST, Place
from cnngui.engine.clock import Clock
from cnngui.engine.course import Course, steps_of
from cnngui.engine.ending import BEST, all_logits, calibrated, save_best
from cnngui.engine.events import EpochDone, Notice, RunEnded, RunStarted, StepDone, StopReason, TrainEvent
from cnngui.engine.health import HealthSampler
from cnngui.engine.lookout import Lookout
from cnngui.engine.outcome import GAVE_UP, TOO_SHORT, failure, nothing_done, outcome
from cnngui.engine.prepare import Prepared
from cnngui.engine.recipe import Balance, set_rate
from cnngui.engine.spec import TrainConfig
from cnngui.engine.step import Stepper
from cnngui.errors import RequestError

_CHECKPOINT_SECONDS = 10.0


@dataclass(slots=True)
class _Sums:
    """What an epoch has added up so far."""

    loss: float = 0.0
    right: int = 0
    images: int = 0


class Loop:
    """One training, from its first step to its last."""

    def __init__(
        self,
        data: Prepared,
        config: TrainConfig,
        even: Balance,
        stepper: Stepper,
        batches: Batches,
        folder: Path,
        cancel: Cancel,
        clock: Clock,
    ) -> None:
        self.data, self.config, self.even, self.batches = data, config, even, batches
        self.stepper, self.recipe, self.network = stepper, stepper.recipe, stepper.network
        self.team = stepper.team
        self.folder, self.clock = folder, clock
        self.health = HealthSampler(self.network, stepper.optimizer)
        self.steps = steps_of(len(data.train), self.recipe.batch_size, self.team.size)
        self.course = Course(self.recipe.epochs, self.steps, config.minutes, clock)
        self.lookout = Lookout(self.team, cancel, clock, self.course)
        self.history: list[EpochDone] = []
        self.epoch, self.step, self.sums = 1, 0, _Sums()
        self.rate = 0.0  # the learning rate of the last step
        self.epoch_started = 0.0  # of the clock: the first epoch counts from the very start, with decoding
        self.stepping_from = (0.0, 0)  # of the clock, and the step then
        self.saved_at = time.monotonic()
        self.unsaved = ""  # why the last checkpoint could not be written, if it could not

    # --- where it is -------------------------------------------------------------------------------

    def go_back_to(self, place: Place) -> None:
        """Take up the run where a checkpoint left it."""
        if place.fingerprint != self.data.index.fingerprint:
            raise RequestError(
                f"The pictures in {self.data.index.root} have changed since the training was interrupted, "
                "so it cannot go on. Start a new one."
            )
        self.history = list(place.history)
        self.epoch, self.step = place.epoch, place.step
        self.sums = _Sums(place.loss_sum, place.right, place.images)
        self.course.epochs, self.course.cycle, self.course.minutes = place.epochs, place.cycle, place.minutes
        self.course.most_epochs += place.cycle
        self.course.seconds_before = place.total_seconds
        self.epoch_started = self.clock.seconds() - place.epoch_seconds

    def go_on_for(self, epochs: int) -> None:
        """Train a finished run for so many epochs more."""
        self.course.epochs = self.epoch - 1
        self.course.add(epochs)
        self.epoch_started = self.clock.seconds()
        self._save_place()

    def go_on_after(self, before: list[EpochDone]) -> None:
        """Begin where the last layer alone has been trained: what follows has to be better than that."""
        self.history = list(before)
        self.course.cycle = len(before)
        self.course.epochs += len(before)
        self.course.most_epochs += len(before)
        self.epoch = len(before) + 1
        self.epoch_started = self.clock.seconds()

    def introduction(self) -> RunStarted:
        """What is begun, or gone on with."""
        return RunStarted(
            run_folder=str(self.folder),
            model=self.config.model,
            parameters=sum(parameter.numel() for parameter in self.network.parameters()),
            classes=self.data.index.classes,
            train_images=len(self.data.train),
            val_images=len(self.data.val),
            unreadable=self.data.unreadable,
            notes=self._notes(),
            device=self.stepper.device.sentence,
            precision=self.stepper.device.precision,
            epochs=self.course.epochs,
            first_epoch=self.epoch,
            steps_per_epoch=self.steps,
            batch_size=self.recipe.batch_size,
            history=tuple(self.history),
            method=self.config.method,
        )

    def _notes(self) -> tuple[str, ...]:
        team = [] if self.team.alone else [f"{self.team.size} processes share each batch."]
        return (*self.data.notes, *team)

    def _save_place(self) -> None:
        if not self.team.leads:
            return
        place = Place(
            fingerprint=self.data.index.fingerprint,
            epoch=self.epoch,
            step=self.step,
            epochs=self.course.epochs,
            batch_size=self.recipe.batch_size,
            loss_sum=self.sums.loss,
            right=self.sums.right,
            images=self.sums.images,
            epoch_seconds=self.clock.seconds() - self.epoch_started,
            total_seconds=self.course.seconds(),
            precision=self.stepper.device.precision,
            cycle=self.course.cycle,
            minutes=self.course.minutes,
            pieces=self.stepper.pieces,
            scale=self.stepper.scaler.state_dict(),
            history=tuple(self.history),
        )
        self.saved_at = time.monotonic()
        checkpoint.save(self.folder / LAST, place, self.stepper)

    def _checkpoint(self) -> Iterator[Notice]:
        """Write down where it is. A disk that is full for a while must not end the run: it is said once."""
        try:
            self._save_place()
        except RequestError as error:
            if not self.unsaved:
                yield Notice(f"The training goes on, but could not be resumed from here: {error}")
            self.unsaved = str(error)
        else:
            self.unsaved = ""

    # --- the loop ----------------------------------------------------------------------------------

    def work(self) -> Iterator[TrainEvent]:
        """StepDone, EpochDone and what else happens; RunEnded is the last."""
        reason: StopReason = "finished"
        sentence = ""
        self.lookout.look(self.epoch, self.step)
        try:
            while self.epoch <= self.course.epochs and self.lookout.progress < 1 and reason == "finished":
                if self._gave_up():  # here, where one that was killed after such an epoch begins again
                    sentence = GAVE_UP.format(self.recipe.patience)
                    break
                yield from self._steps()
                if self.lookout.stopping:
                    reason = "stopped"
                    self._save_place()
                    if not self.history and self.step:
                        # Better a model of half an epoch than none. The checkpoint knows nothing of it.
                        yield self._epoch_done()
                else:
                    epoch = self._epoch_done()
                    yield from self._go_on_to_next_epoch()
                    yield epoch
            if reason == "finished" and not self.history:
                reason, sentence = "failed", TOO_SHORT.format(self.course.minutes)
            elif reason == "finished":
                yield from self._checkpoint()  # to train longer from
        except (FloatingPointError, RequestError, MemoryError, torch.OutOfMemoryError) as error:
            reason, sentence = "failed", failure(error)
            if isinstance(error, FloatingPointError):  # in all processes of a team alike
                yield self.health.broken(self.epoch, self.step)
            elif not self.team.leads:
                raise RequestError(sentence) from error  # nobody hears its last event
            else:
                self.team.leave()
        yield self._ended(reason, sentence)

    def _steps(self) -> Iterator[TrainEvent]:
        """The rest of this epoch's steps; ends early when stopped or out of time."""
        self.stepper.begin()
        self.stepping_from = (self.clock.seconds(), self.step)
        order = epoch_order(self.data.train, self.config.seed, self.epoch, self.even.draw_weights)
        size, waiting_loss, waiting_images = self.recipe.batch_size, [], 0
        reported = time.monotonic()
        while self.step < self.steps and not self.lookout.stopping:
            numbers, then, *_ = *torch.split(order[self.step * size : (self.step + 2) * size], size), None
            self.rate = set_rate(self.stepper.optimizer, self.recipe, self.lookout.progress)
            try:
                with self.health.watching():
                    loss, right = self.stepper.step(numbers, self.epoch, self.step, then)
            except MemoryError:
                yield self._halved()
                continue
            self.step += 1
            if self.stepper.average is not None:
                self.stepper.average.update((self.epoch - 1) * self.steps + self.step)
            if (health := self.health.take(self.epoch, self.step, loss)) is not None:
                yield health
            waiting_loss.append((loss, right, len(numbers)))
            waiting_images += len(numbers)
            due = self.lookout.look(self.epoch, self.step, reported)
            now = time.monotonic()
            if due or self.step == self.steps:
                if slept := self.clock.look():
                    yield Notice(f"The computer seems to have slept for {slept / 60:.0f} minutes; going on.")
                mean = self._add_up(waiting_loss)
                yield self._step_done(mean, waiting_images / (now - reported))
                waiting_loss, waiting_images, reported = [], 0, time.monotonic()
                if now - self.saved_at >= _CHECKPOINT_SECONDS and self.step < self.steps:
                    yield from self._checkpoint()
                self.lookout.look(self.epoch, self.step)  # whoever was told may have asked to stop
            if self.course.minutes is not None and self.lookout.progress >= 1:
                break
        if waiting_loss:
            self._add_up(waiting_loss)

    def _halved(self) -> Notice:
        """Cut batches into twice as many pieces. Raises MemoryError where they are single pictures."""
        size = self.recipe.batch_size
        if not self.team.alone:
            raise RequestError(
                f"One of {self.team.size} processes has not memory enough for its part of a batch of {size} "
                "pictures. Start again with a smaller batch size."
            )
        if self.stepper.pieces >= size:
            raise MemoryError
        self.stepper.pieces *= 2
        piece = math.ceil(size / self.stepper.pieces)
        return Notice(
            f"The memory does not hold a batch of {size} pictures: it is worked on in pieces of {piece}, "
            "which takes a little longer and learns the same."
        )

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

    def _step_done(self, loss: float, speed: float) -> StepDone:
        since, first = self.stepping_from
        per_step = (self.clock.seconds() - since) / (self.step - first)
        left = self.course.left(self.epoch, self.step, per_step, self.history)
        return StepDone(self.epoch, self.step, self.steps, loss, self.rate, speed, left)

    # --- epochs and the end ------------------------------------------------------------------------

    def _epoch_done(self) -> EpochDone:
        with self._averaged():
            return self._judged()

    def _averaged(self) -> AbstractContextManager[None]:
        """While inside, the network is what is judged and kept: the average of the weights, where there is
        one."""
        return nullcontext() if self.stepper.average is None else self.stepper.average.in_place()

    def _judged(self) -> EpochDone:
        self.team.spread(self.network.buffers())  # the statistics of norms: each has counted its own part
        val_loss, val_accuracy = self._validate()
        if not self._is_sound(val_loss):
            raise FloatingPointError
        seconds = self.clock.seconds() - self.epoch_started
        ended = EpochDone(
            epoch=self.epoch,
            epochs=self.course.epochs,
            train_loss=self.sums.loss / self.sums.images,
            train_accuracy=self.sums.right / self.sums.images,
            val_loss=val_loss,
            val_accuracy=val_accuracy,
            learning_rate=self.rate,
            seconds=seconds,
            images_per_second=self.sums.images / seconds,
            best=self._is_best(val_accuracy, val_loss),
        )
        if ended.best and self.team.leads:
            save_best(self.folder, self.data, self.config, self.network, ended)
        self.history.append(ended)
        return ended

    def _is_sound(self, val_loss: float | None) -> bool:
        """Whether the network still gives numbers: the last step may have broken it, whose loss was fine."""
        if val_loss is not None:
            return math.isfinite(val_loss)
        return modelfile.sound(self.network.parameters())

    def _go_on_to_next_epoch(self) -> Iterator[Notice]:
        self.course.plan(self.history)
        self.course.epochs = int(self.team.told(str(self.course.epochs)))
        self.epoch, self.step, self.sums = self.epoch + 1, 0, _Sums()
        self.epoch_started = self.clock.seconds()
        self.clock.look()
        if len(self.history) == 1 or time.monotonic() - self.saved_at >= _CHECKPOINT_SECONDS:
            yield from self._checkpoint()
        self.lookout.look(self.epoch, self.step)

    def _gave_up(self) -> bool:
        """Whether the last epochs of this course, as many as the patience, were all no better."""
        done = self.history[self.course.cycle :]
        last = done[-self.recipe.patience :] if self.recipe.patience else []
        return len(last) == self.recipe.patience > 0 and not any(epoch.best for epoch in last)

    @property
    def _at_once(self) -> int:
        """Pictures per batch where nothing is learnt."""
        return max(1, 2 * self.recipe.batch_size // self.stepper.pieces)

    def _is_best(self, accuracy: float | None, loss: float | None) -> bool:
        """More right answers than the network that is kept, or as many with a lower loss; without validation
        pictures the latest."""
        if accuracy is None or loss is None:
            return True
        kept = next((epoch for epoch in reversed(self.history) if epoch.best), None)
        if kept is None or kept.val_accuracy is None or kept.val_loss is None:
            return True
        return (accuracy, -loss) > (kept.val_accuracy, -kept.val_loss)

    def _validate(self) -> tuple[float | None, float | None]:
        """Mean loss and accuracy over the validation pictures, in the training's precision and from one look
        at each: quicker, and near enough to tell which epoch is best."""
        if not len(self.data.val):
            return None, None
        own = self.data.val[self.team.share(len(self.data.val))]
        loss = right = 0.0
        if len(own):
            with self.stepper.device.autocast():
                logits, labels = all_logits(self.network, self.batches, own, self._at_once, looks=1)
            loss = float(F.cross_entropy(logits.double(), labels, reduction="sum"))
            right = float((logits.argmax(1) == labels).sum())
        loss, right = self.team.sums((loss, right))
        return loss / len(self.data.val), right / len(self.data.val)

    def _ended(self, reason: StopReason, sentence: str) -> RunEnded:
        best = self.folder / BEST
        if not self.team.leads or not self.history or not best.exists():
            sentence = sentence or "Stopped before an epoch was done."
            return nothing_done(reason, sentence, self.folder, self.course.seconds())
        try:
            header = calibrated(best, self.network, self.batches, self.data, self._at_once)
        except RequestError as error:  # the disk is full: the model is there, but not calibrated
            header, reason, sentence = modelfile.load(best)[0], "failed", sentence or str(error)
        return outcome(reason, sentence, best, header, self.history, self.course.seconds())
