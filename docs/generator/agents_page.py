"""Every agent: what it plays, and what it needs beyond what everybody sees."""

from __future__ import annotations

from palaestra.agents import agents
from palaestra.docs.generator.markdown import code, table, written
from palaestra.envs import environments
from palaestra.leaderboards.listing import listing, titled


def agents_page() -> str:
    """One line an agent."""
    rows = []
    for one in listing()["agent"]:
        agent = agents[one["name"]].make()
        plays = code([env_id for env_id in environments if env_id in agent.plays]) or "any"
        variant, needs = written(one.get("options", {})), written(agent.privileges)
        rows.append((f"`{one['name']}`", titled(one), variant, plays, agent.seats, needs))
    header = ("agent", "what it is", "variant", "plays", "seat", "needs")
    text = "`palaestra bench TRACK --agent NAME` benchmarks one. Who needs more than others see is an oracle."
    return f"# Agents\n\n{text}\n\n{table(header, rows)}"
