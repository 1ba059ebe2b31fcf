"""Check a Parquet file's footer and page headers before anything is unpacked.

A page says in its header how many bytes it unpacks to, and a reader takes that memory first: a file of a few kilobytes
can so ask for gigabytes, whatever its footer says. And pyarrow ends the whole process where some parts of a footer do
not fit each other. So both are read here, by the format's own description (github.com/apache/parquet-format,
`parquet.thrift`; field numbers as there). Pages must fill the file: no byte lies beside them where nobody reads it.
"""

from __future__ import annotations

from ..errors import PalaestraError
from .thrift_compact import Struct, read_struct

MAGIC = b"PAR1"
MOST_FOOTER = 4 << 20
MOST_PAGE_HEADER = 1 << 16
METADATA = (b"palaestra", b"ARROW:schema")
"""Keys that a footer's metadata may have; the second is written by pyarrow."""

_NUMBERS_A_PAGE = 1000
"""Writers put ten thousand numbers and more into a page. Reading a page's header takes as long as reading a hundred
numbers, so smaller pages are refused where there are many."""


def check_pages(data: memoryview, numbers: int) -> list[list[int]]:
    """Refuse a file whose columns and pages are more or larger than so many numbers need, or do not fill it.

    Args:
        data: The file.
        numbers: That its columns may hold at most, all together.

    Returns:
        For every group of rows its count of rows, then every column's count of numbers.

    Raises:
        PalaestraError: More numbers, pages or bytes than that, a page that is not inside the file, bytes outside all
            pages, a column in another file, metadata of other keys, or no Parquet.
    """
    if len(data) < 12 or bytes(data[:4]) != MAGIC or bytes(data[-4:]) != MAGIC:
        raise PalaestraError("it is damaged or not a Parquet file.")
    size = int.from_bytes(data[-8:-4], "little")
    end = len(data) - 8
    if size > min(MOST_FOOTER, end - 4):
        raise PalaestraError(f"its footer of {size} bytes does not fit into it, or is larger than {MOST_FOOTER}.")
    footer, behind = read_struct(data, end - size, end)
    if behind != end:
        raise PalaestraError(f"its footer ends {end - behind} bytes before its end: it holds hidden bytes.")
    _check_metadata(footer)
    pages = _Pages(data, end - size, numbers)
    counts = []
    for group in _list(footer, 4):
        row = [_integer(group, 3)]
        for chunk in _list(group, 1):
            if chunk.keys() & {1, 8, 9} or not isinstance(chunk.get(3), dict):
                raise PalaestraError("a column is stored in another file, is encrypted, or is not described.")
            row.append(_integer(chunk[3], 5))
            pages.walk(chunk[3])
        counts.append(row)
    if pages.at != pages.end:
        raise PalaestraError(f"{pages.end - pages.at} bytes before its footer belong to no column: they are hidden.")
    return counts


class _Pages:
    """Walks the pages of one column after the other, each behind the one before, and counts what is still allowed."""

    def __init__(self, data: memoryview, end: int, numbers: int) -> None:
        self.data, self.at, self.end = data, len(MAGIC), end
        self.columns = numbers
        self.bytes = 16 * numbers + (1 << 20)  # 8 a number, as much again for a dictionary, and small change
        self.pages = numbers // _NUMBERS_A_PAGE

    def walk(self, column: Struct) -> None:
        """Go over one column's pages."""
        if 8 in column:
            raise PalaestraError("a column has metadata of its own, which no trace needs.")
        at = _integer(column, 9)
        if 0 < column.get(11, 0) < at:
            at = _integer(column, 11)
        end = at + _integer(column, 7)
        self.columns -= 1
        if self.columns < 0:
            raise PalaestraError("it has more columns than its numbers need.")
        if not len(MAGIC) <= at <= end <= self.end:
            raise PalaestraError("a column points outside the file.")
        if at != self.at:
            raise PalaestraError(f"a column begins at byte {at}, the one before it ends at {self.at}.")
        self.pages += 2  # every column may have a dictionary and a page that is not full
        while self.at < end:
            page, self.at = read_struct(self.data, self.at, min(end, self.at + MOST_PAGE_HEADER))
            self._take(_integer(page, 2), _integer(page, 3), end)

    def _take(self, unpacked: int, packed: int, end: int) -> None:
        """Go over one page's contents."""
        self.pages -= 1
        if self.pages < 0:
            raise PalaestraError("it has more pages than its numbers need.")
        # No codec of Parquet makes a page longer than by a sixth and some bytes (Snappy's bound): more would be hidden.
        if unpacked < 0 or not 0 <= packed <= min(end - self.at, unpacked + unpacked // 6 + 100):
            raise PalaestraError("a page has an impossible size.")
        self.bytes -= unpacked
        if self.bytes < 0:
            raise PalaestraError("its pages unpack to more bytes than its numbers need.")
        self.at += packed


def _check_metadata(footer: Struct) -> None:
    """Refuse keys of metadata that are there twice, or that no trace has."""
    keys = [pair.get(1) for pair in _list(footer, 5)] if 5 in footer else []
    for key in keys:
        if key not in METADATA or keys.count(key) > 1:
            raise PalaestraError(f"its metadata has the key {key!r:.100}, which no trace has, or has it twice.")


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
