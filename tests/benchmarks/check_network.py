"""How long checking a live network takes, torch loaded already, and what looking inside a training costs.

    python -m tests.benchmarks.check_network

Prints one JSON object: the median and the largest of several checks of each network in milliseconds, and the
share of a training step that the health sampler takes.
"""

import json
import statistics
import time

import torch
from torch import nn
from torch.nn import functional as F
from torchvision import models

from cnngui.checker.modelcheck import check_network
from cnngui.engine.health import HealthSampler
from cnngui.engine.models import registry

_REPEATS = 7


def checked(network: nn.Module, size: int, classes: int) -> dict[str, float]:
    times = []
    for _ in range(_REPEATS):
        started = time.perf_counter()
        check_network(network, size, classes)
        times.append(1000 * (time.perf_counter() - started))
    return {"median_ms": round(statistics.median(times), 1), "largest_ms": round(max(times), 1)}


def overhead(name: str, steps: int = 200, batch: int = 64) -> float:
    """The share of the time of a training that its looks inside take."""
    network = registry.build(name, 10)
    optimizer = torch.optim.AdamW(network.parameters(), lr=1e-3, fused=True)
    images, labels = torch.randn(batch, 3, 32, 32), torch.randint(0, 10, (batch,))
    sampler = HealthSampler(network, optimizer)

    def run(count: int) -> float:
        started = time.perf_counter()
        for step in range(count):
            with sampler.watching():
                optimizer.zero_grad(set_to_none=True)
                loss = F.cross_entropy(network(images), labels)
                loss.backward()  # type: ignore[no-untyped-call]
                optimizer.step()
            sampler.take(1, step + 1, loss.detach())
        return time.perf_counter() - started

    run(10)
    total = run(steps)
    return round(sampler.seconds_looking / total, 4)


def main() -> None:
    results: dict[str, object] = {
        "resnet50": checked(models.resnet50(weights=None), 224, 1000),
        "vit_b_16": checked(models.vit_b_16(weights=None), 224, 1000),
        "simple_cnn": checked(registry.build("simple_cnn", 10), 32, 10),
        "resnet_small": checked(registry.build("resnet_small", 10), 32, 10),
        "health_share_simple_cnn": overhead("simple_cnn"),
        "health_share_resnet_small": overhead("resnet_small", 40),
        "threads": torch.get_num_threads(),
    }
    print(json.dumps(results, indent=2))


if __name__ == "__main__":
    main()
