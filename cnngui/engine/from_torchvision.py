"""torchvision's networks, without PyTorch's compiler."""

import importlib
import sys
from types import ModuleType
from typing import Any

_COMPILER = ("torch._dynamo", "torch._dynamo.utils")


def models() -> ModuleType:
    """The module `torchvision.models`.

    torchvision takes one function from the compiler, for a detection operator, and with it come sympy and
    900 modules more: 1.1 of the 2.4 s that importing both takes (torch 2.15, 2 cores). No classifier needs
    them. While torchvision is imported something stands in for the compiler; whoever calls that function, or
    asks for another, gets it from the compiler itself, which is imported then.
    """
    if not any(name in sys.modules for name in (*_COMPILER, "torchvision")):
        for name in _COMPILER:
            sys.modules.setdefault(name, _StandIn(name))
    try:
        return importlib.import_module("torchvision.models")
    finally:
        _withdraw()


class _StandIn(ModuleType):
    @staticmethod
    def is_compile_supported(device: str) -> bool:
        return bool(importlib.import_module(_COMPILER[1]).is_compile_supported(device))

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)  # Python's own questions about a module
        _withdraw()
        return getattr(importlib.import_module(self.__name__), name)


def _withdraw() -> None:
    for name in _COMPILER:
        if isinstance(sys.modules.get(name), _StandIn):
            del sys.modules[name]
