"""A board as a table for a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.box import SIMPLE_HEAD
from rich.console import Group
from rich.table import Table
from rich.text import Text

from ..statistics.estimate import MISSING
from ..statistics.number_text import number_text, rank_text
from ..sweeps.standings_text import ARROWS, column_heading

if TYPE_CHECKING:
    from .board import Board, BoardLine


def board_table(board: Board) -> Group:
    """One accepted attempt after the other, best first: its numbers, and its author and status below its name.

    Names are strangers' text: they are shown letter by letter, never read as markup.
    """
    headline = board.measures[0]
    scores = [line.estimates[headline.name] for line in board.lines]
    gaps = [line.gap or MISSING for line in board.lines]
    columns = [(f"{headline.name}{ARROWS[headline.better]}", number_text(scores))]
    if any(line.gap not in (None, line.estimates[headline.name]) for line in board.lines):
        columns.append(("gap", number_text(gaps)))
    table = Table(box=SIMPLE_HEAD, padding=(0, 1), collapse_padding=True, pad_edge=False)
    table.add_column("rank", justify="right", no_wrap=True)
    table.add_column("agent", overflow="fold", min_width=16)
    for heading, texts in columns:
        widest = max((len(part) for text in texts for part in text), default=0)
        table.add_column(Text(column_heading(heading, max(14, widest))), justify="right", min_width=widest)
    table.add_column("attempts", justify="right", no_wrap=True)
    for row, line in enumerate(board.lines):
        cells = [Text.assemble(value, "\n", (interval, "dim")) for value, interval in (own[row] for _, own in columns)]
        table.add_row(rank_text(line.ranks), _who(line), *cells, str(line.attempts))
    legend = (
        "Mean over scenarios of the interquartile mean over seeds [95% bootstrap interval]. Rank a–b: these agents "
        "share ranks, because the intervals of differences, at 95% for all pairs at once, do not separate them. Each "
        "agent has its own seeds. Attempts: "
        "agents that this author registered or had accepted here. "
        "◇ oracle: is told more than the others and is not ranked."
    )
    title = f"{board.track.track_id}: {len(board.lines)} accepted attempt{'' if len(board.lines) == 1 else 's'}"
    return Group(Text(title, "bold"), table, Text(legend, "dim"))


def _who(line: BoardLine) -> Text:
    agent = line.submission.manifest.agent
    name = f"{agent.name} ◇" if agent.privileges else agent.name
    return Text.assemble(name, "\n", (f"{agent.author} · {status_text(line)}", "dim"))


def status_text(line: BoardLine) -> str:
    """What is known of a line in a few words."""
    words: list[str] = [line.submission.findings.status if line.submission.entry else "preview, verified here"]
    words += ["registered before it was run"] if line.registered else []
    words += ["of an older version of the track"] if line.outdated else []
    return "; ".join(words)
