"""Many processes at one job, as torchrun starts them: who is who, and what they tell each other.

Importing this loads no torch, so that a process can know at once whether it is one of many.
"""

import contextlib
import os
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Self

from cnngui.errors import RequestError, SaidElsewhereError

if TYPE_CHECKING:
    from torch import Tensor, nn
    from torch.distributed.distributed_c10d import PrefixStore

# How long one process waits for the others: the slowest may have millions of pictures before it.
_PATIENCE = timedelta(days=7)

# How long the others let the leader go first with what may be wrong in all processes alike.
_GRACE = 0.5

_LEFT = "left"  # how many processes have left this team before its end
_BEGUN = "begun"  # what a team has begun, for those that torchrun starts after it


@dataclass(frozen=True, slots=True)
class Team:
    """The processes of one job. `rank` counts from 0 to `size` - 1 over all machines, `local_rank` on one.

    The process of rank 0 leads: it alone speaks and writes files.
    """

    rank: int = 0
    size: int = 1
    local_rank: int = 0
    store: "PrefixStore | None" = None  # of texts that all of it see, while it is joined

    @classmethod
    def here(cls) -> Self:
        """What torchrun has put into the environment; without torchrun a team of one."""
        if "TORCHELASTIC_RUN_ID" not in os.environ:
            return cls()
        rank, size, local_rank = (int(os.environ[name]) for name in ("RANK", "WORLD_SIZE", "LOCAL_RANK"))
        return cls(rank, size, local_rank)

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
    def joined(self) -> Iterator[Self]:
        """Inside, the processes can reach each other. Entering waits until all are there.

        Where a process cannot go on, the others cannot either. One of them says why, in its RequestError:
        the first to know it. The others raise SaidElsewhereError.
        """
        if self.alone:
            yield self
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
        team = replace(self, store=own)
        # Where one is lost the group stays: taking it down would wait for it.
        try:
            yield team
        except RequestError as error:
            if not team.leads:
                time.sleep(_GRACE)
            if not team.leave():
                raise SaidElsewhereError from error
            raise
        except RuntimeError as error:
            if not _torn(error):
                raise
            if not team.leave():
                raise SaidElsewhereError from error
            raise RequestError("Another process of the team was lost, so this one ends too.") from error
        if own.check([_LEFT]):
            return
        try:
            team.wait()  # one that leaves early would tear the others' connections
        except RuntimeError as error:
            if not _torn(error):
                raise
            return  # all is done here
        distributed.destroy_process_group()

    def leave(self) -> bool:
        """Take no part any more: what is asked of this process fails in the others once it has ended. Returns
        whether it is the first to leave, so that the reason is its to say."""
        return self.store is None or self.store.add(_LEFT, 1) == 1

    def begin(self, text: str) -> None:
        """Tell the leader of a team that torchrun starts in this one's place what has been begun."""
        if self.store is not None:
            self.store.underlying_store.set(_BEGUN, text)

    def begun(self) -> str | None:
        """What a team in whose place this one was started had begun."""
        if self.store is None or not self.store.underlying_store.check([_BEGUN]):
            return None
        return str(self.store.underlying_store.get(_BEGUN).decode())

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


def _torn(error: RuntimeError) -> bool:
    """Whether this is the loss of a connection to another process."""
    return any(name in str(error).lower() for name in ("gloo", "nccl"))


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
