"""Reading and writing attributes: ``value.name``."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from cnngui.checker.source import calls, datasets, imports, module_methods, modules, python_lib, tensors
from cnngui.checker.source.values import (
    MISSING,
    Bound,
    ClassV,
    Dataset,
    DictV,
    Func,
    Layer,
    Lib,
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
)

if TYPE_CHECKING:
    from cnngui.checker.source.machine import Machine


def get(m: Machine, value: object, name: str, node: ast.AST) -> object:
    """``value.name``."""
    if isinstance(value, Tensor):
        return tensors.attribute(m, value, name, node)
    if isinstance(value, Obj):
        return _of_object(m, value, name, node)
    if isinstance(value, Layer):
        return _of_layer(value, name)
    if isinstance(value, Lib):
        path = imports.canonical(f"{value.path}.{name}")
        return python_lib.CONSTANTS.get(path, Lib(path))
    if isinstance(value, ClassV):
        return _of_class(value, name)
    if isinstance(value, Unknown):
        return Unknown(hint=name, reason="", parent=value)
    if isinstance(value, Thing):
        return _of_thing(m, value, name, node)
    return _of_data(value, name)


def _of_data(value: object, name: str) -> object:
    if isinstance(value, Dataset):
        return _of_dataset(value, name)
    if isinstance(value, Loader):
        return value.dataset if name == "dataset" else value.config.get(name, Bound(name, value))
    if isinstance(value, Optimizer) and name == "param_groups":
        # Whoever reads the groups may set the learning rate by hand.
        value.config["by_hand"] = True
        return Unknown("param_groups", parent=value)
    if isinstance(value, Param):
        if name == "requires_grad":
            frozen = {layer.state.get("frozen", False) for _, layer in value.group.entries}
            known = next(iter(frozen)) if len(frozen) == 1 else None
            return Unknown(name) if known is None else not known
        return Unknown(name, parent=value) if name in {"grad", "data", "shape"} else Bound(name, value)
    if isinstance(value, Pic):
        return _of_picture(value, name)
    if isinstance(value, tuple):
        return _of_tuple(value, name)
    if isinstance(value, (ListV, DictV, str, Optimizer, Params, Func, bytes)):
        return Bound(name, value)
    if isinstance(value, Bound):
        return Unknown(name, parent=value.owner)
    return Unknown(name)


def _of_object(m: Machine, value: Obj, name: str, node: ast.AST) -> object:
    found = value.attrs.get(name, MISSING)
    if found is not MISSING:
        return found
    inherited = value.cls.lookup(name)
    if inherited is not None or any(name in one.attrs for one in value.cls.line()):
        return bind(m, inherited, value, node)
    if isinstance(value.base, Layer):
        base = _of_layer(value.base, name)
        if not isinstance(base, Unknown):
            return Bound(name, value) if isinstance(base, Bound) else base
    if modules.is_module(value) and name in module_methods.TABLE:
        return Bound(name, value)
    if name == "__class__":
        return value.cls
    if name == "training":
        return Unknown("training")
    getter = value.cls.lookup("__getattr__")
    if isinstance(getter, Func) and value.cls.lib == "":
        return calls.call(m, Bound(getter, value), [name], {}, node)
    return Unknown(name, parent=value)


def bind(m: Machine, found: object, value: Obj, node: ast.AST) -> object:
    """A class attribute read through an instance."""
    if isinstance(found, Func):
        if found.kind == "property":
            return calls.call(m, Bound(found, value), [], {}, node)
        if found.kind == "static":
            return found
        return Bound(found, value.cls if found.kind == "class" else value)
    return found


def _of_layer(value: Layer, name: str) -> object:
    if name in value.children:
        return value.children[name]
    if name in module_methods.TABLE:
        return Bound(name, value)
    if name in value.config:
        return value.config[name]
    if name in {"weight", "bias"}:
        return Param(Params([(name, value)], value))
    return Unknown(name, parent=value)


def _of_class(value: ClassV, name: str) -> object:
    found = value.lookup(name)
    if isinstance(found, Func):
        return Bound(found, value) if found.kind == "class" else found
    if found is not None or any(name in one.attrs for one in value.line()):
        return found
    if name == "__name__":
        return value.name
    if value.lib:
        return Lib(f"{value.lib}.{name}")
    return Unknown(name)


def _of_thing(m: Machine, value: Thing, name: str, node: ast.AST) -> object:
    if value.kind == "super":
        return _of_super(m, value, name, node)
    if name in value.config:
        return value.config[name]
    return Bound(name, value)


def _of_super(m: Machine, value: Thing, name: str, node: ast.AST) -> object:
    owner, this = value.config.get("owner"), value.config.get("this")
    if isinstance(this, Obj) and isinstance(owner, ClassV):
        line = this.cls.line()
        after = line[line.index(owner) + 1 :] if owner in line else owner.line()[1:]
        for one in after:
            if name in one.attrs:
                return bind(m, one.attrs[name], this, node)
        if owner.lib or this.cls.lib:
            return Bound(Lib(f"{this.cls.lib}.{name}"), this)
    return Unknown(name)


def _of_dataset(value: Dataset, name: str) -> object:
    if value.obj is not None:
        found = value.obj.attrs.get(name, MISSING)
        return found if found is not MISSING else Unknown(name)
    if name == "transform":
        return value.transform
    if name in {"classes", "class_to_idx"}:
        if value.classes is not None:
            return ListV([f"class {index}" for index in range(min(value.classes, 4096))])
        return Unknown(name, tag="classes")
    if name == "dataset" and value.parts:
        return value.parts[0]
    if name in {"targets", "data", "labels", "imgs", "samples", "indices"}:
        return datasets.whole(value, name)
    return Bound(name, value)


def _of_picture(value: Pic, name: str) -> object:
    if name == "size":
        return (value.size[1], value.size[0]) if value.size else Unknown("size")
    if name in {"width", "height"}:
        return value.size[name == "width"] if value.size else Unknown(name)
    return Bound(name, value)


def _of_tuple(value: tuple[object, ...], name: str) -> object:
    if len(value) >= 1 and name in {"values", "logits"}:
        return value[0]
    if len(value) >= 2 and name in {"indices", "aux_logits"}:
        return value[1]
    return Bound(name, value)


def method_of(m: Machine, value: object, name: str) -> Bound | None:
    """A method that a class of the file defines for this object, or None."""
    if not isinstance(value, Obj):
        return None
    found = value.cls.lookup(name)
    return Bound(found, value) if isinstance(found, Func) and m is not None else None


def put(m: Machine, value: object, name: str, new: object, node: ast.AST) -> None:
    """``value.name = new``."""
    if isinstance(value, Obj):
        setter = value.cls.attrs.get(name)
        if isinstance(setter, Func) and setter.kind == "property":
            return
        holder = value.base
        if isinstance(holder, Layer) and name in holder.children:
            m.put(holder.children, name, new)
            return
        m.put(value.attrs, name, new)
    elif isinstance(value, Layer):
        m.put(value.children if modules.is_module(new) or name in value.children else value.config, name, new)
    elif isinstance(value, Param):
        _put_param(m, value, name, new, node)
    elif isinstance(value, ClassV):
        m.put(value.attrs, name, new)
    elif isinstance(value, Thing):
        m.put(value.config, name, new)
    elif isinstance(value, Dataset):
        if name == "transform":
            value.transform = new
    elif isinstance(value, Unknown) and name == "grad":
        m.event("zero_grad", node, value)


def _put_param(m: Machine, value: Param, name: str, new: object, node: ast.AST) -> None:
    if name == "requires_grad":
        module_methods.freeze(m, value.group, new, node)
    elif name == "grad":
        m.event("zero_grad", node, value.group.owner)


def delete(m: Machine, value: object, name: str) -> None:
    """``del value.name``."""
    if isinstance(value, Obj) and name in value.attrs:
        m.put(value.attrs, name, Unknown(name))
    elif isinstance(value, Layer) and name in value.children:
        m.put(value.children, name, Layer("Identity", {}))
