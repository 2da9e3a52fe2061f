"""Large blocks of memory, in processes of their own: what is asked of the C library holds for good."""

import platform
import subprocess
import sys
from pathlib import Path

import pytest

_glibc = pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="the switches are glibc's")

_IN_A_THREAD = """
import resource, threading
from cnngui.engine.memory import keep_large_blocks
keep_large_blocks()
def faults():
    return resource.getrusage(resource.RUSAGE_SELF).ru_minflt
def work():
    for _ in range(3):
        bytearray(b"1") * 40_000_000
    before = faults()
    for _ in range(5):
        bytearray(b"1") * 40_000_000
    print(faults() - before)
thread = threading.Thread(target=work)
thread.start()
thread.join()
"""

_GIVEN_BACK = """
from pathlib import Path
from cnngui.engine.memory import give_back, keep_large_blocks
keep_large_blocks()
def resident():
    return int(Path("/proc/self/statm").read_text().split()[1]) * 4096 // 2**20
print(resident())
blocks = [bytearray(b"1") * 40_000_000 for _ in range(10)]
last = bytearray(b"1")
print(resident())
blocks.clear()
print(resident())
give_back()
print(resident())
"""

_FLAGS = """
from cnngui.engine.memory import keep_large_blocks
keep_large_blocks()
of_heap = False
for line in open("/proc/self/smaps"):
    words = line.split()
    if "-" in words[0]:
        of_heap = line.rstrip().endswith("[heap]")
    elif of_heap and words[0] == "VmFlags:" and "hg" in words:
        print("huge")
"""


def ran(code: str) -> str:
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout


@_glibc
def test_a_thread_gets_the_same_block_again() -> None:
    # Five fresh blocks would be 49,000 small pages, or 100 huge ones.
    assert int(ran(_IN_A_THREAD)) < 50


@_glibc
def test_the_system_gets_back_what_is_no_longer_in_use() -> None:
    before, used, kept, after = map(int, ran(_GIVEN_BACK).split())
    assert min(used, kept) > before + 300
    assert after < before + 100


@_glibc
@pytest.mark.skipif(not Path("/sys/kernel/mm/transparent_hugepage").exists(), reason="no huge pages")
def test_the_heap_is_to_be_in_huge_pages() -> None:
    assert "huge" in ran(_FLAGS)
