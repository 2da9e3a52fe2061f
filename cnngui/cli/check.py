"""cnngui check PATH...

Pitfalls in scripts, notebooks, model files and folders of pictures or scripts. Nothing is run.
Exit status: 0 nothing found, 1 findings, 2 the request cannot be met.

A script is checked without loading torch, NumPy or rich.
"""

import sys
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cnngui.cancel import Cancel
from cnngui.checker.rule import Kind
from cnngui.errors import RequestError

if TYPE_CHECKING:
    from cnngui.checker.runner import Checked, Options
    from cnngui.checker.targets import Target


def check(
    paths: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="PATH",
            help="Scripts, notebooks, model files, folders, or - for standard input.",
            readable=False,
        ),
    ] = None,
    size: Annotated[
        int | None, typer.Option(min=1, help="Side of the pictures, where the script does not say it.")
    ] = None,
    classes: Annotated[
        int | None, typer.Option(min=1, help="Number of classes, where the script does not say it.")
    ] = None,
    select: Annotated[
        str | None, typer.Option(metavar="RULE,...", help="Report these rules (or groups) alone.")
    ] = None,
    ignore: Annotated[
        str | None, typer.Option(metavar="RULE,...", help="Leave these rules (or groups) out.")
    ] = None,
    output: Annotated[
        str, typer.Option("--format", metavar="text|json|sarif", help="How to print findings.")
    ] = "text",
    info: Annotated[bool, typer.Option("--info", help="Show explanations (info) as well.")] = False,
    labels: Annotated[
        bool,
        typer.Option("--labels", help="Of folders of pictures: look for wrong labels. Trains five networks."),
    ] = False,
    rules: Annotated[bool, typer.Option("--rules", help="List the rules and end.")] = False,
) -> int:
    """Find pitfalls in code, model files and picture folders."""
    return run(paths or [], size, classes, (select, ignore), output, info=info, labels=labels, rules=rules)


def run(
    paths: list[str], size: int | None, classes: int | None, chosen: tuple[str | None, str | None],
    output: str, *, info: bool, labels: bool, rules: bool,
) -> int:  # fmt: skip
    """Check and print; the exit status. Raises :class:`RequestError` for what cannot be met."""
    from cnngui.checker import config, report, runner, targets
    from cnngui.checker.rules import listed

    if rules:
        for one in listed(Kind):
            sys.stdout.write(f"{one.name} ({one.kind}, {one.severity}, {one.group}): {one.title}\n")
        return 0
    if output not in report.FORMATS:
        raise RequestError(f"There is no format {output}: choose text, json or sarif.")
    if not paths:
        raise RequestError(
            "Nothing to check: give a script, a notebook, a model file, a folder, or - for standard input."
        )
    select, ignore = _selection(paths, chosen)
    options = runner.Options(size, classes, config.Selection(select, ignore, info), labels)
    results = _checked(targets.find(paths), options)
    if not results:
        raise RequestError(f"There is no script, notebook or picture in {paths[0]}.")
    sys.stdout.write(report.FORMATS[output](results))
    if len(results) == 1 and results[0].unreadable:
        raise RequestError(f"{results[0].path} cannot be checked: {results[0].unreadable}.")
    return 1 if any(result.findings for result in results) else 0


def _selection(
    paths: list[str], chosen: tuple[str | None, str | None]
) -> tuple[frozenset[str], frozenset[str]]:
    """Which rules or groups were asked for, and which left out, here or in pyproject.toml."""
    from cnngui.checker import config
    from cnngui.checker.rules import listed

    project = config.from_project(Path.cwd() if paths[0] == "-" else Path(paths[0]))
    select, ignore = config.names(chosen[0]) or project[0], config.names(chosen[1]) | project[1]
    if select or ignore:
        known = {name for one in listed(Kind) for name in (one.name, one.group)}
        config.checked(select | ignore, known)
    return select, ignore


def _checked(found: "Iterable[Target]", options: "Options") -> "list[Checked]":
    """Every target's findings; a folder of pictures with progress and a way to stop."""
    from cnngui.checker import checks

    results = []
    cancel = Cancel()
    for target in found:
        if target.kind is Kind.SOURCE:
            results.append(checks.check(target, options, cancel))
            continue
        from cnngui.cli.support.console import Progress
        from cnngui.cli.support.interrupt import interruptible

        with interruptible(cancel) as interrupt, Progress("Checking", estimates=False) as progress:
            results.append(checks.check(target, options, cancel, progress.update))
        if interrupt.status:
            raise SystemExit(interrupt.status)
    return results
