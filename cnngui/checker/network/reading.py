"""What several model rules ask of the facts, and how they say it."""

from collections.abc import Iterator, Sequence

from cnngui.checker.network.facts import OF_SIZE, Fault, ModelFacts, Trace
from cnngui.checker.rule import Report


def fault(facts: ModelFacts, *kinds: str) -> Iterator[tuple[Trace, Fault]]:
    """The misfit that stopped the forward pass, if it is of these kinds and not the picture's size."""
    trace = facts.trace
    if trace is None or trace.fault is None or trace.fault.kind not in kinds:
        return
    if not _of_size(facts, trace.fault):
        yield trace, trace.fault


def wrong_size(facts: ModelFacts) -> Iterator[tuple[Trace, Fault, tuple[int, ...]]]:
    """The misfit, where the network is right at other sizes, and those."""
    trace = facts.trace
    if trace is not None and trace.fault is not None and _of_size(facts, trace.fault):
        yield trace, trace.fault, facts.sizes.work


def _of_size(facts: ModelFacts, found: Fault) -> bool:
    return found.kind in OF_SIZE and bool(facts.sizes.work)


def arithmetic(found: Fault) -> str:
    """ "8192 = 32·16·16 values" where they were flattened, else the number alone."""
    if found.feature_map is None:
        return str(found.have)
    return f"{found.have} = {'·'.join(map(str, found.feature_map))}"


def sizes_text(sizes: Sequence[int]) -> str:
    return " or ".join(f"{size}×{size}" for size in sizes)


def batch_mixed(trace: Trace) -> bool:
    """Whether the scores are not one row per picture but still a multiple or a part of them."""
    rows = trace.output[0] if len(trace.output) == 2 else trace.batch
    return (
        trace.done and rows != trace.batch and trace.output_tag.ended in {"linear", "softmax", "log_softmax"}
    )


def file_fault(facts: ModelFacts, kind: str) -> Iterator[Report]:
    found = facts.file_fault
    if found is not None and found.kind == kind:
        yield Report(found.sentence, fix=found.fix)
