"""Checking a live network: what it is, at which sizes it runs, what is wrong with it."""

from collections.abc import Sequence

from torch import Tensor, nn

from cnngui.checker.finding import Finding
from cnngui.checker.judging import judge
from cnngui.checker.network.look import look
from cnngui.checker.rules.model import RULES


def check_network(
    module: nn.Module,
    size: int | None = None,
    classes: Sequence[str] | int | None = None,
    *,
    name: str = "",
    channels: int | None = None,
    pictures: Tensor | None = None,
) -> list[Finding]:
    """What the model rules find in a network that takes pictures (N, C, S, S) and gives scores (N, classes).

    `size` is the side of the pictures in pixels; None looks for one that works. `classes` are their names or
    their number. `channels` are the pictures' (3 for colour); None takes what the first convolution wants.
    `pictures`, float32 (N, C, S, S), normalised as for training, let dead ReLUs be found in large networks
    too. Copies are run forward, on shapes alone where that will do; the module itself, the random generators
    and the gradients are left as they are. Never raises for what the network does.
    """
    name = name or type(module).__name__
    return judge(RULES, look(module, name, size, classes, channels, pictures), name)
