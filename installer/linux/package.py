"""What people on Linux download: a Debian package, and a folder in a .tar.gz for everything else."""

import gzip
import os
import re
import shutil
import subprocess
import tarfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from cnngui import __version__
from installer.linux import elf
from installer.tell import SetupError

HERE = Path(__file__).parent

# What is read and not linked: keyboard layouts, where fonts are, and a font.
_DATA = (
    "xkb-data",
    "fontconfig-config",
    "fonts-inter | fonts-dejavu-core | fonts-liberation | fonts-noto-core",
)

_CONTROL = """\
Package: cnngui
Version: {version}
Architecture: {architecture}
Maintainer: The makers of cnngui <cnngui@localhost>
Installed-Size: {kilobytes}
Depends: {depends}
Section: science
Priority: optional
Description: train and run image classifiers on your own pictures
 Drop a folder of pictures, press one button, watch the network learn, drop new
 pictures, read the answers. No programming is needed.
 .
 Works offline. Pictures are never sent, changed or moved.
"""

_COPYRIGHT = """\
Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/
Upstream-Name: cnngui
Comment: What the package contains of others, and under which licence, is listed in
 /usr/lib/cnngui/_internal/cnngui/_resources/licences/LIST.txt; the texts lie beside it.

Files: *
Copyright: the makers of cnngui
License: MIT
"""


def make(bundle: Path, icons: Path, dist: Path, name: str) -> list[Path]:
    """Write `name`.deb and `name`.tar.gz to `dist`."""
    return [
        debian(bundle, icons, dist / f"{name}.deb"),
        archive(bundle, icons, dist / f"{name}.tar.gz", name),
    ]


def share(icons: Path, folder: Path) -> None:
    """Put the desktop's files into `folder`: menu entry, icons, file types, the page for software centres."""
    today = f"{datetime.now(UTC):%Y-%m-%d}"
    for source, place in (
        ("cnngui.desktop", "applications/cnngui.desktop"),
        ("cnngui.mime.xml", "mime/packages/cnngui.xml"),
        ("cnngui.metainfo.xml", "metainfo/io.github.cnngui.cnngui.metainfo.xml"),
        ("cnngui.1", "man/man1/cnngui.1"),
    ):
        text = (HERE / source).read_text(encoding="utf-8")
        target = folder / place
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text.replace("@VERSION@", __version__).replace("@DATE@", today), encoding="utf-8")
    shutil.copytree(icons / "hicolor", folder / "icons" / "hicolor")


def debian(bundle: Path, icons: Path, to: Path) -> Path:
    """A package for Debian and what descends from it."""
    root = bundle.parent / "deb"
    shutil.rmtree(root, ignore_errors=True)
    program, usr = root / "usr" / "lib" / "cnngui", root / "usr"
    program.parent.mkdir(parents=True)
    shutil.copytree(bundle, program, symlinks=True, copy_function=os.link)
    (usr / "bin").mkdir()
    for command in ("cnngui", "cnngui-window"):
        (usr / "bin" / command).symlink_to(f"../lib/cnngui/{command}")
    share(icons, usr / "share")
    manual = usr / "share" / "man" / "man1"
    (manual / "cnngui.1.gz").write_bytes(gzip.compress((manual / "cnngui.1").read_bytes(), mtime=0))
    (manual / "cnngui.1").unlink()
    (manual / "cnngui-window.1.gz").symlink_to("cnngui.1.gz")
    about = usr / "share" / "doc" / "cnngui" / "copyright"
    about.parent.mkdir(parents=True)
    licence = (HERE.parents[1] / "LICENSE").read_text(encoding="utf-8").strip()
    about.write_text(_COPYRIGHT + "".join(f" {line}\n" if line else " .\n" for line in licence.splitlines()))
    overrides = usr / "share" / "lintian" / "overrides" / "cnngui"
    overrides.parent.mkdir(parents=True)
    shutil.copy(HERE / "lintian-overrides", overrides)
    control = root / "DEBIAN"
    control.mkdir()
    size = sum(file.stat().st_size for file in root.rglob("*") if file.is_file() and not file.is_symlink())
    architecture = _said("dpkg", "--print-architecture").strip()
    (control / "control").write_text(
        _CONTROL.format(
            version=__version__,
            architecture=architecture,
            kilobytes=size // 1024,
            depends=", ".join([*depends(bundle), *_DATA]),
        )
    )
    shutil.copy(HERE / "postrm", control / "postrm")
    _said("chmod", "-R", "u=rwX,go=rX", str(root))
    _said("dpkg-deb", "--root-owner-group", "-Zzstd", "-z9", "--build", str(root), str(to))
    shutil.rmtree(root)
    return to


def archive(bundle: Path, icons: Path, to: Path, name: str) -> Path:
    """A folder that runs where it is unpacked."""
    extra = bundle.parent / "share"
    shutil.rmtree(extra, ignore_errors=True)
    share(icons, extra)
    with tarfile.open(to, "w:gz", compresslevel=6) as tar:
        tar.add(bundle, name, filter=_nobodys)
        tar.add(extra, f"{name}/share", filter=_nobodys)
        tar.add(HERE / "add-to-menu.sh", f"{name}/add-to-menu.sh", filter=_nobodys)
    shutil.rmtree(extra)
    return to


def depends(bundle: Path) -> list[str]:
    """The Debian packages of the libraries that the bundle asks for and does not hold."""
    files = list(_libraries(bundle))
    inside = {file.name for file in bundle.rglob("*.so*")}
    wanted = set().union(*(elf.needed(file) for file in files)) - inside
    places = dict(re.findall(r"^\s+(\S+) .*=> (\S+)$", _said("/sbin/ldconfig", "-p"), re.MULTILINE))
    packages = set()
    for library in sorted(wanted):
        if library not in places:
            raise SetupError(
                f"The bundle needs {library}, which this system does not have: install it first."
            )
        packages.add(_package(Path(places[library])))
    glibc = max(version for file in files for version in elf.glibc(file))
    return [f"libc6 (>= {'.'.join(map(str, glibc))})", *sorted(packages - {"libc6"})]


def _libraries(bundle: Path) -> Iterator[Path]:
    for file in bundle.rglob("*"):
        if file.is_file() and not file.is_symlink():
            with file.open("rb") as data:
                if data.read(4) == b"\x7fELF":
                    yield file


def _package(library: Path) -> str:
    # /lib is /usr/lib, and the package may know the file under either name, or as what a link leads to.
    resolved = library.resolve()
    for path in (library, resolved, str(resolved).removeprefix("/usr")):
        done = subprocess.run(["dpkg-query", "-S", str(path)], capture_output=True, text=True)
        if done.returncode == 0:
            return done.stdout.split(":")[0]
    raise SetupError(f"No Debian package holds {library}, which the bundle needs.")


def _nobodys(entry: tarfile.TarInfo) -> tarfile.TarInfo:
    entry.uid = entry.gid = 0
    entry.uname = entry.gname = "root"
    return entry


def _said(*command: str) -> str:
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout
