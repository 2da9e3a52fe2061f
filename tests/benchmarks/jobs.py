"""What is trained, and how fast it went: what the speed benchmarks share."""

import multiprocessing
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from torch import nn

_Result = TypeVar("_Result")


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


def apart(work: Callable[..., _Result], *given: Any) -> _Result:
    """`work(*given)` in a process of its own: what it asks of the system, as ours does of memory, helps
    nobody else."""
    usual = multiprocessing.get_start_method()
    spawn = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(1, spawn, _start_others, (usual,)) as one:
        return one.submit(work, *given).result()


def _start_others(method: str) -> None:
    """A spawned process would spawn those of its data loaders as well, which takes seconds."""
    multiprocessing.set_start_method(method, force=True)
