"""The pictures have different sizes.

What it finds
A folder whose pictures are not all of one size in pixels.

Why it hurts
A network needs one size, so each picture is scaled and cropped to it. That is normal for photographs;
where size carries meaning (a ruler, a microscope's magnification) scaling removes it.

Example
    001.jpg 640×480, 002.jpg 4000×3000

Instead
    001.jpg 640×480, 002.jpg 640×480

When to ignore
For photographs: scaling is what they need.
"""

from collections import Counter
from collections.abc import Iterator

from cnngui.checker.finding import Severity
from cnngui.checker.folder_facts import FolderFacts
from cnngui.checker.rule import Kind, Report, rule


@rule(
    "mixed-sizes",
    Severity.INFO,
    kind=Kind.DATA,
    group="pictures",
    why="Each is scaled and cropped to the network's size, so real sizes are no longer seen.",
    fix="Nothing needs to be done for photographs; where size carries meaning, bring all to one scale.",
)
def check(facts: FolderFacts) -> Iterator[Report]:
    sizes = Counter((image.width, image.height) for _, image in facts.readable())
    if len(sizes) < 2:
        return
    least, most = min(sizes, key=_area), max(sizes, key=_area)
    (common, count), *_ = sizes.most_common(1)
    yield Report(
        f"{len(sizes):,} different sizes, from {_said(least)} to {_said(most)}; the most frequent is "
        f"{_said(common)} with {count:,} of {sizes.total():,} pictures.",
        evidence={
            "sizes": len(sizes),
            "smallest": _said(least),
            "largest": _said(most),
            "common": _said(common),
        },
    )


def _area(size: tuple[int, int]) -> int:
    return size[0] * size[1]


def _said(size: tuple[int, int]) -> str:
    return f"{size[0]}×{size[1]}"
