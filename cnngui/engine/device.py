"""Which device and which precision, and the sentence that says why."""

import sys
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import torch

from cnngui.errors import RequestError

_WORDS = {"float32": "full precision", "bfloat16": "bfloat16", "float16": "float16"}


@dataclass(frozen=True, slots=True)
class DeviceChoice:
    device: str  # as torch.device takes it
    precision: str  # float32, bfloat16 or float16: what convolutions and matrix products are done in
    sentence: str  # for people: what is used, and why

    def autocast(self) -> torch.autocast:
        """While inside, convolutions and matrix products are done in the precision."""
        kind = torch.float16 if self.precision == "float16" else torch.bfloat16
        return torch.autocast(torch.device(self.device).type, kind, enabled=self.precision != "float32")


def choose(device: str = "auto", precision: str = "auto") -> DeviceChoice:
    """Choose where to compute. `device`: auto, cpu, cuda, cuda:N or mps; `precision`: auto, float32,
    bfloat16 or float16 (CUDA alone). Raises RequestError for a device that is asked for and is not there:
    there is never a silent switch to another one."""
    if precision not in ("auto", *_WORDS):
        raise RequestError(f"There is no precision called “{precision}”. Use auto, {', '.join(_WORDS)}.")
    kind = _kind(device)
    if precision == "float16" and kind != "cuda":
        raise RequestError("float16 is for CUDA graphics cards. Use --precision auto.")
    if kind == "cpu":
        return _processor(asked=device != "auto", precision=precision)
    if kind == "cuda":
        return _cuda(device if ":" in device else "cuda:0", precision)
    # Mixed precision on Apple's graphics needs a newer macOS than can be relied upon.
    chosen = "float32" if precision == "auto" else precision
    return DeviceChoice("mps", chosen, "Using the Mac's graphics processor.")


def _kind(device: str) -> str:
    name = device.split(":")[0]
    if name not in ("auto", "cpu", "cuda", "mps"):
        raise RequestError(f"There is no device called “{device}”. Use auto, cpu, cuda, cuda:N or mps.")
    cuda, mps = torch.cuda.is_available(), torch.backends.mps.is_available()
    if name == "auto":
        return "cuda" if cuda else "mps" if mps else "cpu"
    if (name == "cuda" and not cuda) or (name == "mps" and not mps):
        what = "CUDA graphics card" if name == "cuda" else "Apple graphics processor"
        raise RequestError(f"No {what} was found. Use --device auto or --device cpu.")
    return name


def _cuda(device: str, precision: str) -> DeviceChoice:
    number = device.split(":")[1]
    if not number.isdecimal() or int(number) >= torch.cuda.device_count():
        count = torch.cuda.device_count()
        raise RequestError(f"There is no {device}: CUDA cards are numbered from 0 and there are {count}.")
    properties = torch.cuda.get_device_properties(int(number))
    if precision == "auto":
        # From Ampere on, bfloat16 is as fast as float16 and cannot overflow.
        # Volta and Turing are as fast in float16 only; what overflows is caught by scaling the loss.
        precision = {7: "float16"}.get(properties.major, "bfloat16" if properties.major >= 8 else "float32")
    memory = properties.total_memory / 2**30
    sentence = f"Using the graphics card {properties.name} ({memory:.0f} GB) in {_WORDS[precision]}."
    return DeviceChoice(device, precision, sentence)


def _processor(asked: bool, precision: str) -> DeviceChoice:
    why = "as asked" if asked else "no CUDA graphics card found"
    if precision == "auto":
        precision = "bfloat16" if _fast_bfloat16() else "float32"
    cores = torch.get_num_threads()
    of_cores = "1 core" if cores == 1 else f"{cores} cores"
    return DeviceChoice("cpu", precision, f"Using the processor ({of_cores}, {_WORDS[precision]}): {why}.")


@cache
def _fast_bfloat16() -> bool:
    """Whether the processor multiplies bfloat16 in hardware; emulated, it is slower than float32."""
    if not sys.platform.startswith("linux"):
        return False
    try:
        with Path("/proc/cpuinfo").open(encoding="ascii", errors="replace") as file:
            flags = next((line for line in file if line.startswith(("flags", "Features"))), "")
    except OSError:
        return False
    words = flags.split()
    return "avx512_bf16" in words or "amx_bf16" in words
