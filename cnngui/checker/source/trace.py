"""What a training script does, in order: events inside loops and branches.

Calls into functions of the file are followed where they stand, so a loop that calls ``train()``
holds the events of ``train()``.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from cnngui.checker.source.values import Spot


@dataclass(frozen=True, slots=True, eq=False)
class Event:
    """One step of a training.

    ``kind``: forward, backward, zero_grad, step, sched_step, train, eval, freeze, load, opaque
    (something that is not followed was given ``who``), replace (a layer was put into a network), lightning.
    ``grad`` says whether gradients were recorded; ``value`` is what went in or came out.
    """

    kind: str
    at: Spot
    who: object
    value: object = None
    grad: bool = True
    extra: object = None


@dataclass(slots=True, eq=False)
class Loop:
    """A loop that was followed once for all its turns. ``over`` is what it runs over."""

    at: Spot
    over: object
    body: list[Node] = field(default_factory=list)
    epochs: object = None
    names: tuple[str, ...] = ()


@dataclass(slots=True, eq=False)
class Branch:
    """A condition that is not known: what happens in each arm."""

    at: Spot
    arms: list[list[Node]] = field(default_factory=list)


Node = Event | Loop | Branch


def events(nodes: list[Node]) -> Iterator[Event]:
    """Every event below, in the order of the source."""
    for node in nodes:
        if isinstance(node, Event):
            yield node
        elif isinstance(node, Loop):
            yield from events(node.body)
        else:
            for arm in node.arms:
                yield from events(arm)


def loops(nodes: list[Node], around: tuple[Loop, ...] = ()) -> Iterator[tuple[Loop, tuple[Loop, ...]]]:
    """Every loop below with the loops around it, outermost first."""
    for node in nodes:
        if isinstance(node, Loop):
            yield node, around
            yield from loops(node.body, (*around, node))
        elif isinstance(node, Branch):
            for arm in node.arms:
                yield from loops(arm, around)


def own_events(nodes: list[Node]) -> Iterator[Event]:
    """The events of one turn: branches are looked into, loops inside are not."""
    for node in nodes:
        if isinstance(node, Event):
            yield node
        elif isinstance(node, Branch):
            for arm in node.arms:
                yield from own_events(arm)


def always(nodes: list[Node]) -> Iterator[Event]:
    """The events that happen in every turn: neither under a condition nor in a loop inside."""
    return (node for node in nodes if isinstance(node, Event))
