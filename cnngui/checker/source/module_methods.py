"""Methods every ``nn.Module`` has."""

from __future__ import annotations

import ast
from collections.abc import Callable
from typing import TYPE_CHECKING

from cnngui.checker.source import forward, iteration, modules
from cnngui.checker.source.values import Layer, Obj, Param, Params, Tensor, Unknown, as_int, truth

if TYPE_CHECKING:
    from cnngui.checker.source.calls import Args
    from cnngui.checker.source.machine import Machine

Module = Layer | Obj
Handler = Callable[["Machine", Module, "Args", ast.AST], object]
NAMES_LIMIT = 150


def freeze(m: Machine, group: Params, value: object, node: ast.AST) -> None:
    """``requires_grad`` set for some parameters."""
    known = truth(value)
    frozen = None if known is None else not known
    partial = _partial(group)
    for _, layer in group.entries:
        m.put(layer.state, "frozen", None if id(layer) in partial and frozen else frozen)
    if group.owner is not None:
        m.event("freeze", _asked(m, group.owner, node), group.owner, frozen)


def _asked(m: Machine, owner: object, node: ast.AST) -> ast.AST:
    """The call of the helper that was handed the module, ``freeze(model)``, else the place itself."""
    for frame in reversed(m.frames):
        if frame.func is None or frame.site is None or frame.this is not None:
            break
        names = {one.arg for one in frame.func.node.args.args}
        if not any(frame.scope.names.get(name) is owner for name in names):
            break
        node = frame.site
    return node


def _partial(group: Params) -> set[int]:
    """Layers only one of whose parameters is in the group."""
    counts: dict[int, int] = {}
    for _, layer in group.entries:
        counts[id(layer)] = counts.get(id(layer), 0) + 1
    return {
        id(layer) for _, layer in group.entries
        if counts[id(layer)] == 1 and layer.config.get("bias") is not False and len(group.entries) > 1
    }  # fmt: skip


def _same(m: Machine, module: Module, args: Args, node: ast.AST) -> object:  # noqa: ARG001
    return module


def _train(m: Machine, module: Module, args: Args, node: ast.AST) -> object:
    mode = truth(args.get(0, "mode", True))
    m.event("mode" if mode is None else "train" if mode else "eval", node, module)
    return module


def _eval(m: Machine, module: Module, args: Args, node: ast.AST) -> object:  # noqa: ARG001
    m.event("eval", node, module)
    return module


def _parameters(m: Machine, module: Module, args: Args, node: ast.AST) -> object:  # noqa: ARG001
    return modules.parameters(module)


def _named_parameters(m: Machine, module: Module, args: Args, node: ast.AST) -> object:  # noqa: ARG001
    group = modules.parameters(module)
    entries = group.entries
    if len(entries) > NAMES_LIMIT:
        entries = list({id(layer): (name, layer) for name, layer in reversed(entries)}.values())[::-1]
    pairs: list[object] = [(name, Param(Params([(name, layer)], module))) for name, layer in entries]
    if len(pairs) > NAMES_LIMIT:
        return m.new_list([(Unknown("name"), Param(Params(entries, module)))])
    return m.new_list(pairs)


def _children(m: Machine, module: Module, args: Args, node: ast.AST) -> object:  # noqa: ARG001
    m.facts.dynamic_names = True
    return m.new_list(
        list(modules.child_map(module).values()), is_open=not isinstance(module, Obj) and module.kind == "?"
    )


def _named_children(m: Machine, module: Module, args: Args, node: ast.AST) -> object:  # noqa: ARG001
    m.facts.dynamic_names = True
    return m.new_list([(name, child) for name, child in modules.child_map(module).items()])


def _modules(m: Machine, module: Module, args: Args, node: ast.AST) -> object:  # noqa: ARG001
    return m.new_list([], is_open=True)


def _state_dict(m: Machine, module: Module, args: Args, node: ast.AST) -> object:  # noqa: ARG001
    return Unknown("state_dict", parent=module)


def _load(m: Machine, module: Module, args: Args, node: ast.AST) -> object:
    m.event("load", node, module, args.get(0, "state_dict"))
    return Unknown()


def _zero_grad(m: Machine, module: Module, args: Args, node: ast.AST) -> object:  # noqa: ARG001
    m.event("zero_grad", node, module)
    return None


def _add_module(m: Machine, module: Module, args: Args, node: ast.AST) -> object:  # noqa: ARG001
    name, child = args.get(0, "name"), args.get(1, "module")
    if isinstance(module, Layer) or isinstance(module.base, Layer):
        holder = module if isinstance(module, Layer) else module.base
        assert isinstance(holder, Layer)
        if isinstance(name, str):
            m.put(holder.children, name, child)
        else:
            m.put(holder.state, "open", True)
    elif isinstance(name, str):
        m.put(module.attrs, name, child)
    m.facts.dynamic_names = True
    return None


def _requires_grad(m: Machine, module: Module, args: Args, node: ast.AST) -> object:
    freeze(m, modules.parameters(module), args.get(0, "requires_grad", True), node)
    return module


def _append(m: Machine, module: Module, args: Args, node: ast.AST) -> object:  # noqa: ARG001
    container = modules.container_of(module)
    if container is None:
        return Unknown()
    if m.loop_depth:
        m.put(container.state, "open", True)
    m.put(container.children, str(len(container.children)), args.get(0, "module"))
    return module


def _extend(m: Machine, module: Module, args: Args, node: ast.AST) -> object:  # noqa: ARG001
    container = modules.container_of(module)
    items = iteration.known_items(m, args.get(0, "modules"))
    if container is None or items is None:
        if container is not None:
            m.put(container.state, "open", True)
        return module
    for item in items:
        m.put(container.children, str(len(container.children)), item)
    return module


def _insert(m: Machine, module: Module, args: Args, node: ast.AST) -> object:  # noqa: ARG001
    container, at = modules.container_of(module), as_int(args.get(0, "index"))
    if container is not None and at is not None:
        items = list(container.children.values())
        items.insert(at, args.get(1, "module"))
        for index, item in enumerate(items):
            m.put(container.children, str(index), item)
    return None


def _items(m: Machine, module: Module, args: Args, node: ast.AST) -> object:  # noqa: ARG001
    return m.new_list([(key, child) for key, child in modules.child_map(module).items()])


def _keys(m: Machine, module: Module, args: Args, node: ast.AST) -> object:  # noqa: ARG001
    return m.new_list(list(modules.child_map(module)))


def _values(m: Machine, module: Module, args: Args, node: ast.AST) -> object:  # noqa: ARG001
    return m.new_list(list(modules.child_map(module).values()))


def _forward(m: Machine, module: Module, args: Args, node: ast.AST) -> object:
    return forward.call_module(m, module, args, node)


def _register(m: Machine, module: Module, args: Args, node: ast.AST) -> object:  # noqa: ARG001
    name, value = args.get(0, "name"), args.get(1, "tensor", args.kw.get("param"))
    if isinstance(module, Obj) and isinstance(name, str):
        m.put(module.attrs, name, value)
    return None


def _submodule(m: Machine, module: Module, args: Args, node: ast.AST) -> object:  # noqa: ARG001
    path = args.get(0, "target")
    found: object = module
    for part in path.split(".") if isinstance(path, str) else ["?"]:
        found = modules.child_map(found).get(part) if isinstance(found, (Layer, Obj)) else None
    return found if found is not None else Unknown()


def _optimizers(m: Machine, module: Module, args: Args, node: ast.AST) -> object:  # noqa: ARG001
    return module.attrs.get("*optimizers*", Unknown("optimizer")) if isinstance(module, Obj) else Unknown()


def _schedulers(m: Machine, module: Module, args: Args, node: ast.AST) -> object:  # noqa: ARG001
    return module.attrs.get("*schedulers*", Unknown("scheduler")) if isinstance(module, Obj) else Unknown()


def _manual_backward(m: Machine, module: Module, args: Args, node: ast.AST) -> object:  # noqa: ARG001
    value = args.get(0, "loss")
    m.facts.backward.append(value)
    if isinstance(value, Tensor):
        m.facts.backward_numbers.update(value.made_of)
    m.event("backward", node, value, value)
    return None


def _nothing(m: Machine, module: Module, args: Args, node: ast.AST) -> object:  # noqa: ARG001
    return Unknown()


def _apply(m: Machine, module: Module, args: Args, node: ast.AST) -> object:  # noqa: ARG001
    return module


TABLE: dict[str, Handler] = {
    **dict.fromkeys(("to", "cuda", "cpu", "float", "double", "half", "bfloat16", "type", "share_memory",
    "to_empty"), _same),
    "compile": _nothing, "optimizers": _optimizers, "lr_schedulers": _schedulers,
    "manual_backward": _manual_backward, "train": _train, "eval": _eval, "parameters": _parameters,
    "named_parameters": _named_parameters, "children": _children, "named_children": _named_children,
    "modules": _modules, "named_modules": _modules, "state_dict": _state_dict, "load_state_dict": _load,
    "zero_grad": _zero_grad, "add_module": _add_module, "register_module": _add_module,
    "requires_grad_": _requires_grad, "append": _append, "extend": _extend, "insert": _insert,
    "items": _items,
    "keys": _keys, "values": _values, "forward": _forward, "__call__": _forward, "register_buffer": _register,
    "register_parameter": _register, "get_submodule": _submodule, "apply": _apply, "log": _nothing,
    "log_dict": _nothing, "save_hyperparameters": _nothing, "freeze": _nothing,
    "register_forward_hook": _nothing,
    "register_full_backward_hook": _nothing, "buffers": _nothing, "named_buffers": _nothing,
    "extra_repr": _nothing,
    "print": _nothing, "all_gather": _nothing,
}  # fmt: skip
