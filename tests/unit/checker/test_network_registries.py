"""The lists of model and run rules: every file is listed, every page is whole."""

from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from cnngui.checker.rule import PAGE_SECTIONS, Kind, Registry, Rule
from cnngui.checker.rules import model, run

FAMILIES: list[tuple[ModuleType, Registry[Any], Kind]] = [
    (model, model.RULES, Kind.MODEL),
    (run, run.RULES, Kind.RUN),
]
EVERY = [(rule.name, rule, kind) for _, rules, kind in FAMILIES for rule in rules]


@pytest.mark.parametrize(("package", "rules", "kind"), FAMILIES, ids=["model", "run"])
def test_the_list_and_the_folder_agree(package: ModuleType, rules: Registry[Any], kind: Kind) -> None:
    folder = Path(str(package.__file__)).parent
    files = {path.stem.replace("_", "-") for path in folder.glob("*.py")} - {"--init--"}
    assert files == set(rules.names())


@pytest.mark.parametrize(("name", "rule", "kind"), EVERY, ids=[f"{kind}-{name}" for name, _, kind in EVERY])
def test_a_rule_has_a_whole_page(name: str, rule: Rule[Any], kind: Kind) -> None:
    page = rule.page
    places = [page.find(f"\n{section}\n") for section in PAGE_SECTIONS]
    assert min(places) > 0
    assert places == sorted(places)
    assert page.splitlines()[0].endswith(".")
    assert rule.kind is kind
    assert rule.why.endswith(".")
    assert rule.fix.endswith(".")
