"""Adding a folder rule: a file, its page, and its line in the list."""

import importlib
import pkgutil
from itertools import pairwise

import pytest

from cnngui.checker.folder import AFTER_COMPARISON, AFTER_LOOK, AFTER_SCAN
from cnngui.checker.folder_facts import FolderFacts
from cnngui.checker.rule import PAGE_SECTIONS, Kind, Rule
from cnngui.checker.rules import data
from cnngui.checker.rules.data import LISTED, RULES


def test_the_folder_and_the_list_name_the_same_rules() -> None:
    modules = {module.name for module in pkgutil.iter_modules(data.__path__)}
    assert modules == {rule.name.replace("-", "_") for rule in RULES}
    for name in modules:
        module = importlib.import_module(f"{data.__name__}.{name}")
        assert module.check in LISTED


@pytest.mark.parametrize("rule", LISTED, ids=lambda rule: rule.name)
def test_each_rule_has_its_page_and_a_place_in_the_order_of_work(rule: Rule[FolderFacts]) -> None:
    assert rule.kind is Kind.DATA
    assert rule.group in (*AFTER_SCAN, *AFTER_LOOK, *AFTER_COMPARISON)
    lines = rule.page.splitlines()
    assert [line for line in lines if line in PAGE_SECTIONS] == list(PAGE_SECTIONS)
    for before, after in pairwise(lines):
        if before in PAGE_SECTIONS:
            assert after.strip(), f"{rule.name}: nothing under “{before}”"
    assert rule.title.endswith(".")
    assert rule.why.endswith(".")
    assert rule.fix.endswith(".")
