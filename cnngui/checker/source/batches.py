"""From a data set to the tensors a loop sees: one sample through its transforms, then a batch."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from cnngui.checker.source import calls, datasets, transforms
from cnngui.checker.source.sizes import Dim, Size, batch
from cnngui.checker.source.values import (
    Bound,
    Dataset,
    DictV,
    Func,
    Loader,
    Obj,
    Pic,
    Tensor,
    Unknown,
    as_int,
    is_number,
)

if TYPE_CHECKING:
    from cnngui.checker.source.machine import Machine


def sample_of(m: Machine, dataset: Dataset, node: ast.AST) -> object:
    """``dataset[i]``."""
    if dataset.obj is not None:
        getter = dataset.obj.cls.lookup("__getitem__")
        if isinstance(getter, Func):
            return calls.call(m, Bound(getter, dataset.obj), [Unknown("idx", tag="turn")], {}, node)
        return iterate_object(m, dataset.obj, node) or Unknown()
    if dataset.kind == "TensorDataset":
        return tuple(one.but(shape=one.shape[1:] if one.shape else None) if isinstance(one,
            Tensor) else Unknown()
                     for one in dataset.tensors)  # fmt: skip
    if dataset.parts and dataset.kind in {"Subset", "ConcatDataset"}:
        return _owned(sample_of(m, dataset.parts[0], node), dataset)
    pic = Pic(dataset.channels, dataset.size, dataset)
    image = transforms.apply(m, dataset.transform, pic, node) if dataset.transform is not None else pic
    label: object = Tensor((), "int", role="target", data=dataset, classes=dataset.classes, number=True)
    if dataset.target_transform is not None:
        label = calls.call(m, dataset.target_transform, [label], {}, node)
    return (_owned(image, dataset), label)


def _owned(value: object, dataset: Dataset) -> object:
    if isinstance(value, Tensor):
        return value.but(data=dataset)
    if isinstance(value, tuple):
        return tuple(_owned(one, dataset) for one in value)
    return value


def batch_of(m: Machine, loader: Loader, node: ast.AST) -> object:
    """What iterating over a loader gives."""
    dataset = loader.dataset
    if not isinstance(dataset, Dataset):
        return Unknown(parent=loader)
    sample = sample_of(m, dataset, node)
    if loader.config.get("collate_fn") is not None:
        collate = loader.config["collate_fn"]
        made = calls.call(m, collate, [m.new_list([sample], is_open=True)], {}, node)
        return made if made is not None else Unknown(parent=loader)
    size = loader.config.get("batch_size", 1)
    rows: Dim = 1 if as_int(size) == 1 else batch()
    number, total = as_int(size), datasets.length(dataset)
    if isinstance(rows, Size) and number and isinstance(total, int) and not loader.config.get("drop_last"):
        if total % number:
            m.uneven.add(rows)
    elif number and loader.config.get("drop_last") is True:
        rows = number
    if "batch_size" in loader.config and size is None:
        return sample
    made = _collated(sample, rows, dataset)
    first = made[0] if isinstance(made, tuple) and made else made
    if isinstance(first, Tensor) and first.role == "input":
        m.facts.batches.append((loader, first))
    return made


def _collated(value: object, rows: Dim, dataset: Dataset) -> object:
    if isinstance(value, Tensor):
        shape = None if value.shape is None else (rows, *value.shape)
        made = value.but(shape=shape, number=False, array=False, data=value.data or dataset)
        if made.role == "input" or (not made.role and _pictures(made)):
            return made.but(role="input", picture=picture(made))
        return made
    if isinstance(value, tuple):
        return tuple(_collated(one, rows, dataset) for one in value)
    if isinstance(value, DictV):
        return DictV({key: _collated(one, rows, dataset) for key, one in value.items.items()}, value.open)
    if is_number(value):
        return Tensor((rows,), "int" if isinstance(value, int) else "float", role="target", data=dataset)
    if isinstance(value, Unknown):
        hint = value.hint if value.hint in {"label", "target", "y", "labels"} else ""
        return Unknown(hint, parent=value)
    return Unknown()


def _pictures(value: Tensor) -> bool:
    return value.shape is not None and len(value.shape) == 4


def picture(value: Tensor) -> tuple[Dim, Dim] | None:
    """Height and width of a batch of pictures."""
    return (value.shape[-2], value.shape[-1]) if value.shape and len(value.shape) >= 3 else None


def iterate_object(m: Machine, obj: Obj, node: ast.AST) -> object:
    """What iterating over an instance of a class of the file gives, or None if that is not known."""
    walker = obj.cls.lookup("__iter__")
    if isinstance(walker, Func):
        made = calls.call(m, Bound(walker, obj), [], {}, node)
        if made is not obj and not isinstance(made, Unknown):
            from cnngui.checker.source import iteration

            return iteration.element(m, made, node)
        stepper = obj.cls.lookup("__next__")
        return calls.call(m, Bound(stepper, obj), [], {}, node) if isinstance(stepper, Func) else Unknown()
    if obj.cls.lookup("__getitem__") is not None:
        return sample_of(m, datasets.own(m, obj), node)
    return None
