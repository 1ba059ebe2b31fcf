"""A board for a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.box import SIMPLE_HEAD
from rich.console import Group
from rich.table import Table
from rich.text import Text

from ..command_line.tables import ARROWS
from ..statistics.estimate import Estimate
from ..statistics.number_text import number_text
from ..statistics.rank_text import rank_text

if TYPE_CHECKING:
    from .board import Board, BoardLine


def board_table(board: Board) -> Group:
    """One line an accepted attempt, best first."""
    headline = board.measures[0]
    table = Table(box=SIMPLE_HEAD, padding=(0, 1))
    for heading in (
        "rank",
        "agent",
        "author",
        f"{headline.name}{ARROWS[headline.better]}",
        "gap",
        "attempts",
        "status",
    ):
        table.add_column(heading, justify="left" if heading in ("agent", "author", "status") else "right")
    missing = Estimate(float("nan"), float("nan"), float("nan"))
    scores = number_text([line.estimates[headline.name] for line in board.lines])
    gaps = number_text([line.gap or missing for line in board.lines])
    for line, score, gap in zip(board.lines, scores, gaps, strict=True):
        agent = line.submission.manifest.agent
        cells = [Text.assemble(value, "\n", (interval, "dim")) for value, interval in (score, gap)]
        name = f"{agent.name} ◇" if agent.privileges else agent.name
        table.add_row(rank_text(line.ranks), name, agent.author, *cells, str(line.attempts), status_text(line))
    legend = (
        "Mean over scenarios of the interquartile mean over seeds [95% bootstrap interval]. Rank a–b: the intervals of "
        "differences, at 95% for all pairs at once, do not tell these apart. Seeds are each agent's own. Attempts: "
        "agents that this author registered or had accepted here. "
        "◇ oracle: is told more than the others, not ranked."
    )
    title = f"{board.track.track_id}: {len(board.lines)} accepted attempts"
    return Group(Text(title, "bold"), table, Text(legend, "dim"))


def status_text(line: BoardLine) -> str:
    """What is known of a line in a few words."""
    words: list[str] = [line.submission.findings.status if line.submission.entry else "preview, verified here"]
    words += ["registered before it was run"] if line.registered else []
    words += ["of an older version of the track"] if line.outdated else []
    return "; ".join(words)
