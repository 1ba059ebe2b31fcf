"""Every agent: what it plays, and what it needs beyond what everybody sees."""

from __future__ import annotations

from palaestra.agents import agents
from palaestra.docs.generator.markdown import code, table, written
from palaestra.envs import environments
from palaestra.leaderboards.catalogue.listing import listing, short_summary


def agents_page() -> str:
    """One line an agent."""
    rows = []
    for one in listing()["agent"]:
        agent = agents[one["name"]].make()
        plays = code([env_id for env_id in environments if env_id in agent.plays]) or "any"
        variant = f" ({written(one['options'])})" if one.get("options") else ""
        seat = "" if agent.seats == "player" else f" Seat: {agent.seats}."
        rows.append((f"`{one['name']}`", f"{short_summary(one)}{variant}.{seat}", plays, written(agent.privileges)))
    header = ("agent", "what it is", "plays", "needs")
    text = (
        "`palaestra bench TRACK --agent NAME` benchmarks one. Options in brackets are those of the registered variant. "
        "An agent that needs hidden information is an oracle."
    )
    return f"# Agents\n\n{text}\n\n{table(header, rows)}"
