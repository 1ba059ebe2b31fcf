"""The files of weights that an agent names."""

from __future__ import annotations

from typing import Any


def named_weights(found: Any) -> tuple[str, ...]:
    """What an agent's attribute `weights` names, one name alone too; nothing where it is something else, as an array.

    Args:
        found: The agent, or what makes it.
    """
    named = getattr(found, "weights", ())
    if isinstance(named, str):
        return (named,)
    return tuple(map(str, named)) if isinstance(named, (tuple, list)) else ()
