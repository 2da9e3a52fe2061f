"""What the checker says about installed packages: `python tests/benchmarks/checker_packages.py [NAME ...]`.

Checks every Python file of the packages (default: everything beside torch) in this process and prints the
findings, crashes and the slowest files. Well-kept library code is expected to be clean.
"""

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
    site = Path(sysconfig.get_paths()["purelib"])
    roots = [site / name for name in sys.argv[1:]] or [site]
    files = [path for root in roots for path in (sorted(root.rglob("*.py")) if root.is_dir() else [root])]
    slowest: list[tuple[float, str]] = []
    counts = {"error": 0, "warning": 0}
    crashed = 0
    for path in files:
        started = time.perf_counter()
        try:
            result = check(Target(str(path), Kind.SOURCE), Options())
        except Exception as error:  # noqa: BLE001  what this script is for
            crashed += 1
            print(f"CRASH {path.relative_to(site)}: {type(error).__name__}: {error}")
            continue
        slowest.append((time.perf_counter() - started, str(path.relative_to(site))))
        for note in result.notes:
            if FAILED in note.text:
                crashed += 1
                print(f"CRASH {path.relative_to(site)}: {note.text}")
        for one in result.findings:
            counts[str(one.severity)] = counts.get(str(one.severity), 0) + 1
            where = f"{Path(one.where.path).relative_to(site)}:{one.where.line}"
            print(f"{where}: {one.severity} [{one.rule}] {one.message}")
    slowest.sort(reverse=True)
    total = sum(seconds for seconds, _ in slowest)
    print(f"{len(files)} files in {total:.1f} s, {crashed} crashes, {counts}")
    print("slowest: " + ", ".join(f"{name} {seconds:.2f} s" for seconds, name in slowest[:5]))


if __name__ == "__main__":
    main()
