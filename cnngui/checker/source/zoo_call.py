"""Calling torchvision's networks, and stages taken out of them."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from cnngui.checker.source.facts import NetCall, ShapeFault
from cnngui.checker.source.sizes import Dim, differ, fresh
from cnngui.checker.source.values import Layer, Op, Tensor, Unknown, as_int

if TYPE_CHECKING:
    from cnngui.checker.source.machine import Machine

HEADS = ("fc", "classifier", "heads", "head")


def stage(m: Machine, layer: Layer, x: Tensor, node: ast.AST) -> object:
    """A stretch of a network: its width and how much it shrinks the picture."""
    given, gives, stride = (as_int(layer.config.get(name)) for name in ("given", "gives", "stride"))
    if x.shape is None or len(x.shape) != 4 or gives is None or stride is None:
        return body(m, layer, x, (fresh("N"), gives or fresh(), fresh(), fresh()), node)
    if given is not None and differ(given, x.shape[1]):
        return body(m, layer, x, None, node)
    tail = tuple(
        -(-side // stride) if isinstance(side, int) else m.size_of(("stage", side, stride))
        for side in x.shape[2:]
    )
    return body(m, layer, x, (x.shape[0], gives, *tail), node)


def body(m: Machine, layer: Layer, x: Tensor, shape: tuple[Dim, ...] | None, node: ast.AST) -> Tensor:
    """Something learned whose inside is not followed; it ends with an activation or a norm."""
    from cnngui.checker.source.layer_shapes import learned

    made = learned(m, layer, x, shape, "stage", node)
    return made.but(linear=None, bends=None)


def network(m: Machine, layer: Layer, x: Tensor, node: ast.AST) -> object:
    """``resnet18(...)(x)``: the picture's channels, its least side, and the head as it is now."""
    m.facts.net_inputs.append(NetCall(m.spot(node), layer, x, None))
    first = next((child for child in _first(layer) if child.kind == "Conv2d"), None)
    given = (
        as_int(first.config.get("in_channels")) if first is not None else as_int(layer.config.get("given"))
    )
    if x.shape is not None and len(x.shape) == 4:
        if given is not None and differ(given, x.shape[1]):
            kind = "input-channel" if x.role == "input" else "conv-channel"
            m.facts.faults.append(
                ShapeFault(kind, m.spot(node), given, x.shape[1], x.shape, first or layer, x)
            )
            return Tensor(None, "float", Op("fault", m.spot(node)), graph=None)
        name = str(layer.config.get("name"))
        sides = [side for side in x.shape[2:] if isinstance(side, int)]
        if (
            name.startswith("vit_")
            and sides
            and any(side != 224 for side in sides)
            and not layer.config.get("image_size")
        ):
            m.facts.faults.append(
                ShapeFault("net-size", m.spot(node), 224, sides[0], x.shape, layer, x, detail=name)
            )
            return Tensor(None, "float", Op("fault", m.spot(node)), graph=None)
    rows: Dim = x.shape[0] if x.shape else fresh("N")
    head_name = next((name for name in HEADS if name in layer.children), None)
    head = layer.children.get(head_name) if head_name else None
    value = _before_head(m, layer, head, x, rows, node)
    return _headed(m, layer, head, value, node)


def _first(layer: Layer) -> list[Layer]:
    found: list[Layer] = []
    for child in layer.children.values():
        if isinstance(child, Layer):
            found.extend([child] if child.kind != "Sequential" else _first(child))
    return found[:1]


def _before_head(m: Machine, layer: Layer, head: object, x: Tensor, rows: Dim, node: ast.AST) -> Tensor:
    width = as_int(layer.config.get("features"))
    body_layers = [child for name, child in layer.children.items() if child is not head]
    frozen = [child.state.get("frozen") for _, child in _learning(body_layers)]
    stand_in = Layer("Stage", {}, {}, {"frozen": _common(frozen)}, layer.at)
    for _, child in _learning(body_layers):
        m.facts.used_layers.add(id(child))
    needs_map = str(layer.config.get("name")).startswith(("squeezenet", "convnext"))
    shape: tuple[Dim, ...] = (rows, width or fresh())
    if needs_map:
        shape = (
            *shape,
            *((fresh(), fresh()) if str(layer.config.get("name")).startswith("squeeze") else (1, 1)),
        )
    return body(m, stand_in, x, shape, node)


def _learning(children: list[object]) -> list[tuple[str, Layer]]:
    from cnngui.checker.source import modules

    return [entry for child in children for entry in modules.learning(child)]


def _common(values: list[object]) -> object:
    return (
        values[0] if values and all(one is values[0] for one in values) else (False if not values else None)
    )


def _headed(m: Machine, layer: Layer, head: object, value: Tensor, node: ast.AST) -> object:
    from cnngui.checker.source import calls

    if head is None:
        return value.but(last=Op("stage", m.spot(node), layer))
    result = calls.call(m, head, [value], {}, node)
    if isinstance(result, Tensor) and str(layer.config.get("name")).startswith("squeezenet"):
        shape = result.shape[:2] if result.shape else None
        return result.but(shape=shape, last=Op("pool", m.spot(node), layer))
    if layer.config.get("name") == "inception_v3" and layer.config.get("aux") is not False:
        return Unknown("inception output", parent=result)
    return result
