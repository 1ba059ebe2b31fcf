"""Strict JSON that all readers read alike: no duplicate keys, no NaN, no numbers that some readers round."""

from __future__ import annotations

import json
import re
from typing import NoReturn

from ...core.errors import PalaestraError
from ...core.unique_keys import unique_keys

MOST_DIGITS = 78
"""Of the greatest seed, 2**256 - 1."""
DEEPEST = 32


def check_json(data: bytes) -> None:
    """Refuse a document that two readers could read differently.

    A key that is there twice is the first to one reader and the last to another; NaN is no JSON; deep nesting and
    numbers of a million digits are there to exhaust whoever reads them.

    Raises:
        PalaestraError: Named by what is wrong.
    """
    _check_depth(data)
    try:
        json.loads(
            data, object_pairs_hook=unique_keys, parse_constant=_no_number, parse_int=_integer, parse_float=_float
        )
    except UnicodeDecodeError as error:
        raise PalaestraError("it is not UTF-8.") from error
    except json.JSONDecodeError as error:
        raise PalaestraError(f"it is not JSON: {error}.") from error


def _check_depth(data: bytes) -> None:
    """Brackets within strings count too: nobody needs 32 of them there."""
    depth = 0
    for bracket in re.finditer(rb"[][{}]", data):
        depth += 1 if bracket.group() in b"[{" else -1
        if depth > DEEPEST:
            raise PalaestraError(f"it is nested more than {DEEPEST} deep.")


def _no_number(text: str) -> NoReturn:
    raise PalaestraError(f"{text} is not a number; every number must be finite.")


def _integer(text: str) -> int:
    if len(text) > MOST_DIGITS:
        raise PalaestraError(f"a number has {len(text)} digits; at most {MOST_DIGITS} are read.")
    return int(text)


def _float(text: str) -> float:
    if len(text) > MOST_DIGITS:
        raise PalaestraError(f"a number has {len(text)} digits; at most {MOST_DIGITS} are read.")
    value = float(text)
    if value - value != 0.0:
        raise PalaestraError(f"{text} is beyond the range of numbers; every number must be finite.")
    return value
