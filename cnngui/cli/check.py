"""``cnngui check``: pitfalls in scripts, notebooks and folders of them. Loads neither torch nor rich."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from cnngui.errors import RequestError


def check(
    paths: Annotated[
        list[str] | None, typer.Argument(help="Python files, notebooks, folders, or - for standard input.")
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
    rules: Annotated[bool, typer.Option("--rules", help="List the rules and end.")] = False,
) -> int:
    """Find pitfalls in image-classifier code. Nothing is run.

    Exit status: 0 nothing found, 1 findings, 2 the request cannot be met.
    """
    return run(paths or [], size, classes, (select, ignore), output, info=info, rules=rules)


def run(
    paths: list[str], size: int | None, classes: int | None, chosen: tuple[str | None, str | None],
        output: str,
    *, info: bool, rules: bool,
) -> int:  # fmt: skip
    """Check and print; the exit status. Raises :class:`RequestError` for what cannot be met."""
    from cnngui.checker import config, report, runner, targets
    from cnngui.checker.rules.source import RULES

    if rules:
        sys.stdout.write("".join(f"{one.name} ({one.severity}, {one.group}): {one.title}\n" for one in RULES))
        return 0
    if output not in report.FORMATS:
        raise RequestError(f"There is no format {output}: choose text, json or sarif.")
    if not paths:
        raise RequestError(
            "Nothing to check: give a Python file, a notebook, a folder, or - for standard input."
        )
    known = {*RULES.names(), *(one.group for one in RULES)}
    project = config.from_project(Path.cwd() if paths[0] == "-" else Path(paths[0]))
    selected = config.checked(config.names(chosen[0]) or project[0], known)
    ignored = config.checked(config.names(chosen[1]) | project[1], known)
    options = runner.Options(size, classes, config.Selection(selected, ignored, info))
    results = [runner.check(target, options) for target in targets.find(paths)]
    if not results:
        raise RequestError(f"There is no Python file or notebook in {paths[0]}.")
    sys.stdout.write(report.FORMATS[output](results))
    if len(results) == 1 and results[0].unreadable:
        raise RequestError(f"{results[0].path} cannot be checked: {results[0].unreadable}.")
    return 1 if any(result.findings for result in results) else 0
