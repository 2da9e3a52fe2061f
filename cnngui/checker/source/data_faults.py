"""Pictures on their way into the network: order, scale, statistics, randomness."""

from __future__ import annotations

from collections.abc import Iterator

from cnngui.checker.source import modules
from cnngui.checker.source.datasets import IMAGENET, TABLE
from cnngui.checker.source.facts import SourceFacts
from cnngui.checker.source.picture_ops import floats
from cnngui.checker.source.pipelines import known_steps, name_of, pipeline_spot, transform_of
from cnngui.checker.source.reading import root_dataset
from cnngui.checker.source.roles import evaluation_loaders, training_loaders
from cnngui.checker.source.training import Forward, forwards, smoke
from cnngui.checker.source.transforms import RANDOM
from cnngui.checker.source.values import Dataset, Layer, Loader, Obj, Pic, Range, Spot, Tensor, Thing

TO_TENSOR = frozenset({"ToTensor", "PILToTensor", "ToImage", "Preset"})
CLOSE = 0.02
VERY_CLOSE = 0.006


def normalized_early(facts: SourceFacts) -> Iterator[tuple[Spot, str]]:
    """Normalize before the picture is a (float) tensor."""
    for compose in facts.composes:
        steps = known_steps(compose)
        names = [name_of(step) for step in steps]
        for index, step in enumerate(steps):
            before, after = set(names[:index]), names[index + 1 :]
            if names[index] != "Normalize" or before & {"Lambda", "ToPILImage"}:
                continue
            later = next((name for name in after if name in TO_TENSOR), None)
            if not before & TO_TENSOR and later is not None:
                yield step.at, later
            elif before & {"ToImage", "PILToTensor"} and not before & {"ToDtype", "ConvertImageDtype"}:
                dtype = next((name for name in after if name in {"ToDtype", "ConvertImageDtype"}), None)
                if dtype is not None:
                    yield step.at, dtype
    for one in facts.applied:
        if name_of(one.transform) == "Normalize" and isinstance(one.given, Pic):
            yield one.at, "ToTensor"


def _inputs(facts: SourceFacts) -> Iterator[tuple[Forward, Tensor]]:
    """Forwards with the picture tensor that went in."""
    for root in facts.roots:
        for one in forwards(root):
            value = one.event.value
            if isinstance(value, Tensor) and not smoke(value):
                yield one, value


def _place(value: Tensor, call: Spot) -> Spot:
    """Where the values of a batch were decided: its Normalize, its transform, or the call."""
    if value.range is not None and value.range.at is not None:
        return value.range.at
    return pipeline_spot(value) or call


def normalized_differently(facts: SourceFacts) -> Iterator[tuple[Spot, str]]:
    """Evaluation pictures whose range is not the one the network was trained on."""
    pairs = list(_inputs(facts))
    training = {id(loader) for loader in training_loaders(facts)}
    loaded = [value for loader, value in facts.batches if id(loader) in training]
    loaded += [value for _, value in facts.batches if _split(value).startswith("train")]
    trained = next(
        (one.range for one in [*(value for one, value in pairs if one.trains), *loaded] if _scaled(one)), None
    )
    if trained is None:
        return
    evaluated = [(value, one.event.at) for one, value in pairs if not one.trains]
    evaluating = {id(loader) for loader in evaluation_loaders(facts)}
    evaluated += [
        (value, loader.at) for loader, value in facts.batches
        if id(loader) in evaluating
        or (id(loader) not in training and _split(value).startswith(("test", "val")))
    ]  # fmt: skip
    for value, at in evaluated:
        if value.range is not None and _scaled(value) and not _alike(trained, value.range):
            yield (
                _place(value, at),
                f"Training pictures are {_range(trained)}, these are {_range(value.range)}",
            )


def _split(value: Tensor) -> str:
    """The split of torchvision's data set that a batch is from."""
    return root_dataset(value.data).split if value.data is not None else ""


def _scaled(value: Tensor) -> bool:
    return value.range is not None and value.range.kind in {"0-1", "normalised"}


def _alike(first: Range, second: Range) -> bool:
    if first.kind != second.kind:
        return False
    if not first.mean or not second.mean:
        return True
    return _near(first.mean, second.mean, 1e-3) and _near(first.std, second.std, 1e-3)


def _near(first: tuple[float, ...], second: tuple[float, ...], limit: float) -> bool:
    if len(first) != len(second):
        first, second = (first * len(second), second) if len(first) == 1 else (first, second * len(first))
    return len(first) == len(second) and all(abs(a - b) <= limit for a, b in zip(first, second, strict=True))


def _range(value: Range) -> str:
    if value.kind != "normalised":
        return "not normalised"
    shown = ", ".join(f"{one:g}" for one in value.mean)
    return f"normalised with mean ({shown})" if value.mean else "normalised"


def unshuffled(facts: SourceFacts) -> Iterator[tuple[Spot, str]]:
    """Loaders that are trained from in the order of the data set."""
    for loader in training_loaders(facts):
        config = loader.config
        if config.get("shuffle", False) not in {False, None} or isinstance(
            config.get("shuffle"), (Tensor, Obj)
        ):
            continue
        if any(config.get(key) is not None for key in ("sampler", "batch_sampler")):
            continue
        if not _may_be_sorted(loader):
            continue
        name = next(iter(loader.names), "This loader")
        yield loader.at, f"{name} is trained from without shuffling"


def _may_be_sorted(loader: Loader) -> bool:
    dataset = loader.dataset
    if not isinstance(dataset, Dataset):
        return loader.config.get("shuffle") is False
    whole = root_dataset(dataset)
    if whole.obj is not None and "Iterable" in whole.obj.cls.lib:
        return False
    random = whole.kind == "TensorDataset" and any(
        isinstance(one, Tensor) and one.random for one in whole.tensors
    )
    return not random or loader.config.get("shuffle") is False


def augmented_evaluation(facts: SourceFacts) -> Iterator[tuple[Spot, str]]:
    """Data sets that are only evaluated and whose transform is random."""
    training = training_loaders(facts)
    shared = {id(transform_of(one.dataset)) for one in training if isinstance(one.dataset, Dataset)}
    for loader in evaluation_loaders(facts):
        if not isinstance(loader.dataset, Dataset) or any(
            "tta" in str(name).lower() for name in loader.names
        ):
            continue
        transform = transform_of(loader.dataset)
        random = next((step for step in known_steps(transform) if _is_random(step)), None)
        if random is not None:
            at = loader.dataset.at if id(transform) in shared else random.at
            yield at, f"{name_of(random)} changes the pictures of this evaluation set at random"


def _is_random(step: Thing) -> bool:
    return name_of(step) in RANDOM and step.config.get("p") != 0


def unscaled(facts: SourceFacts) -> Iterator[tuple[Spot, str]]:
    """Values from 0 to 255 that reach the first layer with weights."""
    for use in facts.layers:
        given = use.given
        if (
            use.kind in {"conv", "linear", "stage"}
            and given.range is not None
            and given.range.kind == "0-255"
        ) and not given.random:
            yield (
                given.range.at or use.at,
                f" ({use.layer.kind} in line {use.at.line})" if use.layer else "",
            )


def foreign_normalization(facts: SourceFacts) -> Iterator[tuple[Spot, str]]:
    """Pictures for a network with ImageNet weights that are not normalised as ImageNet is."""
    given = [one.given for one in facts.net_inputs] + [value for _, value in facts.batches]
    if any(_like_imagenet(value) for value in given):
        return
    for one in facts.net_inputs:
        net, value = one.net, one.given
        if not isinstance(net, Layer) or not isinstance(value, Tensor) or smoke(value):
            continue
        if not _imagenet_weights(net) or value.range is None:
            continue
        if value.range.kind == "0-1":
            yield _place(value, one.at), "its pictures are not normalised"
        elif (
            value.range.kind == "normalised"
            and value.range.mean
            and not _near(value.range.mean, IMAGENET[0], CLOSE)
        ):
            yield _place(value, one.at), f"its pictures are {_range(value.range)}"


def _like_imagenet(value: object) -> bool:
    given = value.range if isinstance(value, Tensor) else None
    return given is not None and bool(given.mean) and _near(given.mean, IMAGENET[0], CLOSE)


def _imagenet_weights(net: Layer | Obj) -> bool:
    """Whether it starts with torchvision weights, its first convolution included."""
    for _, one in modules.walk(net):
        if (
            isinstance(one, Layer)
            and one.kind == "tv"
            and one.state.get("pretrained")
            and one.config.get("name") != "timm"
        ):
            convs = [layer for _, layer in modules.learning(one) if layer.kind == "Conv2d"]
            return not convs or bool(convs[0].state.get("pretrained"))
    return False


def wrong_stats(facts: SourceFacts) -> Iterator[tuple[Spot, str]]:
    """Normalize with numbers of another scale, another data set, another number of channels, or swapped."""
    for one in facts.applied:
        if name_of(one.transform) != "Normalize" or not isinstance(one.given, Tensor):
            continue
        shape, data = one.given.shape, one.given.data
        channels = shape[-3] if shape and len(shape) >= 3 else None
        mean, std = floats(one.transform.config.get("mean"), 1), floats(one.transform.config.get("std"), 1)
        if mean is None or std is None:
            continue
        detail = _oddity(mean, std, channels, one.given.range)
        if detail is None and data is not None:
            detail = _foreign(mean, std, root_dataset(data).kind)
        if detail is not None:
            yield one.at, detail


def _oddity(
    mean: tuple[float, ...], std: tuple[float, ...], channels: object, given: Range | None
) -> str | None:
    """What is wrong with the numbers whatever the data set."""
    if min(std) <= 0:
        return "A standard deviation of 0 divides by zero"
    if given is not None and given.kind == "0-1" and max(*mean, *std) > 2:
        return "Mean and std are on the scale 0 to 255, but ToTensor gives values from 0 to 1"
    if isinstance(channels, int) and len(mean) > 1 and len(mean) != channels:
        return f"Normalize has {len(mean)} numbers, but the pictures have {channels} channel(s)"
    if _near(mean, IMAGENET[1], VERY_CLOSE) and _near(std, IMAGENET[0], VERY_CLOSE):
        return "Mean and std of ImageNet are swapped"
    return None


def _foreign(mean: tuple[float, ...], std: tuple[float, ...], kind: str) -> str | None:
    """The name of another data set whose numbers these are."""
    own = TABLE.get(kind)
    if own is None or not own.mean or _near(mean, own.mean, CLOSE):
        return None
    if _near(mean, own.std, CLOSE) and _near(std, own.mean, CLOSE):
        return f"Mean and std of {kind} are swapped"
    for name, other in TABLE.items():
        if name in {kind, "ImageNet"} or not other.mean or len(other.mean) not in {1, len(mean)}:
            continue
        if _near(mean, other.mean, VERY_CLOSE) and not _near(other.mean, own.mean, CLOSE):
            return f"These are mean and std of {name}, not of {kind}"
    return None
