"""Many processes at one job, as torchrun starts them: who is who, and what they tell each other.

Importing this loads no torch, so that a process can know at once whether it is one of many.
"""

import contextlib
import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Self

from cnngui.errors import RequestError

if TYPE_CHECKING:
    from torch import Tensor, nn

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
    restarts: int = 0  # how often torchrun has started the team anew, because one of it was lost

    @classmethod
    def here(cls) -> Self:
        """What torchrun has put into the environment; without torchrun a team of one."""
        if "TORCHELASTIC_RUN_ID" not in os.environ:
            return cls()
        names = ("RANK", "WORLD_SIZE", "LOCAL_RANK", "TORCHELASTIC_RESTART_COUNT")
        return cls(*(int(os.environ[name]) for name in names))

    @property
    def alone(self) -> bool:
        return self.size == 1

    @property
    def leads(self) -> bool:
        return self.rank == 0

    def share(self, count: int) -> slice:
        """Which of `count` things are this process's: as many as the others', or one more or less."""
        return slice(self.rank * count // self.size, (self.rank + 1) * count // self.size)

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
        from torch.distributed.rendezvous import rendezvous

        from cnngui.engine.meeting import backend, meet

        store, rank, size = next(rendezvous("env://", timeout=_PATIENCE))
        own = meet(store, rank, size)
        distributed.init_process_group(
            backend(own, rank, size),
            timeout=_PATIENCE,
            store=own,
            rank=rank,
            world_size=size,
        )
        try:
            yield
            self.wait()  # one that leaves early would tear the others' connections
        except RuntimeError as error:
            if not any(name in str(error).lower() for name in ("gloo", "nccl")):
                raise
            # The group stays: taking it down would wait for the one that is lost.
            raise RequestError("Another process of the team was lost, so this one ends too.") from error
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

    def told(self, text: str) -> str:
        """The leader's text, whatever the others gave. All have to ask."""
        if self.alone:
            return text
        import torch
        from torch import distributed

        letters = list(text.encode()) if self.leads else []
        tensor = torch.zeros(int(self.sums([len(letters)])[0]), dtype=torch.uint8)
        tensor[: len(letters)] = torch.tensor(letters, dtype=torch.uint8)
        distributed.broadcast(tensor, src=0)
        return bytes(tensor.tolist()).decode()

    def add_up(self, tensor: "Tensor") -> "Tensor":
        """`tensor`, on this process's device, becomes the sum over all processes; nothing waits for it."""
        if not self.alone:
            from torch import distributed

            distributed.all_reduce(tensor)
        return tensor

    def spread(self, tensors: "Iterable[Tensor]") -> None:
        """Give all processes the leader's values, in place."""
        if self.alone:
            return
        from torch import distributed

        for tensor in tensors:
            distributed.broadcast(tensor, src=0)


ALONE = Team()


def in_step(network: "nn.Module") -> "nn.Module":
    """`network`, to be trained, wrapped so that its gradients become the mean over all processes as they are
    made.

    On cards its norms count the whole batch; on processors, where torch has no such norm, each process's own
    part of it. All processes begin with the leader's weights.
    """
    from torch import nn
    from torch.nn.parallel import DistributedDataParallel

    from cnngui.engine.pooled_first import pooled_first

    device = next(network.parameters()).device
    if device.type == "cuda":
        network = nn.SyncBatchNorm.convert_sync_batchnorm(network)  # type: ignore[no-untyped-call]
        quicker = pooled_first(network)
        return DistributedDataParallel(quicker, device_ids=[device], gradient_as_bucket_view=True)
    return DistributedDataParallel(pooled_first(network), gradient_as_bucket_view=True)
