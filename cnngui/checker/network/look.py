"""Everything that can be seen of a network: the facts for the model rules."""

from collections.abc import Iterator, Sequence

from torch import Tensor, nn

from cnngui.checker.network import sizes
from cnngui.checker.network.copying import unwrapped
from cnngui.checker.network.facts import ModelFacts, Trace
from cnngui.checker.network.forward import Runner
from cnngui.checker.network.weights import all_tensors, bad_weights, dead_layers


def look(
    module: nn.Module,
    name: str,
    size: int | None,
    classes: Sequence[str] | int | None,
    channels: int | None = None,
    pictures: Tensor | None = None,
) -> ModelFacts:
    """Run copies of `module` forward and note what was seen. The module itself is only read."""
    module = unwrapped(module)
    facts = ModelFacts(name, size)
    if isinstance(classes, int):
        facts.class_count = classes
    elif classes is not None:
        facts.classes, facts.class_count = tuple(classes), len(classes)
    facts.bad_weights = bad_weights(all_tensors(module))
    facts.unregistered = tuple(_unregistered(module))
    runner = Runner(module, channels)
    trace, found = sizes.first_that_works(runner, size)
    facts.trace, facts.unfollowed = trace, trace.unfollowed
    if not trace.done:
        facts.sizes = found
        return facts
    facts.output_width, facts.scored = _width(trace), trace.output_tag.scored
    facts.unused = _unused(module, runner, trace)
    if not facts.bad_weights:
        facts.dead = dead_layers(module, trace, pictures)
    facts.sizes = sizes.others_that_work(runner, found)
    return facts


def _width(trace: Trace) -> int | None:
    """Scores per picture: of (N, K), or of (N, K, 1, 1)."""
    shape = trace.output
    if len(shape) < 2 or shape[0] != trace.batch or any(side != 1 for side in shape[2:]):
        return None
    return shape[1]


def _unused(module: nn.Module, runner: Runner, trace: Trace) -> tuple[str, ...]:
    """Modules with weights that neither evaluation nor training makes use of; the outermost of each."""
    idle = _idle(module, trace.used)
    if not idle:
        return ()
    training = runner.run(trace.size, training=True)
    if not training.done:
        return ()  # what is for training alone cannot be told from what is for nothing
    idle = _idle(module, trace.used | training.used)
    return tuple(path for path in idle if not any(path.startswith(f"{other}.") for other in idle))


def _idle(module: nn.Module, used: frozenset[str]) -> tuple[str, ...]:
    """Paths of modules of which nothing was used, weights included, although they have some."""
    busy = set()
    for path in used:
        while path:
            busy.add(path)
            path = path.rpartition(".")[0]
    return tuple(
        path
        for path, one in module.named_modules()
        if path and path not in busy and next(one.parameters(), None) is not None
    )


def _unregistered(module: nn.Module) -> Iterator[tuple[str, int]]:
    """Plain lists and dictionaries of layers: their weights are not the network's.

    A list of one is how people keep a network out of another one on purpose.
    """
    registered = {id(one) for one in module.modules()}
    for path, one in module.named_modules():
        for name, value in vars(one).items():
            if name.startswith("_") or not isinstance(value, list | tuple | dict):
                continue
            inside = list(value.values()) if isinstance(value, dict) else list(value)
            layers = [each for each in inside if isinstance(each, nn.Module)]
            lost = [each for each in layers if id(each) not in registered and _learns(each)]
            if len(lost) > 1:
                yield (f"{path}.{name}" if path else name), len(lost)


def _learns(module: nn.Module) -> bool:
    return any(one.requires_grad for one in module.parameters())
