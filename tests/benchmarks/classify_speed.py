"""`cnngui classify` against the naive loop, as whole processes: one network, many photographs.

    python -m tests.benchmarks.classify_speed PHOTOS_FOLDER [--count N] [--pairs N] [--sizes WxH ...]

Of the photographs in PHOTOS_FOLDER, scaled to each size, `count` files are made. The naive loop is what the
documentation of torchvision shows: open, transform, forward, one by one, with MobileNet V3 small. Prints
seconds and peak memory of both, and the ratio pair by pair.
"""

import argparse
import statistics
import sys
import tempfile
from pathlib import Path

import torch
from PIL import Image

from cnngui.engine import modelfile
from cnngui.engine.header import ModelHeader
from cnngui.engine.models import registry
from tests.benchmarks.main_job import cnngui, measure

_MODEL = "mobilenet_v3_small"

NAIVE = """
import sys
from pathlib import Path
import torch
from PIL import Image
from torchvision import models, transforms
network = models.mobilenet_v3_small(num_classes=1000).eval()
network.load_state_dict(torch.load(sys.argv[1], weights_only=True))
ready = transforms.Compose([
    transforms.Resize(256), transforms.CenterCrop(224), transforms.ToTensor(),
    transforms.Normalize((0.485, 0.456, 0.406), (0.229, 0.224, 0.225)),
])
with torch.no_grad():
    for file in sorted(Path(sys.argv[2]).iterdir()):
        image = ready(Image.open(file).convert("RGB"))
        top = torch.softmax(network(image[None]), 1).topk(5)
        print(file.name, top.indices.tolist(), top.values.tolist())
"""


def photographs(source: Path, target: Path, size: tuple[int, int], count: int) -> None:
    """`count` JPEG files of `size` in `target`: some twenty photographs of `source`, over and over."""
    target.mkdir()
    files = sorted(source.rglob("*.jpg"))[:20]
    for number in range(count):
        place = target / f"{number:05}.jpg"
        if number < len(files):
            Image.open(files[number]).convert("RGB").resize(size).save(place, quality=90)
        else:
            place.hardlink_to(target / f"{number % len(files):05}.jpg")


def network(folder: Path) -> tuple[Path, Path]:
    """The same random weights as a model file of ours and as a state dict."""
    made = registry.build(_MODEL, 1000)
    ours, theirs = folder / "model.safetensors", folder / "weights.pth"
    header = ModelHeader(
        architecture=_MODEL,
        classes=tuple(f"class {number}" for number in range(1000)),
        spec=registry.card(_MODEL).spec,
        parameters=sum(one.numel() for one in made.parameters()),
        temperature=1.0,
        unsure_below=0.5,
        val_images=0,
        val_accuracy=None,
        val_accuracy_interval=None,
        val_loss=None,
        fingerprint="",
        config={},
        versions={},
        created="",
        note="",
    )
    modelfile.save(ours, header, made.state_dict())
    torch.save(made.state_dict(), theirs)
    return ours, theirs


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("photos", type=Path)
    parser.add_argument("--count", type=int, default=1000)
    parser.add_argument("--pairs", type=int, default=3)
    parser.add_argument("--sizes", nargs="+", default=["1024x768", "4000x3000"])
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        ours, theirs = network(Path(temporary))
        for size in given.sizes:
            folder = Path(temporary) / size
            width, height = (int(part) for part in size.split("x"))
            photographs(given.photos, folder, (width, height), given.count)
            fast, slow = [], []
            for _ in range(given.pairs):
                fast.append(cnngui("classify", str(ours), str(folder), "--format", "jsonl"))
                slow.append(measure(sys.executable, "-c", NAIVE, str(theirs), str(folder)))
            ratios = [b.seconds / a.seconds for a, b in zip(fast, slow, strict=True)]
            middle = statistics.median
            both = [
                f"{middle(one.seconds for one in runs):.1f} s and {max(one.peak_mib for one in runs):.0f} MiB"
                for runs in (fast, slow)
            ]
            print(
                f"{given.count:,} photographs of {size}: ours {both[0]}, naive {both[1]}, "
                f"ratio {middle(ratios):.1f} ({min(ratios):.1f} to {max(ratios):.1f})",
                flush=True,
            )


if __name__ == "__main__":
    main()
