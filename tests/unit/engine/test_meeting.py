"""By what the processes of a team talk."""

import pytest
import torch
from torch import distributed

from cnngui.engine.meeting import backend


@pytest.mark.parametrize(
    ("cards", "elsewhere", "expected"),
    [
        (0, "False", "gloo"),
        (1, "True", "gloo"),  # two processes on this machine's one card
        (2, "True", "cpu:gloo,cuda:nccl"),
        (2, "False", "gloo"),  # the other machine's processes share a card: all talk as they do
    ],
)
def test_nccl_only_where_each_process_has_a_card_of_its_own(
    cards: int, elsewhere: str, expected: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(distributed, "is_nccl_available", lambda: True)
    monkeypatch.setattr(torch.cuda, "is_available", lambda: cards > 0)
    monkeypatch.setattr(torch.cuda, "device_count", lambda: cards)
    monkeypatch.setenv("LOCAL_WORLD_SIZE", "2")
    store = distributed.HashStore()  # type: ignore[attr-defined]
    for rank, enough in ((1, str(cards >= 2)), (2, elsewhere), (3, elsewhere)):
        store.set(f"card/{rank}", enough)
    assert backend(store, 0, 4) == expected
