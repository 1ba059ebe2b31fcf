"""Markdown that a Git host and Sphinx show alike."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any


def table(header: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> str:
    """A Markdown table."""
    lines = [header, ("---",) * len(header), *rows]
    return "".join("| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |\n" for line in lines)


def code(values: Sequence[Any]) -> str:
    """Names as code, one after the other."""
    return ", ".join(f"`{value}`" for value in values)


def written(options: Mapping[str, Any]) -> str:
    """Options as one writes them in a call."""
    return code([f"{key}={value!r}" for key, value in options.items()])
