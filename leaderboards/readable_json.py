"""Write JSON that is readable in a review: one line per key, and lists of plain values wrapped like a paragraph."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

WIDTH = 120


def readable_json(document: Any) -> str:
    """The document as JSON that ends in a line break; a thousand scores take twenty lines, not a thousand.

    Args:
        document: Of objects, lists, strings, finite numbers, booleans and None.

    Raises:
        ValueError: A number is NaN or infinite.
    """
    return _text(document, 0) + "\n"


def _text(value: Any, depth: int) -> str:
    if not value or not isinstance(value, dict | list | tuple):
        return json.dumps(value, allow_nan=False, ensure_ascii=False)
    inside, end = "\n" + " " * (depth + 1), "\n" + " " * depth
    if isinstance(value, dict):
        members = [f"{json.dumps(key, ensure_ascii=False)}: {_text(own, depth + 1)}" for key, own in value.items()]
        return "{" + inside + f",{inside}".join(members) + end + "}"
    items = [_text(own, depth + 1) for own in value]
    if any(isinstance(own, dict | list | tuple) for own in value):
        return "[" + inside + f",{inside}".join(items) + end + "]"
    lines = list(_filled(items, WIDTH - depth - 1))
    return f"[{lines[0]}]" if len(lines) == 1 else "[" + inside + inside.join(lines) + end + "]"


def _filled(items: list[str], width: int) -> Iterator[str]:
    """The items with commas between them, in as few lines as hold them."""
    line = items[0]
    for item in items[1:]:
        if len(line) + len(item) + 3 > width:
            yield f"{line},"
            line = item
        else:
            line = f"{line}, {item}"
    yield line
