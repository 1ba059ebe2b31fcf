"""The log entry up to which a page is current, so that a paper can cite it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ..submission.log import Entry


@dataclass(frozen=True)
class BoardState:
    """Where the log ended when a page was made.

    Attributes:
        entries: How many entries.
        number: Of the last one; -1 where there is none.
        hash: Of the last one, which follows from all before it; "" where there is none.
        on: Its date.
        built: When the pages were made, an ISO date; "" on pages that are kept while their track stays the same.
    """

    entries: int
    number: int
    hash: str
    on: str
    built: str

    @staticmethod
    def of(entries: Sequence[Entry], built: str = "") -> BoardState:
        """The state after some entries: of the whole log, or of one track's."""
        if not entries:
            return BoardState(0, -1, "", "", built)
        last = entries[-1]
        return BoardState(len(entries), last.number, last.hash, last.on, built)
