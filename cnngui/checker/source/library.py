"""Calling a library by its canonical dotted name."""

from __future__ import annotations

import ast
from collections.abc import Callable
from typing import TYPE_CHECKING

from cnngui.checker.source import (
    classes,
    creation,
    datasets,
    forward,
    functional,
    layers,
    lightning,
    methods,
    modules,
    networks,
    optim,
    python_lib,
    transforms,
    unfollowed,
)
from cnngui.checker.source.values import Layer, Obj, Thing, Unknown

if TYPE_CHECKING:
    from cnngui.checker.source.calls import Args
    from cnngui.checker.source.machine import Machine

Family = Callable[["Machine", str, "Args", ast.AST], object]
GRAD_SCOPES = frozenset(
    {"torch.no_grad", "torch.inference_mode", "torch.enable_grad", "torch.set_grad_enabled"}
)


def call(m: Machine, path: str, args: Args, node: ast.AST) -> object:
    """``path(*args)``."""
    handler = python_lib.HANDLERS.get(path)
    if handler is not None:
        return handler(m, args, node)
    if path in GRAD_SCOPES:
        return _grad_scope(m, path, args, node)
    for prefix, family in FAMILIES:
        if path.startswith(prefix):
            return family(m, path, args, node)
    if path.startswith(python_lib.HARMLESS):
        return Unknown(tag="loader-length" if any(_per_batch(one) for one in args.all()) else "")
    return unfollowed.call(m, Unknown(), args, node)


def _per_batch(value: object) -> bool:
    return isinstance(value, Unknown) and value.tag == "loader-length"


def _grad_scope(m: Machine, path: str, args: Args, node: ast.AST) -> object:
    made = Thing(path, {"mode": args.get(0, "mode", True)}, m.spot(node))
    if path == "torch.inference_mode" and made.config["mode"] is False:
        made.kind = "torch.enable_grad"
    if path == "torch.set_grad_enabled" and isinstance(node, ast.Call):
        m.event("grad_mode", node, made)
    return made


def _nn(m: Machine, path: str, args: Args, node: ast.AST) -> object:
    name = path.rpartition(".")[2]
    if path.startswith(("torch.nn.init.", "torch.nn.utils.")):
        if name in {"weight_norm", "spectral_norm", "remove_weight_norm"}:
            return args.get(0, "module")
        return Unknown()
    if name == "Parameter":
        return creation.parameter(m, args, node)
    made = layers.build(m, name, args, node)
    if made is None:
        return unfollowed.call(m, Unknown(), args, node)
    return made


def _functional(m: Machine, path: str, args: Args, node: ast.AST) -> object:
    return functional.call(m, path.rpartition(".")[2], args, node)


def _optim(m: Machine, path: str, args: Args, node: ast.AST) -> object:
    name = path.rpartition(".")[2]
    if name in optim.RATES:
        return optim.optimizer(m, name, args, node)
    if "lr_scheduler" in path:
        return optim.schedule(m, name, args, node)
    return unfollowed.call(m, Unknown(), args, node)


def _data(m: Machine, path: str, args: Args, node: ast.AST) -> object:
    name = path.rpartition(".")[2]
    if name == "DataLoader":
        return datasets.loader(m, args, node)
    if name == "TensorDataset":
        return datasets.tensors(m, args, node)
    if name == "Subset":
        return datasets.part(m, args.get(0, "dataset"), ("indices", args.get(1, "indices")), node)
    if name == "random_split":
        return datasets.random_split(m, args, node)
    if name == "ConcatDataset":
        return datasets.concatenated(m, args, node)
    return Thing(f"sampler.{name}", {}, m.spot(node))


def _datasets(m: Machine, path: str, args: Args, node: ast.AST) -> object:
    return datasets.torchvision(m, path.rpartition(".")[2], args, node)


def _transforms(m: Machine, path: str, args: Args, node: ast.AST) -> object:
    name = path.rpartition(".")[2]
    if ".functional." in path:
        return functional.picture(m, name, args, node)
    made = transforms.build(m, path, args, node)
    return made if made is not None else Unknown(name)


def _amp(m: Machine, path: str, args: Args, node: ast.AST) -> object:  # noqa: ARG001
    return Thing("GradScaler" if path.endswith("GradScaler") else "autocast", {}, m.spot(node))


def _torch(m: Machine, path: str, args: Args, node: ast.AST) -> object:
    name = path.rpartition(".")[2]
    if path.count(".") > 1 and not path.startswith(("torch.special.", "torch.linalg.", "torch.Tensor.")):
        return _torch_area(m, path, args, node)
    return creation.torch_function(m, name, args, node)


def _torch_area(m: Machine, path: str, args: Args, node: ast.AST) -> object:
    if path.startswith("torch.jit."):
        return args.get(0, "obj")
    if path == "torch.hub.load":
        return networks.hub(m, args, node)
    if path == "torch.autograd.grad":
        m.event("backward", node, None)
    if path == "torch.autograd.Variable":
        return args.get(0, "data")
    return Unknown(path.rpartition(".")[2])


FAMILIES: tuple[tuple[str, Family], ...] = (
    ("torch.nn.functional.", _functional),
    ("torch.nn.", _nn),
    ("torch.optim.", _optim),
    ("torch.utils.data.", _data),
    ("torch.amp.", _amp),
    ("torchvision.datasets.", _datasets),
    ("torchvision.transforms.", _transforms),
    ("torchvision.models.", networks.call),
    ("torchvision.io.", functional.read),
    ("timm.", networks.timm),
    ("lightning.", lightning.call),
    ("numpy.", creation.numpy_function),
    ("PIL.", functional.pil),
    ("cv2.", functional.cv),
    ("torch.", _torch),
)


def base_method(m: Machine, path: str, owner: object, args: Args, node: ast.AST) -> object:
    """A method of the library class below an instance: ``super().__init__()``, ``super().forward(x)``."""
    name = path.rpartition(".")[2]
    if not isinstance(owner, Obj):
        return Unknown()
    if name == "__init__":
        classes.build_base(m, owner, args, node)
        _dataset_base(owner, args)
        return None
    if name in {"forward", "__call__"} and isinstance(owner.base, Layer):
        return forward.call_module(m, owner.base, args, node)
    if modules.is_module(owner):
        return methods.call(m, owner, name, args, node)
    return Unknown()


def _dataset_base(owner: Obj, args: Args) -> None:
    if owner.cls.lib.startswith("torchvision.datasets."):
        for name in ("transform", "target_transform", "train", "root"):
            if name in args.kw:
                owner.attrs.setdefault(name, args.kw[name])
