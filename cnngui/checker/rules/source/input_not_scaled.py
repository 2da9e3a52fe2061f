"""Pictures go into the network as 0 to 255.

What it finds
Bytes turned into floats without dividing by 255: PILToTensor, numpy arrays, read_image, ToDtype
without scale=True.

Why it hurts
Inputs a hundred times too large make the first steps explode; a pretrained network sees nothing it
knows.

Example
    x = torch.from_numpy(np.array(img)).permute(2, 0, 1).float()

Instead
    x = torch.from_numpy(np.array(img)).permute(2, 0, 1).float() / 255

When to ignore
When the network begins with batch norm or scales by itself.
"""

from collections.abc import Iterator

from cnngui.checker.finding import Severity
from cnngui.checker.rule import Report, rule
from cnngui.checker.source.data_faults import unscaled
from cnngui.checker.source.facts import SourceFacts


@rule(
    "input-not-scaled",
    Severity.WARNING,
    group="data",
    why="Inputs are about a hundred times too large.",
    fix="Divide by 255, or use ToTensor / ToDtype(torch.float32, scale=True).",
)
def check(facts: SourceFacts) -> Iterator[Report]:
    for at, detail in unscaled(facts):
        yield Report(f"Pictures reach the network as 0 to 255{detail}.", at.line, at.column)
