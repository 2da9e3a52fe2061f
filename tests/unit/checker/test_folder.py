"""The check of a folder as a whole: what it yields when, how it ends, what it needs."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from cnngui.cancel import Cancel
from cnngui.checker.finding import Confidence, Finding, Severity
from cnngui.checker.folder import COMPARING, LOOKING, SCANNING, Checking, check_folder
from cnngui.checker.folder_facts import FolderFacts
from cnngui.checker.judging import CRASHED
from cnngui.checker.rule import Kind, Registry, Report, rule
from cnngui.checker.rules.data import mixed_sizes, single_class
from cnngui.errors import RequestError
from tests.pictures import scanned
from tests.unit.checker.drawing import fill, findings


@pytest.fixture
def one_class(tmp_path: Path) -> Path:
    fill(tmp_path / "ants", 40, 0)
    fill(tmp_path / "ants" / "small", 1, 900, side=20)
    return tmp_path


def test_what_is_known_early_is_said_early(one_class: Path) -> None:
    steps = list(check_folder(one_class, Cancel()))
    names = [step.rule if isinstance(step, Finding) else step.phase for step in steps]
    assert names[0] == SCANNING
    assert names.index("single-class") < names.index(LOOKING) < names.index("mixed-sizes")
    assert names.index("mixed-sizes") < names.index(COMPARING)
    last = [step for step in steps if isinstance(step, Checking)][-1]
    assert (last.phase, last.done, last.total) == (COMPARING, 41, 41)


def test_a_stop_ends_it_without_further_findings(one_class: Path) -> None:
    cancel = Cancel()
    said = []
    for step in check_folder(one_class, cancel):
        said.append(step)
        if isinstance(step, Checking) and step.phase == LOOKING:
            cancel.stop()
    assert [step.rule for step in said if isinstance(step, Finding)] == ["single-class"]


def test_a_stop_beforehand_gives_nothing(one_class: Path) -> None:
    cancel = Cancel()
    cancel.stop()
    assert not [step for step in check_folder(one_class, cancel) if isinstance(step, Finding)]


def test_only_chosen_rules_speak_and_nothing_is_compared_for_them(one_class: Path) -> None:
    chosen: Registry[FolderFacts] = Registry([single_class.check, mixed_sizes.check])
    steps = list(check_folder(one_class, Cancel(), rules=chosen))
    assert [step.rule for step in steps if isinstance(step, Finding)] == ["single-class", "mixed-sizes"]
    assert COMPARING not in {step.phase for step in steps if isinstance(step, Checking)}


def test_an_index_saves_the_scan(one_class: Path) -> None:
    steps = list(check_folder(one_class, Cancel(), index=scanned(one_class)))
    assert SCANNING not in {step.phase for step in steps if isinstance(step, Checking)}
    assert "single-class" in {step.rule for step in steps if isinstance(step, Finding)}


def test_a_rule_that_fails_reports_itself_and_the_others_go_on(one_class: Path) -> None:
    @rule("broken", Severity.ERROR, kind=Kind.DATA, group="folders", why="Why.", fix="Fix.")
    def broken(facts: FolderFacts) -> Iterator[Report]:
        yield Report(str(facts.index.records[10_000]))

    first, second = findings(one_class, rules=Registry([broken, single_class.check]))
    assert (first.rule, first.severity, first.confidence) == (CRASHED, Severity.INFO, Confidence.HINT)
    assert "broken" in first.message
    assert "IndexError" in first.message
    assert second.rule == "single-class"


def test_an_empty_folder_has_no_pictures(tmp_path: Path) -> None:
    (one,) = findings(tmp_path)
    assert one.rule == "no-class-folders"
    assert one.message == "There are no pictures in this folder."


def test_a_missing_folder_is_refused_in_words(tmp_path: Path) -> None:
    with pytest.raises(RequestError, match="There is no folder"):
        findings(tmp_path / "nowhere")


def test_findings_can_be_compared_and_kept_in_sets(one_class: Path) -> None:
    assert len(set(findings(one_class)) | set(findings(one_class))) == len(findings(one_class))


def test_it_needs_neither_torch_nor_qt() -> None:
    program = (
        "import sys; from cnngui.checker import folder; "
        "print([name for name in ('torch', 'PySide6') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
