"""The file can only be opened by running what is in it.

What it finds
A model file that is a pickle of more than tensors: opening it would run code from the file.

Why it hurts
Whoever made the file can do on your computer whatever you can. So cnngui does not open it, and nothing in
it was checked.

Example
    torch.save(model, "model.pt")

Instead
    torch.save(model.state_dict(), "model.pt"), or better safetensors.torch.save_file

When to ignore
Never for a file from elsewhere. For your own, save the weights alone where you trained it.
"""

from collections.abc import Iterator

from cnngui.checker.finding import Severity
from cnngui.checker.network.facts import ModelFacts
from cnngui.checker.network.reading import file_fault
from cnngui.checker.rule import Kind, Report, rule


@rule(
    "needs-unpickling",
    Severity.ERROR,
    kind=Kind.MODEL,
    group="file",
    why="Opening it would run code from the file, so it was not opened.",
    fix="Save the weights alone, with torch.save(model.state_dict(), ...) or safetensors.",
)
def check(facts: ModelFacts) -> Iterator[Report]:
    yield from file_fault(facts, "unpickling")
