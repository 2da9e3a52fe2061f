"""The interpreter's state: scopes, the trace being written, and changes that can be taken back.

The machine follows a script the way Python would run it, with abstract values. A condition that is
not known is followed down both arms: what an arm changed is taken back before the other is tried,
and then the two are joined. Work per file is bounded (``limits``); what was not reached when a bound
is used up stays unknown.
"""

from __future__ import annotations

import ast
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from cnngui.checker.source import expressions, limits, statements
from cnngui.checker.source.facts import Skipped, SourceFacts
from cnngui.checker.source.join import join
from cnngui.checker.source.sizes import Dim, Size, fresh
from cnngui.checker.source.trace import Branch, Event, Node
from cnngui.checker.source.values import MISSING, ClassV, Func, Layer, ListV, Scope, Spot, Unknown

NEXT, RETURN, BREAK, CONTINUE, RAISE = range(5)


class OutOfBudget(Exception):  # noqa: N818  not an error: the file is larger than its budget
    """The file is larger than its budget: stop following, keep what was seen."""


@dataclass(slots=True, eq=False)
class Frame:
    """One call of a function of the file."""

    name: str
    scope: Scope
    func: Func | None = None
    this: object = None
    site: ast.AST | None = None
    certainty: tuple[int, int] = (0, 0)
    loose: bool = False
    returns: list[object] = field(default_factory=list)
    yields: list[object] = field(default_factory=list)


class Machine:
    """Follows one file. ``size`` and ``classes`` are what the person said on the command line."""

    def __init__(self, size: int | None = None, classes: int | None = None) -> None:
        self.facts = SourceFacts(class_count=classes)
        self.size = size
        self.module = Scope({})
        self.frames: list[Frame] = [Frame("", self.module)]
        self.trace: list[Node] = []
        self.grad: bool | None = True
        self.forward_depth = 0
        self.loop_depth = 0
        self.line_of: dict[int, int] = {}
        self.eventful_names: frozenset[str] = frozenset()
        self.called: set[int] = set()
        self.functions: list[Func] = []
        self.classes: list[ClassV] = []
        self.instantiated: set[int] = set()
        self.sequential = False
        self.uneven: set[Size] = set()
        self._sizes: dict[object, Size] = {}
        self._journal: list[dict[tuple[int, object], tuple[object, object, object]]] = []
        self._steps = 0
        self._numbers = 0
        self._limit = limits.STEPS
        self._deadline = time.thread_time() + limits.SECONDS
        self._skipped: set[str] = set()

    # budget -----------------------------------------------------------------------------------

    def tick(self) -> None:
        """Count one step; raise :class:`OutOfBudget` when there are none left."""
        self._steps += 1
        if self._steps > self._limit or (not self._steps % 256 and time.thread_time() > self._deadline):
            raise OutOfBudget

    def allow(self, seconds: float, steps: int) -> None:
        """Bound what comes next more tightly than the whole file."""
        self._deadline = min(self._deadline, time.thread_time() + seconds)
        self._limit = min(self._limit, self._steps + steps)

    # places -----------------------------------------------------------------------------------

    @property
    def frame(self) -> Frame:
        return self.frames[-1]

    def spot(self, node: ast.AST) -> Spot:
        return Spot(getattr(node, "lineno", 0), getattr(node, "col_offset", 0), self.frame.name)

    def used_at(self, node: ast.AST, layer: Layer | None) -> Spot:
        """Where a layer is used: the call, or its own line where a Sequential calls it."""
        return layer.at if self.sequential and layer is not None else self.spot(node)

    def skip(self, node: ast.AST, text: str) -> None:
        """Note once what could not be followed."""
        if text not in self._skipped and len(self._skipped) < 50:
            self._skipped.add(text)
            self.facts.skipped.append(Skipped(getattr(node, "lineno", 0), text))

    # names and changes ------------------------------------------------------------------------

    def put(self, holder: dict[object, object], key: object, value: object) -> None:
        """Set an entry of a dictionary that describes a scope or an object."""
        if self._journal:
            changes = self._journal[-1]
            mark = (id(holder), key)
            if mark not in changes:
                changes[mark] = (holder, key, holder.get(key, MISSING))
        holder[key] = value

    def touch(self, many: ListV) -> ListV:
        """Announce a change of a list, so that it can be taken back; in a loop followed once it opens."""
        if self._journal:
            changes = self._journal[-1]
            mark = (id(many), None)
            if mark not in changes:
                changes[mark] = (many, None, (list(many.items), many.open))
        if self.loop_depth > many.depth or len(many.items) > limits.ITEMS:
            many.open = True
        return many

    def new_list(self, items: list[object], *, is_open: bool = False, kind: str = "list") -> ListV:
        """A new list made here."""
        return ListV(items[: limits.ITEMS], is_open or len(items) > limits.ITEMS, kind, self.loop_depth)

    def assign(self, name: str, value: object) -> None:
        """Bind a name in the present scope, minding ``global`` and ``nonlocal``."""
        scope = self.frame.scope
        if name in scope.outer_names:
            outer = scope.parent
            while outer is not None and outer.parent is not None and name not in outer.names:
                outer = outer.parent
            scope = outer or scope
        self.put(scope.names, name, value)

    def lookup(self, name: str) -> object:
        """What a name stands for, or MISSING."""
        scope: Scope | None = self.frame.scope
        while scope is not None:
            found = scope.names.get(name, MISSING)
            if found is not MISSING:
                return found
            scope = scope.parent
        return MISSING

    # branches ---------------------------------------------------------------------------------

    def attempt(
        self, work: Callable[[], int]
    ) -> tuple[int, dict[tuple[int, object], tuple[object, object, object]]]:
        """Do the work, take every change back, and give its status and what it had changed to."""
        self._journal.append({})
        status = RAISE
        try:
            status = work()
        finally:
            changes = self._journal.pop()
            made: dict[tuple[int, object], tuple[object, object, object]] = {}
            for mark, (holder, key, old) in changes.items():
                made[mark] = (holder, key, _restore(holder, key, old))
        return status, made

    def fork(self, node: ast.AST, arms: list[Callable[[], int]]) -> int:
        """Follow every arm from the same state, then go on with the join of those that come through."""
        branch, outer = Branch(self.spot(node)), self.trace
        outcomes = []
        try:
            for arm in arms:
                self.trace = []
                branch.arms.append(self.trace)
                outcomes.append(self.attempt(arm))
        finally:
            self.trace = outer
            if any(branch.arms):
                outer.append(branch)
        live = [changes for status, changes in outcomes if status == NEXT]
        if not live:
            statuses = [status for status, _ in outcomes]
            return next((one for one in (CONTINUE, BREAK, RETURN) if one in statuses), RAISE)
        self._merge(live)
        return NEXT

    def _merge(self, live: list[dict[tuple[int, object], tuple[object, object, object]]]) -> None:
        marks = dict.fromkeys(mark for changes in live for mark in changes)
        for mark in marks:
            holder, key, _ = next(changes[mark] for changes in live if mark in changes)
            if isinstance(holder, ListV):
                versions = [
                    changes[mark][2] if mark in changes else (holder.items, holder.open) for changes in live
                ]
                self._merge_list(holder, versions)
            elif isinstance(holder, dict):
                old = holder.get(key, MISSING)
                values = [changes[mark][2] if mark in changes else old for changes in live]
                merged = values[0]
                for value in values[1:]:
                    merged = join(merged, value)
                if merged is not MISSING:
                    self.put(holder, key, merged)

    def _merge_list(self, holder: ListV, versions: list[object]) -> None:
        self.touch(holder)
        longest: list[object] = []
        is_open, lengths = False, set()
        for version in versions:
            if isinstance(version, tuple):
                items, opened = version
                is_open = is_open or opened
                lengths.add(len(items))
                longest = items if len(items) >= len(longest) else longest
        holder.items, holder.open = list(longest), is_open or len(lengths) > 1

    @contextmanager
    def watching(self) -> Iterator[dict[tuple[int, object], tuple[object, object, object]]]:
        """Collect what a stretch of work changes; the changes stay."""
        changes: dict[tuple[int, object], tuple[object, object, object]] = {}
        self._journal.append(changes)
        try:
            yield changes
        finally:
            self._journal.pop()
            if self._journal:
                for mark, change in changes.items():
                    self._journal[-1].setdefault(mark, change)

    # work -------------------------------------------------------------------------------------

    def eval(self, node: ast.expr) -> object:
        """The abstract value of an expression."""
        self.tick()
        handler = expressions.TABLE.get(type(node))
        return handler(self, node) if handler else Unknown()

    def block(self, nodes: list[ast.stmt]) -> int:
        """Follow statements until one of them leaves; NEXT if none does."""
        for node in nodes:
            self.tick()
            handler = statements.TABLE.get(type(node))
            status = handler(self, node) if handler else NEXT
            if status:
                return status
        return NEXT

    def event(
        self, kind: str, node: ast.AST, who: object, value: object = None, extra: object = None
    ) -> None:
        """Write one event into the trace."""
        self.trace.append(Event(kind, self.spot(node), who, value, self.grad is not False, extra))

    def next_number(self) -> int:
        """A number nothing else has, for tracing what a value was made of."""
        self._numbers += 1
        return self._numbers

    @property
    def certainty(self) -> tuple[int, int]:
        """How many loops and branches that are not known stand around."""
        return self.loop_depth, len(self._journal)

    def size_of(self, key: object) -> Size:
        """The same unknown size for the same computation on the same unknown size."""
        found = self._sizes.get(key)
        if found is None:
            found = self._sizes[key] = fresh()
        return found

    def side(self) -> Dim:
        """The side of a picture nothing says the size of: what the person said, or unknown."""
        return self.size if self.size is not None else fresh("h")


def _restore(holder: object, key: object, old: object) -> object:
    """Put the old entry back and give the one that was there."""
    if isinstance(holder, ListV):
        now: object = (holder.items, holder.open)
        if isinstance(old, tuple):
            holder.items, holder.open = list(old[0]), bool(old[1])
        return now
    if isinstance(holder, dict):
        now = holder.get(key, MISSING)
        if old is MISSING:
            holder.pop(key, None)
        else:
            holder[key] = old
        return now
    return MISSING
