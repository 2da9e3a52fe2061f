"""What goes into the frozen program, and what is left out because nothing in it is ever asked for."""

import re
import sys
from collections.abc import Iterable
from importlib import metadata
from importlib.util import find_spec
from pathlib import Path

from packaging.requirements import Requirement

from installer.linux import elf, stand_ins
from installer.linux.elf import Row

# Imported somewhere "if it is there": what the environment holds by chance must not change the bundle.
_EXCLUDED = (
    "readline",  # for prompts of Python's own, and under the GPL
    "tkinter",
    "IPython",
    "matplotlib",
    "pytest",
    "setuptools",
    "_distutils_hack",
    "pip",
    "wheel",
    "PyQt5",
    "PyQt6",
    "PySide2",
)
_EXCLUDED_WITHOUT_CUDA = ("nvidia", "cuda", "triton")

# Paths in the bundle that nothing reads, whatever it computes on.
_UNUSED = (
    r"torch/(include|share|test)/",  # for building C++ extensions
    r"torch/bin/(?!torch_shm_manager)",
    r"torch/utils/(benchmark|bottleneck|tensorboard|hipify)/",
    r"(numpy|sympy|networkx|mpmath|torch|pyqtgraph|pillow_heif|onnx)/(.*/)?(tests?|conftest\.py)/",
    r"pyqtgraph/(examples|canvas|flowchart|jupyter|opengl|console)/",
    r"PySide6/Qt(/|6/)?.*(Qml|Quick|WebEngine|VirtualKeyboard|Pdf|3D|Designer|Test|Sql|Network|Help)",
    r"PySide6/(.*/)?(translations|qml|metatypes|include|typesystems|glue|support|scripts)/",
    r"PySide6/(Qt/|)plugins/(tls|sqldrivers|networkinformation|generic|virtualkeyboard|qmltooling|egldeviceintegrations)/",
    # Formats that Pillow reads here; the one for TIFF asks for a library that newer systems do not have.
    r"PySide6/(Qt/|)plugins/imageformats/(lib)?q(tiff|icns|tga|wbmp|pdf)\.",
    # GTK's file dialog would bring GTK; the one through the desktop's portal stays.
    r"PySide6/Qt/plugins/platformthemes/libqgtk3",
    r"PySide6/(Qt/|)plugins/platforms/libq(eglfs|linuxfb|minimal|minimalegl|vnc|vkkhrdisplay)\.",
    r".*\.(pyi|pxd|a|lib|h|hpp|cuh|cmake)$",
)
_CUDA = (
    r"(nvidia|cuda|triton)/|torch/lib/lib(torch_cuda_linalg|caffe2_nvrtc)\.|"
    r"torchvision\.libs/lib(cudart|nvjpeg)\."
)


def requirements(name: str) -> list[str]:
    """A distribution and everything it requires, all its extras included, as far as it is installed."""
    found: dict[str, None] = {}
    waiting = [(name, True)]
    while waiting:
        current, extras = waiting.pop()
        if current in found:
            continue
        try:
            distribution = metadata.distribution(current)
        except metadata.PackageNotFoundError:
            continue  # for another system
        found[current] = None
        names = (distribution.metadata.get_all("Provides-Extra") or []) if extras else []
        for text in distribution.requires or []:
            required = Requirement(text)
            if not required.marker or any(
                required.marker.evaluate({"extra": extra}) for extra in ("", *names)
            ):
                waiting.append((re.sub(r"[-_.]+", "-", required.name).lower(), False))
    return list(found)


def importable(distributions: Iterable[str]) -> list[str]:
    """The packages that these distributions bring."""
    wanted = set(distributions)
    return [
        package
        for package, owners in metadata.packages_distributions().items()
        if wanted & {re.sub(r"[-_.]+", "-", owner).lower() for owner in owners}
        and package.isidentifier()
        and find_spec(package)  # some name a module that they do not hold
    ]


def is_picture_format(module: str) -> bool:
    return module == "PIL" or module.endswith("ImagePlugin")


class Trimming:
    """The rules for one build. `compute`: cpu or cuda."""

    def __init__(self, compute: str, work: Path) -> None:
        self._cpu = compute == "cpu"
        self._work = work
        patterns = (*_UNUSED, _CUDA) if self._cpu else _UNUSED
        self._unused = re.compile("|".join(f"(?:{pattern})" for pattern in patterns))

    def keeps(self, place: str) -> bool:
        """Whether the file that would lie at `place` in the bundle is needed."""
        place = place.replace("\\", "/")
        top = place.split("/")[0]
        if top.endswith(".dist-info"):  # of what is left out, nothing speaks either
            return re.split(r"[-_.]", top)[0].lower() not in self.excluded
        return not self._unused.match(place)

    @property
    def excluded(self) -> list[str]:
        """Modules that are not even looked into."""
        return [*_EXCLUDED, *(_EXCLUDED_WITHOUT_CUDA if self._cpu else ())]

    def binaries(self, rows: Iterable[Row]) -> list[Row]:
        """The libraries that are needed; on Linux without CUDA, with small ones in the place of its own."""
        everything = list(rows)
        kept = [row for row in everything if self.keeps(row[0])]
        if sys.platform == "linux":
            cuda = [row for row in everything if re.match(_CUDA, row[0])] if self._cpu else []
            kept = self._cut([*kept, *self._stand_ins(kept, cuda)])
            kept = elf.asked_for(kept)
        there = {place for place, _, _ in kept}
        return [row for row in kept if row[2] != "SYMLINK" or row[1] in there]

    def _stand_ins(self, kept: Iterable[Row], cuda: Iterable[Row]) -> list[Row]:
        libraries = [
            Path(file) for place, file, kind in kept if place.startswith("torch") and kind != "SYMLINK"
        ]
        absent = {Path(file): (place, kind) for place, file, kind in cuda if kind != "SYMLINK"}
        made = stand_ins.make(libraries, absent, self._work / "stand-ins")
        return [(absent[library][0], str(made[library]), absent[library][1]) for library in made]

    def _cut(self, rows: Iterable[Row]) -> list[Row]:
        """Without names for debugging, and without programs for graphics cards where there are none."""
        return [
            (place, str(elf.cut(Path(file), self._work / "cut" / place, device_code=not self._cpu)), kind)
            if kind != "SYMLINK" and place.startswith(("torch", "libpython"))
            else (place, file, kind)
            for place, file, kind in rows
        ]
