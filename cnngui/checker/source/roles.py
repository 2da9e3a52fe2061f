"""Which loaders a script trains from and which it only evaluates."""

from __future__ import annotations

from cnngui.checker.source.facts import SourceFacts
from cnngui.checker.source.training import forwards
from cnngui.checker.source.values import Loader

EVALUATES = ("test", "val", "eval", "dev", "holdout")


def _by_trace(facts: SourceFacts) -> tuple[dict[int, Loader], dict[int, Loader]]:
    training: dict[int, Loader] = {}
    evaluating: dict[int, Loader] = {}
    for root in facts.roots:
        for one in forwards(root):
            over = one.loop.over if one.loop is not None else None
            if isinstance(over, Loader) and (one.learns or not one.trains):
                (training if one.learns else evaluating)[id(over)] = over
    return training, evaluating


def named(loader: Loader, *parts: str) -> bool:
    """Whether one of the names it was given holds one of the parts."""
    return any(part in str(name).lower() for name in loader.names for part in parts)


def training_loaders(facts: SourceFacts) -> list[Loader]:
    """Loaders a loop with ``backward`` runs over; those no loop uses, by their name."""
    training, evaluating = _by_trace(facts)
    unused = [one for one in facts.loaders if id(one) not in training and id(one) not in evaluating]
    return [
        *training.values(),
        *(one for one in unused if named(one, "train") and not named(one, *EVALUATES)),
    ]


def evaluation_loaders(facts: SourceFacts) -> list[Loader]:
    """Loaders that are only evaluated; those no loop uses, by their name."""
    training, evaluating = _by_trace(facts)
    used = [one for key, one in evaluating.items() if key not in training]
    unused = [one for one in facts.loaders if id(one) not in training and id(one) not in evaluating]
    return [*used, *(one for one in unused if named(one, *EVALUATES) and not named(one, "train"))]
