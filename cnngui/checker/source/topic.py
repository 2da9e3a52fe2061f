"""Whether a file is about networks at all: of others no rule has anything to say, so none is followed."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from cnngui.checker.source.fragments import USUAL
from cnngui.checker.source.unfollowed import goes_by_network

LIBRARIES = frozenset({"torch", "torchvision", "lightning", "pytorch_lightning", "timm"})
ACTS = frozenset({"backward", "zero_grad"})
"""Methods that tell a training even where nothing is imported."""


def about_networks(tree: ast.Module) -> bool:
    """Whether a file imports one of the libraries, uses a usual name of theirs that it does not bind
    itself, trains, or has something that goes by the name of a network."""
    nodes = list(ast.walk(tree))
    if any(path.partition(".")[0] in LIBRARIES for node in nodes for path in _imported(node)):
        return True
    attributes = {node.attr for node in nodes if isinstance(node, ast.Attribute)}
    names = {node.id for node in nodes if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)}
    if not ACTS.isdisjoint(attributes) or any(goes_by_network(name) for name in attributes | names):
        return True
    usual = {name for name in names if USUAL.get(name, "").partition(".")[0] in LIBRARIES}
    return bool(usual) and not usual <= {name for node in nodes for name in _bound(node)}


def _imported(node: ast.AST) -> list[str]:
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    return [node.module or ""] if isinstance(node, ast.ImportFrom) and not node.level else []


def _bound(node: ast.AST) -> Iterator[str]:
    """The names a statement or parameter gives a meaning to."""
    if isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load):
        yield node.id
    elif isinstance(node, (ast.Import, ast.ImportFrom)):
        yield from (alias.asname or alias.name.partition(".")[0] for alias in node.names)
    elif isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
        yield node.name
    elif isinstance(node, ast.arg):
        yield node.arg
