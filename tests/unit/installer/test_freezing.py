"""What is decided before anything is frozen: what goes in, whose it is, and what Linux's libraries lose."""

import ctypes
import json
import os
import plistlib
import shutil
import subprocess
import sys
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

from installer import contents, screen, trimming
from installer.linux import elf, package, stand_ins

INSTALLER = Path(elf.__file__).parents[1]

compiler = pytest.mark.skipif(
    sys.platform != "linux" or not all(shutil.which(tool) for tool in ("cc", "nm", "readelf", "strip")),
    reason="needs Linux with a compiler",
)


@pytest.mark.parametrize(
    ("place", "cpu", "cuda"),
    [
        ("torch/lib/libtorch_cpu.so", True, True),
        ("torch/lib/libtorch_cuda.so", True, True),  # cut to size, but it is asked for
        ("torch/lib/libtorch_cuda_linalg.so", False, True),
        ("nvidia/cu13/lib/libcublas.so.13", False, True),
        ("nvidia_cublas-13.0.dist-info/METADATA", False, True),
        ("torch-2.15.0.dist-info/METADATA", True, True),
        ("triton/language/core.py", False, True),
        ("triton-3.9.0.dist-info/METADATA", False, True),
        ("setuptools-84.2.1.dist-info", False, False),
        ("torch/include/ATen/ATen.h", False, False),
        ("torch/testing/_internal/logging_tensor.py", True, True),
        ("torch/testing/_comparison.py", True, True),
        ("PySide6/Qt/lib/libQt6Core.so.6", True, True),
        ("PySide6/Qt/lib/libQt6Quick.so.6", False, False),
        ("PySide6/Qt/plugins/platforms/libqxcb.so", True, True),
        ("PySide6\\translations\\qtbase_de.qm", False, False),
        ("cnngui/_resources/models/starter.safetensors", True, True),
        ("cnngui/data/samples.py", True, True),
    ],
)
def test_what_is_left_out(place: str, cpu: bool, cuda: bool, tmp_path: Path) -> None:
    assert trimming.Trimming("cpu", tmp_path).keeps(place) == cpu
    assert trimming.Trimming("cuda", tmp_path).keeps(place) == cuda


def test_requirements_are_those_of_the_program() -> None:
    wanted = trimming.requirements("torch")
    assert "torch" in wanted
    assert "sympy" in wanted
    assert "pytest" not in wanted
    assert "torch" in trimming.importable(["torch"])
    assert "Shiboken" not in trimming.importable(["shiboken6"])  # which its wheel names, and does not hold


def test_owners_and_the_bill_of_materials(tmp_path: Path) -> None:
    import numpy

    owners = contents.Owners()
    rows = [("numpy/__init__.py", numpy.__file__), ("json", json.__file__), ("x/link", "libfoo.so")]
    parts, unknown = contents.components(rows, owners)
    assert [(one.kind, one.name) for one in parts] == [("pypi", "numpy"), ("generic", "python")]
    assert unknown == []
    bill = contents.sbom(parts, "1.2.3")
    assert bill["bomFormat"] == "CycloneDX"
    assert {part["purl"] for part in bill["components"]} == set(bill["dependencies"][0]["dependsOn"])
    contents.write_licences(parts, tmp_path)
    assert "numpy " in (tmp_path / "LIST.txt").read_text()
    assert any((tmp_path / "numpy").iterdir())


def test_qt_comes_with_the_text_of_its_licence() -> None:
    names = [text.name for text in contents.Owners().distribution("PySide6-Essentials").texts]
    assert names == ["LGPL-3.0.txt", "GPL-3.0.txt"]


def _library(tmp_path: Path, name: str, source: str, *flags: str) -> Path:
    (tmp_path / f"{name}.c").write_text(source)
    library = tmp_path / f"lib{name}.so"
    command = [
        "cc",
        "-shared",
        "-fPIC",
        "-o",
        str(library),
        str(tmp_path / f"{name}.c"),
        f"-Wl,-soname,lib{name}.so",
    ]
    subprocess.run([*command, *flags], check=True)
    return library


@compiler
def test_a_stand_in_answers_that_there_is_no_device(tmp_path: Path) -> None:
    card = _library(
        tmp_path, "card", "int cudaCount(void) { return 0; } int unused(void) { return 0; } int v[5] = {7};"
    )
    user = _library(
        tmp_path, "user", "int cudaCount(void); extern int v[]; int ask(void) { return cudaCount() + v[0]; }",
        f"-L{tmp_path}", "-lcard", "-Wl,-rpath,$ORIGIN",
    )  # fmt: skip
    made = stand_ins.make([user], [card], tmp_path / "stand-ins")
    assert list(made) == [card]
    shutil.copy(made[card], card)
    assert ctypes.CDLL(str(user)).ask() == 100


@compiler
def test_what_is_cut_out_of_a_library_is_gone_and_the_rest_works(tmp_path: Path) -> None:
    library = _library(
        tmp_path, "mixed",
        '__attribute__((section(".nv_fatbin"), used)) static const char big[300000] = {1};\n'
        "static const int table[4] = {1, 2, 3, 4};\n"
        "int get(int n) { return table[n]; }",
    )  # fmt: skip
    smaller = elf.cut(library, tmp_path / "cut" / "libmixed.so", device_code=False)
    assert library.stat().st_size - smaller.stat().st_size > 290_000
    assert ctypes.CDLL(str(smaller)).get(3) == 4


def test_the_files_for_desktops_can_be_read() -> None:
    for file in ("linux/cnngui.mime.xml", "linux/cnngui.metainfo.xml"):
        ET.parse(INSTALLER / file)
    plistlib.loads((INSTALLER / "macos" / "entitlements.plist").read_bytes())
    info = json.loads((INSTALLER / "macos" / "info.json").read_text())
    assert plistlib.loads(plistlib.dumps(info)) == info
    desktop = (INSTALLER / "linux" / "cnngui.desktop").read_text()
    assert "MimeType=application/x-safetensors;" in desktop


@pytest.mark.skipif(shutil.which("Xvfb") is None, reason="needs Xvfb")
def test_a_screen_is_looked_at(tmp_path: Path) -> None:
    with screen.Screen() as black:
        assert black.name.startswith(":")
        assert black.colours() <= 2
        black.save(tmp_path / "black.png")
    from PIL import Image

    with Image.open(tmp_path / "black.png") as picture:
        assert picture.size == (1280, 900)
    assert screen.colours_of_png(tmp_path / "black.png") <= 4


@pytest.mark.skipif(sys.platform != "linux", reason="the menu of Linux's desktops")
def test_a_copy_in_any_folder_gets_into_the_menu_and_out_again(tmp_path: Path) -> None:
    copy, home = tmp_path / "Bücher & $HOME, 100 %", tmp_path / "home"
    package.share(_icons(tmp_path), copy / "share")
    shutil.copy(INSTALLER / "linux" / "add-to-menu.sh", copy)
    run = [str(copy / "add-to-menu.sh")]
    env = {"PATH": os.environ["PATH"], "HOME": str(home)}
    subprocess.run(run, env=env, check=True, stdout=subprocess.PIPE)
    entry = home / ".local" / "share" / "applications" / "cnngui.desktop"
    lines = [line for line in entry.read_text(encoding="utf-8").splitlines() if line.startswith("Exec=")]
    place = str(copy).replace("$", r"\\$").replace("%", "%%")
    assert lines == [f'Exec="{place}/cnngui-window" %F']
    subprocess.run([*run, "--remove"], env=env, check=True, stdout=subprocess.PIPE)
    kept = [file.name for file in home.rglob("*") if file.is_file() and "cnngui" in file.name]
    assert kept == []


def _icons(tmp_path: Path) -> Path:
    icon = tmp_path / "icons" / "hicolor" / "scalable" / "apps" / "cnngui.svg"
    icon.parent.mkdir(parents=True)
    icon.write_text("<svg/>")
    return tmp_path / "icons"
