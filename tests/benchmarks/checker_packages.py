"""What the checker says about installed packages: `python tests/benchmarks/checker_packages.py [NAME ...]`.

Checks every Python file of the packages (default: everything beside torch; `--part 2/6` takes the second
sixth of the files) in this process and prints the findings, crashes, times and the peak of memory.
Well-kept library code is expected to be clean.
"""

import argparse
import resource
import statistics
import sys
import sysconfig
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from cnngui.checker.rule import Kind  # noqa: E402
from cnngui.checker.runner import Options, check  # noqa: E402
from cnngui.checker.source.follow import FAILED  # noqa: E402
from cnngui.checker.targets import Target  # noqa: E402


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else None)
    parser.add_argument("names", nargs="*", help="packages or files; default: all")
    parser.add_argument("--part", default="1/1", help="I/N: the Ith of N equal shares of the files")
    options = parser.parse_args()
    site = Path(sysconfig.get_paths()["purelib"])
    roots = [site / name for name in options.names] or [site]
    files = [path for root in roots for path in (sorted(root.rglob("*.py")) if root.is_dir() else [root])]
    part, parts = (int(number) for number in options.part.split("/"))
    files = files[part - 1 :: parts]
    slowest: list[tuple[float, str]] = []
    counts = {"error": 0, "warning": 0}
    crashed = 0
    for path in files:
        started = time.process_time()
        try:
            result = check(Target(str(path), Kind.SOURCE), Options())
        except Exception as error:  # noqa: BLE001  what this script is for
            crashed += 1
            print(f"CRASH {path.relative_to(site)}: {type(error).__name__}: {error}")
            continue
        slowest.append((time.process_time() - started, str(path.relative_to(site))))
        for note in result.notes:
            if FAILED in note.text:
                crashed += 1
                print(f"CRASH {path.relative_to(site)}: {note.text}")
        for one in result.findings:
            counts[str(one.severity)] = counts.get(str(one.severity), 0) + 1
            where = f"{Path(one.where.path).relative_to(site)}:{one.where.line}"
            print(f"{where}: {one.severity} [{one.rule}] {one.message}")
    slowest.sort(reverse=True)
    times = [seconds for seconds, _ in slowest]
    print(f"{len(files)} files in {sum(times):.1f} s, {crashed} crashes, {counts}")
    print(
        f"per file: median {statistics.median(times) * 1000:.1f} ms, "
        f"95th percentile {times[len(times) // 20] * 1000:.1f} ms"
    )
    print("slowest: " + ", ".join(f"{name} {seconds:.2f} s" for seconds, name in slowest[:8]))
    print(f"memory at most {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")


if __name__ == "__main__":
    main()
