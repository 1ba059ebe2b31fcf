"""The rules of one learner as a utility process: the reward of each of its actions in a round."""

from __future__ import annotations

from typing import Any

import numpy as np
from gymnasium import spaces

from ...core.arrays import Array, Backend, backend, stack, to_numpy
from ...core.errors import PalaestraError
from ...core.randomness import Draw, lane_keys
from ...core.rules import Rules
from .utility_process import UtilityProcess

TRIED_ROUNDS, TRIED_LANES = 32, 4


class RewardsOfActions(UtilityProcess[Any]):
    """The rewards of all actions from the same state, in every round.

    Rules are pure functions, so a round can be played with each action from the state before it and with the same
    random numbers: A steps of the rules per round. The state then continues with the lowest action, whatever was
    proposed. This loses nothing where rewards depend only on the round and the action (a bandit, even if it drifts).
    Other rules are refused: a few rounds are played with the highest action, and with all actions in turn, and must
    give the same rewards. Rules that depend on past actions only later than that are not detected. The learner does not
    see the observations of the rules, which may reveal rewards.

    Args:
        rules: One learner, a Discrete action, every lane ends at the horizon.
        horizon: Rounds that will be played, at most those of the rules.

    Raises:
        PalaestraError: Rules of another kind; says what is wrong.
    """

    def __init__(self, rules: Rules[Any], horizon: int) -> None:
        facts, space = rules.facts, rules.action_spaces[0]
        if len(facts.players) != 1 or not isinstance(space, spaces.Discrete) or not facts.lockstep:
            raise PalaestraError(
                f"RankingFeedback cannot wrap {type(rules).__name__}: it needs one learner, a Discrete action and an "
                f"end at the horizon alone; this has {len(facts.players)} players, {space} and "
                f"lockstep={facts.lockstep}. Games are wrapped as games (theory.games)."
            )
        if horizon > facts.horizon:
            raise PalaestraError(
                f"horizon={horizon} is not allowed: {type(rules).__name__} ends after {facts.horizon} rounds. "
                "Make it with a longer horizon."
            )
        self.rules, self.utility_range, self.stochastic = rules, facts.payoff_range, facts.stochastic
        self.num_actions, self.first = int(space.n), int(space.start)
        self._refuse_memory(min(horizon, TRIED_ROUNDS))

    def _refuse_memory(self, rounds: int) -> None:
        """Play on with the lowest action, the highest, and all in turn: the rewards must be the same."""
        self.place(backend())
        keys = lane_keys(range(TRIED_LANES), self.where)
        states = [self.rules.start(Draw(keys, -1, self.where))] * 3
        for step in range(rounds):
            draw = Draw(keys, step, self.where)
            steps = [self._all(state, step, draw) for state in states]
            first, *others = [to_numpy(utility) for _, utility in steps]
            for utility in others:
                if not np.array_equal(first, utility):
                    action = int(np.argwhere(first != utility)[0][1]) + self.first
                    raise PalaestraError(
                        f"RankingFeedback cannot wrap {type(self.rules).__name__}: what action {action} earns in round "
                        f"{step} depends on what was played before. Rewards may depend on the round and action alone."
                    )
            played = (0, self.num_actions - 1, step % self.num_actions)
            states = [afters[action] for action, (afters, _) in zip(played, steps, strict=True)]

    def place(self, where: Backend) -> None:
        """Move the rules to a backend."""
        super().place(where)
        self.rules.place(where)

    def start(self, draw: Draw, horizon: int) -> Any:
        """The start of the rules."""
        return self.rules.start(draw)

    def advance(self, state: Any, step: int, draw: Draw) -> tuple[Any, Array]:
        """Play the round with every action; the state continues with the lowest."""
        afters, utility = self._all(state, step, draw)
        return afters[0], utility

    def _all(self, state: Any, step: int, draw: Draw) -> tuple[list[Any], Array]:
        """The state after each action, and what each earned: (lanes, A)."""
        played = [
            self.rules.step(state, (self.where.full((draw.lanes,), self.first + action, "int64"),), step, draw)
            for action in range(self.num_actions)
        ]
        return [after for after, _ in played], stack([outcome.rewards[0] for _, outcome in played], self.where)
