"""The wire format of protocol buffers, as far as reading needs it.

Source: https://protobuf.dev/programming-guides/encoding/
"""

from collections.abc import Iterator

Value = int | memoryview


class ProtobufError(ValueError):
    """The bytes are no message."""


def fields(message: memoryview) -> Iterator[tuple[int, Value]]:
    """(field number, value) of a message in their order: a number, or the bytes of anything longer.

    Raises ProtobufError where the bytes are no message.
    """
    place = 0
    while place < len(message):
        key, place = _varint(message, place)
        number, kind = key >> 3, key & 7
        if kind == 0:
            value, place = _varint(message, place)
            yield number, value
            continue
        if kind == 2:
            length, place = _varint(message, place)
        elif kind in {1, 5}:
            length = 8 if kind == 1 else 4
        else:
            raise ProtobufError(f"unknown wire type {kind}")
        if not number or length > len(message) - place:
            raise ProtobufError("cut short")
        yield number, message[place : place + length]
        place += length


def numbers(value: Value) -> Iterator[int]:
    """The whole numbers of a repeated field, packed or one by one."""
    if isinstance(value, int):
        yield value
        return
    place = 0
    while place < len(value):
        one, place = _varint(value, place)
        yield one


def _varint(message: memoryview, place: int) -> tuple[int, int]:
    value = 0
    for shift in range(0, 70, 7):
        if place >= len(message):
            raise ProtobufError("cut short")
        byte = message[place]
        place += 1
        value |= (byte & 0x7F) << shift
        if byte < 0x80:
            return value, place
    raise ProtobufError("a number without an end")
