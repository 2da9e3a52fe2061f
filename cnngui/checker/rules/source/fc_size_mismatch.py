"""A fully connected layer expects another number of values than the picture gives.

What it finds
nn.Linear whose in_features differs from the number of values that arrive per picture after
flattening.

Why it hurts
PyTorch stops with 'mat1 and mat2 shapes cannot be multiplied' at the first batch.

Example
    self.fc1 = nn.Linear(32 * 8 * 8, 128)   # pictures are 64x64: 32 * 16 * 16 values arrive

Instead
    self.fc1 = nn.Linear(32 * 16 * 16, 128)

When to ignore
Never as it stands: the forward pass cannot run with pictures of this size.
"""

from collections.abc import Iterator
from math import isqrt

from cnngui.checker.finding import Severity
from cnngui.checker.rule import Report, rule
from cnngui.checker.source.facts import ShapeFault, SourceFacts
from cnngui.checker.source.reading import dim_text, faults, layer_spot, layer_text, picture_text


@rule(
    "fc-size-mismatch",
    Severity.ERROR,
    group="shape",
    why="The first forward pass stops with a shape error.",
    fix="Set in_features to the number of values that arrive.",
)
def check(facts: SourceFacts) -> Iterator[Report]:
    for fault in faults(facts, "fc", "input-width"):
        at = layer_spot(fault)
        have = dim_text(fault.have)
        got = f"{have} values" if isinstance(fault.have, int) else have + " values"
        message = (
            f"{layer_text(fault.layer)} expects {dim_text(fault.want)} values but gets {got}"
            f"{picture_text(fault.value)}."
        )
        yield Report(message, at.line, at.column, fix=_fix(fault))


def _fix(fault: ShapeFault) -> str:
    """What would make the two agree: the picture's size, the layer, or pooling before it."""
    have, want = fault.have, fault.want
    if not isinstance(have, int) or not isinstance(want, int):
        return "Set in_features to the number of values that arrive, or put AdaptiveAvgPool2d before flatten."
    factors = tuple(getattr(have, "factors", ()))
    options = []
    side = 0
    if len(factors) == 3 and not want % factors[0]:
        side = isqrt(want // factors[0])
        side = side if side * side * factors[0] == want else 0
    picture = fault.value.picture if fault.value is not None else None
    if (
        side
        and picture
        and isinstance(picture[0], int)
        and factors[1] == factors[2]
        and not picture[0] % factors[1]
    ):
        size = picture[0] // factors[1] * side
        options.append(f"resize to {size}×{size}")
    options.append(f"set in_features to {'*'.join(map(str, factors)) if len(factors) > 1 else int(have)}")
    if side:
        options.append(f"put AdaptiveAvgPool2d({side}) before flatten")
    text = (
        ", ".join(options[:-1]) + (", or " if len(options) > 2 else " or ") + options[-1]
        if len(options) > 1
        else options[0]
    )
    return text[0].upper() + text[1:] + "."
