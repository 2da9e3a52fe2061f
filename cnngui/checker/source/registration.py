"""Layers PyTorch does not see, and layers nobody uses."""

from __future__ import annotations

from collections.abc import Iterator

from cnngui.checker.source import modules
from cnngui.checker.source.facts import SourceFacts
from cnngui.checker.source.reading import layer_text
from cnngui.checker.source.values import ClassV, DictV, Layer, ListV, Obj, Spot


def _registered(facts: SourceFacts, hidden: object = None) -> set[int]:
    """Layers that some module registers, the modules among the hidden ones themselves left out."""
    inside = {id(one) for item in modules.hidden_modules(hidden) for _, one in modules.walk(item)}
    return {
        id(layer) for obj in facts.objects if modules.is_module(obj) and id(obj) not in inside
        for _, layer in modules.learning(obj)
    }  # fmt: skip


def unregistered(facts: SourceFacts) -> Iterator[tuple[Spot, str, int, str]]:
    """Lists and dictionaries of layers kept by a module: where, name, how many layers, what kind."""
    seen: set[tuple[int, str]] = set()
    for obj in facts.objects:
        if not modules.is_module(obj):
            continue
        for name, value in obj.attrs.items():
            if not isinstance(value, (ListV, DictV, tuple)) or (id(obj.cls), str(name)) in seen:
                continue
            hidden = list(modules.hidden_layers(value))
            known = _registered(facts, value) if hidden else set()
            hidden = [layer for layer in hidden if id(layer) not in known]
            if hidden:
                seen.add((id(obj.cls), str(name)))
                at = value.at if isinstance(value, (ListV, DictV)) and value.at is not None else hidden[0].at
                kind = (
                    value.kind
                    if isinstance(value, ListV)
                    else "dict"
                    if isinstance(value, DictV)
                    else "tuple"
                )
                yield at, str(name), len(hidden), kind


def made_in_forward(facts: SourceFacts) -> Iterator[tuple[Spot, str]]:
    """Layers with parameters made inside a forward pass, used there and kept nowhere."""
    known = _registered(facts)
    for at, layer in facts.made_in_forward:
        if layer.kind in modules.LEARNS and id(layer) in facts.used_layers and id(layer) not in known:
            yield at, layer_text(layer)


def unused(facts: SourceFacts) -> Iterator[tuple[str, Layer]]:
    """Layers assigned to an attribute that no line of the file reads."""
    if facts.dynamic_names:
        return
    seen: set[tuple[int, str]] = set()
    for obj in facts.objects:
        if not _plain_module(obj) or id(obj) not in facts.forwarded or obj.opaque:
            continue
        for name, value in obj.attrs.items():
            key = (id(obj.cls), str(name))
            if isinstance(value, Layer) and value.kind in modules.DROPOUTS and facts.dropouts:
                continue
            if (
                isinstance(value, Layer)
                and key not in seen
                and str(name) not in facts.loaded_names
                and _matters(value)
            ):
                seen.add(key)
                yield str(name), value


def _plain_module(obj: Obj) -> bool:
    """A module whose every base is in the file or is ``nn.Module`` itself."""
    bases = [base for one in obj.cls.line() for base in one.bases if not isinstance(base, ClassV)]
    plain = {"torch.nn.Module", "lightning.LightningModule"}
    return modules.is_module(obj) and all(getattr(base, "path", "") in plain for base in bases)


def _matters(layer: Layer) -> bool:
    if layer.kind in modules.DROPOUTS:
        return True
    return layer.kind != "tv" and bool(modules.learning(layer))
