"""Parse options of a command line: `horizon=100`, `game=[[[3,0],[5,1]],[[3,5],[0,1]]]`, `table=prompts.csv`."""

from __future__ import annotations

import ast
import json
from collections.abc import Iterable
from typing import Any

from ..core.errors import PalaestraError


def parse_options(texts: Iterable[str]) -> dict[str, Any]:
    """Read `key=value` texts.

    A value is read as JSON (numbers, true, false, null, lists, objects), else as a Python literal, else it is the text
    itself (names and paths need no quotes).

    Raises:
        PalaestraError: A text without "=", or a key given twice.
    """
    options: dict[str, Any] = {}
    for text in texts:
        key, equals, value = text.partition("=")
        key = key.strip()
        if not equals or not key.isidentifier():
            raise PalaestraError(f"The option {text!r} is not key=value, such as horizon=100.")
        if key in options:
            raise PalaestraError(f"The option {key!r} is given twice.")
        options[key] = _value(value.strip())
    return options


def _value(text: str) -> Any:
    for read in (json.loads, ast.literal_eval):
        try:
            return read(text)
        except (ValueError, SyntaxError):
            continue
    return text
