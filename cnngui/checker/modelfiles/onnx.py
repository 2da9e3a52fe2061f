"""ONNX files, read as the protocol buffers they are: no library, nothing run, no other file opened.

Source of the field numbers: onnx/onnx.proto, https://github.com/onnx/onnx
"""

from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from cnngui.checker.modelfiles.protobuf import ProtobufError, Value, fields, numbers
from cnngui.checker.network.facts import BadWeights, FileFault, ModelFacts

# TensorProto.DataType: those of which NaN can be told.
_TYPES = {1: np.float32, 10: np.float16, 11: np.float64}
_EXTERNAL = 1

# Operators that change the shape of scores alone.
_SHAPING = frozenset({"Identity", "Reshape", "Flatten", "Squeeze", "Cast"})


@dataclass(slots=True)
class _Graph:
    inputs: dict[str, list[int | None]] = field(default_factory=dict)
    outputs: dict[str, list[int | None]] = field(default_factory=dict)
    makers: dict[str, tuple[str, str]] = field(default_factory=dict)  # value -> (operator, its first input)
    weights: set[str] = field(default_factory=set)
    bad: list[BadWeights] = field(default_factory=list)
    elsewhere: int = 0  # weights that lie in another file


def look(path: Path, facts: ModelFacts) -> None:
    """Note the picture's size, the scores and bad weights."""
    try:
        graph = _model(path.read_bytes())
    except (ProtobufError, ValueError, OSError) as error:
        facts.file_fault = FileFault("damaged", f"{path.name} is no whole ONNX file ({error}).", "")
        return
    facts.bad_weights = tuple(graph.bad)
    pictures = [
        shape for name, shape in graph.inputs.items() if name not in graph.weights and len(shape) == 4
    ]
    if pictures and pictures[0][2] == pictures[0][3]:
        facts.stated_size = pictures[0][2]
    for name, shape in list(graph.outputs.items())[:1]:
        facts.output_width = shape[-1] if len(shape) == 2 else None
        facts.scored = _scored(graph, name)
    if graph.elsewhere:
        sentence = f"{graph.elsewhere} weights of {path.name} lie in another file and were not checked."
        facts.file_fault = FileFault("weights-alone", sentence, "Check the file with its weights inside.")


def _model(data: bytes) -> _Graph:
    for number, value in fields(memoryview(data)):
        if number == 7 and not isinstance(value, int):
            return _graph(value)
    raise ProtobufError("it has no graph")


def _graph(message: memoryview) -> _Graph:
    graph = _Graph()
    for number, value in fields(message):
        if isinstance(value, int):
            continue
        if number == 1:
            _node(graph, value)
        elif number == 5:
            _tensor(graph, value)
        elif number in {11, 12}:
            name, shape = _value_info(value)
            (graph.inputs if number == 11 else graph.outputs)[name] = shape
    return graph


def _node(graph: _Graph, message: memoryview) -> None:
    inputs: list[str] = []
    outputs: list[str] = []
    operator = ""
    for number, value in fields(message):
        if number == 1:
            inputs.append(_text(value))
        elif number == 2:
            outputs.append(_text(value))
        elif number == 4:
            operator = _text(value)
    for name in outputs:
        graph.makers[name] = (operator, inputs[0] if inputs else "")


def _tensor(graph: _Graph, message: memoryview) -> None:
    name, kind, location = "", 0, 0
    raw: memoryview | None = None
    for number, value in fields(message):
        if number == 8:
            name = _text(value)
        elif number == 2 and isinstance(value, int):
            kind = value
        elif number == 14 and isinstance(value, int):
            location = value
        elif number in {4, 9} and not isinstance(value, int):
            raw = value  # float_data is packed 32-bit floats, as raw_data of that type is
    graph.weights.add(name)
    graph.elsewhere += location == _EXTERNAL
    dtype = _TYPES.get(kind)
    if raw is None or dtype is None or location == _EXTERNAL or len(raw) % np.dtype(dtype).itemsize:
        return
    values = np.frombuffer(raw, dtype)
    if not np.isfinite(values).all():
        graph.bad.append(
            BadWeights(name, int(np.isnan(values).sum()), int(np.isinf(values).sum()), values.size)
        )


def _value_info(message: memoryview) -> tuple[str, list[int | None]]:
    name, shape = "", []
    for number, value in fields(message):
        if number == 1:
            name = _text(value)
        elif number == 2 and not isinstance(value, int):
            shape = [_dimension(one) for one in _inside(value, 1, 2, 1)]
    return name, shape


def _inside(message: memoryview, *path: int) -> list[memoryview]:
    """The messages at a path of field numbers."""
    if not path:
        return [message]
    here = [value for number, value in fields(message) if number == path[0] and not isinstance(value, int)]
    return [found for one in here for found in _inside(one, *path[1:])]


def _dimension(message: memoryview) -> int | None:
    """A size, or None for one that is open."""
    for number, value in fields(message):
        if number == 1:
            return next(numbers(value), None)
    return None


def _scored(graph: _Graph, name: str) -> str:
    """What the scores went through last: softmax, log_softmax, sigmoid or nothing."""
    for _ in range(8):
        operator, before = graph.makers.get(name, ("", ""))
        if operator not in _SHAPING:
            return {"Softmax": "softmax", "LogSoftmax": "log_softmax", "Sigmoid": "sigmoid"}.get(operator, "")
        name = before
    return ""


def _text(value: Value) -> str:
    return "" if isinstance(value, int) else bytes(value).decode("utf-8", "replace")
