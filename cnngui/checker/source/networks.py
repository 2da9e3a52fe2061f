"""Ready-made networks: torchvision's by name, ``torch.hub`` and timm."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from cnngui.checker.source import calls, zoo
from cnngui.checker.source.values import Lib, Thing, Unknown, as_int, truth

if TYPE_CHECKING:
    from cnngui.checker.source.calls import Args
    from cnngui.checker.source.machine import Machine


def call(m: Machine, path: str, args: Args, node: ast.AST) -> object:
    """``models.resnet18(weights=...)`` and ``models.get_model(name, ...)``."""
    name = path.rpartition(".")[2]
    if name == "get_model" or name == "get_model_builder":
        chosen = args.get(0, "name")
        inner = calls.Args(args.pos[1:], {key: one for key, one in args.kw.items() if key != "name"})
        return _named(m, chosen.lower(), inner, node) if isinstance(chosen, str) else Unknown("model")
    if "_Weights" in path:
        return Thing("transform.Preset" if name == "transforms" else "weights", {}, m.spot(node))
    return _named(m, name, args, node)


def _named(m: Machine, name: str, args: Args, node: ast.AST) -> object:
    classes = as_int(args.get(-1, "num_classes", 1000))
    made = zoo.build(name, m.spot(node), has_weights(args), classes or 1000)
    if made is None:
        m.skip(node, f"torchvision's `{name}` is not one of the classification networks known here")
        return Unknown("model")
    m.facts.networks.append(made)
    if "aux_logits" in args.kw:
        made.config["aux"] = args.kw["aux_logits"]
    if "image_size" in args.kw:
        made.config["image_size"] = args.kw["image_size"]
    return made


def has_weights(args: Args) -> bool | None:
    """Whether the call asks for trained weights; None where that is not known."""
    given = args.kw.get("weights", args.kw.get("pretrained", args.pos[0] if args.pos else None))
    if given is None:
        return None if args.star else False
    if isinstance(given, (Lib, str, Thing)):
        return True
    return truth(given)


def hub(m: Machine, args: Args, node: ast.AST) -> object:
    """``torch.hub.load("pytorch/vision", "resnet18")``."""
    repo, name = args.get(0, "repo_or_dir"), args.get(1, "model")
    if isinstance(repo, str) and repo.startswith("pytorch/vision") and isinstance(name, str):
        return _named(m, name, calls.Args(args.pos[2:], dict(args.kw)), node)
    m.skip(node, "a network from torch.hub is not in this file")
    return Unknown("model")


def timm(m: Machine, path: str, args: Args, node: ast.AST) -> object:
    """``timm.create_model(name, num_classes=...)``: only its channels and its output are known."""
    if not path.endswith("create_model"):
        return Unknown()
    classes = as_int(args.get(-1, "num_classes", 1000))
    if not classes:
        return Unknown("model")
    pretrained = truth(args.get(1, "pretrained", False))
    b = zoo.Builder("timm", m.spot(node), pretrained, classes)
    made = b.network(0, body=b.stage(None, 64, 32), fc=b.linear(64, classes))
    made.config["given"] = as_int(args.get(-1, "in_chans", 3))
    made.config["name"] = "timm"
    return made
