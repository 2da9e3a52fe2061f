"""How the processes of a team find each other, and nobody else, and by what they will talk."""

import os
import time
import uuid

import torch
from torch import distributed
from torch.distributed.distributed_c10d import PrefixStore, Store

_PAUSE = 0.01  # seconds between two looks


def meet(store: Store, rank: int, size: int) -> PrefixStore:
    """A part of `store` that the `size` processes of this team have for themselves. All have to call it.

    torchrun keeps one store while it starts a team anew (torch 2.15), so the new processes would find the
    addresses of those that were lost, and wait for them. How often it has started them does not tell teams
    apart: each machine counts for itself. So the leader, of rank 0, thinks of a name, and answers whoever
    asks for it, until each of the others has said that it knows it.
    """
    own = uuid.uuid4().hex
    if rank:
        store.set(f"asks/{rank}", own)
        name = store.get(f"answers/{own}").decode()  # waits
        store.set(f"knows/{name}/{rank}", "")
        return PrefixStore(name, store)
    missing = set(range(1, size))
    while missing:
        for other in tuple(missing):
            if store.check([f"knows/{own}/{other}"]):
                missing.remove(other)
            elif store.check([f"asks/{other}"]):  # perhaps one that is gone: an answer too many does no harm
                store.set(f"answers/{store.get(f'asks/{other}').decode()}", own)
        time.sleep(_PAUSE)
    return PrefixStore(own, store)


def backend(store: Store, rank: int, size: int) -> str:
    """What tensors travel by, as `init_process_group` takes it. All `size` processes have to call it, and all
    get the same.

    Between cards by NCCL, where each process has a card of its own: it refuses those that share one. These
    use gloo, by way of the processor's memory, as do tensors that are on the processor anyway.
    """
    usable = distributed.is_nccl_available() and torch.cuda.is_available()
    cards = torch.cuda.device_count() if usable else 0
    enough = cards >= int(os.environ["LOCAL_WORLD_SIZE"])  # by torchrun: the processes on this machine
    store.set(f"card/{rank}", str(enough))
    every = all(store.get(f"card/{one}") == b"True" for one in range(size))  # waits
    return "cpu:gloo,cuda:nccl" if every else "gloo"
