"""The settings, and the folders everything is kept in. No Qt, no torch.

A settings page is drawn from SETTINGS. To add a setting, add a field to Settings: nothing else.
"""

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

import platformdirs

from cnngui.files import cannot_write, write_whole

VERSION = 1

Value = str | float | int | bool


@dataclass(frozen=True, slots=True)
class Setting:
    """One row of the table. `shown` is False for what the window remembers by itself."""

    name: str
    default: Value
    sentence: str  # what it does, for people
    choices: tuple[str, ...] = ()  # the only values allowed, if any are given
    minimum: float | None = None
    maximum: float | None = None
    shown: bool = True

    def problem(self, value: object) -> str | None:
        """Why `value` cannot be this setting's, or None if it can."""
        kind = type(self.default)
        if kind is float and type(value) is int:
            value = float(value)
        if type(value) is not kind:
            return f"must be {_KINDS[kind]}"
        if self.choices and value not in self.choices:
            return f"must be one of {', '.join(self.choices)}"
        if isinstance(value, (int, float)) and not self._in_range(value):
            return f"must be between {self.minimum:g} and {self.maximum:g}"
        return None

    def _in_range(self, value: float) -> bool:
        low = float("-inf") if self.minimum is None else self.minimum
        high = float("inf") if self.maximum is None else self.maximum
        return low <= value <= high  # False for NaN


_KINDS: Mapping[type, str] = {str: "text", float: "a number", int: "a whole number", bool: "true or false"}


def _row(default: Any, sentence: str, **rest: Any) -> Any:
    return field(default=default, metadata={"sentence": sentence, **rest})


@dataclass(frozen=True, slots=True)
class Settings:
    """What the person chose. Every field has a default; make another with `dataclasses.replace`."""

    cache_limit_gb: float = _row(
        20.0,
        "How much room decoded pictures may take on the disk, in gigabytes. The oldest are removed first.",
        minimum=0.0,
        maximum=10_000.0,
    )
    geometry: str = _row("", "Where the window was and how large.", shown=False)


_DEFAULTS = Settings()

SETTINGS: tuple[Setting, ...] = tuple(
    Setting(f.name, getattr(_DEFAULTS, f.name), **f.metadata) for f in fields(Settings)
)


def data_dir() -> Path:
    """Where projects, trained models and crash reports are kept. CNNGUI_HOME, if set, holds everything."""
    return _home("data") or platformdirs.user_data_path("cnngui", appauthor=False)


def cache_dir() -> Path:
    """What can be made again: decoded pictures, the sample. Deleting it loses nothing."""
    return _home("cache") or platformdirs.user_cache_path("cnngui", appauthor=False)


def config_dir() -> Path:
    """Where the settings are kept."""
    return _home("config") or platformdirs.user_config_path("cnngui", appauthor=False)


def _home(part: str) -> Path | None:
    home = os.environ.get("CNNGUI_HOME")
    return Path(home).expanduser() / part if home else None


def settings_file() -> Path:
    return config_dir() / "settings.json"


def load() -> Settings:
    """The stored settings. Never raises: what cannot be used is the default; `load_with_notes` says why."""
    return load_with_notes()[0]


def load_with_notes() -> tuple[Settings, tuple[str, ...]]:
    """The stored settings, and a sentence for each thing in the file that could not be used.

    A damaged file, or one of a later version, is kept beside under another name, so that saving cannot
    destroy it.
    """
    path = settings_file()
    try:
        raw = path.read_bytes()
    except FileNotFoundError:
        return Settings(), ()
    except OSError as error:
        return Settings(), (f"The settings in {path} cannot be read ({error.strerror}): defaults are used.",)
    try:
        stored = json.loads(raw)
        version, values = stored["version"], dict(stored["values"])
    except (ValueError, TypeError, KeyError):
        return Settings(), (_set_aside(path, "are damaged"),)
    if not isinstance(version, int) or version > VERSION:
        return Settings(), (_set_aside(path, "were written by a later version of cnngui"),)
    return _usable(values, path)


def save(settings: Settings) -> None:
    """Store what differs from the defaults. Raises RequestError if it cannot be written, ValueError for a
    value that its row does not allow."""
    values: dict[str, Value] = {}
    for row in SETTINGS:
        value = getattr(settings, row.name)
        problem = row.problem(value)
        if problem:
            raise ValueError(f"{row.name} {problem}, not {value!r}")
        if value != row.default:
            values[row.name] = value
    path = settings_file()
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise cannot_write(path, error) from error
    write_whole(path, json.dumps({"version": VERSION, "values": values}, indent=1).encode() + b"\n")


def _usable(values: Mapping[str, Any], path: Path) -> tuple[Settings, tuple[str, ...]]:
    rows = {row.name: row for row in SETTINGS}
    usable: dict[str, Any] = {}
    notes = []
    for name, value in values.items():
        problem = rows[name].problem(value) if name in rows else "is not known to this version"
        if problem:
            notes.append(f"The setting “{name}” in {path} {problem}: it is passed over.")
        else:
            usable[name] = type(rows[name].default)(value)
    return Settings(**usable), tuple(notes)


def _set_aside(path: Path, what: str) -> str:
    number = 1
    while (kept := path.with_name(f"settings.kept-{number}.json")).exists():
        number += 1
    try:
        path.rename(kept)
    except OSError as error:
        return f"The settings in {path} {what} and cannot be moved ({error.strerror}): defaults are used."
    return f"The settings in {path} {what}: defaults are used, and the file is kept as {kept}."
