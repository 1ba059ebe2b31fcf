"""Texts about standings in tables, pictures and pages."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .standings import Standing, Standings


ARROWS = {"higher": " ↑", "lower": " ↓", None: ""}


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
        "Mean over scenarios of the interquartile mean over seeds [95% bootstrap interval]; ↑ higher is better, ↓ "
        "lower. Rank a–b: these agents share ranks, because paired differences, at 95% for all pairs at once, do not "
        "separate them."
    )
    told = any(line.privileges for line in standings.lines)
    return legend + (" ◇ oracle: is told more than the others and is not ranked." if told else "")


def agent_text(line: Standing) -> str:
    """The name, with a mark for an oracle."""
    return f"{line.agent} ◇" if line.privileges else line.agent


def column_heading(name: str, most: int = 14) -> str:
    """A name in lines of about `most` characters, broken behind underscores."""
    lines = [""]
    for part in name.replace("_", "_\0").split("\0"):
        if lines[-1] and len(lines[-1]) + len(part) > most:
            lines.append("")
        lines[-1] += part
    return "\n".join(lines)
