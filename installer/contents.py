"""What is inside the frozen program: whose each file is, under which licence, and how large."""

import json
import re
import subprocess
import sys
import sysconfig
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from importlib import metadata
from pathlib import Path
from typing import Any, Literal

_LICENCE_FILE = re.compile(r"(licen[cs]e|copying|notice|authors)", re.IGNORECASE)
_ROOT = Path(__file__).resolve().parents[1]
_OWN = ("cnngui", "resources", "installer")
_TEXTS = Path(__file__).parent / "licences"

# Qt's wheels say under which licence they are, and do not bring its text.
_LGPL = {"pyside6-essentials", "shiboken6"}

# What a wheel contains besides what it says.
_MORE = {"pillow-heif": "libheif and libde265: LGPL-3.0; x265: GPL-2.0-or-later"}

Row = tuple[str, str]  # the place in the bundle (or a module's name), and the file it was made from


@dataclass(frozen=True, slots=True)
class Component:
    """Something with a maker, a version and a licence. `kind`: where to look it up."""

    kind: Literal["pypi", "deb", "generic"]
    name: str
    version: str
    licence: str = ""  # as its makers write it: an SPDX expression, or words
    texts: tuple[Path, ...] = field(default=(), compare=False)

    @property
    def purl(self) -> str:
        """Its package URL (github.com/package-url/purl-spec)."""
        space = "debian/" if self.kind == "deb" else ""
        return f"pkg:{self.kind}/{space}{self.name}@{self.version}".replace("+", "%2B")


class Owners:
    """Finds the component that a file belongs to. For the environment that runs it."""

    def __init__(self) -> None:
        self._site = Path(sysconfig.get_path("purelib")).resolve()
        self._python = Path(sys.base_prefix).resolve()
        self._components: dict[str, Component] = {}
        self._packages: dict[str, Component | None] = {}

    @cached_property
    def _files(self) -> dict[str, str]:
        """Every installed file, as a path from site-packages, and the name of its distribution."""
        found = {}
        for distribution in metadata.distributions():
            name = distribution.metadata["Name"]
            found.update({file.as_posix(): name for file in distribution.files or ()})
        return found

    def of(self, place: str, source: str) -> Component | None:
        """Whose the file `source` is, which lies at `place` in the bundle; None if nobody can be named."""
        path = Path(source).resolve()
        if "stand-ins" in path.parts or any(path.is_relative_to(_ROOT / part) for part in _OWN):
            return self.distribution("cnngui")
        # A library that was cut to size lies elsewhere, but is still whose its place is.
        where = path.relative_to(self._site).as_posix() if path.is_relative_to(self._site) else place
        if where in self._files:
            return self.distribution(self._files[where])
        if path.is_relative_to(self._python / "lib") or path.name.startswith(
            ("libpython", "python3", "base_library")
        ):
            return self._interpreter()
        return self._package(path) if sys.platform == "linux" else self._interpreter()

    def distribution(self, name: str) -> Component:
        """The component that an installed Python distribution is."""
        name = re.sub(r"[-_.]+", "-", name).lower()
        if name not in self._components:
            about = metadata.distribution(name)
            texts = [
                Path(str(about.locate_file(file)))
                for file in about.files or ()
                if ".dist-info/" in file.as_posix() and _LICENCE_FILE.search(file.name)
            ]
            if name in _LGPL:
                texts = [_TEXTS / "LGPL-3.0.txt", _TEXTS / "GPL-3.0.txt"]
            licence = "; ".join(filter(None, (_licence(about), _MORE.get(name))))
            self._components[name] = Component("pypi", name, about.version, licence, tuple(texts))
        return self._components[name]

    def _interpreter(self) -> Component:
        texts = sorted(self._python.rglob("LICENSE.txt"))[:1]
        return Component("generic", "python", sys.version.split()[0], "PSF-2.0", tuple(texts))

    def _package(self, library: Path) -> Component | None:
        """The Debian package that a library of the build machine came with."""
        # The folders /lib and /usr/lib are one, and the package may know the file under either.
        for path in (str(library), str(library).removeprefix("/usr")):
            if path not in self._packages:
                self._packages[path] = _debian(path)
            if self._packages[path]:
                return self._packages[path]
        return None


def _debian(path: str) -> Component | None:
    try:
        said = subprocess.run(["dpkg-query", "-S", path], capture_output=True, text=True)
    except FileNotFoundError:
        return None
    if said.returncode:
        return None
    name = said.stdout.split(":")[0]
    about = ["dpkg-query", "-W", "-f", "${source:Version}", name]
    version = subprocess.run(about, capture_output=True, text=True, check=True).stdout
    text = Path("/usr/share/doc", name, "copyright")
    return Component("deb", name, version, "", (text,) if text.exists() else ())


def _licence(about: metadata.Distribution) -> str:
    said = (about.metadata.get_all(key) or [""] for key in ("License-Expression", "License"))
    words = next((word for (word, *_) in said if word), "")
    if not words or "\n" in words or len(words) > 200:
        kinds = [kind for kind in about.metadata.get_all("Classifier") or [] if kind.startswith("License ::")]
        words = ", ".join(kind.rsplit(" :: ", 1)[-1] for kind in kinds)
    return words


def read(file: Path) -> Mapping[str, list[Row]]:
    """What the recipe wrote: {"before": rows, "after": rows}, before and after trimming."""
    contents: Mapping[str, list[Row]] = json.loads(file.read_text())
    return contents


def components(rows: Iterable[Row], owners: Owners) -> tuple[list[Component], list[str]]:
    """Everything inside, by name; and the files of which nobody knows whose they are."""
    found, unknown = set(), []
    for place, source in rows:
        if source in ("", "-") or not Path(source).is_absolute():
            continue  # a namespace, or a link within the bundle
        owner = owners.of(place, source)
        if owner:
            found.add(owner)
        else:
            unknown.append(source)
    return sorted(found, key=lambda one: (one.kind != "pypi", one.name)), unknown


def sizes(rows: Iterable[Row]) -> dict[str, int]:
    """Bytes by the first folder in the bundle; modules count as the source they were made from."""
    total: dict[str, int] = defaultdict(int)
    for place, source in rows:
        path = Path(source)
        if path.is_file() and not path.is_symlink():
            top = place.split("/")[0] if "/" in place else place.split(".")[0]
            total[re.sub(r"(\.libs|-\d.*\.dist-info)$", "", top)] += path.stat().st_size
    return dict(total)


def sbom(inside: Iterable[Component], version: str) -> dict[str, Any]:
    """A software bill of materials: CycloneDX 1.6 as JSON (cyclonedx.org/docs/1.6/json)."""
    own = f"pkg:generic/cnngui@{version}"
    parts = [one for one in inside if one.name != "cnngui"]
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {
            "component": {
                "type": "application",
                "bom-ref": own,
                "name": "cnngui",
                "version": version,
                "purl": own,
                "licenses": [{"license": {"id": "MIT"}}],
            }
        },
        "components": [
            {
                "type": "library",
                "bom-ref": one.purl,
                "name": one.name,
                "version": one.version,
                "purl": one.purl,
                **({"licenses": [{"license": {"name": one.licence}}]} if one.licence else {}),
            }
            for one in parts
        ],
        "dependencies": [{"ref": own, "dependsOn": [one.purl for one in parts]}],
    }


def write_licences(inside: Iterable[Component], folder: Path) -> None:
    """Put every component's licence texts into `folder`, and a list of them all."""
    folder.mkdir(parents=True, exist_ok=True)
    lines = [
        "cnngui contains the following. The texts lie beside this list, by name.",
        "",
        "Qt, PySide6 and Shiboken are used under the GNU Lesser General Public License, version 3. They are",
        "separate libraries in the folders PySide6 and shiboken6, unchanged: you may put your own there.",
        "Their source is at https://download.qt.io/official_releases/.",
        "",
        "HEIC pictures are read with libheif, libde265 and x265, the last under the GNU General Public",
        "License, version 2 or later; pillow-heif's texts say where their source is. Without these libraries",
        "the program works as well, but opens no HEIC pictures.",
        "",
    ]
    for one in inside:
        lines.append(f"{one.name} {one.version}: {one.licence or 'see its text'}")
        for number, text in enumerate(one.texts):
            target = folder / one.name / (text.name if number == 0 else f"{number}-{text.name}")
            target.parent.mkdir(exist_ok=True)
            target.write_bytes(text.read_bytes())
    (folder / "LIST.txt").write_text("\n".join(lines) + "\n", encoding="utf-8")


def table(before: Mapping[str, int], after: Mapping[str, int]) -> str:
    """Sizes in MB, before and after trimming, the largest first; small ones together."""
    large = sorted(
        (name for name in before if max(before[name], after.get(name, 0)) >= 2e6), key=before.__getitem__
    )
    rows = [(name, before[name], after.get(name, 0)) for name in reversed(large)]
    was, now = (sum(size for name, size in sizes.items() if name not in large) for sizes in (before, after))
    rows += [("all others", was, now), ("together", sum(before.values()), sum(after.values()))]
    return "\n".join(f"{name:<24}{was / 1e6:>10.1f}{now / 1e6:>10.1f}" for name, was, now in rows)


def main(contents: Path, inside: Path, bill: Path) -> None:
    """Write the licences into the bundle, the SBOM to `bill`, and print the table of sizes."""
    from cnngui import __version__

    rows = read(contents)
    parts, unknown = components(rows["after"], Owners())
    write_licences(parts, inside / "cnngui" / "_resources" / "licences")
    bill.write_text(json.dumps(sbom(parts, __version__), indent=1) + "\n", encoding="utf-8")
    print(table(sizes(rows["before"]), sizes(rows["after"])))
    for file in unknown:
        print(f"Nobody is known to own {file}", file=sys.stderr)


if __name__ == "__main__":
    main(*(Path(argument) for argument in sys.argv[1:4]))
