"""How the process asks the system for memory. No torch: it is best settled before torch is loaded."""

import ctypes
import os
import sys
from functools import cache


@cache
def keep_large_blocks() -> None:
    """Let the C library reuse large blocks of memory rather than give each back to the system.

    Each step of a training frees and asks for the same activations, and each picture that is decoded for the
    same buffers; glibc would map and unmap them, and the kernel would clear every page anew. Only glibc has
    these switches, and the process keeps the memory.
    """
    if not sys.platform.startswith("linux") or os.environ.get("LD_PRELOAD"):
        return
    try:
        mallopt = ctypes.CDLL("libc.so.6").mallopt
    except (OSError, AttributeError):
        return
    trim_threshold, mmap_max = -1, -4  # M_TRIM_THRESHOLD and M_MMAP_MAX of malloc.h
    mallopt(trim_threshold, 2**31 - 1)
    mallopt(mmap_max, 0)
