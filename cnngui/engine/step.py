"""One step of the training: a batch forwards and backwards, and what the optimiser makes of it."""

import math

import torch
from torch import Tensor, nn
from torch.nn import functional as F
from torch.nn.modules.batchnorm import _BatchNorm

from cnngui.engine.ahead import Ahead
from cnngui.engine.batches import Batches, seeded
from cnngui.engine.convolutions import faster
from cnngui.engine.device import DeviceChoice
from cnngui.engine.distributed import ALONE, Team, in_step
from cnngui.engine.ema import Average
from cnngui.engine.in_place import not_in_place
from cnngui.engine.mixing import mixed
from cnngui.engine.pooled_first import pooled_first
from cnngui.engine.recipe import Recipe, optimizer
from cnngui.errors import RequestError

# Added to a step's place, so that these draw other numbers than augmentation.
_MIXING, _DROPOUT = 1, 2


class Stepper:
    """The network with everything that changes at a step: optimiser, loss scale, average of the weights.

    `class_weights`, float32 (classes,), weigh the loss, or None. Of a batch each process of the `team`
    works on its share; the step is the same as that of one process with all of it.
    """

    def __init__(
        self,
        network: nn.Module,
        recipe: Recipe,
        device: DeviceChoice,
        batches: Batches,
        class_weights: Tensor | None,
        seed: int,
        team: Team = ALONE,
    ) -> None:
        # Channels last: the layout in which convolutions are fastest, and the one the cache is in.
        self.network = network.to(device.device, memory_format=torch.channels_last)  # type: ignore[call-overload]
        not_in_place(self.network)
        self.team = team
        self._in_step = pooled_first(self.network) if team.alone else in_step(self.network)
        self.recipe, self.device = recipe, device
        brief = torch.bfloat16 if device.precision == "bfloat16" else torch.float32
        self.optimizer = optimizer(self.network, recipe, brief)
        self._parameters = [one for group in self.optimizer.param_groups for one in group["params"]]
        self.average = Average(self.network, recipe.ema) if recipe.ema else None
        # float16 overflows at 65,504 and loses gradients below 6e-8: they are scaled up, and back before use.
        self.scaler = torch.amp.GradScaler(
            torch.device(device.device).type, enabled=device.precision == "float16"
        )
        self.pieces = 1  # that a batch is cut into, so that it fits the memory
        self._faster = faster(self.network, device)
        if device.device.startswith("cuda"):
            torch.backends.cudnn.benchmark = True  # batches are of one size: the fastest way is soon found
        self._batches, self._seed = batches, seed
        self._ahead = Ahead(self._fetch)
        self._weights = None if class_weights is None else class_weights.to(device.device)

    def begin(self) -> None:
        """Put the network into training mode, as the recipe has it. Called before steps, whenever the network
        may have been in evaluation mode."""
        self.network.train()
        if self.recipe.fixed_norms:
            for layer in self.network.modules():
                if isinstance(layer, _BatchNorm):
                    layer.eval()

    def step(
        self, numbers: Tensor, epoch: int, step: int, then: Tensor | None = None
    ) -> tuple[Tensor, Tensor]:
        """Learn from the pictures `numbers`; the mean loss and the number of right answers, on the device.

        `then`: the pictures of the step after it, which are fetched meanwhile where that takes a while.
        Raises MemoryError where the memory does not suffice.
        """
        try:
            return self._learn(numbers, epoch, step, then)
        except ValueError as error:
            if "more than 1 value per channel" not in str(error):
                raise
            raise RequestError(
                "This network's batch norms cannot learn from a single picture of this size at a time. "
                "Choose a larger batch size."
            ) from error
        except (RuntimeError, MemoryError) as error:
            if not _out_of_memory(error):
                raise
        # Outside of the handler: the error's frames hold on to the tensors.
        self.optimizer.zero_grad(set_to_none=True)
        if self.device.device.startswith("cuda"):
            torch.cuda.empty_cache()
        raise MemoryError

    def _fetch(self, numbers: Tensor, epoch: int, step: int) -> tuple[Tensor, Tensor]:
        place = seeded(self._seed, epoch, step)
        return self._batches.training(numbers, self.recipe.augmentation, epoch, place)

    def _learn(self, numbers: Tensor, epoch: int, step: int, then: Tensor | None) -> tuple[Tensor, Tensor]:
        recipe = self.recipe
        images, labels = self._ahead.get(numbers, epoch, step)
        if then is not None and self._batches.far:
            self._ahead.begin(then, epoch, step + 1)
        wanted = labels
        if recipe.mixup or recipe.cutmix:
            images, wanted = mixed(
                images,
                labels,
                recipe.classes,
                recipe.mixup,
                recipe.cutmix,
                seeded(self._seed, epoch, step, _MIXING),
            )
        self.optimizer.zero_grad(set_to_none=True)
        own = self.team.share(len(numbers))
        # Dropout draws from the common generator: from the place in the run as well, and given back. Each
        # process draws others, for it has other pictures.
        place = seeded(self._seed, epoch, step, _DROPOUT + self.team.rank)
        with torch.random.fork_rng(devices=[]):
            self._seed_dropout(place.initial_seed())
            return self._update(images[own], labels[own], wanted[own], len(numbers))

    def _seed_dropout(self, seed: int) -> None:
        if self.device.device == "cpu":
            # torch.manual_seed looks for cards as well, each time: 0.1 of a small network's 6 ms.
            torch.default_generator.manual_seed(seed)
        else:
            torch.manual_seed(seed)

    def _update(self, images: Tensor, labels: Tensor, wanted: Tensor, of: int) -> tuple[Tensor, Tensor]:
        """Both ways through the network with this process's part of a batch `of` so many pictures, and the
        optimiser's step."""
        recipe = self.recipe
        size = math.ceil(len(labels) / self.pieces)
        parts = [
            self._piece(some, target, len(some) / of)
            for some, target in zip(torch.split(images, size), torch.split(wanted, size), strict=True)
        ]
        if recipe.clip_gradients:
            self.scaler.unscale_(self.optimizer)
            nn.utils.clip_grad_norm_(self._parameters, recipe.clip_gradients)
        self.scaler.step(self.optimizer)
        self.scaler.update()
        if len(parts) == 1:
            loss, found = parts[0]
        else:
            loss = torch.stack([one for one, _ in parts]).sum()
            found = torch.cat([one for _, one in parts])
        return self.team.add_up(loss), self.team.add_up((found == labels).sum())

    def _piece(self, images: Tensor, wanted: Tensor, share: float) -> tuple[Tensor, Tensor]:
        """A part of the batch forwards and backwards: its share of the mean loss, and its answers."""
        with self.device.autocast(), self._faster:
            logits = self._in_step(images)
        loss = self._loss(logits.float(), wanted)
        if share < 1:
            loss = loss * share
        # The gradients become the mean over the team, but the shares of the loss are to be added up.
        wished = loss if self.team.alone else loss * self.team.size
        self.scaler.scale(wished).backward()  # type: ignore[no-untyped-call]
        return loss.detach(), logits.detach().argmax(1)

    def _loss(self, logits: Tensor, wanted: Tensor) -> Tensor:
        """The mean over the pictures, each with its class's weight.

        Not `F.cross_entropy`'s own weights: they also weigh the share that smoothing gives a rare class in
        other pictures' answers, so much that it becomes the best answer to all: of two classes, from 19 to 1.
        """
        smoothing = self.recipe.label_smoothing
        if self._weights is None:
            return F.cross_entropy(logits, wanted, label_smoothing=smoothing)
        each = F.cross_entropy(logits, wanted, reduction="none", label_smoothing=smoothing)
        weights = wanted @ self._weights if wanted.is_floating_point() else self._weights[wanted]
        return (each * weights).mean()


def _out_of_memory(error: Exception) -> bool:
    """Whether the memory, of the card or of the machine, did not suffice."""
    if isinstance(error, torch.OutOfMemoryError | MemoryError):
        return True
    words = str(error)
    return "not enough memory" in words or "can't allocate memory" in words
