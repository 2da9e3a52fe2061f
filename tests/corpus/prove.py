"""Run every corpus script once and hold it against its label.

    python tests/corpus/prove.py [NAME ...] [-v]     prove all, or the named ones
    python tests/corpus/prove.py --serve             a JSON list of names per line in, results per line out

torch is imported once; each script then runs in a forked child, in a temporary folder, on one thread.
Real: the script's networks, losses, optimisers, transforms and loops. Stand-ins (standins.py,
lightning_standin.py): data sets (same sizes, modes, classes; no download), three batches per loader, two
epochs per loop over epochs, pretrained weights (random), packages that are not installed.

A label (labels.json) of one script:
    style     how it is written
    clean     true if nothing at warning level or above should be reported
    expected  [{rule, severity, line: [lines a user would accept], or: [other rule names as good]}]
    allowed   findings that are fair but not asked for, same shape
    tempts    what a hasty rule would report on a clean script
    claim     what a real run shows: "crash: <type>: <part of the message>", "runs" or a sentence
    check     the claim as an expression over the script's names and `seen` (recorder.Seen); true on a run
    repair    {line: new text}: with these lines the crash is gone, or `check` no longer holds
    then      {repair, check}: a second fault, shown on the script after the first one was repaired
    why       for a claim that a short run cannot show: the reason the label is right
    given     code for the names a fragment expects around it
    harness   batch, batches, epochs, tree (see standins.py), argv, seed, python (the oldest version that parses it)
Lines of a notebook count through the code cells laid end to end; `cells` gives [cell, line] for each,
both from 1, text cells counted.
"""

from __future__ import annotations

import ast
import contextlib
import io
import json
import os
import re
import signal
import sys
import tempfile
import textwrap
import time
import traceback
import types
import warnings
from pathlib import Path

for variable in ("OMP_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(variable, "1")

HERE = Path(__file__).resolve().parent
SCRIPTS = HERE / "scripts"
CPU_LIMIT, WALL_LIMIT = 60, 240  # seconds for one run; a busy machine must not fail a script
NEAR = 2  # a crash this many lines from a labelled line is at that line


def labels() -> dict[str, dict]:
    return json.loads((HERE / "labels.json").read_text(encoding="utf-8"))["scripts"]


def notebook_lines(text: str) -> list[str]:
    """The code cells laid end to end; line n of a finding is line n of this list."""
    cells = [cell for cell in json.loads(text)["cells"] if cell["cell_type"] == "code"]
    return [line for cell in cells for line in "".join(cell["source"]).split("\n")]


def source_of(name: str, repair: dict[str, str] | None = None) -> str:
    """The script as Python: notebook cells joined, magics dropped, a pasted indent removed."""
    text = (SCRIPTS / name).read_text(encoding="utf-8")
    lines = notebook_lines(text) if name.endswith(".ipynb") else text.split("\n")
    for number, new in (repair or {}).items():
        old = lines[int(number) - 1]
        lines[int(number) - 1] = old[: len(old) - len(old.lstrip())] + new
    if name.endswith(".ipynb"):
        lines = [re.sub(r"^(\s*)[%!].*", r"\1pass", line) for line in lines]
    return textwrap.dedent("\n".join(lines))


class _ShortEpochs(ast.NodeTransformer):
    """`for epoch in ...` stops after the harness's number of epochs."""

    def visit_For(self, node: ast.For) -> ast.For:
        self.generic_visit(node)
        names = {item.id for item in ast.walk(node.target) if isinstance(item, ast.Name)}
        if any("epoch" in name.lower() or name in ("ep", "e") for name in names):
            call = ast.Call(ast.Name("__first__", ast.Load()), [node.iter], [])
            node.iter = ast.fix_missing_locations(ast.copy_location(call, node.iter))
        return node


# ---- in the child ----------------------------------------------------------------------------------------


def _run(name: str, label: dict, repair: dict[str, str], checks: list[str]) -> dict:
    """Run the script in this process: {error, lines} after a crash, else {error: None, checks, odd, out}."""
    import itertools
    import random

    import numpy
    import recorder
    import standins
    import torch

    harness = label.get("harness", {})
    standins.limits.update({key: harness[key] for key in standins.limits if key in harness})
    path = str(SCRIPTS / name)
    main = sys.modules["__main__"] = types.ModuleType("__main__")
    main.__file__ = path
    main.__dict__["__first__"] = lambda items: itertools.islice(items, standins.limits["epochs"])
    sys.argv = [path, *harness.get("argv", [])]
    sys.path.insert(0, str(Path.cwd()))
    seed = harness.get("seed", 0)
    random.seed(seed), numpy.random.seed(seed), torch.manual_seed(seed)
    standins.write_tree(Path.cwd(), harness.get("tree", {}))
    exec(compile(label.get("given", ""), "<given>", "exec"), main.__dict__)
    seen = recorder.watch(path)
    code = compile(_ShortEpochs().visit(ast.parse(source_of(name, repair), path)), path, "exec")
    printed = io.StringIO()
    with (
        warnings.catch_warnings(record=True) as caught,
        contextlib.redirect_stdout(printed),
        contextlib.redirect_stderr(io.StringIO()),
    ):
        warnings.simplefilter("always")
        try:
            exec(code, main.__dict__)
        except SystemExit as end:
            if end.code not in (None, 0):
                raise
        except Exception as error:  # noqa: BLE001 - the crash is the answer
            trace = traceback.extract_tb(error.__traceback__)
            lines = [frame.lineno for frame in trace if frame.filename == path]
            return {"error": f"{type(error).__name__}: {error}", "lines": lines}
    seen.out, seen.warnings = printed.getvalue(), [str(one.message) for one in caught]
    result = {"error": None, "lines": [], "out": seen.out[-400:], "odd": _odd(seen)}
    names = {**main.__dict__, "seen": seen, "torch": torch, "script": main.__dict__}
    with warnings.catch_warnings(), contextlib.redirect_stdout(io.StringIO()):
        warnings.simplefilter("ignore")
        result["checks"] = [bool(eval(check, names)) for check in checks]
    return result


def _odd(seen) -> list[str]:
    """What no clean training shows, whatever its style."""
    odd = [text for text in seen.warnings if "before `optimizer.step()`" in text or "target size" in text]
    odd += (
        ["Implicit dimension choice"] if any("Implicit dimension" in text for text in seen.warnings) else []
    )
    if seen.empty():
        odd.append("every step was taken with empty gradients")
    if seen.steps and seen.unchanged():
        odd.append("no parameter moved")
    return odd


def _forked(name: str, label: dict, repair: dict[str, str], checks: list[str]) -> dict:
    """_run in a forked child with a time limit; its result comes back over a pipe."""
    with tempfile.TemporaryDirectory() as folder:
        read, write = os.pipe()
        child = os.fork()
        if child == 0:
            status = 1
            try:
                os.close(read)
                signal.setitimer(signal.ITIMER_PROF, CPU_LIMIT)
                signal.alarm(WALL_LIMIT)
                os.chdir(folder)
                try:
                    result = _run(name, label, repair, checks)
                except BaseException as error:  # noqa: BLE001 - whatever happens is reported by the parent
                    result = {"error": f"harness: {type(error).__name__}: {error}", "lines": []}
                with os.fdopen(write, "w") as out:
                    json.dump(result, out)
                status = 0
            finally:
                os._exit(status)
        os.close(write)
        with os.fdopen(read) as pipe:
            text = pipe.read()
        os.waitpid(child, 0)
    return (
        json.loads(text) if text else {"error": f"no answer within {CPU_LIMIT} s of computing", "lines": []}
    )


# ---- holding runs against labels ---------------------------------------------------------------------------


def _crash_problems(label: dict, run: dict) -> list[str]:
    kind, _, fragment = label["claim"].removeprefix("crash: ").partition(": ")
    if run["error"] is None:
        return ["did not crash"]
    if not run["error"].startswith(kind + ":") or fragment not in run["error"]:
        return [f"crashed otherwise, through lines {run['lines']}: {run['error'][:300]}"]
    accepted = [line for finding in label["expected"] for line in finding["line"]]
    if not any(abs(line - place) <= NEAR for line in run["lines"] for place in accepted):
        return [f"crashed through lines {run['lines']}, labelled {accepted}"]
    return []


def _silent_problems(what: str, run: dict, wanted: list[bool]) -> list[str]:
    if run["error"] is not None:
        return [f"{what} crashed through lines {run['lines']}: {run['error'][:300]}"]
    if run["checks"] != wanted:
        return [f"{what}: checks are {run['checks']}, wanted {wanted}; printed {run['out']!r}"]
    return []


def prove(name: str, label: dict) -> list[str]:
    """The ways in which real runs contradict the label; empty when it is proven."""
    needs = label.get("harness", {}).get("python")
    if needs and sys.version_info < tuple(needs):
        return []
    crash = label["claim"].startswith("crash: ")
    check = [label["check"]] if "check" in label and not crash else []
    repair, then = label.get("repair", {}), label.get("then")
    run = _forked(name, label, {}, check)
    problems = (
        _crash_problems(label, run) if crash else _silent_problems("the script", run, [True] * len(check))
    )
    problems += run.get("odd", []) if label["clean"] else []
    if repair:
        second = [then["check"]] if then else []
        run = _forked(name, label, repair, check + second)
        problems += _silent_problems("repaired", run, [False] * len(check) + [True] * len(second))
    if then:
        run = _forked(name, label, {**repair, **then["repair"]}, [then["check"]])
        problems += _silent_problems("repaired twice", run, [False])
    return problems


def warm() -> None:
    """Import torch once and put the stand-ins in place; children inherit both."""
    sys.path.insert(0, str(HERE))
    import lightning_standin
    import standins
    import torch
    import torchvision.models
    import torchvision.transforms.v2  # noqa: F401 - imported once for all children

    torch.set_num_threads(1)
    standins.install()
    lightning_standin.install()


def serve(known: dict[str, dict]) -> None:
    for line in sys.stdin:
        answer = {name: prove(name, known[name]) for name in json.loads(line)}
        print(json.dumps(answer), flush=True)


def _cpu() -> float:
    """Processor seconds the children have used: steady on a busy machine."""
    times = os.times()
    return times.children_user + times.children_system


def main() -> int:
    known = labels()
    warm()
    if "--serve" in sys.argv:
        serve(known)
        return 0
    verbose = "-v" in sys.argv
    wanted = [name for name in sys.argv[1:] if not name.startswith("-")] or sorted(known)
    failed, start, cpu = 0, time.perf_counter(), _cpu()
    for name in wanted:
        begun = _cpu()
        problems = prove(name, known[name])
        failed += bool(problems)
        if problems or verbose:
            print(f"{name}: {_cpu() - begun:.1f} s {'; '.join(problems) or 'proven'}", flush=True)
    seconds = f"{time.perf_counter() - start:.0f} s, {_cpu() - cpu:.0f} s of one core"
    print(f"{len(wanted) - failed} of {len(wanted)} proven in {seconds}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
