"""Losses: what went into them, for the loss rules."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from cnngui.checker.source import tensors
from cnngui.checker.source.facts import LossCall
from cnngui.checker.source.values import Layer, Op, Spot, Tensor, keyed

if TYPE_CHECKING:
    from cnngui.checker.source.calls import Args
    from cnngui.checker.source.machine import Machine

KINDS = frozenset({
    "CrossEntropyLoss", "NLLLoss", "NLLLoss2d", "BCELoss", "BCEWithLogitsLoss", "MSELoss", "L1Loss",
    "SmoothL1Loss",
    "HuberLoss", "KLDivLoss", "MultiMarginLoss", "MultiLabelMarginLoss", "MultiLabelSoftMarginLoss",
    "HingeEmbeddingLoss", "CosineEmbeddingLoss", "TripletMarginLoss", "SoftMarginLoss", "PoissonNLLLoss",
    "GaussianNLLLoss", "CTCLoss", "MarginRankingLoss",
})  # fmt: skip
FUNCTIONS = {
    "cross_entropy": "CrossEntropyLoss", "nll_loss": "NLLLoss", "binary_cross_entropy": "BCELoss",
    "binary_cross_entropy_with_logits": "BCEWithLogitsLoss", "mse_loss": "MSELoss", "l1_loss": "L1Loss",
    "smooth_l1_loss": "SmoothL1Loss", "huber_loss": "HuberLoss", "kl_div": "KLDivLoss",
    "multi_margin_loss": "MultiMarginLoss",
}  # fmt: skip


def called(m: Machine, layer: Layer, args: Args, node: ast.AST) -> Tensor:
    """``criterion(scores, target)``."""
    return loss(m, layer.kind, args, node, layer.at, layer.config)


def function(m: Machine, name: str, args: Args, node: ast.AST) -> Tensor:
    """``F.cross_entropy(scores, target)``."""
    return loss(m, FUNCTIONS[name], args, node, m.spot(node), keyed(args.kw))


def loss(
    m: Machine, kind: str, args: Args, node: ast.AST, made_at: Spot, config: dict[object, object]
) -> Tensor:
    """A loss value: a scalar unless ``reduction="none"``, with a number of its own."""
    at = m.spot(node)
    scores, target = args.get(0, "input"), args.get(1, "target")
    m.facts.losses.append(LossCall(at, kind, scores, target, made_at, config))
    # Targets are data: one that is not followed does not bring gradients along.
    parts = [tensors.as_tensor(scores), target if isinstance(target, Tensor) else Tensor(None, None)]
    graph, cut = tensors.graph_of(m, parts, at)
    shape = () if config.get("reduction") != "none" else None
    numbers = tuple(dict.fromkeys(number for part in parts for number in part.made_of))
    return Tensor(shape, "float", Op("loss", at), graph=graph, cut=cut, made_of=(*numbers, m.next_number()))
