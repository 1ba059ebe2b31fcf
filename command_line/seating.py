"""Assign agents to seats, from `--agent` texts: `Hedge`, `Sete=player_0`, `NumericHedge(rate=0.1)=player_1`."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from ..agents import agents
from ..core.agent_spec import AgentSpec
from ..core.errors import PalaestraError, UnknownName


def seating(texts: Sequence[str], players: Sequence[str], partners: Mapping[str, str]) -> dict[str, AgentSpec]:
    """An agent for every seat.

    An agent without a seat takes the free seats of its own sort (a mediator the mediator's, a player the players').
    Seats that are still free go to the environment's own partners.

    Args:
        texts: An agent each, "=seat" behind it if it is for one seat alone; at most one may be without.
        players: The seats.
        partners: Seat -> the agent that sits there when nobody else is named.

    Returns:
        Seat -> agent; a text that names several seats is read once.

    Raises:
        UnknownName: A seat or an agent that does not exist.
        PalaestraError: An agent that cannot be made, a seat taken twice or not at all, or two agents without a seat.
    """
    seats: dict[str, str] = {}
    general: list[str] = []
    for text in texts:
        match = re.fullmatch(r"(.+)=([A-Za-z]+_\d+)", text)
        if match is None:
            general.append(text)
            continue
        agent, seat = match.groups()
        if seat not in players:
            raise UnknownName("seat", seat, players)
        if seat in seats:
            raise PalaestraError(f"The seat {seat!r} is given to both {seats[seat]!r} and {agent!r}.")
        seats[seat] = agent
    if len(general) > 1:
        raise PalaestraError(
            f"{general} are given without a seat, but only one agent may be. Name seats: --agent "
            f"{general[0]}={players[0]} ..."
        )
    free = [seat for seat in players if seat not in seats]
    specs = {agent: agents.spec(agent) for agent in general}
    for agent in general:
        seats |= dict.fromkeys(_own(specs[agent], free), agent)
    seats |= {seat: partners[seat] for seat in free if seat not in seats and seat in partners}
    if left := [seat for seat in players if seat not in seats]:
        raise PalaestraError(f"No agent sits at {left}. Add --agent NAME for them, or --agent NAME={left[0]}.")
    specs |= {agent: agents.spec(agent) for agent in dict.fromkeys(seats.values()) if agent not in specs}
    return {seat: specs[agent] for seat, agent in seats.items()}


def _own(agent: AgentSpec, free: Sequence[str]) -> Sequence[str]:
    return [seat for seat in free if seat.rpartition("_")[0] == agent.traits.seats] or free
