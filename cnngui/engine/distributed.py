"""Many processes at one job, as torchrun starts them: who is who, and what they tell each other.

Importing this loads no torch, so that a process can know at once whether it is one of many.
"""

import contextlib
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Self

# How long one process waits for the others: the slowest may have millions of pictures before it.
_PATIENCE = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Team:
    """The processes of one job. `rank` counts from 0 to `size` - 1 over all machines, `local_rank` on one.

    The process of rank 0 leads: it alone speaks and writes files.
    """

    rank: int = 0
    size: int = 1
    local_rank: int = 0

    @classmethod
    def here(cls) -> Self:
        """What torchrun has put into the environment; without torchrun a team of one."""
        if "TORCHELASTIC_RUN_ID" not in os.environ:
            return cls()
        return cls(*(int(os.environ[name]) for name in ("RANK", "WORLD_SIZE", "LOCAL_RANK")))

    @property
    def alone(self) -> bool:
        return self.size == 1

    @property
    def leads(self) -> bool:
        return self.rank == 0

    def device(self, asked: str) -> str:
        """`asked` (auto, cpu, cuda, ...) for this process: a machine's cards are dealt out in turn."""
        import torch

        if self.alone or asked not in ("auto", "cuda") or not torch.cuda.is_available():
            return asked
        return f"cuda:{self.local_rank % torch.cuda.device_count()}"

    @contextlib.contextmanager
    def joined(self) -> Iterator[None]:
        """Inside, the processes can reach each other. Entering waits until all are there."""
        if self.alone:
            yield
            return
        from torch import distributed

        # NCCL has no operation for tensors on the processor, gloo has none for most on a card: both.
        cards = distributed.is_nccl_available() and _cards()
        distributed.init_process_group("cpu:gloo,cuda:nccl" if cards else "gloo", timeout=_PATIENCE)
        try:
            yield
        finally:
            distributed.destroy_process_group()

    def wait(self) -> None:
        """Return once every process has come here."""
        self.sums(())

    def sums(self, numbers: Sequence[float]) -> list[float]:
        """Each of `numbers` added up over all processes. All have to ask, and each waits for the others."""
        if self.alone:
            return list(numbers)
        import torch
        from torch import distributed

        tensor = torch.tensor([*numbers, 0.0], dtype=torch.float64)
        distributed.all_reduce(tensor)
        result: list[float] = tensor.tolist()
        return result[:-1]


def _cards() -> bool:
    import torch

    return torch.cuda.is_available()
