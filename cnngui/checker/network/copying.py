"""A copy of a network to work on, so that the one in hand is never touched."""

import copy
from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn.modules.lazy import LazyModuleMixin
from torch.nn.parameter import is_lazy
from torch.overrides import TorchFunctionMode

# What a module may carry that would run or show foreign things when it is called.
_HOOKS = ("_forward_hooks", "_forward_hooks_with_kwargs", "_forward_hooks_always_called", "_backward_hooks",
          "_backward_pre_hooks", "_forward_pre_hooks", "_forward_pre_hooks_with_kwargs")  # fmt: skip


class _ToMeta(TorchFunctionMode):
    """While it is active, copying a tensor makes one on the meta device: its shape without its values."""

    def __torch_function__(
        self,
        func: Callable[..., Any],
        types: Any,
        args: tuple[Any, ...] = (),
        kwargs: dict[str, Any] | None = None,
    ) -> Any:
        name = getattr(func, "__name__", "")
        if name in {"clone", "__deepcopy__"} and isinstance(args[0], Tensor):
            old = args[0]
            new = torch.empty_like(old, device="meta", requires_grad=False)
            if name == "__deepcopy__":
                new = new.requires_grad_(old.requires_grad)
                args[1][id(old)] = new
            return new
        return func(*args, **(kwargs or {}))


def unwrapped(module: nn.Module) -> nn.Module:
    """The network inside DataParallel, DistributedDataParallel or a compiled module."""
    for attribute in ("_orig_mod", "module"):
        inner = getattr(module, attribute, None)
        wrapper = type(module).__name__ in {"OptimizedModule", "DataParallel", "DistributedDataParallel"}
        if wrapper and isinstance(inner, nn.Module):
            return unwrapped(inner)
    return module


def meta_copy(module: nn.Module) -> nn.Module:
    """A copy without values, on the meta device, in evaluation mode and without hooks.

    Raises whatever copying the module's own attributes raises.
    """
    with torch.no_grad(), _ToMeta():
        made = copy.deepcopy(module)
    for one in made.modules():
        for table in (one._parameters, one._buffers):
            for name, tensor in table.items():
                if tensor is not None and is_lazy(tensor):
                    table[name] = type(tensor)(device="meta", dtype=tensor.dtype)  # type: ignore[call-arg, assignment]
    return _ready(made)


def real_copy(module: nn.Module) -> nn.Module:
    """A copy with its values, on the processor, in evaluation mode and without hooks."""
    return _ready(copy.deepcopy(module).cpu())


def _ready(module: nn.Module) -> nn.Module:
    for one in module.modules():
        if isinstance(one, LazyModuleMixin) and one.has_uninitialized_params():
            continue  # its hook is what gives it its size
        for name in _HOOKS:
            getattr(one, name, {}).clear()
    return module.eval()
