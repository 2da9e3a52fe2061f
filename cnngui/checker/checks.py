"""One door to the checks of every kind of target; each kind's rules are loaded when they are asked for.

A script needs neither NumPy nor torch to be checked, a folder of pictures no torch.
"""

from collections.abc import Callable
from pathlib import Path

from cnngui.cancel import Cancel
from cnngui.checker import runner
from cnngui.checker.finding import Finding
from cnngui.checker.rule import Kind
from cnngui.checker.rules import listed
from cnngui.checker.runner import Checked, Options
from cnngui.checker.targets import Target

# Called with how far a long check is: pictures done, of how many (None: not known), at what, in words.
Progress = Callable[[int, int | None, str], None]


def _silent(_done: int, _total: int | None, _what: str) -> None:
    """Of a check that nobody watches."""


def check(target: Target, options: Options, cancel: Cancel, progress: Progress = _silent) -> Checked:
    """Check one target of any kind. Raises RequestError for a folder that cannot be read."""
    if target.kind is Kind.SOURCE:
        return runner.check(target, options)
    found = (
        _folder(target, options, cancel, progress) if target.kind is Kind.DATA else _model(target, options)
    )
    groups = {one.name: one.group for one in listed([target.kind])}
    wanted = [
        one for one in found if options.selection.wants(one.rule, groups.get(one.rule, ""), one.severity)
    ]
    return Checked(target.path, tuple(runner.ordered(wanted)), kind=target.kind)


def _folder(target: Target, options: Options, cancel: Cancel, progress: Progress) -> list[Finding]:
    from cnngui.checker.folder import check_folder

    root, index, predictions = Path(target.path), None, None
    if options.labels:
        from cnngui.checker.labels import judged
        from cnngui.data.index import DatasetIndex, scan

        for step in scan(root, cancel):
            index = step if isinstance(step, DatasetIndex) else None
        predictions = None if index is None else judged(index, cancel, progress)
        if predictions is None:
            return []
    found = []
    for item in check_folder(root, cancel, options.size or 32, index=index, predictions=predictions):
        if isinstance(item, Finding):
            found.append(item)
        else:
            progress(item.done, item.total or None, item.phase)
    return found


def _model(target: Target, options: Options) -> list[Finding]:
    from cnngui.checker.modelcheck import check_file

    return check_file(Path(target.path), options.size, options.classes)
