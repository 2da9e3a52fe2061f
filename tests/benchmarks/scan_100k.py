"""Seconds and peak memory of a scan of 100,000 files: python tests/benchmarks/scan_100k.py [FILES]

Each run is a process of its own, so that the peak is the scan's; the folder was just written, so it is warm.
"""

import subprocess
import sys
import tempfile
from pathlib import Path

CLASSES = 100

SCAN = """
import sys, time
from pathlib import Path
from cnngui.cancel import Cancel
from cnngui.data.index import scan

def peak():
    if sys.platform == "win32":
        return 0
    import resource
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)

before = peak()
start = time.perf_counter()
*progress, index = scan(Path(sys.argv[1]), Cancel())
seconds = time.perf_counter() - start
print(f"{seconds:6.2f} s, {(peak() - before) / 1e6:6.1f} MB more, {len(index.records)} records, "
      f"{len(index.classes)} classes, {len(progress)} reports")
"""


def main(files: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        for label in range(CLASSES):
            home = Path(folder, "train", f"class {label:03}")
            home.mkdir(parents=True)
            for number in range(files // CLASSES):
                (home / f"picture {number:06}.jpg").write_bytes(b"x")
        scan(folder, "class folders")
        rows = "".join(
            f"class {label:03}/picture {number:06}.jpg,{label}\n"
            for label in range(CLASSES)
            for number in range(files // CLASSES)
        )
        home = Path(folder, "train")
        for label in range(CLASSES):
            (home / f"class {label:03}").rename(home / f"{label:03}")
        (home / "labels.csv").write_text("file,label\n" + rows.replace("class ", ""))
        scan(folder, "with a table")


def scan(folder: str, title: str) -> None:
    for _ in range(3):
        done = subprocess.run(
            [sys.executable, "-c", SCAN, folder], capture_output=True, text=True, check=True
        )
        print(f"{title:14}", done.stdout.strip(), flush=True)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000)
