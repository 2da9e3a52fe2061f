"""PyTorch loaded while other threads go on. No torch at the top: who loads it says when."""

import ctypes
import gc
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path


@contextmanager
def loading() -> Iterator[None]:
    """Where PyTorch is first imported: other threads hardly wait for it.

    Its libraries are opened beforehand, by a call that lets Python's other threads go on. `import` would hold
    them all up meanwhile: with CUDA's libraries 0.3 s, and over a second where the memory is fresh. Python
    does not search for cyclic garbage: it would look through the modules again and again, for an eighth of
    the time, and they stay. What was loaded is not looked through later either: each time would take a fifth
    of a second, somewhere in the work.
    """
    _open_libraries()
    before = len(sys.modules)
    gc.disable()
    try:
        yield
    finally:
        if len(sys.modules) > before:
            gc.freeze()
        gc.enable()


def _open_libraries() -> None:
    """Open what `import torch` will find open then. Where it cannot be done, `import` does it itself, and
    says what is wrong."""
    spec = find_spec("torch")
    if os.name != "posix" or spec is None or spec.origin is None:
        return
    # The library without Python in it: one with Python may not be opened while others run Python.
    library = Path(spec.origin).parent / "lib" / "libtorch.so"
    if library.exists():
        dlopen = ctypes.CDLL(None).dlopen  # `ctypes.CDLL(library)` would hold the others up as well
        dlopen.restype, dlopen.argtypes = ctypes.c_void_p, [ctypes.c_char_p, ctypes.c_int]
        # As `import` opens it: no other library is to find its symbols.
        dlopen(os.fsencode(library), os.RTLD_NOW | os.RTLD_LOCAL)
