"""Reading a trace the way a training runs: which loop trains, which evaluates, in which mode.

The rules about loops are small automata over what is written here. Whatever was handed to
something that is not followed makes them silent.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from cnngui.checker.source import modules
from cnngui.checker.source.facts import Root
from cnngui.checker.source.trace import Branch, Event, Loop, Node, events, loops, own_events
from cnngui.checker.source.unfollowed import model_like
from cnngui.checker.source.values import Dataset, Layer, ListV, Loader, Obj, Optimizer, Spot, Tensor, Unknown


@dataclass(frozen=True, slots=True)
class TrainingLoop:
    """A loop that calls ``backward`` in its own turn, and the loops around it, outermost first."""

    loop: Loop
    around: tuple[Loop, ...]
    backward: Event


def training_loops(root: Root) -> Iterator[TrainingLoop]:
    """Every innermost loop that trains."""
    for loop, around in loops(root.trace):
        first = next((event for event in own_events(loop.body) if event.kind == "backward"), None)
        if first is not None:
            yield TrainingLoop(loop, around, first)


def kinds(nodes: list[Node], kind: str) -> list[Event]:
    """Every event of a kind, however deep."""
    return [event for event in events(nodes) if event.kind == kind]


def out_of_sight(nodes: list[Node]) -> bool:
    """Whether an optimiser or a network was given to something that is not followed."""
    for event in events(nodes):
        if event.kind == "maybe_step":
            return True
        if event.kind == "opaque" and (
            isinstance(event.who, Optimizer) or modules.is_module(event.who) or _by_name(event.who)
        ):
            return True
    return False


def _by_name(value: object) -> bool:
    return isinstance(value, Unknown) and (
        model_like(value)
        or any(part in value.hint.lower() for part in ("optim", "engine", "accelerator", "trainer"))
    )


def covers(zero: Event, stepped: object) -> bool:
    """Whether clearing the gradients of ``zero.who`` clears those the optimiser steps with."""
    if isinstance(zero.who, Optimizer) and isinstance(stepped, Optimizer) and zero.who is not stepped:
        if zero.who.layers is None or stepped.layers is None:
            return True
        return bool({id(one) for one in stepped.layers} & {id(one) for one in zero.who.layers})
    return True


@dataclass(frozen=True, slots=True)
class Forward:
    """One call of a network in the order things happen.

    ``trains``: a ``backward`` follows in the same turn. ``mode``: train, eval or "?".
    ``learns``: and an optimiser steps. ``ready``: the network was trained or loaded before.
    """

    event: Event
    loop: Loop | None
    around: tuple[Loop, ...]
    trains: bool
    mode: str
    set_at: Spot | None
    ready: bool
    learns: bool


TWICE = 3
"""Loops inside one another that are gone through twice each: more would double the work each time."""


_Mode = tuple[str, Spot | None]


class _Modes:
    """The mode of each network, by its id: what changed here, before what was so further out."""

    def __init__(self, outer: _Modes | None = None) -> None:
        self.outer, self.changed = outer, dict[int, _Mode]()

    def get(self, key: int) -> _Mode | None:
        here: _Modes | None = self
        while here is not None:
            if (mode := here.changed.get(key)) is not None:
                return mode
            here = here.outer
        return None

    def merge(self, arms: list[_Modes]) -> None:
        """Take in what one of the arms did: nobody knows which, so modes that differ are unknown."""
        for key in {key for arm in arms for key in arm.changed}:
            modes = [arm.get(key) or ("train", None) for arm in arms]
            same = all(mode == modes[0][0] for mode, _ in modes)
            self.changed[key] = modes[0] if same else ("?", None)


@dataclass(slots=True)
class _State:
    modes: _Modes = field(default_factory=_Modes)
    trained: bool = False
    loaded: set[int] = field(default_factory=set)


def forwards(root: Root) -> list[Forward]:
    """Every forward with the mode its network is in; loops are gone through twice.

    A function nobody calls starts with the modes the script left; nothing in it set them.
    """
    if "forwards" not in root.memo:
        found: list[Forward] = []
        state = _State()
        _walk(root.before, state, None, (), [])
        state.modes.changed = {key: (mode, None) for key, (mode, _) in state.modes.changed.items()}
        _walk(root.trace, state, None, (), found)
        root.memo["forwards"] = found
    known: list[Forward] = root.memo["forwards"]
    return known


def _walk(
    nodes: list[Node], state: _State, loop: Loop | None, around: tuple[Loop, ...], found: list[Forward]
) -> None:
    for index, node in enumerate(nodes):
        if isinstance(node, Event):
            _event(node, nodes[index + 1 :] if node.kind == "forward" else [], state, loop, around, found)
        elif isinstance(node, Loop):
            inside = (*around, loop) if loop is not None else around
            for _ in range(2 if len(inside) < TWICE else 1):
                _walk(node.body, state, node, inside, found)
        else:
            _branch(node, state, loop, around, found)


def _branch(
    node: Branch, state: _State, loop: Loop | None, around: tuple[Loop, ...], found: list[Forward]
) -> None:
    before = state.modes
    arms = []
    for arm in node.arms:
        state.modes = _Modes(before)
        _walk(arm, state, loop, around, found)
        arms.append(state.modes)
    state.modes = before
    before.merge(arms)


def _event(event: Event, later: list[Node], state: _State, loop: Loop | None, around: tuple[Loop, ...],
           found: list[Forward]) -> None:  # fmt: skip
    if event.kind in {"train", "eval", "mode"}:
        mode = {"mode": "?"}.get(event.kind, event.kind)
        for one in _family(event.who):
            state.modes.changed[id(one)] = (mode, event.at)
    elif event.kind == "backward":
        state.trained = True
    elif event.kind == "load":
        state.loaded.update(id(one) for one in _family(event.who))
    elif event.kind == "opaque" and (not isinstance(event.who, Unknown) or model_like(event.who)):
        for one in _family(event.who):
            state.modes.changed[id(one)] = ("?", None)
    elif event.kind == "forward":
        net = event.who
        mode, at = state.modes.get(id(net)) or ("train" if not isinstance(net, Unknown) else "?", None)
        inside = list(loop.body) if loop is not None else later
        trains = _goes_back(inside) or (loop is not None and bool(around) and _accumulates(loop, around[-1]))
        ready = state.trained or id(net) in state.loaded or modules.pretrained(net)
        bodies = [one.body for one in (*around, loop) if one is not None] or [later]
        learns = trains and any(one.kind in {"step", "maybe_step", "opaque"} for one in events(bodies[0]))
        found.append(Forward(event, loop, around, trains, mode, at, ready, learns))


def _goes_back(nodes: list[Node]) -> bool:
    """Whether a turn trains: ``backward`` or ``step``, be it in a loop of its own over several losses."""
    if any(one.kind in {"backward", "step"} for one in own_events(nodes)):
        return True
    for loop, _ in loops(nodes):
        inside = {one.kind for one in events(loop.body)}
        if "backward" in inside and "forward" not in inside:
            return True
    return False


def _accumulates(loop: Loop, outer: Loop) -> bool:
    """Whether an outer loop calls ``backward`` in its own turn after an inner one that only went forward."""
    seen = False
    for node in outer.body:
        if node is loop:
            seen = True
        elif seen and isinstance(node, Event) and node.kind == "backward":
            return True
    return False


def _family(who: object) -> list[object]:
    """A module and every module below it."""
    if isinstance(who, (Layer, Obj)):
        return [one for _, one in modules.walk(who)]
    return [who]


def over_data(loop: Loop | None) -> bool:
    """Whether a loop runs over batches of a loader."""
    if loop is None:
        return False
    if isinstance(loop.over, (Loader, Dataset)):
        return True
    if isinstance(loop.over, Unknown):
        name = loop.over.hint.lower()
        return (
            "load" in name
            or name.endswith(("_dl", "dl", "_iter", "dataset"))
            or name in {"data", "batches", "ds"}
        )
    return False


def smoke(value: object, depth: int = 0) -> bool:
    """Whether the input is made-up numbers: a trial run."""
    if isinstance(value, (tuple, ListV)):
        return depth < 3 and any(
            smoke(one, depth + 1) for one in (value if isinstance(value, tuple) else value.items)
        )
    return isinstance(value, Tensor) and value.random and value.data is None
