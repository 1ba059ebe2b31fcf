"""Agents take the seats of a game."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from copy import deepcopy
from typing import Any

from .agent import Agent, Traits
from .agent_spec import AgentSpec
from .errors import PalaestraError


def seat_agents(
    chosen: Any, players: Sequence[str], options: Mapping[str, Any], spec: Callable[[Any], AgentSpec]
) -> tuple[list[Agent], list[str], dict[str, Any]]:
    """Agents for every seat.

    Args:
        chosen: One for every seat (each seat gets its own), or a mapping or sequence seat -> agent. An agent is
            whatever `spec` reads: a registered name, "module:attribute", an instance, a class, an SB3 model, ...
        players: Seat names.
        options: The environment's options.
        spec: Reads an agent (`AgentRegistry.spec`).

    Returns:
        Batched agents, their labels, and the options with those that the agents ask for.

    Raises:
        PalaestraError: A seat without an agent, a seat that does not exist, or something that cannot play.
    """
    specs = _specs(chosen, players, spec)
    agents = [one.make() for one in specs]
    whole = dict(options)
    for traits in map(Traits.of, agents):
        whole = {**traits.needs, **whole, **traits.privileges}
    return agents, [one.name for one in specs], whole


def _specs(chosen: Any, players: Sequence[str], spec: Callable[[Any], AgentSpec]) -> list[AgentSpec]:
    """What sits in each seat; a text that names several seats is read once."""
    if isinstance(chosen, Mapping):
        if chosen.keys() != set(players):
            raise PalaestraError(f"The seats are {list(players)}, but agents were given for {sorted(chosen)}.")
        picks = [chosen[player] for player in players]
    elif isinstance(chosen, (list, tuple)):
        picks = list(chosen)
        if len(picks) != len(players):
            raise PalaestraError(f"{len(picks)} agents were given for the seats {list(players)}.")
    else:
        # A trained model only predicts, so its seats share it; one that has just been trained cannot be copied at all.
        shared = isinstance(chosen, (str, AgentSpec)) or hasattr(chosen, "predict")
        picks = [chosen if shared else deepcopy(chosen) for _ in players]
    known = {text: spec(text) for text in dict.fromkeys(pick for pick in picks if isinstance(pick, str))}
    return [known[pick] if isinstance(pick, str) else spec(pick) for pick in picks]
