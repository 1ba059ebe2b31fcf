"""A strict reader of Thrift's compact protocol, in which Parquet writes its footer and page headers.

A struct becomes a dict from field number to value: integers, bytes, lists and structs; truth values and doubles become
None. Source: github.com/apache/thrift, doc/specs/thrift-compact-protocol.md.
"""

from __future__ import annotations

from typing import Any, TypeAlias

from ..errors import PalaestraError

Struct: TypeAlias = dict[int, Any]

_DEEPEST = 12


def read_struct(data: memoryview, at: int, end: int) -> tuple[Struct, int]:
    """The struct that begins at a byte, and where it ends.

    Args:
        data: Where it is.
        at: Its first byte.
        end: Where it must have ended.

    Raises:
        PalaestraError: It is damaged, deeper than 12 structs, or longer than that.
    """
    reader = _Reader(data[:end], at)
    try:
        return reader.struct(0), reader.at
    except IndexError as error:
        raise PalaestraError("its description ends too early.") from error


class _Reader:
    def __init__(self, data: memoryview, at: int) -> None:
        self.data, self.at = data, at

    def byte(self) -> int:
        value = self.data[self.at]
        self.at += 1
        return value

    def varint(self) -> int:
        value = 0
        for shift in range(0, 70, 7):
            byte = self.byte()
            value |= (byte & 0x7F) << shift
            if byte < 0x80:
                return value
        raise PalaestraError("its description holds an integer that is too long.")

    def integer(self) -> int:
        zigzag = self.varint()
        return (zigzag >> 1) ^ -(zigzag & 1)

    def struct(self, depth: int) -> Struct:
        fields: Struct = {}
        last = 0
        while head := self.byte():
            last = last + (head >> 4) if head >> 4 else self.integer()
            if last in fields:
                raise PalaestraError("its description has a field twice.")
            fields[last] = None if head & 0x0F in (1, 2) else self.value(head & 0x0F, depth)
        return fields

    def value(self, kind: int, depth: int) -> Any:
        if depth > _DEEPEST:
            raise PalaestraError("its description is nested too deeply.")
        if kind in (1, 2, 3, 7):
            self.skip(8 if kind == 7 else 1)
            return None
        if kind in (4, 5, 6):
            return self.integer()
        if kind == 8:
            size = self.varint()
            self.skip(size)
            return bytes(self.data[self.at - size : self.at])
        if kind in (9, 10):
            head = self.byte()
            size = self.varint() if head >> 4 == 15 else head >> 4
            if size > len(self.data) - self.at:
                raise PalaestraError("its description holds a list that is longer than the file.")
            return [self.value(head & 0x0F, depth + 1) for _ in range(size)]
        if kind == 12:
            return self.struct(depth + 1)
        raise PalaestraError(f"its description holds something of kind {kind}.")

    def skip(self, count: int) -> None:
        if count > len(self.data) - self.at:
            raise PalaestraError("its description ends too early.")
        self.at += count
