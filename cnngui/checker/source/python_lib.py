"""Python's own functions and the small part of the standard library that scripts build networks with."""

from __future__ import annotations

import ast
import builtins
import math
import string
from collections.abc import Callable
from functools import reduce
from typing import TYPE_CHECKING

from cnngui.checker.source import (
    arithmetic,
    attributes,
    calls,
    copying,
    iteration,
    modules,
    number_lib,
    showing,
)
from cnngui.checker.source.sizes import Size
from cnngui.checker.source.values import (
    ClassV,
    Dataset,
    DictV,
    Layer,
    Lib,
    ListV,
    Loader,
    Obj,
    Params,
    Tensor,
    Thing,
    Unknown,
    as_int,
    is_number,
    keyed,
    truth,
)

if TYPE_CHECKING:
    from cnngui.checker.source.calls import Args
    from cnngui.checker.source.machine import Machine

Handler = Callable[["Machine", "Args", ast.AST], object]

NAMES = frozenset(name for name in dir(builtins) if not name.startswith("__")) | {"__file__", "__name__"}
CONSTANTS: dict[str, object] = {"math.pi": math.pi, "math.e": math.e, "numpy.pi": math.pi,
    "numpy.newaxis": None,
                                "math.inf": math.inf, "numpy.inf": math.inf,
                                "string.ascii_letters": string.ascii_letters,
                                "string.ascii_lowercase": string.ascii_lowercase,
                                "string.ascii_uppercase": string.ascii_uppercase,
                                "string.digits": string.digits}  # fmt: skip
HARMLESS = (
    "builtins.", "os.", "sys.", "time.", "json.", "math.", "random.", "logging.", "matplotlib.", "pathlib.",
    "glob.",
    "shutil.", "warnings.", "pandas.", "sklearn.", "seaborn.", "wandb.", "re.", "datetime.", "collections.",
    "csv.",
    "itertools.", "functools.", "torchmetrics.", "torchsummary.", "torchinfo.", "yaml.", "pickle.", "gc.",
    "typing.",
    "tqdm.", "string.", "io.", "tempfile.", "urllib.", "scipy.", "skimage.", "pprint.", "uuid.", "enum.",
    "abc.",
    "tensorboardX.", "zipfile.", "contextlib.", "multiprocessing.", "types.", "einops.", "albumentations.",
)  # fmt: skip
"""Libraries that change neither networks nor optimisers they are shown."""


def name(text: str) -> object:
    """What a built-in name stands for."""
    if text == "__name__":
        return "__main__"
    if text in {"Ellipsis", "NotImplemented", "__file__"}:
        return Unknown(text)
    return Lib(f"builtins.{text}")


def _len(m: Machine, args: Args, node: ast.AST) -> object:  # noqa: ARG001
    value = args.get(0, "obj")
    if isinstance(value, Loader):
        return Unknown("len(loader)", tag="loader-length")
    if isinstance(value, Dataset):
        from cnngui.checker.source.datasets import length

        return length(value)
    if isinstance(value, Tensor):
        return value.shape[0] if value.shape else Unknown()
    items = iteration.known_items(m, value)
    if isinstance(value, Params) or items is None:
        hint = value.hint.lower() if isinstance(value, Unknown) else ""
        return Unknown(
            tag="loader-length" if "loader" in hint or hint == "dl" or hint.endswith("_dl") else ""
        )
    return len(items)


def _range(m: Machine, args: Args, node: ast.AST) -> object:  # noqa: ARG001
    numbers = [as_int(one) for one in args.pos]
    if args.star or None in numbers or not 1 <= len(numbers) <= 3 or (len(numbers) == 3 and numbers[2] == 0):
        return m.new_list([], is_open=True, kind="range")
    return range(*[one for one in numbers if one is not None])


def _enumerate(m: Machine, args: Args, node: ast.AST) -> object:  # noqa: ARG001
    return Thing("enumerate", {"over": args.get(0, "iterable"), "start": args.get(1, "start", 0)})


def _zip(m: Machine, args: Args, node: ast.AST) -> object:  # noqa: ARG001
    return Thing("zip", {"parts": list(args.pos)})


def _iter(m: Machine, args: Args, node: ast.AST) -> object:  # noqa: ARG001
    value = args.get(0, "object")
    return Thing("iterator", {"over": value}) if isinstance(value, (Loader, Dataset)) else value


def _next(m: Machine, args: Args, node: ast.AST) -> object:
    value = args.get(0, "iterator")
    if isinstance(value, Params):
        return Unknown("parameter")
    items = iteration.known_items(m, value)
    return items[0] if items else iteration.element(m, value, node)


def _listed(kind: str) -> Handler:
    def run(m: Machine, args: Args, node: ast.AST) -> object:
        value = args.get(0, "iterable")
        if value is None:
            made = m.new_list([], kind=kind)
            made.at = m.spot(node)
            return () if kind == "tuple" else made
        if isinstance(value, Params):
            return value
        items = iteration.known_items(m, value)
        if items is None:
            if isinstance(value, (Loader, Unknown)):
                return value
            inner = value.items if isinstance(value, ListV) else [iteration.element(m, value, node)]
            return m.new_list(list(inner), is_open=True, kind=kind)
        if kind == "set":
            items = [one for index, one in enumerate(items) if one not in items[:index]][:512]
        return tuple(items) if kind == "tuple" else m.new_list(list(items), kind=kind)

    return run


def _sorted(m: Machine, args: Args, node: ast.AST) -> object:  # noqa: ARG001
    items = iteration.known_items(m, args.get(0, "iterable"))
    if items is not None and all(is_number(one) for one in items) and not args.kw:
        return m.new_list(sorted(items, key=lambda one: float(one) if isinstance(one, (int, float)) else 0.0))
    return m.new_list(items or [], is_open=items is None or bool(args.kw))


def _reversed(m: Machine, args: Args, node: ast.AST) -> object:  # noqa: ARG001
    items = iteration.known_items(m, args.get(0, "sequence"))
    return Unknown() if items is None else m.new_list(items[::-1])


def _dict(m: Machine, args: Args, node: ast.AST) -> object:  # noqa: ARG001
    made = DictV({}, args.star)
    for value in args.pos:
        if isinstance(value, DictV):
            made.items.update(value.items)
            made.open |= value.open
            continue
        items = iteration.known_items(m, value)
        for item in items or []:
            if isinstance(item, tuple) and len(item) == 2 and isinstance(item[0], (str, int)):
                made.items[item[0]] = item[1]
            else:
                made.open = True
        made.open |= items is None
    made.items.update(args.kw)
    return made


def _sum(m: Machine, args: Args, node: ast.AST) -> object:
    items = iteration.known_items(m, args.get(0, "iterable"))
    start = args.get(1, "start", 0)
    if items is None:
        given = args.get(0, "iterable")
        first = (
            next((one for one in given.items if isinstance(one, Tensor)), None)
            if isinstance(given, ListV)
            else None
        )
        return first.but(linear=None) if first is not None else Unknown()
    return reduce(lambda total, one: arithmetic.binary(m, ast.Add, total, one, node), items[:512], start)


def _isinstance(m: Machine, args: Args, node: ast.AST) -> object:  # noqa: ARG001
    value, kinds = args.get(0, "obj"), args.get(1, "cls")
    answers = [_is_a(value, kind) for kind in (kinds if isinstance(kinds, tuple) else (kinds,))]
    return True if True in answers else Unknown() if None in answers else False


def _is_a(value: object, kind: object) -> bool | None:
    if isinstance(kind, ClassV) and isinstance(value, Obj):
        return kind in value.cls.line()
    if isinstance(kind, ClassV) and isinstance(
        value, (Layer, str, int, float, tuple, ListV, DictV, type(None))
    ):
        return False
    if not isinstance(kind, Lib):
        return None
    short = kind.path.rpartition(".")[2]
    if kind.path.startswith("torch.nn."):
        if isinstance(value, Layer) and value.kind != "tv":
            return True if short == "Module" else value.kind == short
        if isinstance(value, Obj):
            return (short == "Module" and modules.is_module(value)) or value.cls.lib == kind.path
        return None
    python = {"int": int, "float": float, "str": str, "bool": bool, "tuple": tuple}.get(short)
    if kind.path.startswith("builtins."):
        if isinstance(value, (int, float, str, tuple, type(None))):
            return isinstance(value, python) if python else False
        if isinstance(value, ListV) and short in {"list", "int", "float", "str", "tuple"}:
            return short == value.kind
        if isinstance(value, DictV) and short in {"dict", "list", "str", "int", "tuple"}:
            return short == "dict"
    if short == "Tensor" and isinstance(value, Tensor) and not value.array:
        return True
    return None


def _getattr(m: Machine, args: Args, node: ast.AST) -> object:
    value, key = args.get(0, "object"), args.get(1, "name")
    if not isinstance(key, str):
        m.facts.dynamic_names = True
        return Unknown()
    m.facts.loaded_names.add(key)
    if (
        len(args.pos) > 2
        and isinstance(value, Obj)
        and key not in value.attrs
        and value.cls.lookup(key) is None
    ):
        return args.pos[2]
    return attributes.get(m, value, key, node)


def _setattr(m: Machine, args: Args, node: ast.AST) -> object:
    value, key, new = args.get(0, "object"), args.get(1, "name"), args.get(2, "value")
    if isinstance(key, str):
        attributes.put(m, value, key, new, node)
    m.facts.dynamic_names = True
    return None


def _hasattr(m: Machine, args: Args, node: ast.AST) -> object:  # noqa: ARG001
    value, key = args.get(0, "object"), args.get(1, "name")
    if isinstance(key, str) and isinstance(value, Layer):
        return key in value.children or key in value.config
    if isinstance(key, str) and isinstance(value, Obj):
        return True if key in value.attrs or value.cls.lookup(key) is not None else Unknown()
    return Unknown()


def _print(m: Machine, args: Args, node: ast.AST) -> object:
    showing.printed(m, args.pos, node)
    return None


def _map(m: Machine, args: Args, node: ast.AST) -> object:
    items = iteration.known_items(m, args.get(1, "iterable"))
    if items is None or len(args.pos) != 2:
        return m.new_list([], is_open=True)
    return m.new_list([calls.call(m, args.pos[0], [one], {}, node) for one in items[:256]])


def _filter(m: Machine, args: Args, node: ast.AST) -> object:
    over = args.get(1, "iterable")
    if isinstance(over, Params):
        kept = [(key, layer) for key, layer in over.entries if layer.state.get("frozen") is not True]
        unsure = any(layer.state.get("frozen", False) is None for _, layer in kept)
        return Params(kept, over.owner, over.open or unsure)
    items = iteration.known_items(m, over)
    if items is None:
        return m.new_list([], is_open=True)
    kept_items, is_open = [], False
    for one in items[:256]:
        known = truth(calls.call(m, args.pos[0], [one], {}, node))
        is_open |= known is None
        if known is not False:
            kept_items.append(one)
    return m.new_list(kept_items, is_open=is_open)


def _type(m: Machine, args: Args, node: ast.AST) -> object:  # noqa: ARG001
    value = args.get(0, "object")
    return value.cls if isinstance(value, Obj) else Unknown("type")


def _first(m: Machine, args: Args, node: ast.AST) -> object:  # noqa: ARG001
    return args.pos[0] if args.pos else next(iter(args.kw.values()), Unknown())


def _first_then(kind: str) -> Handler:
    def run(m: Machine, args: Args, node: ast.AST) -> object:
        return Thing(kind, keyed(args.kw), m.spot(node))

    return run


def _partial(m: Machine, args: Args, node: ast.AST) -> object:
    return Thing("partial", {"func": args.get(0, "func"), "args": args}, m.spot(node))


def _namespace(m: Machine, args: Args, node: ast.AST) -> object:
    return Thing("namespace", keyed(args.kw), m.spot(node))


def _str(m: Machine, args: Args, node: ast.AST) -> object:  # noqa: ARG001
    value = args.get(0, "object", "")
    if isinstance(value, str):
        return value
    return str(int(value)) if isinstance(value, int) and not isinstance(value, bool) else Unknown(tag="text")


def _bool(m: Machine, args: Args, node: ast.AST) -> object:  # noqa: ARG001
    known = truth(args.get(0, "x", False))
    return Unknown() if known is None else known


def _chain(m: Machine, args: Args, node: ast.AST) -> object:  # noqa: ARG001
    if args.pos and all(isinstance(one, Params) for one in args.pos):
        return m.new_list(list(args.pos), kind="list")
    items: list[object] = []
    for one in args.pos:
        known = iteration.known_items(m, one)
        if known is None:
            return m.new_list(items, is_open=True)
        items.extend(known)
    return m.new_list(items)


def _deepcopy(m: Machine, args: Args, node: ast.AST) -> object:  # noqa: ARG001
    return copying.deep(args.get(0, "x"))


HANDLERS: dict[str, Handler] = {
    "builtins.len": _len, "builtins.range": _range, "builtins.enumerate": _enumerate, "builtins.zip": _zip,
    "builtins.iter": _iter, "builtins.next": _next, "builtins.list": _listed("list"),
    "builtins.tuple": _listed("tuple"),
    "builtins.set": _listed("set"), "builtins.frozenset": _listed("set"), "builtins.sorted": _sorted,
    "builtins.reversed": _reversed, "builtins.dict": _dict, "collections.OrderedDict": _dict,
    "builtins.int": number_lib.number(int), "builtins.float": number_lib.number(float),
    "builtins.abs": number_lib.of_math(abs),
    "builtins.round": number_lib.of_math(round), "builtins.pow": number_lib.of_math(math.pow),
    "math.sqrt": number_lib.of_math(math.sqrt),
    "math.ceil": number_lib.of_math(math.ceil), "math.floor": number_lib.of_math(math.floor),
    "math.log": number_lib.of_math(math.log),
    "math.log2": number_lib.of_math(math.log2), "numpy.sqrt": number_lib.of_math(math.sqrt),
    "builtins.min": number_lib.extreme(min), "builtins.max": number_lib.extreme(max), "builtins.sum": _sum,
    "builtins.isinstance": _isinstance, "builtins.getattr": _getattr, "builtins.setattr": _setattr,
    "builtins.hasattr": _hasattr, "builtins.print": _print, "builtins.map": _map, "builtins.filter": _filter,
    "builtins.any": number_lib.any_all(True), "builtins.all": number_lib.any_all(False),
    "builtins.type": _type,
    "builtins.str": _str,
    "builtins.bool": _bool, "tqdm.tqdm": _first, "tqdm.trange": _range, "rich.progress.track": _first,
    "functools.partial": _partial, "types.SimpleNamespace": _namespace, "argparse.Namespace": _namespace,
    "argparse.ArgumentParser": _first_then("ArgumentParser"),
    "dataclasses.field": _first_then("dataclasses.field"),
    "itertools.chain": _chain, "copy.deepcopy": _deepcopy, "copy.copy": _deepcopy,
}  # fmt: skip
HANDLERS["pathlib.Path"] = HANDLERS["os.path.join"] = lambda m, args, node: _path(args)  # noqa: ARG005
HANDLERS["typing.cast"] = lambda m, args, node: args.get(1, "val")  # noqa: ARG005
HANDLERS["math.prod"] = lambda m, args, node: _product(m, args)  # noqa: ARG005


def _path(args: Args) -> object:
    """A path as text."""
    parts = [one for one in args.pos if isinstance(one, str)]
    return "/".join(parts) if parts and len(parts) == len(args.pos) else Unknown("path", tag="text")


def _product(m: Machine, args: Args) -> object:
    items = iteration.known_items(m, args.get(0, "iterable"))
    if items is None or not all(isinstance(one, (int, Size)) for one in items):
        return Unknown()
    total: object = 1
    for one in items:
        total = arithmetic.binary(m, ast.Mult, total, one, ast.Constant(None))
    return total
