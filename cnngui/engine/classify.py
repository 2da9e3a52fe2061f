"""A trained network at work: built from the model file alone."""

from collections.abc import Iterable, Iterator
from functools import cached_property
from pathlib import Path
from typing import Self

import numpy as np
import torch
from torch import Tensor, nn

from cnngui.cancel import Cancel
from cnngui.data.decode import Rgb
from cnngui.data.index import Unreadable
from cnngui.engine import calibrate, modelfile
from cnngui.engine.device import choose
from cnngui.engine.folding import folded
from cnngui.engine.header import ModelHeader
from cnngui.engine.models import registry
from cnngui.engine.pipeline import ImagePipeline
from cnngui.engine.reader import reading
from cnngui.engine.results import Guess, Prediction
from cnngui.engine.spec import Looks
from cnngui.engine.views import answer
from cnngui.errors import RequestError

# Always as many, but for the first and the last time: a first batch of some size costs as much as dozens
# of pictures, since oneDNN makes its kernels for each size anew.
_BATCH = 32


class Classifier:
    """Pictures in, predictions out. Not for several threads at once."""

    def __init__(
        self, header: ModelHeader, network: nn.Module, device: str = "auto", looks: Looks | None = None
    ) -> None:
        """`looks` takes the place of the model's own number of looks at a picture; see `views.answer`."""
        choice = choose(device, "float32")
        self.header = header
        self.device = choice.sentence
        self.pipeline = ImagePipeline(header.spec)
        self.looks = header.looks if looks is None else looks
        self._device = torch.device(choice.device)
        self.network = network.eval().to(self._device, memory_format=torch.channels_last)  # type: ignore[call-overload]

    @classmethod
    def open(cls, path: Path, device: str = "auto", looks: Looks | None = None) -> Self:
        """Load a model file; `looks` as for the class. Raises RequestError, with a sentence, for one that
        cannot be used."""
        header, state = modelfile.load(path)
        if header.architecture not in registry.names():
            raise RequestError(
                f"{path} holds a network called “{header.architecture}”, which this version of cnngui "
                "does not have. Update cnngui to use it; a network of your own is used from Python, by the "
                "file that has it."
            )
        if not modelfile.sound(state.values()):
            raise RequestError(
                f"{path} holds weights that are not numbers: it cannot be used. Train it again."
            )
        card = registry.card(header.architecture)
        size = header.spec.size
        if size != card.spec.size and (card.smallest is None or size < card.smallest):
            raise RequestError(
                f"{path} is damaged: {header.architecture} does not take {size} × {size} pixels."
            )
        network = registry.blank(header.architecture, len(header.classes))
        try:
            network.load_state_dict(state)
        except RuntimeError as error:
            raise RequestError(f"{path} is damaged: its weights do not fit {header.architecture}.") from error
        return cls(header, network, device, looks)

    def classify(
        self, paths: Iterable[Path], cancel: Cancel, top: int = 5, unsure_below: float | None = None
    ) -> Iterator[Prediction | Unreadable]:
        """One item per path, in the order given; ends early once cancelled.

        `top` is how many classes each prediction names. `unsure_below` (0 to 1) takes the place of the
        model's own threshold. `paths` is read lazily and memory stays bounded however many there are.
        """
        with reading(paths, self.header.spec, cancel) as pictures:
            yield from self.predict(pictures, cancel, top, unsure_below, first=1)

    def predict(
        self,
        pictures: Iterable[tuple[Path, Rgb | Unreadable]],
        cancel: Cancel,
        top: int = 5,
        unsure_below: float | None = None,
        first: int = _BATCH,
    ) -> Iterator[Prediction | Unreadable]:
        """As `classify`, of pictures that `reader.reading` gives. Answers come by batches, the first one of
        `first` pictures: with 1 something is seen at once, and all lasts a tenth of a second longer."""
        threshold = self.header.unsure_below if unsure_below is None else unsure_below
        waiting: list[tuple[Path, Rgb | Unreadable]] = []
        images, batch = 0, first
        for path, image in pictures:
            waiting.append((path, image))
            images += not isinstance(image, Unreadable)
            if images >= batch or len(waiting) >= 2 * _BATCH:
                yield from self._answers(waiting, top, threshold)
                waiting, images, batch = [], 0, _BATCH
        if not cancel.stopped:
            yield from self._answers(waiting, top, threshold)

    @torch.inference_mode()
    def logits(self, images: list[Rgb]) -> Tensor:
        """Prepared pictures, each uint8 (resize, resize, 3) → float32 (N, classes) on the CPU."""
        stacked = torch.from_numpy(np.stack(images)).permute(0, 3, 1, 2)
        network = self._quick if len(images) >= _BATCH else self.network
        return answer(network, self.to_network(stacked), self.looks).cpu()

    @cached_property
    def _quick(self) -> nn.Module:
        """The network for many pictures."""
        return folded(self.network, self.header.architecture, self.header.spec.size)

    def to_network(self, images: Tensor) -> Tensor:
        """Prepared pictures, uint8 (N, 3, resize, resize) → what the network takes, on its device."""
        return self.pipeline.to_batch(images.to(self._device))

    def answers(self, images: Tensor) -> Tensor:
        """What `to_network` gives → calibrated probabilities (N, classes), on the network's device."""
        logits = answer(self.network, images, self.looks)
        return torch.softmax(logits / self.header.temperature, dim=1)

    def probabilities(self, images: list[Rgb]) -> Tensor:
        """As `logits`, but calibrated and through softmax: each row sums to 1."""
        return torch.softmax(self.logits(images) / self.header.temperature, dim=1)

    def _answers(
        self, waiting: list[tuple[Path, Rgb | Unreadable]], top: int, threshold: float
    ) -> Iterator[Prediction | Unreadable]:
        images = [image for _, image in waiting if not isinstance(image, Unreadable)]
        answers = self._predictions(images, top, threshold) if images else iter(())
        for path, image in waiting:
            if isinstance(image, Unreadable):
                yield image
            else:
                guesses, sure, familiar = next(answers)
                yield Prediction(str(path), guesses, sure, familiar)

    def _predictions(
        self, images: list[Rgb], top: int, threshold: float
    ) -> Iterator[tuple[tuple[Guess, ...], bool, bool]]:
        """Of each picture the best classes, whether they are sure, and whether the picture is familiar."""
        logits, line = self.logits(images), self.header.unfamiliar_below
        scores = calibrate.familiarity(logits, self.header.temperature).tolist()
        best = torch.softmax(logits / self.header.temperature, dim=1).topk(min(top, logits.shape[1]))
        for numbers, values, score in zip(best.indices.tolist(), best.values.tolist(), scores, strict=True):
            guesses = tuple(
                Guess(self.header.classes[number], probability)
                for number, probability in zip(numbers, values, strict=True)
            )
            familiar = line is None or score >= line
            yield guesses, familiar and values[0] >= threshold, familiar
