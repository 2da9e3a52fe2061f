"""``argparse``: the arguments a script runs with when nobody gives any."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cnngui.checker.source.values import Lib, Thing, Unknown, keyed

if TYPE_CHECKING:
    from cnngui.checker.source.calls import Args
    from cnngui.checker.source.machine import Machine


def method(m: Machine, owner: Thing, name: str, args: Args) -> object:
    """A method of an ``ArgumentParser``."""
    if name == "add_argument":
        _add(m, owner, args)
        return None
    if name in {"add_argument_group", "add_mutually_exclusive_group"}:
        return owner
    if name == "set_defaults":
        for key, value in args.kw.items():
            m.put(owner.config, f"--{key}", value)
        return None
    if name in {"parse_args", "parse_known_args"}:
        values = {str(key)[2:]: value for key, value in owner.config.items() if str(key).startswith("--")}
        made = Thing("namespace", keyed(values))
        return made if name == "parse_args" else (made, Unknown())
    return Unknown(name)


def _add(m: Machine, owner: Thing, args: Args) -> None:
    flags = [one for one in args.pos if isinstance(one, str)]
    long = next((one for one in flags if one.startswith("--")), flags[-1] if flags else "")
    key = args.kw.get("dest") if isinstance(args.kw.get("dest"), str) else long.lstrip("-").replace("-", "_")
    if "default" in args.kw:
        value = args.kw["default"]
        kind = args.kw.get("type")
        if isinstance(kind, Lib) and isinstance(value, (int, str)) and not isinstance(value, bool):
            value = _typed(kind.path, value)
    elif args.kw.get("action") == "store_true":
        value = False
    elif args.kw.get("action") == "store_false":
        value = True
    elif long.startswith("-") and not args.kw.get("required"):
        value = None
    else:
        value = Unknown(str(key))
    m.put(owner.config, f"--{key}", value)


def _typed(path: str, value: int | str) -> object:
    try:
        if path == "builtins.float":
            return float(value)
        return int(value) if path == "builtins.int" else value
    except ValueError:
        return value
