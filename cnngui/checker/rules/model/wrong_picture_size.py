"""The network is not made for pictures of this size.

What it finds
A network that cannot run at the size asked for, but can at another.

Why it hurts
The first batch stops with a shape error, although every layer is right by itself.

Example
    nn.Linear(32 * 8 * 8, 128)       # made for 32x32 pictures, given 64x64

Instead
    transforms.Resize((32, 32)), or nn.AdaptiveAvgPool2d(8) before flatten

When to ignore
Never as it stands: the forward pass cannot run with pictures of this size.
"""

from collections.abc import Iterator

from cnngui.checker.finding import Severity
from cnngui.checker.network.facts import ModelFacts
from cnngui.checker.network.reading import arithmetic, sizes_text, wrong_size
from cnngui.checker.rule import Kind, Report, rule


@rule(
    "wrong-picture-size",
    Severity.ERROR,
    kind=Kind.MODEL,
    group="shape",
    why="The first forward pass stops with a shape error.",
    fix="Resize the pictures, or put AdaptiveAvgPool2d before flatten.",
)
def check(facts: ModelFacts) -> Iterator[Report]:
    for trace, found, work in wrong_size(facts):
        size = trace.size
        reason = f"{found.layer} stops with “{found.error}”"
        options = [f"resize the pictures to {sizes_text(work)}"]
        if found.kind == "fc":
            reason = f"{found.layer} expects {found.want} values but gets {arithmetic(found)}"
            options.append(f"set in_features to {found.have}")
        elif found.kind == "collapse":
            reason = f"at {found.path or found.layer} the feature map is only {found.have} wide"
        message = f"The network cannot take {size}×{size} pictures: {reason}. {sizes_text(work)} works."
        fix = ", or ".join(options) + "."
        yield Report(
            message,
            part=found.path or None,
            fix=fix[0].upper() + fix[1:],
            evidence={"size": size, "works": work[0]},
        )
