"""Every rule: its page, its place in the list, its bad fixtures (that finding) and good ones (nothing)."""

from pathlib import Path

import pytest

import cnngui.checker.rules.source as family
from cnngui.checker.config import Selection
from cnngui.checker.finding import Severity
from cnngui.checker.rule import PAGE_SECTIONS, Registry
from cnngui.checker.rules.source import LISTED, RULES
from cnngui.checker.runner import Options, check_text

HERE = Path(__file__).resolve().parents[2] / "rules"
BAD = sorted(HERE.glob("*/bad*.py"))
GOOD = sorted(HERE.glob("*/good*.py"))


def identity(path: Path) -> str:
    return f"{path.parent.name}/{path.stem}"


def said(path: Path) -> set[str]:
    """Rules that report on a fixture; info of other rules is not shown, as on the command line."""
    name = path.parent.name
    selection = Selection(info=RULES[name].severity is Severity.INFO)
    checked = check_text(path.read_text(encoding="utf-8"), str(path), Options(selection=selection))
    assert not checked.unreadable
    return {
        one.rule for one in checked.findings if one.severity is not Severity.INFO or one.rule == name
    }  # fmt: skip


@pytest.mark.parametrize("path", BAD, ids=identity)
def test_bad_fixture_gives_exactly_its_finding(path: Path) -> None:
    assert said(path) == {path.parent.name}


@pytest.mark.parametrize("path", GOOD, ids=identity)
def test_good_fixture_gives_nothing(path: Path) -> None:
    assert said(path) == set()


@pytest.mark.parametrize("rule", LISTED, ids=lambda rule: rule.name)
def test_rule_has_a_page_and_fixtures(rule) -> None:  # type: ignore[no-untyped-def]
    positions = [rule.page.find(f"\n{section}\n") for section in PAGE_SECTIONS]
    assert all(position > 0 for position in positions)
    assert positions == sorted(positions)
    assert list((HERE / rule.name).glob("bad*.py"))
    assert list((HERE / rule.name).glob("good*.py"))
    assert rule.why.endswith(".")
    assert rule.fix.endswith(".")


def test_folder_and_list_agree() -> None:
    files = {path.stem for path in Path(str(family.__file__)).parent.glob("*.py")} - {"__init__"}
    assert files == {rule.name.replace("-", "_") for rule in LISTED}
    folders = {path.name for path in HERE.iterdir() if path.is_dir() and path.name != "__pycache__"}
    assert folders == set(RULES.names())


def test_a_repeated_name_raises() -> None:
    with pytest.raises(ValueError, match="two rules"):
        Registry([*LISTED, LISTED[0]])
