"""What is trained, and how fast it went: what the speed benchmarks share."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from torch import nn


@dataclass(frozen=True)
class Job:
    """A network and the pictures it is trained on."""

    name: str
    build: Callable[[], nn.Module]
    size: int
    resize: int
    batch: int
    folder: Path  # train/ and val/


@dataclass(frozen=True)
class Speed:
    first: float  # images/s of the first epoch, decoding included
    later: float
