"""The module tree: what is registered where, and what has parameters."""

from __future__ import annotations

from collections.abc import Iterator

from cnngui.checker.source.values import DictV, Layer, ListV, Obj, Params, Unknown

CONTAINERS = frozenset({"Sequential", "ModuleList", "ModuleDict"})

LEARNS = frozenset({
    "Conv1d", "Conv2d", "Conv3d", "ConvTranspose1d", "ConvTranspose2d", "ConvTranspose3d", "Linear",
    "Bilinear",
    "BatchNorm1d", "BatchNorm2d", "BatchNorm3d", "SyncBatchNorm", "LayerNorm", "GroupNorm", "InstanceNorm2d",
    "Embedding", "PReLU", "MultiheadAttention", "LSTM", "GRU", "RNN", "TransformerEncoder",
    "TransformerEncoderLayer",
    "TransformerDecoder", "TransformerDecoderLayer", "Transformer", "Stage", "LazyLinear", "LazyConv2d",
    "LazyConv1d",
    "LazyBatchNorm2d", "LazyBatchNorm1d",
})  # fmt: skip
"""Layers with parameters (affine norms included, ``InstanceNorm2d`` only where it is made affine)."""

NORMS = frozenset(
    {"BatchNorm1d", "BatchNorm2d", "BatchNorm3d", "SyncBatchNorm", "LazyBatchNorm1d", "LazyBatchNorm2d"}
)
DROPOUTS = frozenset(
    {"Dropout", "Dropout1d", "Dropout2d", "Dropout3d", "AlphaDropout", "FeatureAlphaDropout"}
)


def is_module(value: object) -> bool:
    """Whether it is an ``nn.Module``: a layer, or an instance of a class of the file that comes from one."""
    return isinstance(value, Layer) or (isinstance(value, Obj) and is_module_class(value.cls.lib))


def is_module_class(lib: str) -> bool:
    return lib.startswith("torch.nn.") or lib.endswith(("LightningModule", "PyTorchModelHubMixin"))


def child_map(value: Layer | Obj) -> dict[object, object]:
    """Registered children by name, in order."""
    if isinstance(value, Layer):
        return value.children
    found: dict[object, object] = {}
    if isinstance(value.base, Layer):
        found.update(value.base.children)
    if is_module(value):
        found.update((name, child) for name, child in value.attrs.items() if is_module(child))
    return found


def container_of(value: object) -> Layer | None:
    """The Sequential, ModuleList or ModuleDict that it is or comes from."""
    if isinstance(value, Obj):
        value = value.base
    return value if isinstance(value, Layer) and value.kind in CONTAINERS else None


def contained(value: Layer | Obj) -> list[object] | None:
    """What iterating over a container gives; None for everything else."""
    container = container_of(value)
    if container is None or container.state.get("open"):
        return None
    return list(container.children) if container.kind == "ModuleDict" else list(child_map(value).values())


def walk(value: object, path: str = "", seen: set[int] | None = None) -> Iterator[tuple[str, Layer | Obj]]:
    """A module and everything registered below it, each once, with dotted paths."""
    seen = set() if seen is None else seen
    if not isinstance(value, (Layer, Obj)) or id(value) in seen or len(seen) > 5000:
        return
    seen.add(id(value))
    yield path, value
    for name, child in child_map(value).items():
        yield from walk(child, f"{path}.{name}" if path else str(name), seen)


def leaves(value: object) -> Iterator[tuple[str, Layer]]:
    """Every library layer that is not a container, with its path."""
    for path, one in walk(value):
        layer = one if isinstance(one, Layer) else one.base
        if isinstance(layer, Layer) and layer.kind not in CONTAINERS and layer.kind != "tv":
            yield path, layer


def learning(value: object) -> list[tuple[str, Layer]]:
    """Every layer with parameters, with its path."""
    return [
        (path, layer)
        for path, layer in leaves(value)
        if layer.kind in LEARNS and (layer.kind != "InstanceNorm2d" or layer.config.get("affine") is True)
    ]


def parameters(value: object, prefix: str = "") -> Params:
    """What ``value.parameters()`` goes through: one entry per weight and bias."""
    entries: list[tuple[str, Layer]] = []
    for path, layer in learning(value):
        start = f"{prefix}{path}." if path else prefix
        entries.append((start + "weight", layer))
        if layer.config.get("bias") is not False:
            entries.append((start + "bias", layer))
    return Params(entries, value, open=has_unknown(value))


def has_unknown(value: object) -> bool:
    """Whether a part of the module tree is not followed."""
    for _, one in walk(value):
        if isinstance(one, Layer) and (one.kind == "tv" or one.state.get("open")):
            return True
        if isinstance(one, Layer) and any(isinstance(child, Unknown) for child in one.children.values()):
            return True
        if isinstance(one, Obj) and any(
            isinstance(child, Unknown) and child.reason for child in one.attrs.values()
        ):
            return True
    return False


def pretrained(value: object) -> bool:
    """Whether a part of it was loaded with weights."""
    return any(isinstance(one, Layer) and one.state.get("pretrained") for _, one in walk(value))


def mode_matters(value: object) -> bool:
    """Whether it does something else in training: dropout with p > 0, or batch norm."""
    for _, layer in leaves(value):
        if layer.kind in NORMS and layer.config.get("track_running_stats") is not False:
            return True
        if layer.kind in DROPOUTS and layer.config.get("p") != 0:
            return True
        if layer.kind in {"Stage", "TransformerEncoderLayer", "TransformerEncoder"}:
            return True
    return False


def hidden_modules(value: object, depth: int = 0) -> Iterator[object]:
    """Modules inside plain lists, tuples and dictionaries."""
    items: list[object] = []
    if isinstance(value, (ListV, tuple)):
        items = value.items if isinstance(value, ListV) else list(value)
    elif isinstance(value, DictV):
        items = list(value.items.values())
    for item in items:
        if is_module(item):
            yield item
        elif depth < 4:
            yield from hidden_modules(item, depth + 1)


def hidden_layers(value: object) -> Iterator[Layer]:
    """Layers with parameters inside plain lists, tuples and dictionaries."""
    for one in hidden_modules(value):
        yield from (layer for _, layer in learning(one))
