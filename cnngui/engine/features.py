"""What a frozen network says of pictures before its last layer, computed once and kept on disk.

cache_dir()/features/<key>/view-<n>-<precision>.safetensors
    features    float32 (pictures, width)
    hashes      uint8 (pictures, 16): of the prepared pixels, see `cache.Cached`
The key is of the network, its weights and the picture's spec. Rows are found by their pictures' hashes, so a
folder that has changed costs only its new pictures. Deleting the cache loses nothing.
"""

import hashlib
import os
import shutil
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file, save
from torch import Tensor, nn
from torch.nn import functional as F

from cnngui import settings
from cnngui.cancel import Cancel
from cnngui.engine.cache import HASH_BYTES, Cached, size_of
from cnngui.engine.folding import folded
from cnngui.engine.pipeline import ImagePipeline
from cnngui.engine.spec import ImageSpec
from cnngui.errors import RequestError
from cnngui.files import write_whole

VERSION = 1  # of the files and of what the views show; raised when either changes

# Pictures that go through a network at once. A processor gains nothing by more, and fresh memory has its
# price: the first view of 245 photographs through MobileNet V2 takes a tenth longer with 32.
_BATCH, _BATCH_OF_A_CARD = 16, 64


@dataclass(frozen=True, slots=True)
class View:
    """A part of each picture: a square of `share` of the side, which lies at `top` and `left` (0 to 1) of the
    room there is, scaled to the network's size and mirrored or not. `share` None: the middle, as in use."""

    share: float | None = None
    top: float = 0.5
    left: float = 0.5
    mirrored: bool = False


# The same for every picture and every seed, so that they can be kept. Drawn once as random-resized crops of
# 35 to 75 % of the area.
VIEWS = (
    View(),
    View(mirrored=True),
    View(0.82, 0.32, 0.11),
    View(0.66, 0.22, 0.03, mirrored=True),
    View(0.82, 0.15, 0.53),
    View(0.87, 1.0, 0.30, mirrored=True),
    View(0.60, 0.71, 0.23),
    View(0.83, 0.82, 0.41, mirrored=True),
)


class Backbone:
    """A network without its last layer, frozen, with the features of the pictures it has seen.

    `width` is the length of the feature vector, `batch` how many pictures are worked on at a time. The
    network itself is left as it was.
    """

    def __init__(self, network: nn.Module, model: str, pipeline: ImagePipeline, device: str) -> None:
        self._folded = partial(folded, network, model, pipeline.spec.size)
        self._networks: dict[torch.dtype, nn.Module] = {}  # by the kind of their pictures
        self._pipeline, self._device = pipeline, torch.device(device)
        last = last_layer(network)
        self.width = last.in_features
        self.batch = _BATCH if device == "cpu" else _BATCH_OF_A_CARD
        self._folder = settings.cache_dir() / "features" / _key(network, last, model, pipeline.spec)

    def features(
        self, cached: Cached, rows: Tensor, view: int, precision: str, cancel: Cancel
    ) -> Iterator[tuple[Tensor, Tensor]]:
        """Pairs of places in `rows`, int64 (N,), and their features, float32 (N, width) on the CPU.

        `precision` is float32 or bfloat16, in which the network works.

        What is known comes first and at once, the rest in batches. Ends early once cancelled; what
        was computed is kept all the same.
        """
        path = self._folder / f"view-{view}-{precision}.safetensors"
        known, kept = _load(path, self.width)
        hashes = [cached.hashes[row] for row in rows.tolist()]
        have = [place for place, one in enumerate(hashes) if one in known]
        missing = [place for place, one in enumerate(hashes) if one not in known]
        if have:
            yield torch.tensor(have), kept[[known[hashes[place]] for place in have]]
        done: list[Tensor] = []
        pixels = torch.from_numpy(cached.pixels)
        try:
            for start in range(0, len(missing), self.batch):
                places = torch.tensor(missing[start : start + self.batch])
                if cancel.check():
                    break
                done.append(self._compute(pixels[rows[places]], VIEWS[view], getattr(torch, precision)))
                yield places, done[-1]
        finally:
            if done:
                new = torch.cat(done)
                names = [hashes[place] for place in missing[: len(new)]]
                # What cannot be kept, as when the cache is deleted meanwhile, is only computed anew.
                with suppress(OSError, RequestError):
                    _save(path, list(known) + names, torch.cat([kept, new]) if known else new)
                    _evict(self._folder)

    @torch.inference_mode()
    def _compute(self, pixels: Tensor, view: View, kind: torch.dtype) -> Tensor:
        """uint8 (N, R, R, 3) → float32 (N, width) on the CPU."""
        if kind not in self._networks:
            self._networks[kind] = self._folded(kind)
        network = self._networks[kind]
        images = seen(pixels.to(self._device).permute(0, 3, 1, 2), view, self._pipeline)
        caught: list[Tensor] = []
        hook = last_layer(network).register_forward_pre_hook(lambda _, given: caught.append(given[0]))
        try:
            network(images.to(kind, memory_format=torch.channels_last))
        finally:
            hook.remove()
        return caught[0].float().cpu().clone()


def seen(images: Tensor, view: View, pipeline: ImagePipeline) -> Tensor:
    """uint8 (N, 3, resize, resize) → what the network takes: normalised float32 (N, 3, size, size)."""
    size, resize = pipeline.spec.size, pipeline.spec.resize
    if view.share is None:
        ready = pipeline.to_batch(images)
    else:
        side = max(1, round(view.share * resize))
        top, left = round(view.top * (resize - side)), round(view.left * (resize - side))
        part = images[..., top : top + side, left : left + side].float()
        scaled = F.interpolate(part, (size, size), mode="bilinear", antialias=True, align_corners=False)
        ready = pipeline.normalise(scaled)
    return ready.flip(3) if view.mirrored else ready


def last_layer(network: nn.Module) -> nn.Linear:
    """The linear layer that gives the logits: the last one in every network here."""
    *_, last = (module for module in network.modules() if isinstance(module, nn.Linear))
    return last


def _key(network: nn.Module, last: nn.Linear, model: str, spec: ImageSpec) -> str:
    digest = hashlib.sha256(f"{VERSION}|{model}|{sorted(asdict(spec).items())}".encode())
    own = {id(last.weight), id(last.bias)}
    for name, tensor in network.state_dict(keep_vars=True).items():
        if id(tensor) not in own:
            digest.update(name.encode())
            digest.update(tensor.detach().cpu().contiguous().numpy().tobytes())
    return digest.hexdigest()[:32]


def _load(path: Path, width: int) -> tuple[dict[bytes, int], Tensor]:
    """Where in the features each hash is; nothing of a file that is missing or damaged: it is made anew."""
    nothing = torch.empty(0, width)
    try:
        stored = load_file(path)
        features, hashes = stored["features"], stored["hashes"]
    except (OSError, SafetensorError, KeyError):
        return {}, nothing
    kinds = features.dtype, hashes.dtype
    shapes = features.shape, hashes.shape[1:]
    if kinds != (torch.float32, torch.uint8) or shapes != ((len(hashes), width), (HASH_BYTES,)):
        return {}, nothing
    with suppress(OSError):
        os.utime(path.parent)  # used last
    return {bytes(row): number for number, row in enumerate(hashes.numpy())}, features


def _save(path: Path, hashes: list[bytes], features: Tensor) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    rows = torch.frombuffer(bytearray(b"".join(hashes)), dtype=torch.uint8).view(len(hashes), -1)
    write_whole(path, save({"features": features.contiguous(), "hashes": rows}))


def _evict(newest: Path) -> None:
    """Remove the features used longest ago until all of them fit into the limit of the settings."""
    limit = settings.load().cache_limit_gb * 2**30
    others = [folder for folder in newest.parent.iterdir() if folder != newest and folder.is_dir()]
    others.sort(key=lambda folder: folder.stat().st_mtime, reverse=True)
    total = size_of(newest)
    for folder in others:
        total += size_of(folder)
        if total > limit:
            shutil.rmtree(folder)
