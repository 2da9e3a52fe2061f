"""Layers that follow each other with nothing non-linear between, pairs that are meant so left out."""

from collections import Counter

from cnngui.checker.network.facts import LayerUse, Trace


def linear_chains(trace: Trace) -> list[tuple[LayerUse, ...]]:
    """Runs of two or more layers that are one linear map together, each layer in one run."""
    chains: list[list[LayerUse]] = []
    readers = Counter(use.before for use in trace.uses)
    for use in trace.uses:
        if use.before is None:
            continue
        before = trace.uses[use.before]
        # What several layers read is a stream that their paths come back to, such as a stem's.
        if use.before in trace.joined or readers[use.before] > 1 or meant(before, use):
            continue
        chain = next((one for one in chains if one[-1] is before), None)
        if chain is None:
            chains.append([before, use])
        else:
            chain.append(use)
    # A block that is used several times is one fault.
    first = {tuple(one.path for one in chain): tuple(chain) for chain in reversed(chains)}
    return list(first.values())[::-1]


def meant(before: LayerUse, after: LayerUse) -> bool:
    """Whether two layers are known to be one linear step in two, to save work."""
    if before.groups > 1 or after.groups > 1:
        return True  # depthwise and pointwise, grouped
    if before.kind == "conv" and after.kind == "conv":
        if before.kernel != after.kernel and _thin(before) and _thin(after):
            return True  # 1×k and k×1
        if before.stride == before.kernel and max(before.kernel) > 1:
            return True  # patches, or a picture taken apart without overlap
    patches = before.kind == "conv" and before.stride == before.kernel and max(before.kernel) > 1
    if patches and after.kind == "linear":
        return True  # the projections of an attention on patches
    point = before.kind == "linear" or set(before.kernel) == {1}
    # A bottleneck: fewer channels between than on either side, so that the two are of low rank. One of
    # points between wide depthwise convolutions may keep its channels and only the next one widen them.
    if set(before.kernel) == set(after.kernel) == {1} and before.outputs <= before.inputs < after.outputs:
        return True
    return point and before.outputs < min(before.inputs, after.outputs)


def _thin(use: LayerUse) -> bool:
    return len(use.kernel) > 1 and min(use.kernel) == 1 and max(use.kernel) > 1
