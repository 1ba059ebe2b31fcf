"""A metric's name as the heading of a narrow column."""

from __future__ import annotations


def column_heading(name: str, most: int = 14) -> str:
    """A name in lines of about `most` characters, broken behind underscores."""
    lines = [""]
    for part in name.replace("_", "_\0").split("\0"):
        if lines[-1] and len(lines[-1]) + len(part) > most:
            lines.append("")
        lines[-1] += part
    return "\n".join(lines)
