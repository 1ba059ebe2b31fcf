"""Refuse JSON objects with duplicate keys: one reader takes the first value, another the last."""

from __future__ import annotations

from typing import Any

from .errors import PalaestraError


def unique_keys(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """The object, for `json.loads(text, object_pairs_hook=unique_keys)`.

    Args:
        pairs: Keys and values, as they are written.

    Raises:
        PalaestraError: A key that is there twice.
    """
    found = dict(pairs)
    if len(found) != len(pairs):
        seen: set[str] = set()
        for key, _ in pairs:  # in one pass: there may be a million
            if key in seen:
                raise PalaestraError(f"the key {key[:100]!r} appears twice.")
            seen.add(key)
    return found
