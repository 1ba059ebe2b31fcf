"""The table of environments in Markdown, as the README shows it."""

from __future__ import annotations

from ..leaderboards.catalogue.describe import describe
from ..leaderboards.catalogue.listing import listing, registries, titled


def environment_table() -> str:
    """One line an environment: id, what it is, face, players, the truth it carries, agents written for it."""
    agents = registries()["agent"]
    lines = ["| environment | what it is | face | players | truth | agents |", "|---|---|---|---|---|---|"]
    for member in listing()["environment"]:
        name, facts = member["name"], describe(member["name"])["facts"]
        written = sum(name in agents[agent].load().plays for agent in agents)
        players = len(facts["players"].split(", "))
        face = facts["face"].partition(".")[0]
        cells = (f"`{name}`", titled(member), face, str(players), facts["truth"], str(written))
        lines.append("| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |")
    return "\n".join(lines)
