"""One submission that was looked at."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Checked:
    """A folder and what is wrong with it.

    Attributes:
        folder: Where it lies, under the board.
        reason: Why it is refused, or "".
    """

    folder: Path
    reason: str
