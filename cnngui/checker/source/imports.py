"""Imports: well-known libraries by their canonical names, everything else as unknown."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from cnngui.checker.source.values import Lib, Unknown

if TYPE_CHECKING:
    from cnngui.checker.source.machine import Machine

KNOWN = frozenset({
    "PIL", "abc", "albumentations", "argparse", "collections", "contextlib", "copy", "csv", "cv2",
    "dataclasses",
    "datetime", "einops", "enum", "functools", "gc", "glob", "io", "itertools", "json", "lightning",
    "logging", "math",
    "matplotlib", "multiprocessing", "numpy", "os", "pandas", "pathlib", "pickle", "pprint",
    "pytorch_lightning",
    "random", "re", "scipy", "seaborn", "shutil", "sklearn", "skimage", "string", "sys", "tensorboard",
    "tensorboardX",
    "tempfile", "time", "timm", "torch", "torchinfo", "torchmetrics", "torchsummary", "torchvision", "tqdm",
    "types",
    "typing", "typing_extensions", "urllib", "uuid", "wandb", "warnings", "yaml", "zipfile",
})  # fmt: skip

ALIASES = (
    ("pytorch_lightning", "lightning"),
    ("lightning.pytorch", "lightning"),
    ("torchvision.transforms.transforms", "torchvision.transforms"),
    ("torchvision.transforms.v2.functional", "torchvision.transforms.functional"),
    ("torch.nn.modules.linear", "torch.nn"),
    ("torch.nn.modules.conv", "torch.nn"),
    ("torch.nn.modules.loss", "torch.nn"),
    ("torch.nn.modules.module", "torch.nn"),
    ("torch.nn.modules", "torch.nn"),
    ("torch.nn.parallel", "torch.nn"),
    ("torch.utils.data.dataloader", "torch.utils.data"),
    ("torch.utils.data.dataset", "torch.utils.data"),
    ("torch.utils.data.sampler", "torch.utils.data"),
    ("torch.cuda.amp", "torch.amp"),
    ("tqdm.auto", "tqdm"),
    ("tqdm.notebook", "tqdm"),
    ("tqdm.rich", "tqdm"),
    ("torch.optim.adam", "torch.optim"),
    ("torch.optim.sgd", "torch.optim"),
    ("torchvision.datasets.folder", "torchvision.datasets"),
    ("torchvision.models.resnet", "torchvision.models"),
    ("torch.functional", "torch"),
)


def canonical(path: str) -> str:
    """The name under which the tables know it."""
    for old, new in ALIASES:
        if path == old or path.startswith(old + "."):
            return new + path[len(old) :]
    return path


def module(path: str) -> object:
    """What an import of a module binds."""
    top = path.partition(".")[0]
    if top in KNOWN:
        return Lib(canonical(path))
    return Unknown(path, reason=f"`{path}` is not in this file")


def plain(m: Machine, node: ast.Import) -> int:
    """``import a.b as c``."""
    for alias in node.names:
        if alias.asname:
            m.assign(alias.asname, module(alias.name))
        else:
            top = alias.name.partition(".")[0]
            m.assign(top, module(top))
    return 0


def source(m: Machine, node: ast.ImportFrom) -> int:
    """``from a.b import c``; a star binds nothing: names fall back to the usual ones."""
    path = node.module or ""
    known = not node.level and path.partition(".")[0] in KNOWN
    for alias in node.names:
        if alias.name == "*" or path == "__future__":
            continue
        if known:
            value: object = Lib(canonical(canonical(path) + "." + alias.name))
        else:
            value = Unknown(alias.name, reason=f"`{alias.name}` is not in this file")
        m.assign(alias.asname or alias.name, value)
    return 0
