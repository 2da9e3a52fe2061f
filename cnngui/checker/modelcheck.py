"""Checking a network or a model file: what it is, at which sizes it runs, what is wrong with it."""

from collections.abc import Sequence
from pathlib import Path

from torch import Tensor, nn

from cnngui.checker.finding import Finding
from cnngui.checker.judging import judge
from cnngui.checker.modelfiles.look import look as look_at_file
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


def check_file(path: Path, size: int | None = None, classes: int | None = None) -> list[Finding]:
    """What the model rules find in a model file; nothing in it is run.

    A model file of cnngui is checked as the network it holds. Of safetensors and state dicts the numbers are
    checked; of ONNX and pt2 also the picture's size and the scores. Other files, and those that would have to
    be unpickled or run, give one finding that says why they were not opened. `size` and `classes` are what
    the person says of the pictures. Raises RequestError for a file that is not there or may not be read.
    """
    return judge(RULES, look_at_file(path, size, classes), str(path))
