"""RankingBandit: a learner that sees only how the actions it proposed were ranked.

Source: Liu, Chen, Fan, Farina, Ozdaglar and Zhang, "Online Learning and Equilibrium Computation with Ranking Feedback"
(arXiv 2603.19221, ICLR 2026), section 3.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any, Literal, NamedTuple

from gymnasium import spaces

from ..core.arrays import Array, Backend
from ..core.randomness import Draw
from ..core.rules import Facts, Outcome, Rules
from ..theory.rankings.ranking_channel import (
    ChannelState,
    Feedback,
    Information,
    RankingChannel,
    check_count,
    check_one_of,
)
from ..theory.rankings.utility_process import UtilityProcess

Reveal = Literal["hindsight", "next"]

TRUTH = "The utility of the best fixed action in hindsight, exactly, from the utilities that scorers see."

FACTS = partial(Facts, players=("player_0",), information="private", zero_sum=False, optimum="exact")
"""What holds for every process and feedback; the rest depends on them."""


class RankingState(NamedTuple):
    """Lanes of a bandit with ranking feedback.

    Attributes:
        process: State of the utility process.
        total: See `theory.rankings.ranking_channel.ChannelState`, as the next three.
        count: How often each action was proposed.
        ranking: The last ranking.
        utilities: The last round's utilities.
        best: The revealed action, (lanes,): the best fixed one of the episode, or that of the coming round.
    """

    process: Any
    total: Array
    count: Array
    ranking: Array
    utilities: Array
    best: Array


class RankingBandit(Rules[RankingState]):
    """In each round the learner acts, utilities arise, and it sees a ranking drawn from them (or the utilities).

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

    single = True

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
        check_one_of("reveal", reveal, (None, "hindsight", "next"))
        check_count("horizon", horizon, 1)
        self.channel = RankingChannel(
            process.num_actions, process.utility_range, feedback, information, proposals, temperature
        )
        self.process, self.reveal = process, reveal
        private: dict[str, Literal["nobody"]] = {} if process.context_space else {"process": "nobody"}
        if feedback == "average":
            private["total"] = "nobody"
        self.facts = FACTS(
            horizon=horizon,
            payoff_range=process.utility_range,
            stochastic=process.stochastic or self.channel.stochastic,
            truth=truth,
            metrics=metrics,
            private=private,
            reward_observed=self.channel.numeric,
        )
        self.observation_spaces = (self._observation_space(),)
        self.action_spaces = (self.channel.action_space,)

    def _observation_space(self) -> spaces.Dict:
        seen = self.channel.observed
        if self.process.context_space is not None:
            seen["context"] = self.process.context_space
        if self.reveal is not None:
            seen["best"] = spaces.Discrete(self.process.num_actions)
        return spaces.Dict(seen)

    def place(self, where: Backend) -> None:
        """Move the process and the channel to the backend."""
        super().place(where)
        self.process.place(where)
        self.channel.place(where)

    @property
    def public(self) -> Mapping[str, Any]:
        """The form of feedback and its temperature, the range of utilities, and the public facts of the process."""
        horizon = self.facts.horizon
        return {**self.channel.public, "horizon": horizon, **self.process.public(horizon)}

    def start(self, draw: Draw) -> RankingState:
        """Nothing has been ranked yet."""
        process, best = self.process.start(draw, self.facts.horizon), None
        if self.reveal is not None and self.watched:
            best = self._best_in_hindsight(draw) if self.reveal == "hindsight" else self._best_of(process, 0, draw)
        return RankingState(process, *self.channel.start(len(draw.keys)), best)

    def _best_of(self, process: Any, step: int, draw: Draw) -> Array:
        """The best action of round `step`: the process's draws for it can be made in advance."""
        return self.xp.argmax(self.process.advance(process, step, Draw(draw.keys, step, self.where))[1], axis=-1)

    def _best_in_hindsight(self, draw: Draw) -> Array:
        """The process does not depend on the play, so its whole episode can be run in advance."""
        state, total = self.process.start(draw, self.facts.horizon), None
        for step in range(self.facts.horizon):
            state, utility = self.process.advance(state, step, Draw(draw.keys, step, self.where))
            total = utility if total is None else total + utility
        return self.xp.argmax(total, axis=-1)

    def observe(self, state: RankingState, step: int | Array) -> tuple[dict[str, Array]]:
        """The last ranking (or utilities), the context of the coming round, and what is revealed."""
        seen = self.channel.observe(ChannelState(*state[1:5]))
        if self.process.context_space is not None:
            assert isinstance(step, int)
            seen["context"] = self.process.context(state.process, step)
        if self.reveal is not None:
            seen["best"] = state.best
        return (seen,)

    def step(
        self, state: RankingState, actions: tuple[Any, ...], step: int | Array, draw: Draw
    ) -> tuple[RankingState, Outcome]:
        """Utilities arise, the proposals are paid, and the ranking is drawn."""
        assert isinstance(step, int)

        # the round's utilities, and what the learner earns
        process, utility = self.process.advance(state.process, step, draw)
        reward = self.channel.reward(actions[0], utility)
        scoring = {"utility": utility, **self.process.scoring(process, step)}

        # what the learner sees of them; nothing is drawn for a replay that nobody observes
        channel_state, best = ChannelState(*state[1:5]), state.best
        if not self.watched:
            return RankingState(process, *channel_state, best), Outcome((reward,), scoring)
        channel_state = self.channel.update(channel_state, actions[0], utility, step, draw)
        if self.reveal == "next" and step + 1 < self.facts.horizon:
            best = self._best_of(process, step + 1, draw)
        return RankingState(process, *channel_state, best), Outcome((reward,), scoring)
