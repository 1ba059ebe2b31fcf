"""FromPettingZoo: the payoff table of a PettingZoo game that is not ours, by playing every joint action.

The table is a game like any other here: every environment's option `game` takes it, so transfers, mediators, rankings
and repetition apply to it.
"""

from __future__ import annotations

from itertools import product
from math import prod
from typing import Any

import numpy as np
from gymnasium import spaces
from pettingzoo import AECEnv, ParallelEnv

from ..core.errors import PalaestraError
from ..theory.games import NormalFormGame

MOST_PROFILES = 4096


def from_pettingzoo(env: Any, seed: int = 0) -> NormalFormGame:
    """The normal form of a one-shot game, or of one that is repeated without a state.

    1. For every joint action: reset, play it, and note what everybody earned.
    2. Play all of them again with another seed, in reverse order and without a reset until the episode ends, and
       compare: payoffs that depend on chance, on the round or on what was played before do not agree.

    Assumption: a payoff that agrees twice always does. Step 2 sees each joint action after one history alone, so a
    state that shows later or elsewhere is not found; for games with a state there is `TransferStage`. Cost: two steps a
    joint action, at most `MOST_PROFILES` of them.

    Args:
        env: A `ParallelEnv`, or an `AECEnv` that PettingZoo can make parallel. All players must act in every round,
            with a `Discrete` action each. It is reset, and not closed.
        seed: Of the first play; the second has the next one.

    Returns:
        The table; players in the order of `possible_agents`, actions from 0 in the order of their spaces.

    Raises:
        PalaestraError: Other spaces, too many joint actions, a missing player or reward, or payoffs that do not agree.
    """
    if isinstance(env, AECEnv):
        from pettingzoo.utils.conversions import aec_to_parallel

        env = aec_to_parallel(env)
    players = list(env.possible_agents)
    acts = [env.action_space(player) for player in players]
    for player, space in zip(players, acts, strict=True):
        if not isinstance(space, spaces.Discrete):
            raise PalaestraError(f"{player} acts in {space}. Only games with Discrete actions have a payoff table.")
    counts = tuple(int(space.n) for space in acts)
    if prod(counts) > MOST_PROFILES:
        raise PalaestraError(f"{prod(counts)} joint actions are too many to play: at most {MOST_PROFILES} are.")
    first = [int(space.start) for space in acts]
    table: Any = np.zeros((len(players), *counts))
    for profile in product(*map(range, counts)):
        env.reset(seed=seed)
        table[(slice(None), *profile)] = _play(env, players, first, profile)
    env.reset(seed=seed + 1)
    for profile in reversed(list(product(*map(range, counts)))):
        if not env.agents:
            env.reset(seed=seed + 1)
        again, before = _play(env, players, first, profile), table[(slice(None), *profile)]
        if not np.array_equal(again, before):
            raise PalaestraError(
                f"The joint action {profile} earned {before.tolist()} and, played again, {again.tolist()}: payoffs "
                "depend on chance or on what was played before, so there is no payoff table. Use TransferStage."
            )
    return NormalFormGame.of(table, str(getattr(env, "metadata", {}).get("name", "")))


def _play(env: ParallelEnv[Any, Any, Any], players: list[Any], first: list[int], profile: tuple[int, ...]) -> Any:
    if set(env.agents) != set(players):
        raise PalaestraError(
            f"Only {env.agents} of {players} act now. In a payoff table everybody acts in every round."
        )
    actions = {player: start + act for player, start, act in zip(players, first, profile, strict=True)}
    rewards = env.step(actions)[1]
    if missing := [player for player in players if player not in rewards]:
        raise PalaestraError(f"The joint action {profile} brought no reward to {missing}.")
    return np.array([float(rewards[player]) for player in players])
