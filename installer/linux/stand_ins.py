"""Small libraries in the place of CUDA's, so that PyTorch's CUDA build runs on the processor without them.

The package index has no build of PyTorch for Linux without CUDA, and that build does not load where CUDA's
libraries (4 GB) are absent: its own libraries name them, and functions in them. A stand-in has the name of a
library and the functions that are asked for. Each of them answers "no device" (100, `cudaErrorNoDevice`),
which is what PyTorch hears on a computer without a graphics card: it goes on with the processor.

Needs `nm`, `readelf` and `cc` (on Debian all three come with the package gcc).
"""

import re
import subprocess
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from pathlib import Path

from installer.linux import elf

_HEAD = """\
.text
.globl  no_device
no_device:
    movl    $100, %eax
    ret
no_sentence:
    leaq    sentence(%rip), %rax
    ret
.section .rodata
sentence:
    .string "no CUDA device"
.text
"""

# Those that return a text, not a number.
_TEXTS = re.compile(r"(cuda|cupti|cublas|cudnn|cusparse|nccl|nvrtc)Get\w*(String|Name)$")


def make(kept: Iterable[Path], left_out: Iterable[Path], into: Path) -> dict[Path, Path]:
    """Make a stand-in in `into` for each library of `left_out` that one of `kept` names.

    Returns which library each stand-in is for: {left out: stand-in}.
    """
    needed: set[str] = set()
    wanted: set[str] = set()
    for library in kept:
        needed |= elf.needed(library)
        wanted |= set(_symbols(library, "--undefined-only"))
    into.mkdir(parents=True, exist_ok=True)
    return {
        library: _build(
            library, {name: size for name, size in offered(library).items() if name in wanted}, into
        )
        for library in left_out
        if library.name in needed
    }


def offered(library: Path) -> dict[str, int]:
    """The C names that a library offers: 0 for a function, and the size in bytes of a variable."""
    # C++ has other names, and functions whose answers are more than a number.
    return {
        name: 0 if kind in "TWi" else size
        for name, (kind, size) in sorted(_symbols(library, "--defined-only").items())
        if kind in "TWiBDR" and not name.startswith("_Z")
    }


def _symbols(library: Path, which: str) -> dict[str, tuple[str, int]]:
    """Dynamic symbols without their versions: nm's letter for the kind of each, and its size in bytes."""
    found = {}
    for line in _said("nm", "-D", "-S", which, "--without-symbol-versions", str(library)).splitlines():
        *numbers, kind, name = line.split()
        found[name] = kind, int(numbers[1], 16) if len(numbers) == 2 else 0
    return found


def _build(library: Path, names: Mapping[str, int], into: Path) -> Path:
    source, versions, result = (into / f"{library.name}{end}" for end in (".s", ".map", ""))
    source.write_text(_HEAD + "".join(_symbol(name, size) for name, size in names.items()))
    versions.write_text(_version_script(library, names.keys()))
    linking = f"-Wl,-soname,{library.name},--version-script,{versions},-s,-z,noexecstack"
    _said("cc", "-shared", "-nostdlib", linking, "-o", str(result), str(source))
    return result


def _symbol(name: str, size: int) -> str:
    """Assembly for a function, or for a variable of zeros."""
    if size:
        head = f".bss\n.balign 16\n.globl {name}\n.type {name}, @object\n"
        return f"{head}.size {name}, {size}\n{name}: .zero {size}\n.text\n"
    answer = "no_sentence" if _TEXTS.match(name) else "no_device"
    return f".globl {name}\n.type {name}, @function\n.set {name}, {answer}\n"


def _version_script(library: Path, names: Collection[str]) -> str:
    """A linker script that gives each symbol the version that it has in `library`."""
    versions: dict[str, list[str]] = defaultdict(list)
    for line in _said("nm", "-D", "--defined-only", str(library)).splitlines():
        name, _, version = line.split()[-1].partition("@")
        if name in names:
            versions[version.lstrip("@")].append(name)
    return "".join(
        f"{version} {{ global: {'; '.join(listed)}; }};\n" for version, listed in versions.items()
    ) or ("{ global: no_device; };\n")


def _said(*command: str) -> str:
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout
