"""PyTorch's operations by what they do to the history of a tensor."""

CONVOLUTIONS = frozenset(
    f"conv{kind}{rank}d" for kind in ("", "_transpose") for rank in (1, 2, 3)
)  # fmt: skip

# Move or copy values, one by one.
MOVES = frozenset(
    [
        "contiguous",
        "to",
        "float",
        "half",
        "double",
        "type",
        "type_as",
        "clone",
        "detach",
        "alias",
        "view",
        "reshape",
        "view_as",
        "flatten",
        "unflatten",
        "squeeze",
        "unsqueeze",
        "permute",
        "transpose",
        "swapaxes",
        "movedim",
        "t",
        "expand",
        "expand_as",
        "repeat",
        "repeat_interleave",
        "roll",
        "flip",
        "chunk",
        "split",
        "tensor_split",
        "unbind",
        "narrow",
        "select",
        "index_select",
        "__getitem__",
        "__get__",
        "dropout",
        "dropout1d",
        "dropout2d",
        "dropout3d",
        "alpha_dropout",
        "feature_alpha_dropout",
        "feature_dropout",
        "dropout_",
        "pad",
        "zero_pad2d",
        "unfold",
        "pixel_shuffle",
        "pixel_unshuffle",
        "channel_shuffle",
        "requires_grad_",
        "cuda",
        "cpu",
        "bfloat16",
        "stochastic_depth",
        "identity",
    ]
)
RESHAPES = frozenset({"view", "reshape", "flatten"})

# Linear in their input, or as good as: one value is a weighted sum, or the largest, of some.
LINEAR = frozenset(
    [
        "avg_pool1d",
        "avg_pool2d",
        "avg_pool3d",
        "adaptive_avg_pool1d",
        "adaptive_avg_pool2d",
        "adaptive_avg_pool3d",
        "lp_pool2d",
        "max_pool1d",
        "max_pool2d",
        "max_pool3d",
        "adaptive_max_pool1d",
        "adaptive_max_pool2d",
        "adaptive_max_pool3d",
        "mean",
        "sum",
        "amax",
        "max",
        "interpolate",
        "upsample",
        "neg",
        "local_response_norm",
        "cumsum",
    ]
)
NORMS = frozenset(["batch_norm", "layer_norm", "group_norm", "instance_norm", "rms_norm"])
POOLS = frozenset(name for name in LINEAR if "pool" in name)

SATURATING = {"sigmoid": "sigmoid", "tanh": "tanh"}
SIGMOIDS = frozenset({"sigmoid", "hardsigmoid"})
RECTIFIERS = frozenset({"relu", "relu6"})
ACTIVATIONS = frozenset(
    [
        "relu",
        "relu6",
        "leaky_relu",
        "prelu",
        "rrelu",
        "elu",
        "selu",
        "celu",
        "gelu",
        "silu",
        "mish",
        "hardswish",
        "hardtanh",
        "hardsigmoid",
        "hardshrink",
        "softshrink",
        "tanhshrink",
        "softplus",
        "softsign",
        "sigmoid",
        "tanh",
        "logsigmoid",
        "glu",
        "threshold",
        "clamp",
        "clamp_min",
        "clamp_max",
        "clip",
        "abs",
        "exp",
        "log",
        "log1p",
        "sqrt",
        "rsqrt",
        "square",
        "pow",
        "sin",
        "cos",
        "erf",
        "where",
        "maximum",
        "minimum",
    ]
)
SOFTMAXES = frozenset({"softmax", "log_softmax"})

# Put two values together; with a plain number or a weight on one side they are linear.
JOINS = frozenset(
    [
        "add",
        "sub",
        "rsub",
        "subtract",
        "mul",
        "multiply",
        "div",
        "true_divide",
        "divide",
        "cat",
        "concat",
        "concatenate",
        "stack",
        "hstack",
        "vstack",
        "matmul",
        "bmm",
        "mm",
        "einsum",
        "addcmul",
        "lerp",
        "baddbmm",
        "addmm",
        "scaled_dot_product_attention",
        "dot",
        "tensordot",
    ]
)
SUMS = frozenset({"add", "sub", "rsub", "subtract", "addcmul", "lerp"})

# Dunder and in-place spellings: `__add__` and `add_` are `add`.
_PLAIN = {"truediv": "div", "__rsub__": "sub", "__matmul__": "matmul", "concatenate": "cat", "concat": "cat"}


def plain(name: str) -> str:
    """The operation's one name: without the underscores of operators and of in-place work."""
    if name in {"__get__", "__getitem__"}:
        return name
    bare = name.removesuffix("_").strip("_")
    for prefix in ("i", "r"):
        # __iadd__, __radd__ and the like.
        if name.startswith(f"__{prefix}") and bare[1:] in JOINS | {"truediv"}:
            bare = bare[1:]
    return _PLAIN.get(bare, bare)
