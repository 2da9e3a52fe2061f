"""Which picture sizes a network takes, found by trying."""

from math import isqrt

from cnngui.checker.network.facts import OF_SIZE, Fault, Sizes, Trace
from cnngui.checker.network.forward import Runner

# The sizes that classifiers are made for, the most usual first.
USUAL = (224, 32, 28, 64, 96, 128, 256, 299, 384, 512, 48, 160, 16, 8)

# Trying sizes may take this many operations in all: a third of a second on a slow processor.
_MOST_OPERATIONS = 4000


def first_that_works(runner: Runner, wanted: int | None) -> tuple[Trace, Sizes]:
    """The trace at `wanted`, or, where none is wanted, at a size that works if one is found.

    Sizes that work are looked for as well when `wanted` does not, for a reason that may be the size.
    """
    trace = runner.run(wanted or USUAL[0])
    failed: list[int] = []
    worked: list[int] = []
    (worked if trace.done else failed).append(trace.size)
    fault = trace.fault
    if fault is None and not trace.done:
        return trace, Sizes((), tuple(failed))
    while fault is not None and fault.kind in OF_SIZE and runner.operations < _MOST_OPERATIONS:
        # A try on the way may come further and say better what the next one should be.
        size = next((one for one in (*_hints(fault, failed[-1]), *USUAL) if one not in failed), None)
        if size is None:
            break
        attempt = runner.run(size)
        if attempt.done:
            worked.append(size)
            return (trace if wanted else attempt), Sizes(tuple(worked), tuple(failed))
        failed.append(size)
        if attempt.fault is not None and attempt.fault.kind in {"fc", "assert"}:
            fault = attempt.fault
        if not wanted and fault is attempt.fault:
            trace = attempt
    return trace, Sizes(tuple(worked), tuple(failed))


def others_that_work(runner: Runner, found: Sizes) -> Sizes:
    """`found`, with another size above and another below, if such are found."""
    if not found.work:
        return found
    work, fail = list(found.work), list(found.fail)
    size = work[0]
    for other in (2 * size, 3 * size, 32, 64):
        larger_works, smaller_works = max(work) > size, min(work) < size
        if other in (*work, *fail) or (larger_works if other > size else smaller_works):
            continue
        (work if runner.works(other) else fail).append(other)
    return Sizes(tuple(work), tuple(fail))


def _hints(fault: Fault, size: int) -> list[int]:
    """Sizes at which the flattened feature map would have as many values as the layer wants."""
    if fault.kind != "fc" or fault.feature_map is None:
        return []
    channels, height, _ = fault.feature_map
    if not channels or fault.want % channels:
        return []
    side = isqrt(fault.want // channels)
    if side * side * channels != fault.want:
        return []
    # Roundings on the way leave a range; a multiple of a power of two is what people choose.
    low, high = side * size // (height + 1), (side + 1) * size // max(1, height) + 1
    near = round(side * size / max(1, height))
    rounded = sorted(range(max(1, low), high + 1), key=lambda one: (-_evenness(one), abs(one - near)))
    return list(dict.fromkeys((near, *rounded[:3], near + 1, near + 2, near - 1)))


def _evenness(number: int) -> int:
    return (number & -number).bit_length()
