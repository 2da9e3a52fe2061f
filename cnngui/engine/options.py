"""The parts of the recipe as one table: from it come the command line's `--set` and the window's settings.

To add a part, add a field with `part(...)` to TrainConfig: nothing else lists them. No torch.
"""

import difflib
import math
from collections.abc import Iterable
from dataclasses import dataclass, fields, replace
from typing import Any

from cnngui.engine.spec import UNASKED, TrainConfig
from cnngui.errors import RequestError

Value = str | float | int | bool


@dataclass(frozen=True, slots=True)
class Option:
    """One part of the recipe. `default` None: the network's card decides."""

    name: str
    default: Value | None
    kind: type
    sentence: str  # what it does, for people
    choices: tuple[str, ...] = ()  # the only values allowed, if any are given
    minimum: float = -math.inf
    maximum: float = math.inf
    title: str = ""  # what it is called, for people
    augments: bool = False  # whether it changes pictures, and so rests where augmentation is off

    @property
    def allowed(self) -> str:
        """The values it takes, in words."""
        if self.choices:
            return ", ".join(self.choices)
        if self.kind is bool:
            return "true, false"
        return f"{self.minimum:g} to {self.maximum:g}"

    def parse(self, text: str) -> Value:
        """The value that `text` stands for. Raises RequestError, with what is allowed, for none."""
        if self.kind is bool and text.lower() in _TRUTH:
            return _TRUTH[text.lower()]
        if self.kind in (int, float):
            try:
                number: float = self.kind(text)
            except ValueError:
                number = math.nan
            if self.minimum <= number <= self.maximum:
                return number
        if self.kind is str and text in self.choices:
            return text
        raise RequestError(f"{self.name} cannot be “{text}”. It takes {self.allowed}.")


_TRUTH = dict.fromkeys(("true", "yes", "on", "1"), True) | dict.fromkeys(("false", "no", "off", "0"), False)


def _row(name: str, default: Any, metadata: dict[str, Any]) -> Option:
    kind = metadata.pop("kind", type(default))
    title = metadata.pop("title", name.replace("_", " ").capitalize())
    return Option(name, default, kind, title=title, **metadata)


OPTIONS: tuple[Option, ...] = tuple(
    _row(f.name, f.default, dict(f.metadata)) for f in fields(TrainConfig) if f.metadata
)


def option(name: str) -> Option:
    """The option called `name`. Raises RequestError, naming the nearest, for one there is not."""
    found = next((one for one in OPTIONS if one.name == name), None)
    if found is None:
        known = [one.name for one in OPTIONS]
        near = difflib.get_close_matches(name, known, n=1)
        hint = f"Did you mean {near[0]}?" if near else f"There are: {', '.join(known)}."
        raise RequestError(f"The recipe has no part called “{name}”. {hint}")
    return found


def changed(config: TrainConfig, settings: Iterable[str]) -> TrainConfig:
    """`config` with each of `settings`, written NAME=VALUE. Raises RequestError for one that cannot be."""
    values: dict[str, Any] = {}
    for setting in settings:
        name, equals, text = setting.partition("=")
        if not equals:
            raise RequestError(f"“{setting}” is not of the form NAME=VALUE, such as mixup=0.2.")
        one = option(name.strip())
        values[one.name] = one.parse(text.strip())
    return replace(config, **values)


def idle(config: TrainConfig, dropout: bool) -> frozenset[str]:
    """The fields of TrainConfig that make no difference to a training as `config` asks for it.

    `dropout`: whether its network has dropout layers.
    """
    names, _ = _idle(config)
    return names if dropout else names | {"dropout"}


def no_effect(config: TrainConfig) -> list[str]:
    """What `config` asks for that makes no difference to it, and why: one sentence, or none."""
    idle_here, why = _idle(config)
    asked = [one.name for one in fields(TrainConfig) if getattr(config, one.name) != one.default]
    return _without_effect([name for name in asked if name in idle_here], why)


def unheeded(asked: TrainConfig, begun: TrainConfig) -> list[str]:
    """What `asked` asks for and a training that goes on as `begun` does not heed, in one sentence, or none.
    Another device it does heed."""
    names = [
        one.name
        for one in fields(TrainConfig)
        if one.name != "device"
        and getattr(asked, one.name) not in (getattr(UNASKED, one.name), getattr(begun, one.name))
    ]
    return _without_effect(names, "a training that goes on keeps the options it was begun with")


def _without_effect(names: list[str], why: str) -> list[str]:
    if not names:
        return []
    return [f"{', '.join(names)} {'has' if len(names) == 1 else 'have'} no effect: {why}."]


def _idle(config: TrainConfig) -> tuple[frozenset[str], str]:
    """The fields that make no difference whatever the network, and why."""
    if config.method == "quick":
        names = {one.name for one in OPTIONS} | {"batch_size", "learning_rate", "augment"}
        return frozenset(names), "method quick fits the last layer alone, to fixed views of the pictures"
    if not config.augment:
        names = {one.name for one in OPTIONS if one.augments}
        return frozenset(names), "the pictures are not changed at random"
    if config.resized_crop:
        return frozenset({"shift"}), "resized_crop takes its place"
    return frozenset(), ""


def check(config: TrainConfig) -> None:
    """Raise RequestError for a value that is out of an option's range."""
    for one in OPTIONS:
        value = getattr(config, one.name)
        if value is not None:
            one.parse(str(value))
