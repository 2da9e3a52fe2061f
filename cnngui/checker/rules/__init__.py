"""The rules, by kind of target: one file per rule, listed explicitly by each family."""

from collections.abc import Iterable, Iterator
from typing import Any

from cnngui.checker.rule import Kind, Rule


def listed(kinds: Iterable[Kind]) -> Iterator[Rule[Any]]:
    """Every rule of these kinds of target, in order; a family is loaded when it is asked for."""
    for kind in kinds:
        if kind is Kind.SOURCE:
            from cnngui.checker.rules import source

            yield from source.RULES
        elif kind is Kind.DATA:
            from cnngui.checker.rules import data

            yield from data.RULES
        elif kind is Kind.MODEL:
            from cnngui.checker.rules import model

            yield from model.RULES
        else:
            from cnngui.checker.rules import run

            yield from run.RULES
