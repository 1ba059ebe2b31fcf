"""Columns of a CSV or Parquet file, read strictly: a value that is not a finite number is refused by row and column."""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from ...core.arrays import Array
from ...core.errors import PalaestraError

_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?", re.ASCII)
_MISSING = ("", "na", "n/a", "nan", "null", "none")
_TRUTH = {"True": 1.0, "true": 1.0, "False": 0.0, "false": 0.0}


class TableFile:
    """A CSV or Parquet file by column.

    Args:
        path: Ends in .csv or .parquet.

    Attributes:
        names: Column names in order.

    Raises:
        PalaestraError: No such file, another ending, no header, duplicated columns, or a damaged file.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        if path.suffix not in (".csv", ".parquet"):
            hint = " Never unpickle a file you did not make." if path.suffix in (".pkl", ".pickle") else ""
            raise PalaestraError(
                f"The table {str(path)!r} is not a .csv or .parquet file. Convert it: with pandas, "
                f"frame.to_parquet('table.parquet').{hint}"
            )
        if not path.is_file():
            raise PalaestraError(
                f"There is no table at {str(path)!r} (looked from {str(Path.cwd())!r}). Give the path of a "
                ".csv or .parquet file, or table='synthetic'."
            )
        self.names = self._header()
        twice = [name for name, count in Counter(self.names).items() if count > 1]
        if twice:
            raise PalaestraError(f"{path.name}: the column {twice[0]!r} occurs more than once. Rename or drop one.")

    def _header(self) -> list[str]:
        try:
            if self.path.suffix == ".parquet":
                import pyarrow.parquet as pq

                return list(pq.read_schema(self.path).names)
            with open(self.path, newline="", encoding="utf-8-sig") as file:
                return next(csv.reader(file), [])
        except (OSError, ValueError, csv.Error) as error:
            raise self._damaged(error) from error

    def _damaged(self, error: Exception) -> PalaestraError:
        return PalaestraError(f"{self.path.name} cannot be read as {self.path.suffix[1:]}: {str(error)[:200]}")

    def read(self, names: Sequence[str]) -> dict[str, Any]:
        """The columns called `names` as pyarrow arrays; those of a CSV file as text."""
        import pyarrow as pa

        try:
            if self.path.suffix == ".parquet":
                import pyarrow.parquet as pq

                table = pq.read_table(self.path, columns=list(names))
            else:
                from pyarrow import csv as arrow_csv

                table = arrow_csv.read_csv(
                    self.path,
                    parse_options=arrow_csv.ParseOptions(newlines_in_values=True),
                    convert_options=arrow_csv.ConvertOptions(
                        include_columns=list(names), column_types={name: pa.string() for name in names}
                    ),
                )
        except (OSError, ValueError) as error:
            raise self._damaged(error) from error
        return {name: table[name].combine_chunks() for name in names}

    def numbers(self, name: str, column: Any) -> Array:
        """One column as finite float64 (n,); True and False count as 1 and 0.

        Raises:
            PalaestraError: A missing or non-numeric value; names its row and column.
        """
        import pyarrow as pa
        import pyarrow.compute as pc

        if pa.types.is_dictionary(column.type):
            column = column.dictionary_decode()
        if pa.types.is_string(column.type) or pa.types.is_large_string(column.type):
            return self._parsed(name, column)
        numeric = pa.types.is_integer(column.type) or pa.types.is_floating(column.type)
        if not (numeric or pa.types.is_boolean(column.type) or pa.types.is_decimal(column.type)):
            raise PalaestraError(f"{self.path.name}: column {name!r} holds {column.type}, not numbers.{_NOT_A_MODEL}")
        if column.null_count:
            raise self._missing(name, int(np.flatnonzero(column.is_null().to_numpy(zero_copy_only=False))[0]))
        kind = pa.uint8() if pa.types.is_boolean(column.type) else pa.float64()
        values = np.asarray(pc.cast(column, kind).to_numpy(zero_copy_only=False), np.float64)
        return self._finite(name, values)

    def _parsed(self, name: str, column: Any) -> Array:
        import pyarrow as pa
        import pyarrow.compute as pc

        column = pc.fill_null(pc.utf8_trim_whitespace(column), "")
        truth = column[0].as_py() in _TRUTH
        try:
            if truth:
                return np.array([_TRUTH[value] for value in column.to_pylist()])
            return self._finite(name, np.array(pc.cast(column, pa.float64()).to_numpy(zero_copy_only=False)))
        except (KeyError, pa.ArrowInvalid):
            values = column.to_pylist()
        fits = _TRUTH.__contains__ if truth else _NUMBER.fullmatch
        row = next(row for row, value in enumerate(values) if not fits(value))
        if values[row].lower() in _MISSING:
            raise self._missing(name, row)
        wanted = "True or False, as the rows before it" if truth else "a number"
        raise PalaestraError(
            f"{self.path.name}: row {row + 1}, column {name!r}: {values[row][:40]!r} is not {wanted}."
            f"{_NOT_A_MODEL if row == 0 else ''}"
        )

    def _finite(self, name: str, values: Array) -> Array:
        if np.isfinite(values).all():
            return values
        row = int(np.flatnonzero(~np.isfinite(values))[0])
        if np.isnan(values[row]):
            raise self._missing(name, row)
        raise PalaestraError(f"{self.path.name}: row {row + 1}, column {name!r}: {values[row]} is not a finite number.")

    def _missing(self, name: str, row: int) -> PalaestraError:
        return PalaestraError(
            f"{self.path.name}: row {row + 1}, column {name!r}: the number is missing. Every model needs one for "
            "every prompt: fill it in, or drop the row."
        )


_NOT_A_MODEL = " If that column is not a model, name the models with the option models=[...]."
