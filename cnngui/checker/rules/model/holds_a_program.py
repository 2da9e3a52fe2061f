"""The file is a program and not only numbers.

What it finds
A TorchScript file, or an exported program that carries compiled code: what cannot be read without running it.

Why it hurts
Loading one may run code that is in the file. So cnngui does not load it, and nothing in it was checked.

Example
    torch.jit.save(torch.jit.script(model), "model.pt")

Instead
    safetensors.torch.save_file(model.state_dict(), "model.safetensors")

When to ignore
When you trust the file: check the network it was made from instead.
"""

from collections.abc import Iterator

from cnngui.checker.finding import Severity
from cnngui.checker.network.facts import ModelFacts
from cnngui.checker.network.reading import file_fault
from cnngui.checker.rule import Kind, Report, rule


@rule(
    "holds-a-program",
    Severity.ERROR,
    kind=Kind.MODEL,
    group="file",
    why="Loading it may run code from the file, so it was not loaded.",
    fix="Check the network that it was made from, or its weights saved alone.",
)
def check(facts: ModelFacts) -> Iterator[Report]:
    yield from file_fault(facts, "program")
