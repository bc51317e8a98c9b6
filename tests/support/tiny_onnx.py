"""ONNX files of a few hundred bytes, written without the `onnx` package.

Field numbers are those of `onnx.proto3` (ONNX IR version 8, operator set 13).
"""

from collections.abc import Sequence

_FLOAT, _INTS, _INT = 1, 7, 2


def mean_of_channels(*, side: int, axis: int = 1) -> bytes:
    """A network that answers the mean of its three channels: (1, 3, side, side) to one channel.

    With another `axis` than 1 it averages over rows or columns instead: an answer that is no map.
    """
    axes = _text(1, "axes") + _number(8, axis) + _number(20, _INTS)
    keep = _text(1, "keepdims") + _number(3, 1) + _number(20, _INT)
    node = _text(1, "picture") + _text(2, "answer") + _text(4, "ReduceMean")
    node += _part(5, axes) + _part(5, keep)
    graph = _part(1, node) + _text(2, "tiny")
    graph += _part(11, _tensor("picture", (1, 3, side, side)))
    answer = [1 if each == axis else extent for each, extent in enumerate((1, 3, side, side))]
    graph += _part(12, _tensor("answer", answer))
    operators = _text(1, "") + _number(2, 13)
    return _number(1, 8) + _part(7, graph) + _part(8, operators)


def _tensor(name: str, shape: Sequence[int]) -> bytes:
    extents = b"".join(_part(1, _number(1, extent)) for extent in shape)
    return _text(1, name) + _part(2, _part(1, _number(1, _FLOAT) + _part(2, extents)))


def _number(field: int, value: int) -> bytes:
    return _varint(field << 3) + _varint(value)


def _text(field: int, text: str) -> bytes:
    return _part(field, text.encode())


def _part(field: int, content: bytes) -> bytes:
    return _varint(field << 3 | 2) + _varint(len(content)) + content


def _varint(value: int) -> bytes:
    groups = []
    while value > 0x7F:
        groups.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes([*groups, value])
