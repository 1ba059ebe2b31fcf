"""RankingFeedback: a bandit whose learner sees only how the actions it proposed were ranked.

Source: Liu, Chen, Fan, Farina, Ozdaglar and Zhang, "Online Learning and Equilibrium Computation with Ranking Feedback"
(arXiv 2603.19221, ICLR 2026), section 3.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, Literal, NamedTuple

import numpy as np
from gymnasium import spaces

from ..core.arrays import Array, Backend, ordered_sum
from ..core.errors import PalaestraError
from ..core.plackett_luce import sample_rankings
from ..core.randomness import Draw
from ..core.rules import Facts, Outcome, Rules
from ..core.utility_process import UtilityProcess

Feedback = Literal["instantaneous", "average", "numeric"]
Information = Literal["full", "bandit"]
Reveal = Literal["hindsight", "next"]

TRUTH = "The utility of the best fixed action in hindsight, exactly, from the utilities that scorers see."


class RankingState(NamedTuple):
    """Lanes of a bandit with ranking feedback; fields that a form of feedback does not need are None.

    Attributes:
        process: State of the utility process.
        total: Sum of past utilities (full) or of the utilities of past proposals (bandit), (lanes, A).
        count: How often each action was proposed, (lanes, A).
        ranking: The last ranking, action ids best first, (lanes, A or K); A before any.
        utilities: The last round's utilities, (lanes, A or K).
        best: The revealed action, (lanes,): the best fixed one of the episode, or that of the coming round.
    """

    process: Any
    total: Array
    count: Array
    ranking: Array
    utilities: Array
    best: Array


class RankingFeedback(Rules[RankingState]):
    """Every round the learner commits, utilities arise, and it sees a ranking drawn from them (or their numbers).

    Args:
        process: Where utilities come from.
        feedback: What is ranked: "instantaneous" (this round's utilities: InstUtil Rank), "average" (their mean over
            the past; under bandit information each action's mean over the rounds that proposed it: AvgUtil Rank), or
            "numeric" (no ranking: the utilities themselves).
        information: "full": an action is a strategy and all actions are ranked. "bandit": an action is K proposals,
            with replacement, and those are ranked.
        proposals: K, under bandit information.
        temperature: tau of the Plackett-Luce ranking, in units of utility. 0 sorts, ties to the smaller index.
        horizon: Rounds of an episode.
        metrics: What `palaestra.evaluate` computes.
        truth: Where the optimum comes from.
        reveal: For oracles: "hindsight" shows the best fixed action of the episode, "next" the best action of the
            coming round; None shows nothing.

    Raises:
        PalaestraError: A value that is not allowed, by name.
    """

    single: ClassVar[bool] = True

    def __init__(
        self,
        process: UtilityProcess[Any],
        feedback: Feedback = "instantaneous",
        information: Information = "full",
        proposals: int = 5,
        temperature: float = 1.0,
        horizon: int = 1000,
        metrics: tuple[str, ...] = ("external_regret",),
        truth: str = TRUTH,
        reveal: Reveal | None = None,
    ) -> None:
        _check_one_of("feedback", feedback, ("instantaneous", "average", "numeric"))
        _check_one_of("information", information, ("full", "bandit"))
        _check_one_of("reveal", reveal, (None, "hindsight", "next"))
        least = 1 if feedback == "numeric" else 2
        _check_count("proposals", proposals, least)
        _check_count("horizon", horizon, 1)
        if not isinstance(temperature, (int, float)) or not 0 <= temperature < float("inf"):
            raise PalaestraError(f"temperature={temperature!r} is not allowed: give a finite number from 0.")
        self.process, self.feedback, self.information = process, feedback, information
        self.temperature, self.reveal = float(temperature), reveal
        self.numeric, self.bandit = feedback == "numeric", information == "bandit"
        actions = process.num_actions
        self.proposals = proposals if self.bandit else actions
        private: dict[str, Literal["nobody"]] = {} if process.context_space else {"process": "nobody"}
        if feedback == "average":
            private["total"] = "nobody"
        self.facts = Facts(
            players=("player_0",),
            horizon=horizon,
            payoff_range=process.utility_range,
            information="private",
            zero_sum=False,
            stochastic=process.stochastic or (not self.numeric and self.temperature > 0),
            optimum="exact",
            truth=truth,
            metrics=metrics,
            private=private,
            reward_observed=self.numeric,
        )
        self.observation_spaces = (self._observation_space(),)
        self.action_spaces = (
            spaces.MultiDiscrete([actions] * proposals)
            if self.bandit
            else spaces.Box(0.0, 1.0, (actions,), np.float64),
        )

    def _observation_space(self) -> spaces.Dict:
        actions, (low, high) = self.process.num_actions, self.process.utility_range
        seen: dict[str, spaces.Space[Any]] = {}
        if self.numeric:
            seen["utilities"] = spaces.Box(low, high, (self.proposals,), np.float64)
        else:
            seen["ranking"] = spaces.MultiDiscrete([actions + 1] * self.proposals)
        if self.process.context_space is not None:
            seen["context"] = self.process.context_space
        if self.reveal is not None:
            seen["best"] = spaces.Discrete(actions)
        return spaces.Dict(seen)

    def place(self, where: Backend) -> None:
        """Bring the process along."""
        super().place(where)
        self.process.place(where)
        self._ids = where.arange(self.process.num_actions)

    @property
    def public(self) -> Mapping[str, Any]:
        """The form of feedback and its temperature, the range of utilities, and what the process tells of itself."""
        return {
            "action": "proposals" if self.bandit else "strategy",
            "num_actions": self.process.num_actions,
            "proposals": self.proposals,
            "temperature": self.temperature,
            "feedback": self.feedback,
            "information": self.information,
            "utility_range": self.process.utility_range,
            "horizon": self.facts.horizon,
            **self.process.public(self.facts.horizon),
        }

    def start(self, draw: Draw) -> RankingState:
        """Nothing has been ranked yet."""
        lanes, actions = len(draw.keys), self.process.num_actions
        low, high = self.process.utility_range
        average = self.feedback == "average"
        process, best = self.process.start(draw, self.facts.horizon), None
        if self.reveal is not None:
            best = self._best_in_hindsight(draw) if self.reveal == "hindsight" else self._best_of(process, 0, draw)
        return RankingState(
            process,
            self.where.zeros((lanes, actions)) if average else None,
            self.where.zeros((lanes, actions)) if average and self.bandit else None,
            None if self.numeric else self.where.full((lanes, self.proposals), actions, "int64"),
            self.where.full((lanes, self.proposals), min(max(0.0, low), high)) if self.numeric else None,
            best,
        )

    def _best_of(self, process: Any, step: int, draw: Draw) -> Array:
        """The best action of round `step`, from the process's state before it: its draws can be made ahead."""
        return self.xp.argmax(self.process.advance(process, step, Draw(draw.keys, step, self.where))[1], axis=-1)

    def _best_in_hindsight(self, draw: Draw) -> Array:
        """The process does not see what is played, so its whole episode can be run ahead."""
        state, total = self.process.start(draw, self.facts.horizon), None
        for step in range(self.facts.horizon):
            state, utility = self.process.advance(state, step, Draw(draw.keys, step, self.where))
            total = utility if total is None else total + utility
        return self.xp.argmax(total, axis=-1)

    def observe(self, state: RankingState, step: int | Array) -> tuple[dict[str, Array]]:
        """The last ranking (or utilities), the context of the coming round, and what is revealed."""
        seen = {"utilities": state.utilities} if self.numeric else {"ranking": state.ranking}
        if self.process.context_space is not None:
            assert isinstance(step, int)
            seen["context"] = self.process.context(state.process, step)
        if self.reveal is not None:
            seen["best"] = state.best
        return (seen,)

    def step(
        self, state: RankingState, actions: tuple[Any, ...], step: int | Array, draw: Draw
    ) -> tuple[RankingState, Outcome]:
        """Utilities arise, the reward is what was proposed of them, and the ranking is drawn."""
        assert isinstance(step, int)
        process, utility = self.process.advance(state.process, step, draw)
        action = actions[0]
        if self.bandit:
            proposed = self.xp.take_along_axis(utility, action, axis=1)
            reward = ordered_sum(proposed) / self.proposals
        else:
            proposed = utility
            reward = ordered_sum(utility * self.strategy(action))
        scoring = {"utility": utility, **self.process.scoring(process, step)}
        following = state._replace(process=process)
        if self.reveal == "next" and step + 1 < self.facts.horizon:
            following = following._replace(best=self._best_of(process, step + 1, draw))
        if self.numeric:
            following = following._replace(utilities=proposed)
        else:
            following = self._ranked(following, action, utility, step, draw)
        return following, Outcome((reward,), scoring)

    def strategy(self, weights: Array) -> Array:
        """Weights (lanes, A) as strategies: divided by their sum, uniform where all are 0."""
        total = ordered_sum(weights)[:, None]
        some = total > 0
        return self.xp.where(some, weights / self.xp.where(some, total, 1.0), 1.0 / weights.shape[1])

    def _ranked(self, state: RankingState, action: Array, utility: Array, step: int, draw: Draw) -> RankingState:
        if self.feedback == "instantaneous":
            ranked = utility
        elif not self.bandit:
            state = state._replace(total=state.total + utility)
            ranked = state.total / (step + 1)
        else:
            hits = self.xp.astype(action[:, :, None] == self._ids, self.xp.float64)
            times = ordered_sum(hits, 1)
            state = state._replace(total=state.total + times * utility, count=state.count + times)
            ranked = state.total / self.xp.where(state.count > 0, state.count, 1.0)
        items = self.xp.sort(action, axis=-1) if self.bandit else None
        return state._replace(ranking=sample_rankings(ranked, self.temperature, draw, items))


def _check_one_of(name: str, value: Any, allowed: tuple[Any, ...]) -> None:
    if value not in allowed:
        raise PalaestraError(f"{name}={value!r} is not allowed. Allowed: {', '.join(map(repr, allowed))}.")


def _check_count(name: str, value: Any, least: int) -> None:
    if not isinstance(value, int) or isinstance(value, bool) or value < least:
        raise PalaestraError(f"{name}={value!r} is not allowed: give an integer from {least}.")
