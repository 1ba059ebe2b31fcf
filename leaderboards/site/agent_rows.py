"""The lines of a board as rows of a page's table: texts, and values to sort by."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from math import isfinite
from typing import Any

from ..board.board import Board, BoardLine
from ..statistics.estimate import MISSING, Estimate
from ..statistics.number_text import number_text, rank_text
from ..submission.display_name import author_key
from ..submission.log import Entry, attempts
from ..sweeps.standings import Measure
from .addresses import page_name
from .safe_text import plain_text
from .svg_axes import curve_marks


@dataclass(frozen=True)
class Cell:
    """A number in a table.

    Attributes:
        value: As text.
        interval: "[low, high]", or "".
        sort: To sort by; "" for what is not a number.
    """

    value: str
    interval: str
    sort: str


def cells(estimates: Sequence[Estimate | None]) -> list[Cell]:
    """A column: all with the same number of decimals, intervals only where there are any."""
    held = [estimate or MISSING for estimate in estimates]
    return [
        Cell(value, "" if interval == "–" else interval, f"{estimate.value:.9g}" if isfinite(estimate.value) else "")
        for estimate, (value, interval) in zip(held, number_text(held), strict=True)
    ]


@dataclass(frozen=True)
class AgentRow:
    """One line of a board.

    Attributes:
        name: The agent's, strangers' text.
        author: Who submitted, strangers' text.
        page: Path of its page within the site.
        mark: Which colour is its own, from 0; None for all but a few (`curve_marks`).
        ranks: "2–4", or "".
        rank_sort: To sort by.
        status: "verified", "unverified" or "preview".
        oracle: What it was told beyond the others, or "".
        registered: It was in the log before its seeds were known.
        outdated: Measured on the track as it no longer is.
        attempts: Of its author on this track; a preview counts itself.
        on: When it was accepted, or "".
        key: Public key that signed, or "".
        cells: One a metric, the headline first.
        gap: Distance from the optimum.
        line: What it is made of.
    """

    name: str
    author: str
    page: str
    mark: int | None
    ranks: str
    rank_sort: str
    status: str
    oracle: str
    registered: bool
    outdated: bool
    attempts: int
    on: str
    key: str
    cells: Sequence[Cell]
    gap: Cell
    line: BoardLine

    @property
    def words(self) -> str:
        """What a search looks through."""
        return plain_text(f"{self.name} {self.author}").lower()


def agent_rows(board: Board, entries: Sequence[Entry] = ()) -> list[AgentRow]:
    """Every line of a board, in its order.

    Args:
        board: The board.
        entries: The log's of its track: a preview that is not among its author's attempts there is one more.
    """
    logged = {entry.digest for entry in entries}
    told_more = [bool(line.submission.manifest.agent.privileges) for line in board.lines]
    marks = curve_marks(told_more, [line.outdated for line in board.lines])
    columns = [cells([line.estimates[measure.name] for line in board.lines]) for measure in board.measures]
    gaps = cells([line.gap for line in board.lines])
    tried = attempts(entries)
    return [
        _row(line, marks[k], [column[k] for column in columns], gaps[k], _attempts(line, tried, logged))
        for k, line in enumerate(board.lines)
    ]


def _attempts(line: BoardLine, tried: Mapping[tuple[str, str], int], logged: Collection[str]) -> int:
    """Of the line's author, with the line itself where it is a preview that the log does not know."""
    manifest = line.submission.manifest
    if line.submission.entry is not None or manifest.agent.digest in logged:
        return line.attempts
    return tried.get((manifest.track, author_key(manifest.agent.author)), 0) + 1


def _row(line: BoardLine, mark: int | None, own: Sequence[Cell], gap: Cell, tries: int) -> AgentRow:
    submission = line.submission
    agent, entry = submission.manifest.agent, submission.entry
    return AgentRow(
        name=agent.name,
        author=agent.author,
        page=page_name(submission.manifest.track, agent.name, submission.digest),
        mark=mark,
        ranks=rank_text(line.ranks),
        rank_sort="" if line.ranks is None else str(line.ranks[0] * 100_000 + line.ranks[1]),
        status=submission.findings.status if entry else "preview",
        oracle=options_text(agent.privileges),
        registered=line.registered,
        outdated=line.outdated,
        attempts=tries,
        on=entry.on if entry else "",
        key=submission.findings.key,
        cells=own,
        gap=gap,
        line=line,
    )


def options_text(options: Mapping[str, Any]) -> str:
    """Options in a line."""
    return ", ".join(f"{key}={value!r}" for key, value in options.items())


def shows_gap(measure: Measure) -> bool:
    """Not where there is no optimum, nor where it is 0 and lower is better: there the gap is the score itself."""
    return measure.optimum is not None and not (measure.optimum == 0 and measure.better == "lower")
