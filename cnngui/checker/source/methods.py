"""Methods of values that are not instances of the file's classes: lists, strings, optimisers, tensors."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from cnngui.checker.source import (
    calls,
    functional,
    iteration,
    lightning,
    module_methods,
    modules,
    optim,
    parsers,
    tensor_ops,
    transforms,
)
from cnngui.checker.source.targets import grown
from cnngui.checker.source.values import (
    Dataset,
    DictV,
    Layer,
    ListV,
    Loader,
    Obj,
    Optimizer,
    Param,
    Params,
    Pic,
    Tensor,
    Thing,
    Unknown,
    as_int,
)

if TYPE_CHECKING:
    from cnngui.checker.source.calls import Args
    from cnngui.checker.source.machine import Machine

TEXT = frozenset({"lower", "upper", "split", "startswith", "endswith", "strip", "replace", "join", "title",
    "lstrip",
                  "rstrip", "isdigit", "count", "find", "partition", "rpartition", "capitalize"})  # fmt: skip


def call(m: Machine, owner: object, name: str, args: Args, node: ast.AST) -> object:
    """``owner.name(*args)``."""
    if isinstance(owner, Tensor):
        return tensor_ops.apply(m, name, owner, args, node)
    if isinstance(owner, Layer) or (isinstance(owner, Obj) and modules.is_module(owner)):
        handler = module_methods.TABLE.get(name)
        return handler(m, owner, args, node) if handler else Unknown(name)
    if isinstance(owner, ListV):
        return _list(m, owner, name, args, node)
    if isinstance(owner, DictV):
        return _dict(m, owner, name, args)
    if isinstance(owner, str):
        return _text(m, owner, name, args)
    if isinstance(owner, Optimizer):
        return optim.method(m, owner, name, args, node)
    if isinstance(owner, Thing):
        return _thing(m, owner, name, args, node)
    return _data(m, owner, name, args, node)


def _data(m: Machine, owner: object, name: str, args: Args, node: ast.AST) -> object:
    if isinstance(owner, Pic):
        return functional.picture_method(m, owner, name, args)
    if isinstance(owner, Param):
        if name == "requires_grad_":
            module_methods.freeze(m, owner.group, args.get(0, "requires_grad", True), node)
        return owner if name in {"requires_grad_", "to", "cuda"} else Unknown(name)
    if isinstance(owner, tuple) and name == "index":
        return Unknown()
    if isinstance(owner, (Dataset, Loader, Params)):
        return Unknown(name, parent=owner)
    return Unknown(name)


def _list(m: Machine, owner: ListV, name: str, args: Args, node: ast.AST) -> object:
    if name in {"append", "add"}:
        value = args.get(0, "object")
        value = (
            grown(m, node, "a list", value, value, "appended")
            if isinstance(value, Tensor)
            else _kept(m, value, node)
        )
        m.touch(owner).items.append(value)
        return None
    if name in {"extend", "update"}:
        added = iteration.known_items(m, args.get(0, "iterable"))
        m.touch(owner).items.extend(added or [])
        owner.open |= added is None
        return None
    if name == "insert":
        place = as_int(args.get(0, "index"))
        m.touch(owner)
        if place is None:
            owner.open = True
        else:
            owner.items.insert(place, args.get(1, "object"))
        return None
    return _list_rest(m, owner, name, args)


def _kept(m: Machine, value: object, node: ast.AST) -> object:
    if isinstance(value, Unknown):
        grown(m, node, "a list", value, value, "appended")
    return value


def _list_rest(m: Machine, owner: ListV, name: str, args: Args) -> object:
    if name == "pop":
        place = as_int(args.get(0, "index", -1))
        m.touch(owner)
        if place is not None and not owner.open and -len(owner.items) <= place < len(owner.items):
            return owner.items.pop(place)
        owner.open = True
        return Unknown()
    if name == "copy":
        return m.new_list(list(owner.items), is_open=owner.open, kind=owner.kind)
    if name in {"clear"}:
        m.touch(owner).items.clear()
        return None
    if name in {"sort", "reverse", "remove"}:
        m.touch(owner)
        if name == "reverse":
            owner.items.reverse()
        else:
            owner.open = True
        return None
    return Unknown()


def _dict(m: Machine, owner: DictV, name: str, args: Args) -> object:
    if name in {"get", "pop", "setdefault"}:
        key = args.get(0, "key")
        try:
            if key in owner.items:
                return owner.items[key]
        except TypeError:
            return Unknown()
        if owner.open or isinstance(key, Unknown):
            return Unknown(hint=key if isinstance(key, str) else "")
        fallback = args.get(1, "default")
        if name == "setdefault":
            m.put(owner.items, key, fallback)
        return fallback
    if name == "items":
        return m.new_list([(key, value) for key, value in owner.items.items()], is_open=owner.open)
    if name == "keys":
        return m.new_list(list(owner.items), is_open=owner.open)
    if name == "values":
        return m.new_list(list(owner.items.values()), is_open=owner.open)
    if name == "update":
        _update(m, owner, args)
        return None
    return DictV(dict(owner.items), owner.open) if name == "copy" else Unknown()


def _update(m: Machine, owner: DictV, args: Args) -> None:
    other = args.get(0, "other")
    if isinstance(other, DictV):
        for key, value in other.items.items():
            m.put(owner.items, key, value)
    owner.open |= other is not None and (not isinstance(other, DictV) or other.open)
    for text, value in args.kw.items():
        m.put(owner.items, text, value)


def _text(m: Machine, owner: str, name: str, args: Args) -> object:
    if name in TEXT and not args.kw and not args.star:
        plain: list[object] = []
        for one in args.pos:
            items = iteration.known_items(m, one) if isinstance(one, ListV) else None
            plain.append(items if items is not None else one)
        if all(isinstance(one, (str, tuple, int, list)) for one in plain):
            try:
                result = getattr(owner, name)(*plain)
            except (TypeError, ValueError):
                return Unknown(tag="text")
            return m.new_list(list(result)) if isinstance(result, list) else result
    return Unknown(tag="text")


def _thing(m: Machine, owner: Thing, name: str, args: Args, node: ast.AST) -> object:
    if owner.kind.startswith("schedule."):
        return optim.scheduler_method(m, owner, name, args, node)
    if owner.kind == "GradScaler":
        return optim.scaler_method(m, owner, name, args, node)
    if owner.kind == "ArgumentParser":
        return parsers.method(m, owner, name, args)
    if owner.kind == "weights":
        return Thing("transform.Preset", {}, m.spot(node)) if name == "transforms" else Unknown(name)
    if owner.kind in {"enumerate", "zip", "iterator"}:
        if name in {"__next__", "next"}:
            return iteration.element(m, owner, node)
        return Unknown(name)
    if owner.kind == "lightning.Trainer" and name == "fit":
        module = args.get(0, "model")
        if isinstance(module, Obj) and lightning.is_module(module):
            data = args.get(1, "train_dataloaders", args.kw.get("datamodule"))
            lightning.fit(m, module, data, args.get(2, "val_dataloaders"), node)
    return Unknown(name)


def call_thing(m: Machine, thing: Thing, args: Args, node: ast.AST) -> object:
    """Call an instance of a library class."""
    if transforms.is_transform(thing):
        return transforms.apply(m, thing, args.get(0, "img"), node)
    if thing.kind == "partial":
        stored = thing.config["args"]
        assert isinstance(stored, calls.Args)
        merged = calls.Args([*stored.pos[1:], *args.pos], {**stored.kw, **args.kw}, stored.star or args.star)
        return calls.call_args(m, thing.config["func"], merged, node)
    if thing.kind.startswith(("torch.", "autocast")):
        return args.get(0, "func")
    return Unknown()
