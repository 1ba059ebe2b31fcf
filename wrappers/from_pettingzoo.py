"""FromPettingZoo: the payoff table of any PettingZoo game, found by playing every joint action.

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

    1. For every joint action: reset, play it, and record what each player earned.
    2. Play all of them again with another seed, in reverse order and without a reset until the episode ends, and
       compare: payoffs that depend on chance, on the round or on earlier play do not agree.

    Assumption: a payoff that agrees twice always agrees. Step 2 plays each joint action after only one history, so it
    may miss a state that matters later or elsewhere; for games with a state there is `TransferStage`. Cost: two steps
    per joint action, at most `MOST_PROFILES` joint actions.

    Args:
        env: A `ParallelEnv`, or an `AECEnv` that PettingZoo can make parallel. All players must act in every round,
            with a `Discrete` action each. It is reset, and not closed.
        seed: Seed of the first play; the second play takes the next seed.

    Returns:
        The table; players in the order of `possible_agents`, actions from 0 in the order of their spaces.

    Raises:
        PalaestraError: Other spaces, too many joint actions, a missing player or reward, or payoffs that differ.
    """
    # the players and their actions
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
        raise PalaestraError(f"{prod(counts)} joint actions are too many to play: at most {MOST_PROFILES} are allowed.")

    # step 1
    first = [int(space.start) for space in acts]
    table: Any = np.zeros((len(players), *counts))
    for profile in product(*map(range, counts)):
        env.reset(seed=seed)
        table[(slice(None), *profile)] = _play(env, players, first, profile)

    # step 2
    env.reset(seed=seed + 1)
    for profile in reversed(list(product(*map(range, counts)))):
        if not env.agents:
            env.reset(seed=seed + 1)
        again, before = _play(env, players, first, profile), table[(slice(None), *profile)]
        if not np.array_equal(again, before):
            raise PalaestraError(
                f"The joint action {profile} earned {before.tolist()} and, played again, {again.tolist()}: payoffs "
                "depend on chance or on earlier play, so there is no payoff table. Use TransferStage."
            )
    return NormalFormGame.of(table, str(getattr(env, "metadata", {}).get("name", "")))


def _play(env: ParallelEnv[Any, Any, Any], players: list[Any], first: list[int], profile: tuple[int, ...]) -> Any:
    if set(env.agents) != set(players):
        raise PalaestraError(
            f"Only {env.agents} of {players} act in this round. In a payoff table all players act in every round."
        )
    actions = {player: start + act for player, start, act in zip(players, first, profile, strict=True)}
    rewards = env.step(actions)[1]
    if missing := [player for player in players if player not in rewards]:
        raise PalaestraError(f"The joint action {profile} brought no reward to {missing}.")
    return np.array([float(rewards[player]) for player in players])
