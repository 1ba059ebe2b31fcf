"""What a Parquet file promises, read from its footer and the headers of its pages before anything is unpacked.

A page says in its header how many bytes it unpacks to, and a reader takes that memory first: a file of a few kilobytes
can so ask for gigabytes, whatever its footer says. And pyarrow ends the whole process where some parts of a footer do
not fit each other. So both are read here, by the format's own description (github.com/apache/parquet-format,
`parquet.thrift`; field numbers as there).
"""

from __future__ import annotations

from .errors import PalaestraError
from .thrift_compact import Struct, read_struct

MAGIC = b"PAR1"
MOST_FOOTER = 4 << 20


def check_pages(data: memoryview, most: int) -> list[list[int]]:
    """Refuse a file whose pages unpack to more than `most` bytes, or lie where they cannot.

    Args:
        data: The file.
        most: Bytes of all pages, unpacked.

    Returns:
        For every group of rows its count of rows, then every column's count of numbers.

    Raises:
        PalaestraError: More than that, a page that is not inside the file, a column in another file, or no Parquet.
    """
    if len(data) < 12 or bytes(data[:4]) != MAGIC or bytes(data[-4:]) != MAGIC:
        raise PalaestraError("it is damaged or not a Parquet file.")
    size = int.from_bytes(data[-8:-4], "little")
    end = len(data) - 8
    if size > min(MOST_FOOTER, end - 4):
        raise PalaestraError(f"its footer of {size} bytes does not fit into it, or is larger than {MOST_FOOTER}.")
    footer, _ = read_struct(data, end - size, end)
    counts, whole = [], 0
    for group in _list(footer, 4):
        row = [_integer(group, 3)]
        for chunk in _list(group, 1):
            if chunk.keys() & {1, 8, 9} or not isinstance(chunk.get(3), dict):
                raise PalaestraError("a column lies in another file, is encrypted, or is not described.")
            row.append(_integer(chunk[3], 5))
            whole += _unpacked(data, chunk[3], end - size, most - whole)
        counts.append(row)
    return counts


def _unpacked(data: memoryview, column: Struct, end_of_pages: int, most: int) -> int:
    """Bytes of one column's pages, unpacked."""
    at = _integer(column, 9)
    if 0 < column.get(11, 0) < at:
        at = _integer(column, 11)
    end = at + _integer(column, 7)
    if not 4 <= at <= end <= end_of_pages:
        raise PalaestraError("a column lies outside the file.")
    whole = 0
    while at < end:
        page, at = read_struct(data, at, end)
        unpacked, packed = _integer(page, 2), _integer(page, 3)
        whole += unpacked
        if unpacked < 0 or not 0 <= packed <= end - at:
            raise PalaestraError("a page has an impossible size.")
        if whole > most:
            raise PalaestraError("its pages unpack to more bytes than its numbers need.")
        at += packed
    return whole


def _integer(struct: Struct, field: int) -> int:
    value = struct.get(field)
    if not isinstance(value, int):
        raise PalaestraError(f"its description lacks field {field}.")
    return value


def _list(struct: Struct, field: int) -> list[Struct]:
    value = struct.get(field)
    if not isinstance(value, list) or not all(isinstance(one, dict) for one in value):
        raise PalaestraError(f"its description lacks list {field}.")
    return value
