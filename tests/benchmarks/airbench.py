"""airbench94, which the benchmark of graphics cards is measured against (cards.py).

Written anew from its published description: Jordan 2024, "94% on CIFAR-10 in 3.29 Seconds on a Single GPU"
(arXiv 2404.00498). There it comes to 94.01 % on average on the 10,000 test pictures: if this one stays well
below that on all 50,000 pictures, it was built wrongly.
"""

import copy
import math
import time
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional as F
from torch.optim import SGD, Optimizer

from cnngui.engine.device import choose
from cnngui.engine.views import answer

# CIFAR-10's own, of RGB at 0 to 1.
MEAN, STD = (0.4914, 0.4822, 0.4465), (0.2470, 0.2435, 0.2616)

EPOCHS, BATCH = 9.9, 1024
WIDTHS = (64, 256, 256)
LABEL_SMOOTHING = 0.2
SHIFT = 2  # pixels, up, down and sideways
WHITENED_FROM, WHITENING_FLOOR = 5000, 5e-4  # pictures; what is added to each variance
WHITENING_BIAS_EPOCHS = 3

# Decoupled: with a gradient that stays the same, weights move by RATE for 1024 pictures and shrink by DECAY,
# whatever the momentum. The loss is summed over a batch, which also keeps gradients in float16's range.
MOMENTUM, RATE, DECAY = 0.85, 11.5, 0.0153
BIAS_SCALE = 64  # of the norms' biases' learning rate
RATE_BEGINS, RATE_PEAKS_AT, RATE_ENDS = 0.2, 0.23, 0.07  # shares of the peak, and of the training

LOOK_AHEAD_EVERY, LOOK_AHEAD_STAYS = 5, 0.95**5

_JUDGED_AT_ONCE = 2000


@dataclass(frozen=True)
class Pictures:
    """uint8 (N, 3, S, S) and their labels, int64 (N,), both on the processor."""

    images: Tensor
    labels: Tensor


@dataclass(frozen=True)
class Result:
    accuracy: float  # of the test pictures, 0 to 1, from six looks at each
    seconds: float  # from pictures on the device to the last weights


class Scaled(nn.Module):
    """Logits to a ninth, so that the loss begins gently."""

    def forward(self, logits: Tensor) -> Tensor:
        return logits / 9


class Airbench(nn.Sequential):
    """(N, 3, 32, 32) → logits (N, classes). 1.97 million parameters at 10 classes.

    The first layer's weights come from `whitening` and are never trained.
    """

    def __init__(self, classes: int) -> None:
        first = nn.Conv2d(3, 24, kernel_size=2)
        first.weight.requires_grad_(False)
        low, middle, high = WIDTHS
        super().__init__(
            first,
            nn.GELU(),
            *_block(24, low),
            *_block(low, middle),
            *_block(middle, high),
            nn.MaxPool2d(3),
            nn.Flatten(),
            nn.Linear(high, classes, bias=False),
            Scaled(),
        )


def _block(channels: int, out: int) -> list[nn.Module]:
    return [
        _convolution(channels, out),
        nn.MaxPool2d(2),
        _norm(out),
        nn.GELU(),
        _convolution(out, out),
        _norm(out),
        nn.GELU(),
    ]


def _convolution(channels: int, out: int) -> nn.Conv2d:
    """Its first filters hand on one input channel each, as it is; the others are random."""
    made = nn.Conv2d(channels, out, kernel_size=3, padding=1, bias=False)
    nn.init.dirac_(made.weight.detach()[:channels])
    return made


def _norm(channels: int) -> nn.BatchNorm2d:
    """Of its running statistics 0.6 stay at each step, which PyTorch counts the other way round."""
    made = nn.BatchNorm2d(channels, eps=1e-12, momentum=1 - 0.6)
    made.weight.requires_grad_(False)
    return made


def whitening(images: Tensor) -> Tensor:
    """float (N, 3, S, S) → filters (24, 3, 2, 2): the eigenvectors of their 2 × 2 patches' covariance, scaled
    so that each gives a variance of 1, and the same once more with the other sign."""
    patches = F.unfold(images.float(), 2).transpose(0, 1).reshape(12, -1)
    variances, vectors = torch.linalg.eigh(torch.cov(patches))
    filters = (vectors / (variances + WHITENING_FLOOR).sqrt()).T.reshape(12, 3, 2, 2)
    return torch.cat([filters, -filters])


class Shown:
    """Training pictures on the device, each epoch in another order, shifted, and mirrored in every other."""

    def __init__(self, images: Tensor, labels: Tensor) -> None:
        count, _, _, side = images.shape
        odd = torch.rand(count, 1, 1, 1, device=images.device) < 0.5  # mirrored in the first epoch
        either = torch.where(odd, images.flip(3), images)
        self._padded = F.pad(either, (SHIFT,) * 4, mode="reflect").contiguous(
            memory_format=torch.channels_last
        )
        self._labels = labels
        self._places = torch.arange(side, device=images.device)

    def epoch(self, number: int) -> tuple[Tensor, Tensor]:
        """All of them in epoch `number`, from 0: float (N, 3, S, S), channels last, and int64 (N,)."""
        device = self._labels.device
        order = torch.randperm(len(self._labels), device=device)
        rows, columns = (
            torch.randint(2 * SHIFT + 1, (len(order), 1), device=device) + self._places for _ in range(2)
        )
        if number % 2:
            columns = columns.flip(1)
        pixels = self._padded.permute(0, 2, 3, 1)
        images = pixels[order[:, None, None], rows[:, :, None], columns[:, None, :]]
        return images.permute(0, 3, 1, 2), self._labels[order]


class LookAhead:
    """Slow weights that the others are drawn back to (Zhang et al. 2019, "Lookahead Optimizer")."""

    def __init__(self, network: nn.Module) -> None:
        self._fast = [one for one in network.state_dict().values() if one.is_floating_point()]
        self._slow = [one.clone() for one in self._fast]

    @torch.no_grad()
    def meet(self, stays: float) -> None:
        """The slow weights keep this share (0 to 1) of themselves, and the network gets them."""
        for slow, fast in zip(self._slow, self._fast, strict=True):
            slow.lerp_(fast, 1 - stays)
            fast.copy_(slow)


def airbench94(
    train: Pictures,
    test: Pictures,
    device: str,
    *,
    seed: int = 0,
    epochs: float = EPOCHS,
    compiled: bool = False,
) -> Result:
    """Train on `train` and judge on `test`.

    On a card everything is in float16, and a whole training before it, whose time does not count, makes
    everything ready; `compiled` by PyTorch's compiler, which changes the speed alone. On a processor it is in
    float32, with products in bfloat16 where that is quick.
    """
    torch.manual_seed(seed)
    place, on_card = torch.device(device), device.startswith("cuda")
    kind = torch.float16 if on_card else torch.float32
    brief = nullcontext() if on_card else choose(device).autocast()
    network = Airbench(int(train.labels.max()) + 1)
    network.to(place, kind, memory_format=torch.channels_last)  # type: ignore[call-overload]
    for layer in network.modules():
        if isinstance(layer, nn.BatchNorm2d):
            layer.float()
    begun = copy.deepcopy(network.state_dict())
    if compiled:
        network.compile(mode="max-autotune")
    images, labels = train.images.to(place), train.labels.to(place)
    judged = _normalised(test.images.to(place), kind)
    if on_card:
        torch.backends.cudnn.benchmark = True
        _learn(network, images, labels, epochs, brief)
        _accuracy(network, judged, test.labels, brief)
        network.load_state_dict(begun)
        torch.cuda.synchronize()
        torch.cuda.reset_peak_memory_stats()  # cuDNN has tried what takes more
    started = time.perf_counter()
    _learn(network, images, labels, epochs, brief)
    if on_card:
        torch.cuda.synchronize()
    seconds = time.perf_counter() - started
    return Result(_accuracy(network, judged, test.labels, brief), seconds)


def _normalised(images: Tensor, kind: torch.dtype) -> Tensor:
    """uint8 (N, 3, S, S) → (N, 3, S, S) of `kind`, channels last."""
    mean, std = (torch.tensor(one, device=images.device).view(1, 3, 1, 1) for one in (MEAN, STD))
    done = images.float().div_(255).sub_(mean).div_(std)
    return done.to(kind, memory_format=torch.channels_last)


def _learn(
    network: Airbench, pixels: Tensor, labels: Tensor, epochs: float, brief: AbstractContextManager[object]
) -> None:
    """Train `network` on uint8 `pixels`; `brief` is around each forward pass."""
    first = network[0]
    assert isinstance(first, nn.Conv2d)
    assert first.bias is not None
    images = _normalised(pixels, first.weight.dtype)
    with torch.no_grad():
        first.weight.copy_(whitening(images[:WHITENED_FROM]))
    first.bias.requires_grad_(True)
    shown, ahead = Shown(images, labels), LookAhead(network)
    batch = min(BATCH, len(labels))
    optimizer = _optimizer(network, batch)
    per_epoch = len(labels) // batch  # what is left over waits for another epoch
    steps, step = math.ceil(epochs * per_epoch), 0
    network.train()
    for epoch in range(math.ceil(epochs)):
        first.bias.requires_grad_(epoch < WHITENING_BIAS_EPOCHS)
        all_images, all_labels = shown.epoch(epoch)
        for number in range(min(per_epoch, steps - step)):
            part = slice(number * batch, (number + 1) * batch)
            _set_rate(optimizer, step / steps)
            with brief:
                logits = network(all_images[part])
            loss = F.cross_entropy(
                logits.float(), all_labels[part], label_smoothing=LABEL_SMOOTHING, reduction="sum"
            )
            optimizer.zero_grad(set_to_none=True)
            loss.backward()  # type: ignore[no-untyped-call]
            optimizer.step()
            step += 1
            if step % LOOK_AHEAD_EVERY == 0:
                ahead.meet(LOOK_AHEAD_STAYS * (step / steps) ** 3)
    ahead.meet(1.0)


def _optimizer(network: nn.Module, batch: int) -> Optimizer:
    """Stochastic gradient descent with Nesterov's momentum; each group's `peak` is its learning rate's."""
    times = 1 + 1 / (1 - MOMENTUM)  # what momentum adds up to
    rate, decay = RATE / (1024 * times), DECAY * batch / (1024 * times)
    biases = [layer.bias for layer in network.modules() if isinstance(layer, nn.BatchNorm2d)]
    others = [one for one in network.parameters() if one.requires_grad and all(one is not b for b in biases)]
    groups = [
        {"params": biases, "lr": BIAS_SCALE * rate, "weight_decay": decay / (BIAS_SCALE * rate)},
        {"params": others, "lr": rate, "weight_decay": decay / rate},
    ]
    return SGD([{**group, "peak": group["lr"]} for group in groups], momentum=MOMENTUM, nesterov=True)


def _set_rate(optimizer: Optimizer, progress: float) -> None:
    """Up in a straight line and down in another, at `progress` (0 to 1) of the training."""
    rising = RATE_BEGINS + (1 - RATE_BEGINS) * progress / RATE_PEAKS_AT
    falling = 1 - (1 - RATE_ENDS) * (progress - RATE_PEAKS_AT) / (1 - RATE_PEAKS_AT)
    for group in optimizer.param_groups:
        group["lr"] = group["peak"] * min(rising, falling)


@torch.inference_mode()
def _accuracy(
    network: nn.Module, images: Tensor, labels: Tensor, brief: AbstractContextManager[object]
) -> float:
    network.eval()
    with brief:
        found = [answer(network, some, 6).argmax(1).cpu() for some in torch.split(images, _JUDGED_AT_ONCE)]
    return float((torch.cat(found) == labels).float().mean())
