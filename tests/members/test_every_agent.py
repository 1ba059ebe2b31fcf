"""Every registered agent keeps the public contract (DESIGN, section 2) on every environment it is written for."""

from collections.abc import Mapping
from functools import partial
from typing import Any

import palaestra
import pytest
from palaestra.agents import agents
from palaestra.core.contract import check_agent
from palaestra.envs import environments

HORIZON = 24
"""Long enough for two rounds of any game and for agents to learn something; a multiple of 2 and 3 (steps a round)."""


def _cases() -> list[Any]:
    cases = []
    for name, member in agents.items():
        agent: Any = member.make()
        for env_id in getattr(agent, "plays", ()) or environments:
            cases.append(pytest.param(name, env_id, id=f"{name}-{env_id}"))
    return cases


def _rules(env_id: str, options: Mapping[str, Any]) -> Any:
    return palaestra.rules(env_id, **{"horizon": HORIZON, **options})


@pytest.mark.parametrize(("name", "env_id"), _cases())
def test_it_keeps_the_contract_of_agents(name: str, env_id: str) -> None:
    agent: Any = agents[name].make()
    options = agents.spec(name).traits.options
    facts = _rules(env_id, options).facts
    partners = {
        seat: agents[partner].make for seat, partner in facts.partners.items() if not seat.startswith(agent.seats)
    }
    check_agent(agents[name].make, partial(_rules, env_id, options), partners, env_id=env_id, name=f"{name} ({env_id})")


@pytest.mark.parametrize("name", list(agents))
def test_what_it_says_it_plays_exists(name: str) -> None:
    agent: Any = agents[name].make()
    assert set(agent.plays) <= set(environments)
    for env_id in agent.plays:
        seats = _rules(env_id, agents.spec(name).traits.options).facts.players
        assert any(seat.startswith(agent.seats) for seat in seats), f"no seat of {env_id} begins with {agent.seats!r}"
