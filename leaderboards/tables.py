"""Tables for a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.console import Group
from rich.table import Table
from rich.text import Text

from .number_text import number_text

if TYPE_CHECKING:
    from .standings import Standing, Standings

ARROWS = {"higher": " ↑", "lower": " ↓", None: ""}


def standings_table(standings: Standings, width: int = 120) -> Group:
    """One line an agent, best first: ranks, every metric with its interval, time.

    Args:
        standings: What to show.
        width: Columns of the terminal; where they are few, an interval stands below its value.
    """
    table = Table()
    table.add_column("rank", justify="right")
    table.add_column("agent", no_wrap=True)
    for measure in standings.measures:
        table.add_column(f"{measure.name}{ARROWS[measure.better]}\n[dim]{measure.unit}", justify="right")
    table.add_column("seconds\n[dim]an episode", justify="right")
    columns = [
        number_text([line.estimates[measure.name] for line in standings.lines]) for measure in standings.measures
    ]
    names = max((len(line.agent) for line in standings.lines), default=0)
    between = " " if 30 + names + 27 * len(columns) <= width else "\n"
    for i, line in enumerate(standings.lines):
        cells = [Text.assemble(column[i][0], between, (column[i][1], "dim")) for column in columns]
        table.add_row(rank_text(line), agent_text(line), *cells, f"{line.seconds:.2g}")
    return Group(Text(title_of(standings), "bold"), table, Text(legend_of(standings), "dim"))


def title_of(standings: Standings) -> str:
    """What was run."""
    count = len(standings.track.scenarios)
    scenarios = f"each of {count} scenarios" if count > 1 else "its scenario"
    return (
        f"{standings.track.track_id}: {standings.seeds} seeds in {scenarios}{' (demo size)' if standings.demo else ''}"
    )


def legend_of(standings: Standings) -> str:
    """How to read it."""
    legend = (
        "Interquartile mean [stratified bootstrap 95% interval]; ↑ higher is better, ↓ lower. "
        "Rank a–b: paired differences do not tell these apart."
    )
    told = any(line.privileges for line in standings.lines)
    return legend + (" ◇ oracle: is told more than the others, not ranked." if told else "")


def rank_text(line: Standing) -> str:
    """The rank, or "2–4" where the measurement does not decide; nothing for an oracle."""
    if line.ranks is None:
        return ""
    best, worst = line.ranks
    return str(best) if best == worst else f"{best}–{worst}"


def agent_text(line: Standing) -> str:
    """The name, with a mark for an oracle."""
    return f"{line.agent} ◇" if line.privileges else line.agent
