"""Standings as a table for a terminal."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from rich.box import SIMPLE_HEAD
from rich.console import Group
from rich.table import Table
from rich.text import Text

from ..leaderboards.statistics.number_text import number_text, rank_text
from ..leaderboards.sweeps.standings_text import ARROWS, agent_text, column_heading, legend_of, title_of

if TYPE_CHECKING:
    from ..leaderboards.sweeps.standings import Measure, Standings

LEAST = 8
"""Columns that a name has at least; a longer one is folded."""

NOTHING = "–"
"""What stands for a number that an agent does not have, since it failed."""


def standings_table(standings: Standings, width: int = 120, *, brief: bool = False) -> Group:
    """One line an agent, best first: ranks, every metric with its interval, time; last who failed, and where.

    Args:
        standings: What to show.
        width: Columns of the terminal. Where they are few, intervals stand below their values, and metrics that still
            do not fit go to further tables. Names that are too long are folded, digits are always whole.
        brief: Name those further metrics instead.
    """
    title, failed = Text(title_of(standings), "bold"), [Text(one.text, "red") for one in standings.failed]
    if not standings.lines:
        return Group(title, Text("No agent finished: there is nothing to rank."), *failed)
    names = max(map(len, _names(standings)))
    names = min(names, max(width * 2 // 5, LEAST))
    columns = [_Column.of(standings, measure, stacked=False) for measure in standings.measures]
    if names + sum(column.width + 3 for column in columns) + 30 > width:
        columns = [_Column.of(standings, measure, stacked=True) for measure in standings.measures]
    ranks = _Column.of_texts(
        "rank", [*(rank_text(line.ranks) for line in standings.lines), *("failed" for _ in failed)]
    )
    times = [*(f"{line.seconds:.2g}" for line in standings.lines), *(NOTHING for _ in failed)]
    seconds = _Column.of_texts("seconds\nan episode", times)
    widest = max(column.width for column in [*columns, seconds])
    names = min(names, max(width - sum(one + 3 for one in (ranks.width, widest)) - 4, LEAST))
    groups: list[list[_Column]] = [[ranks]]
    for column in [*columns, seconds]:
        if names + sum(one.width + 3 for one in [*groups[-1], column]) + 5 > width and groups[-1] != [ranks]:
            groups.append([])
        groups[-1].append(column)
    parts: list[Table | Text] = [_table(standings, group, names) for group in (groups[:1] if brief else groups)]
    unseen = [column.name for group in groups[1:] for column in group if column is not seconds] if brief else []
    told = [Text(f"Also measured: {', '.join(unseen)}.", "dim")] if unseen else []
    return Group(title, *parts, *failed, *told, Text(legend_of(standings), "dim"))


def _names(standings: Standings) -> list[str]:
    """Names of all agents, one per line of the table."""
    return [*map(agent_text, standings.lines), *(one.agent for one in standings.failed)]


@dataclass(frozen=True)
class _Column:
    name: str
    heading: Text
    cells: list[Text]
    width: int

    @staticmethod
    def of(standings: Standings, measure: Measure, *, stacked: bool) -> _Column:
        """A metric's column; `stacked`: in two lines a cell and a broken heading."""
        texts = number_text([line.estimates[measure.name] for line in standings.lines])
        cells = [Text.assemble(value, "\n" if stacked else " ", (interval, "dim")) for value, interval in texts]
        cells += [Text(NOTHING) for _ in standings.failed]
        title = f"{measure.name}{ARROWS[measure.better]}"
        title = column_heading(title) if stacked else title
        widest = max(len(part) for text in [title, *(cell.plain for cell in cells)] for part in text.split("\n"))
        return _Column(measure.name, Text.assemble(title, (f"\n{measure.unit}", "dim")), cells, widest)

    @staticmethod
    def of_texts(heading: str, texts: list[str]) -> _Column:
        """A column of plain text."""
        widest = max(len(part) for text in [heading, *texts] for part in text.split("\n"))
        return _Column(heading, Text(heading), [Text(text) for text in texts], widest)


def _table(standings: Standings, columns: list[_Column], names: int) -> Table:
    table = Table(box=SIMPLE_HEAD, padding=(0, 1))
    first = 1 if columns[0].name == "rank" else 0
    for column in columns[:first]:
        table.add_column(column.heading, justify="right", no_wrap=True)
    table.add_column("agent", overflow="fold", min_width=min(names, LEAST), max_width=names)
    for column in columns[first:]:
        table.add_column(
            column.heading, justify="right", overflow="fold", min_width=column.width, max_width=column.width
        )
    for i, name in enumerate(_names(standings)):
        cells = [column.cells[i] for column in columns]
        table.add_row(*cells[:first], Text(name), *cells[first:])
    return table
