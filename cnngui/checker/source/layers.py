"""Building layers: which arguments each class of ``torch.nn`` takes."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from cnngui.checker.source.values import DictV, Layer, ListV, Spot, Unknown

if TYPE_CHECKING:
    from cnngui.checker.source.calls import Args
    from cnngui.checker.source.machine import Machine

CONV = (
    "in_channels", "out_channels", "kernel_size", "stride=1", "padding=0", "dilation=1", "groups=1",
    "bias=True",
    "padding_mode",
)  # fmt: skip
LAZY_CONV = CONV[1:]
CONV_T = (
    "in_channels", "out_channels", "kernel_size", "stride=1", "padding=0", "output_padding=0", "groups=1",
    "bias=True",
    "dilation=1",
)  # fmt: skip
BATCH_NORM = ("num_features", "eps=1e-5", "momentum=0.1", "affine=True", "track_running_stats=True")
MAX_POOL = ("kernel_size", "stride", "padding=0", "dilation=1", "return_indices=False", "ceil_mode=False")
AVG_POOL = ("kernel_size", "stride", "padding=0", "ceil_mode=False", "count_include_pad=True")
WEIGHTED = ("weight", "size_average", "ignore_index", "reduce", "reduction")
PLAIN_LOSS = ("size_average", "reduce", "reduction")

SIGNATURES: dict[str, tuple[str, ...]] = {
    "Conv1d": CONV, "Conv2d": CONV, "Conv3d": CONV,
    "LazyConv1d": LAZY_CONV, "LazyConv2d": LAZY_CONV, "LazyConv3d": LAZY_CONV,
    "ConvTranspose1d": CONV_T, "ConvTranspose2d": CONV_T, "ConvTranspose3d": CONV_T,
    "Linear": ("in_features", "out_features", "bias=True"),
    "LazyLinear": ("out_features", "bias=True"),
    "Bilinear": ("in1_features", "in2_features", "out_features", "bias=True"),
    "BatchNorm1d": BATCH_NORM, "BatchNorm2d": BATCH_NORM, "BatchNorm3d": BATCH_NORM,
    "SyncBatchNorm": BATCH_NORM,
    "LazyBatchNorm1d": BATCH_NORM[1:], "LazyBatchNorm2d": BATCH_NORM[1:],
    "LayerNorm": ("normalized_shape", "eps=1e-5", "elementwise_affine=True"),
    "GroupNorm": ("num_groups", "num_channels", "eps=1e-5", "affine=True"),
    "InstanceNorm2d": ("num_features", "eps=1e-5", "momentum=0.1", "affine=False"),
    "LocalResponseNorm": ("size", "alpha", "beta", "k"), "RMSNorm": ("normalized_shape",),
    "MaxPool1d": MAX_POOL, "MaxPool2d": MAX_POOL, "MaxPool3d": MAX_POOL,
    "AvgPool1d": AVG_POOL, "AvgPool2d": AVG_POOL, "AvgPool3d": AVG_POOL, "LPPool2d": ("norm_type",
    *MAX_POOL[:2]),
    "AdaptiveAvgPool1d": ("output_size",), "AdaptiveAvgPool2d": ("output_size",),
    "AdaptiveAvgPool3d": ("output_size",),
    "AdaptiveMaxPool1d": ("output_size",), "AdaptiveMaxPool2d": ("output_size",),
    "Flatten": ("start_dim=1", "end_dim=-1"), "Unflatten": ("dim", "unflattened_size"), "Identity": (),
    "Dropout": ("p=0.5", "inplace=False"), "Dropout1d": ("p=0.5",), "Dropout2d": ("p=0.5",),
    "Dropout3d": ("p=0.5",),
    "AlphaDropout": ("p=0.5",), "FeatureAlphaDropout": ("p=0.5",),
    "ReLU": ("inplace=False",), "ReLU6": ("inplace=False",), "LeakyReLU": ("negative_slope",),
    "ELU": ("alpha",),
    "CELU": ("alpha",), "SELU": (), "GELU": ("approximate",), "SiLU": (), "Mish": (), "Hardswish": (),
    "Softplus": (),
    "PReLU": ("num_parameters=1",), "RReLU": (), "Tanh": (), "Sigmoid": (), "Hardsigmoid": (), "Hardtanh": (),
    "Softsign": (), "LogSigmoid": (), "Threshold": (), "GLU": ("dim",), "Tanhshrink": (), "Softshrink": (),
    "Softmax": ("dim",), "LogSoftmax": ("dim",), "Softmin": ("dim",), "Softmax2d": (),
    "Upsample": ("size", "scale_factor", "mode"), "UpsamplingBilinear2d": ("size", "scale_factor"),
    "UpsamplingNearest2d": ("size", "scale_factor"), "PixelShuffle": ("upscale_factor",),
    "ZeroPad2d": ("padding",),
    "ReflectionPad2d": ("padding",), "ReplicationPad2d": ("padding",), "ConstantPad2d": ("padding", "value"),
    "Embedding": ("num_embeddings", "embedding_dim"), "MultiheadAttention": ("embed_dim", "num_heads"),
    "LSTM": ("input_size", "hidden_size", "num_layers"), "GRU": ("input_size", "hidden_size", "num_layers"),
    "RNN": ("input_size", "hidden_size", "num_layers"), "TransformerEncoderLayer": ("d_model", "nhead"),
    "TransformerEncoder": ("encoder_layer", "num_layers"), "ChannelShuffle": ("groups",),
    "CrossEntropyLoss": (*WEIGHTED, "label_smoothing"), "NLLLoss": WEIGHTED, "NLLLoss2d": WEIGHTED,
    "BCELoss": ("weight", "size_average", "reduce", "reduction"),
    "BCEWithLogitsLoss": ("weight", "size_average", "reduce", "reduction", "pos_weight"),
    "MSELoss": PLAIN_LOSS, "L1Loss": PLAIN_LOSS, "SmoothL1Loss": PLAIN_LOSS, "HuberLoss": PLAIN_LOSS,
    "KLDivLoss": (*PLAIN_LOSS, "log_target"), "MultiMarginLoss": ("p", "margin"),
    "MultiLabelMarginLoss": PLAIN_LOSS,
    "MultiLabelSoftMarginLoss": ("weight",), "HingeEmbeddingLoss": ("margin",),
    "CosineEmbeddingLoss": ("margin",),
    "TripletMarginLoss": ("margin",), "SoftMarginLoss": PLAIN_LOSS, "PoissonNLLLoss": (),
    "GaussianNLLLoss": (),
    "CTCLoss": (), "MarginRankingLoss": ("margin",),
}  # fmt: skip

WRAPPERS = frozenset({"DataParallel", "DistributedDataParallel", "FullyShardedDataParallel"})


def default(text: str) -> object:
    """The default written after ``=`` in a signature."""
    return ast.literal_eval(text)


def bind(signature: tuple[str, ...], args: Args) -> dict[object, object]:
    """Arguments by name, defaults included; nothing is known of the rest after an unknown ``*args``."""
    config: dict[object, object] = {}
    for index, entry in enumerate(signature):
        name, _, text = entry.partition("=")
        if name in args.kw:
            config[name] = args.kw[name]
        elif index < len(args.pos):
            config[name] = args.pos[index]
        elif args.star:
            config[name] = Unknown(name)
        else:
            config[name] = default(text) if text else None
    return config


def call_site(m: Machine, node: ast.AST) -> Spot:
    """The call of the helper function that makes a layer, or the place itself where there is none."""
    site = m.spot(node)
    for frame in reversed(m.frames):
        if frame.func is None or frame.name == "__init__" or frame.this is not None or frame.site is None:
            return site
        site = Spot(
            getattr(frame.site, "lineno", site.line), getattr(frame.site, "col_offset", 0), site.function
        )
    return site


def build(m: Machine, name: str, args: Args, node: ast.AST) -> object:
    """An instance of ``torch.nn.<name>``; None for a class that is not in the tables."""
    if name in WRAPPERS:
        return args.get(0, "module")
    born = m.frame.name if m.forward_depth else ""
    if name in {"Sequential", "ModuleList", "ModuleDict"}:
        return _container(m, name, args, node, born)
    if name not in SIGNATURES:
        return None
    config = bind(SIGNATURES[name], args)
    made = Layer(name, config, {}, {"frozen": False}, m.spot(node), born, call_site(m, node))
    if born:
        m.facts.made_in_forward.append((m.spot(node), made))
    return made


def _container(m: Machine, name: str, args: Args, node: ast.AST, born: str) -> Layer:
    from cnngui.checker.source import iteration

    made = Layer(name, {}, {}, {}, m.spot(node), born)
    items: list[object] | None = list(args.pos)
    if name != "Sequential":
        given = args.get(0, "modules")
        if isinstance(given, DictV):
            made.children = dict(given.items)
            made.state["open"] = given.open
            return made
        items = [] if given is None else iteration.known_items(m, given)
        if items is None:
            items = given.items if isinstance(given, ListV) else []
            args.star = True
    elif len(args.pos) == 1 and isinstance(args.pos[0], DictV):
        made.children = dict(args.pos[0].items)
        return made
    made.state["open"] = args.star
    if name == "Sequential":
        m.facts.networks.append(made)
    for index, item in enumerate(items or []):
        made.children[str(index)] = item
    return made
