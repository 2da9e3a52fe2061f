"""Calling things: functions and classes of the file, methods, libraries, networks, the unknown."""

from __future__ import annotations

import ast
from dataclasses import dataclass, field
from functools import reduce
from typing import TYPE_CHECKING

from cnngui.checker.source import (
    classes,
    expressions,
    forward,
    library,
    limits,
    methods,
    modules,
    showing,
    unfollowed,
)
from cnngui.checker.source.join import join
from cnngui.checker.source.values import (
    Bound,
    ClassV,
    DictV,
    Func,
    Layer,
    Lib,
    Obj,
    Scope,
    Thing,
    Unknown,
)

if TYPE_CHECKING:
    from cnngui.checker.source.machine import Frame, Machine

NEXT = 0


@dataclass(slots=True)
class Args:
    """The arguments of a call. ``star``: there were more, of unknown number."""

    pos: list[object] = field(default_factory=list)
    kw: dict[str, object] = field(default_factory=dict)
    star: bool = False

    def get(self, index: int, name: str, default: object = None) -> object:
        """An argument by position or by name."""
        if name in self.kw:
            return self.kw[name]
        if 0 <= index < len(self.pos):
            return self.pos[index]
        return Unknown(name) if self.star else default

    def all(self) -> list[object]:
        return [*self.pos, *self.kw.values()]


def from_node(m: Machine, node: ast.Call) -> object:
    """A call as it stands in the source."""
    if isinstance(node.func, ast.Name) and node.func.id == "super":
        return _super(m, node)
    func = m.eval(node.func)
    pos, star = expressions.elements(m, node.args)
    args = Args(pos, {}, star)
    for keyword in node.keywords:
        value = m.eval(keyword.value)
        if keyword.arg is None:
            args.star |= not isinstance(value, DictV) or value.open
            if isinstance(value, DictV):
                args.kw.update((key, item) for key, item in value.items.items() if isinstance(key, str))
        else:
            args.kw[keyword.arg] = value
            showing.stored(m, keyword.arg, value, keyword.value)
    return call_args(m, func, args, node)


def _super(m: Machine, node: ast.Call) -> object:
    for frame in reversed(m.frames):
        if frame.this is not None and frame.func is not None and frame.func.owner is not None:
            return Thing("super", {"owner": frame.func.owner, "this": frame.this}, m.spot(node))
    return Unknown("super")


def call(m: Machine, func: object, pos: list[object], kw: dict[str, object], node: ast.AST) -> object:
    """Call with plain arguments."""
    return call_args(m, func, Args(pos, kw), node)


def call_args(m: Machine, func: object, args: Args, node: ast.AST) -> object:
    """Call anything."""
    m.tick()
    if isinstance(func, Func):
        return call_function(m, func, args, None, node)
    if isinstance(func, Bound):
        if isinstance(func.func, Func):
            return _method(m, func.func, func.owner, args, node)
        if isinstance(func.func, Lib):
            return library.base_method(m, func.func.path, func.owner, args, node)
        return methods.call(m, func.owner, str(func.func), args, node)
    if isinstance(func, Lib):
        return library.call(m, func.path, args, node)
    if isinstance(func, ClassV):
        return classes.instantiate(m, func, args, node)
    if isinstance(func, Layer) or (isinstance(func, Obj) and modules.is_module(func)):
        return forward.call_module(m, func, args, node)
    return _other(m, func, args, node)


def _method(m: Machine, func: Func, owner: object, args: Args, node: ast.AST) -> object:
    if func.name == "forward" and isinstance(owner, Obj) and modules.is_module(owner):
        return forward.call_module(m, owner, args, node, method=func)
    return call_function(m, func, args, owner, node)


def _other(m: Machine, func: object, args: Args, node: ast.AST) -> object:
    if isinstance(func, Obj):
        own = func.cls.lookup("__call__")
        if isinstance(own, Func):
            return call_function(m, own, args, func, node)
        if func.cls.lookup("forward") is not None:
            return call_function(m, func.cls.lookup("forward"), args, func, node)
    if isinstance(func, Thing):
        return methods.call_thing(m, func, args, node)
    return unfollowed.call(m, func, args, node)


def call_function(m: Machine, func: object, args: Args, this: object, node: ast.AST) -> object:
    """Follow a function of the file where it is called."""
    if not isinstance(func, Func) or len(m.frames) > limits.DEPTH or _in_circles(m, func, args):
        return Unknown()
    if func.kind == "context":
        return Thing("contextmanager", {"func": func, "args": args, "this": this}, m.spot(node))
    m.called.add(id(func.node))
    frame = frame_of(m, func, args, this, node)
    before, m.grad = m.grad, False if func.no_grad else m.grad
    inside, m.sequential = m.sequential, False
    m.frames.append(frame)
    try:
        if isinstance(func.node, ast.Lambda):
            return m.eval(func.node.body)
        status = m.block(func.node.body)
    finally:
        m.frames.pop()
        m.grad = before
        m.sequential = inside
    if frame.yields:
        return m.new_list(frame.yields, is_open=frame.loose, kind="generator")
    if status == NEXT and not frame.returns:
        return None
    if status == NEXT:
        frame.returns.append(None)
    return reduce(join, frame.returns) if frame.returns else Unknown()


def _in_circles(m: Machine, func: Func, args: Args) -> bool:
    """Whether a function calls itself with nothing that could ever end it, or too often."""
    turns = sum(frame.func is func for frame in m.frames)
    if not turns:
        return False
    return turns > limits.RECURSION or all(isinstance(one, Unknown) for one in args.all())


def frame_of(m: Machine, func: Func, args: Args, this: object, node: ast.AST) -> Frame:
    """A call of a function with its arguments bound, ready to be followed."""
    from cnngui.checker.source.machine import Frame

    scope = Scope({}, func.scope, None)
    _bind(m, func, args, this, scope)
    return Frame(func.name, scope, func, this, node, m.certainty)


def _bind(m: Machine, func: Func, args: Args, this: object, scope: Scope) -> None:
    arguments = func.node.args
    names = [one.arg for one in [*arguments.posonlyargs, *arguments.args]]
    pos = list(args.pos)
    if this is not None and func.kind != "static" and names:
        pos.insert(0, this)
    for name, value in zip(names, pos, strict=False):
        scope.names[name] = value
    extra = pos[len(names) :]
    if arguments.vararg is not None:
        scope.names[arguments.vararg.arg] = (
            m.new_list(extra, is_open=True, kind="tuple") if args.star else tuple(extra)
        )
    known = {*names, *(one.arg for one in arguments.kwonlyargs)}
    rest: dict[object, object] = {}
    for name, value in args.kw.items():
        if name in known:
            scope.names[name] = value
        else:
            rest[name] = value
    if arguments.kwarg is not None:
        scope.names[arguments.kwarg.arg] = DictV(rest, args.star)
    for name in known:
        if name not in scope.names:
            default = func.defaults.get(name, Unknown(name))
            scope.names[name] = Unknown(name) if args.star and not isinstance(default, Unknown) else default
