"""Making functions, classes and instances."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from cnngui.checker.source import calls, layers, modules
from cnngui.checker.source.values import (
    Bound,
    ClassV,
    Func,
    Lib,
    Obj,
    Scope,
    Thing,
    Unknown,
)

if TYPE_CHECKING:
    from cnngui.checker.source.machine import Machine

NO_GRAD = frozenset({"torch.no_grad", "torch.inference_mode"})


def make_function(m: Machine, node: ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda) -> Func:
    """A function with its defaults evaluated where it stands."""
    scope = m.frame.scope
    owner = scope.owner if scope.owner is not None and scope.names is scope.owner.attrs else None
    home = scope.parent if owner is not None and scope.parent is not None else scope
    func = Func(node, home, getattr(node, "name", "lambda"), owner)
    arguments = node.args
    positional = [*arguments.posonlyargs, *arguments.args]
    first = len(positional) - len(arguments.defaults)
    for argument, default in zip(positional[first:], arguments.defaults, strict=True):
        func.defaults[argument.arg] = m.eval(default)
    for argument, keyword_default in zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True):
        if keyword_default is not None:
            func.defaults[argument.arg] = m.eval(keyword_default)
    if not isinstance(node, ast.Lambda):
        _decorate(m, func, node.decorator_list)
        m.functions.append(func)
    return func


def _decorate(m: Machine, func: Func, decorators: list[ast.expr]) -> None:
    for one in decorators:
        name = one.attr if isinstance(one, ast.Attribute) else one.id if isinstance(one, ast.Name) else ""
        if name in {"staticmethod"}:
            func.kind = "static"
        elif name == "classmethod":
            func.kind = "class"
        elif name in {"contextmanager", "asynccontextmanager"}:
            func.kind = "context"
        elif name in {"property", "cached_property"}:
            func.kind = "property"
        else:
            made = m.eval(one)
            if (isinstance(made, Thing) and made.kind in NO_GRAD) or (
                isinstance(made, Lib) and made.path in NO_GRAD
            ):
                func.no_grad = True


def make_class(m: Machine, node: ast.ClassDef) -> ClassV:
    """A class: its bases, and its body followed in a scope of its own."""
    bases = tuple(m.eval(base) for base in node.bases if not isinstance(base, ast.Starred))
    made = ClassV(node.name, node, bases, {})
    for base in bases:
        if isinstance(base, Lib) and not made.lib:
            made.lib = base.path
        elif isinstance(base, ClassV) and not made.lib:
            made.lib = base.lib
    frame = m.frame
    outer = frame.scope
    frame.scope = Scope(made.attrs, outer, made)
    try:
        m.block(node.body)
    finally:
        frame.scope = outer
    decorated = any(_decorator_name(one) == "dataclass" for one in node.decorator_list)
    inherited = [name for base in bases if isinstance(base, ClassV) and base.fields for name in base.fields]
    if decorated or made.lib in {"typing.NamedTuple"} or inherited:
        own = [
            part.target.id
            for part in node.body
            if isinstance(part, ast.AnnAssign) and isinstance(part.target, ast.Name)
        ]
        made.fields = list(dict.fromkeys([*inherited, *own]))
    m.classes.append(made)
    return made


def _decorator_name(node: ast.expr) -> str:
    if isinstance(node, ast.Call):
        node = node.func
    return node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""


def instantiate(m: Machine, cls: ClassV, args: calls.Args, node: ast.AST) -> object:
    """Call a class of the file."""
    m.instantiated.add(id(cls))
    made = Obj(cls, {}, at=m.spot(node))
    m.facts.objects.append(made)
    init = cls.lookup("__init__")
    if isinstance(init, Func):
        calls.call_args(m, Bound(init, made), args, node)
    elif cls.fields is not None:
        _fill_fields(m, made, args)
    elif cls.lib:
        build_base(m, made, args, node)
    return made


def _fill_fields(m: Machine, made: Obj, args: calls.Args) -> None:
    assert made.cls.fields is not None
    for name, value in zip(made.cls.fields, args.pos, strict=False):
        made.attrs[name] = value
    made.attrs.update(args.kw)
    for name in made.cls.fields:
        if name not in made.attrs:
            default = made.cls.lookup(name)
            if isinstance(default, Thing) and default.kind == "dataclasses.field":
                factory = default.config.get("default_factory")
                default = (
                    calls.call(m, factory, [], {}, made.cls.node)
                    if factory
                    else default.config.get("default")
                )
            known = any(name in one.attrs for one in made.cls.line())
            made.attrs[name] = default if known and not args.star else Unknown(name)
    after = made.cls.lookup("__post_init__")
    if isinstance(after, Func):
        calls.call(m, Bound(after, made), [], {}, made.cls.node)


def build_base(m: Machine, made: Obj, args: calls.Args, node: ast.AST) -> None:
    """The library layer below an instance: ``class Block(nn.Sequential)``."""
    if modules.is_module_class(made.cls.lib) and made.cls.lib != "torch.nn.Module":
        base = layers.build(m, made.cls.lib.rpartition(".")[2], args, node)
        if base is not None:
            made.base = base
