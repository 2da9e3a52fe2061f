"""Which precision is faster for the network at hand: measured, since it depends on its kind of layers.

On processors that multiply bfloat16 in hardware a network of wide convolutions gains by it, one of few
channels may lose. A few steps of each tell.
"""

import contextlib
import copy
import json
import platform
import time
from dataclasses import replace
from pathlib import Path

import torch
from torch import nn
from torch.nn import functional as F

from cnngui import settings
from cnngui.engine.convolutions import faster
from cnngui.engine.device import DeviceChoice, choose
from cnngui.errors import RequestError
from cnngui.files import write_whole

# Rounds of one step each, the first of which warms up: at least so many, and more of small networks, since
# another program's work lengthens some steps and the least is what counts.
_FEWEST_ROUNDS, _MOST_ROUNDS, _ENOUGH_SECONDS = 3, 25, 0.6
_LARGEST_TRIAL = 16 * 224 * 224  # pixels in a batch


def measured(
    choice: DeviceChoice, network: nn.Module, model: str, size: int, batch_size: int
) -> DeviceChoice:
    """The faster precision for training `network`, on a processor where `choice` is bfloat16.

    Elsewhere `choice` itself. What was measured is kept in the cache's folder, so that the same network gets
    the same precision each time. The network is not changed.
    """
    if choice.device != "cpu" or choice.precision != "bfloat16":
        return choice
    images = max(2, min(batch_size, _LARGEST_TRIAL // size**2))  # batch norms cannot learn of one
    known = _known()
    about = (model, size, images, torch.get_num_threads(), torch.__version__, platform.processor())
    key = " ".join(map(str, about))
    if key not in known:
        known[key] = _times(network, size, images)
        with contextlib.suppress(RequestError):  # what cannot be kept is only measured anew
            write_whole(_file(), json.dumps(known, indent=1).encode())
    brief, full = known[key]
    fast = choice if brief <= full else choose("cpu", "float32")
    words = ("bfloat16", "full precision") if brief <= full else ("full precision", "bfloat16")
    ratio = max(brief, full) / min(brief, full)
    return replace(
        fast,
        sentence=f"{choice.sentence.partition(' (')[0]} in {words[0]}, "
        f"measured {ratio:.1f} times as fast as {words[1]} for this network"
        f"{choice.sentence[choice.sentence.index(')') + 1 :]}",
    )


def _times(network: nn.Module, size: int, images: int) -> tuple[float, float]:
    """Seconds of one step in bfloat16 and in float32, the least of a few."""
    both = choose("cpu", "bfloat16"), choose("cpu", "float32")
    trial = copy.deepcopy(network).to(memory_format=torch.channels_last).train()
    with torch.random.fork_rng(devices=[]):
        pictures = torch.randn(images, 3, size, size).contiguous(memory_format=torch.channels_last)
        least = [float("inf"), float("inf")]
        begun = time.perf_counter()
        for turn in range(_MOST_ROUNDS):
            if turn >= _FEWEST_ROUNDS and time.perf_counter() - begun > _ENOUGH_SECONDS:
                break
            for place, choice in enumerate(both):
                started = time.perf_counter()
                with choice.autocast(), faster(trial, choice):
                    logits = trial(pictures)
                F.cross_entropy(logits.float(), logits.detach().argmax(1)).backward()  # type: ignore[no-untyped-call]
                trial.zero_grad(set_to_none=True)
                if turn:
                    least[place] = min(least[place], time.perf_counter() - started)
    return least[0], least[1]


def _known() -> dict[str, tuple[float, float]]:
    """What was measured before: seconds in bfloat16 and in float32."""
    try:
        known = json.loads(_file().read_bytes())
        return {str(key): (float(brief), float(full)) for key, (brief, full) in known.items()}
    except (OSError, ValueError, TypeError, AttributeError):
        return {}  # none yet, or a damaged file: it is measured anew


def _file() -> Path:
    return settings.cache_dir() / "precision.json"
