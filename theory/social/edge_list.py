"""Edge lists: one tie per line, `ONE OTHER [WEIGHT]`, separated by white space or commas; # begins a comment."""

from __future__ import annotations

from ...core.errors import PalaestraError
from .tie_table import TieTable, strength, tie_table


def read_edge_list(text: str, title: str) -> TieTable:
    """Read an edge list.

    Args:
        text: The file's text.
        title: Its name, for messages.

    Raises:
        PalaestraError: A line that is not a tie; it is named by its number.
    """
    numbers: dict[str, int] = {}
    ends: list[tuple[int, int]] = []
    strengths: list[float] = []
    for number, line in enumerate(text.splitlines(), 1):
        parts = line.partition("#")[0].replace(",", " ").split()
        if not parts:
            continue
        if len(parts) not in (2, 3):
            raise PalaestraError(
                f"{title}, line {number}: {line.strip()[:60]!r} is no tie. A line holds two "
                "names and, if wanted, a weight."
            )
        weight = strength(parts[2], f"{title}, line {number}") if len(parts) == 3 else 1.0
        one, other = (numbers.setdefault(name, len(numbers)) for name in parts[:2])
        ends.append((one, other))
        strengths.append(weight)
    return tie_table(ends, strengths, list(numbers), None, title)
