"""The rules of PreferenceAggregation-v0 with one learner: rounds of comparisons and published policies."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any, Literal, NamedTuple

import numpy as np
from gymnasium import spaces

from ...core.arrays import Array, ordered_sum
from ...core.randomness import Draw
from ...core.rules import Facts, Outcome, Rules
from ...theory.preferences.comparisons import answers_to, asked_pair, random_answers
from ...theory.preferences.misreporting import Dissenters, burying_weights, dissenters, reported_preference, runner_up
from ...theory.preferences.pairwise import proportionality, published_policy, win_rate
from ...theory.preferences.profile_source import ProfileSource
from .round_settings import RoundSettings

FACTS = partial(
    Facts,
    players=("player_0",),
    payoff_range=(0.0, 1.0),
    information="private",
    zero_sum=False,
    stochastic=True,
    optimum="exact",
    truth="The shares w of the groups and the preference function P of the lane's profile, exactly: a policy equal to w"
    " has level 1, and F* of P at least 1 / sum of u.",
    metrics=("proportionality_level", "win_rate", "manipulation_gain", "condorcet_probability"),
    reward_observed=False,
)
"""What holds under all options; the horizon, and what is private, depend on them."""


class AggregationState(NamedTuple):
    """Lanes of preference aggregation.

    Attributes:
        wins: How often i was preferred to j since the answers were last collected afresh, (lanes, M, M).
        preference: P, the truth, (lanes, M, M).
        shares: w, (lanes, M).
        reported: The preference function that answers follow, (lanes, M, M); None if nobody misreports.
        group: The group that may misreport, (lanes,), or None.
        share: Its share, (lanes,), or None.
        others: The part of P that comes from the other evaluators, (lanes, M, M), or None.
        planned: The weights by which it will report if no player decides that, (lanes, M), or None.
        policy: The last published policy, (lanes, M), if a seat sees it, or None.
    """

    wins: Array
    preference: Array
    shares: Array
    reported: Array
    group: Array
    share: Array
    others: Array
    planned: Array
    policy: Array


class Aggregation(Rules[AggregationState]):
    """Preference aggregation with one learner.

    Args:
        source: Where profiles come from.
        setting: How answers come, who misreports, and what is paid.
    """

    single = True

    def __init__(self, source: ProfileSource, setting: RoundSettings) -> None:
        self.source, self.setting = source, setting
        private: dict[str, int | Literal["own", "nobody"]] = {"preference": "nobody", "shares": "nobody"}
        if setting.misreport != "never":
            private |= {"reported": "nobody", "others": "nobody", "share": "nobody", "group": "nobody"}
        if setting.misreport == "bury":
            private["planned"] = "nobody"
        if setting.reveal is not None:
            private.pop("reported" if self._reported_is_shown else setting.reveal)
        self.facts = FACTS(horizon=setting.horizon, private=private)
        size = source.options
        seen: dict[str, spaces.Space[Any]] = {"wins": self._wins_space}
        if setting.reveal is not None:
            shape = (size,) if setting.reveal == "shares" else (size, size)
            seen[setting.reveal] = spaces.Box(0.0, 1.0, shape, np.float64)
        self.observation_spaces = (spaces.Dict(seen),)
        width = size * 2 if setting.queries == "chosen" else size
        self.action_spaces = (spaces.Box(0.0, 1.0, (width,), np.float64),)

    @property
    def _wins_space(self) -> spaces.Box:
        most = float(self.setting.answers * self.setting.horizon)
        return spaces.Box(0.0, most, (self.source.options,) * 2, np.float64)

    @property
    def _reported_is_shown(self) -> bool:
        return self.setting.reveal == "preference" and self.setting.misreport != "never"

    @property
    def public(self) -> Mapping[str, Any]:
        """The number of options, how answers come, and what an action means."""
        return {
            "action": "strategy",
            "num_options": self.source.options,
            "options": self.source.names,
            "queries": self.setting.queries,
            "answers": self.setting.answers,
            "misreport": self.setting.misreport,
            "horizon": self.setting.horizon,
            "welfare_seats": (0,),
        }

    def start(self, draw: Draw) -> AggregationState:
        """Draw the profiles; nothing has been asked yet."""
        # the true preference function and the groups' shares
        tally, whole = self.source.draw(draw)
        preference = ordered_sum(tally, 1) / whole
        shares = tally[:, :, 0, 0] * 2.0 / whole
        nothing = self.where.zeros((draw.lanes, self.source.options, self.source.options))
        state = AggregationState(nothing, preference, shares, None, None, None, None, None, None)
        if self.setting.misreport == "never":
            return state

        # the group that may misreport, and the part of the preference function that is not its own
        if self.setting.group == "random":
            ticket = draw.uniform("group", (self.source.options,))
            group = self.xp.argmax(self.xp.where(shares > 0, ticket, -1.0), axis=-1)
        else:
            group = runner_up(tally, shares, self.xp)
        who = dissenters(tally, whole, group, self.where)
        state = state._replace(reported=preference, group=who.group, share=who.share, others=who.others)
        if self.setting.misreport != "bury":
            return state
        return state._replace(planned=burying_weights(tally, group, self.where))

    def observe(self, state: AggregationState, step: int | Array) -> tuple[Any, ...]:
        """The learner sees the answers so far, and what is revealed."""
        seen = {"wins": state.wins}
        if self.setting.reveal == "shares":
            seen["shares"] = state.shares
        if self.setting.reveal == "preference":
            seen["preference"] = state.reported if self._reported_is_shown else state.preference
        return (seen,)

    def step(
        self, state: AggregationState, actions: tuple[Any, ...], step: int | Array, draw: Draw
    ) -> tuple[AggregationState, Outcome]:
        """The policy is scored, and evaluators answer."""
        assert isinstance(step, int)
        half, size = self.setting.honest_rounds, self.source.options
        honest = step < half

        # read the action: the policy to publish, and by what ranking the group answers
        policy = published_policy(actions[0][:, :size], self.xp)
        state = self._with_report(state, actions, honest)

        # collect answers; the second half draws the evaluators of the first again, so that only the report differs
        asked = draw if honest else Draw(draw.keys, step - half, self.where)
        truth = state.preference if state.reported is None else state.reported
        if self.setting.queries == "chosen":
            pair = asked_pair(actions[0][:, size:], self.where)
            wins = state.wins + answers_to(pair, truth, self.setting.answers, asked)
        else:
            wins = state.wins + random_answers(truth, self.setting.answers, asked)

        # after the last honest round, answers are collected afresh and the group may misreport
        following = state._replace(wins=wins)
        if step == half - 1 and self.setting.misreport != "never":
            following = self._second_half(following)

        # what scorers see: fresh arrays in every round, because callers may keep and change them
        scoring = {
            "preference": state.preference + 0.0,
            "shares": state.shares + 0.0,
            "policy": policy,
            "honest": self.where.full((len(policy),), float(honest)),
            "group": self.where.full((len(policy),), -1, "int64") if state.group is None else state.group + 0,
        }
        return self._after_publication(following, policy), Outcome(self._rewards(state, policy), scoring)

    def _with_report(self, state: AggregationState, actions: tuple[Any, ...], honest: bool) -> AggregationState:
        """The state with the preference function that the answers of this round follow."""
        return state

    def _second_half(self, state: AggregationState) -> AggregationState:
        """Forget all answers; a group that buries starts to do so."""
        state = state._replace(wins=self.xp.zeros_like(state.wins))
        if self.setting.misreport != "bury":
            return state
        return state._replace(reported=self._as_reported(state, state.planned))

    def _as_reported(self, state: AggregationState, weights: Array) -> Array:
        who = Dissenters(state.group, state.share, state.others)
        return reported_preference(state.preference, who, weights, self.where)

    def _after_publication(self, state: AggregationState, policy: Array) -> AggregationState:
        """The state after the policy is published."""
        return state

    def _rewards(self, state: AggregationState, policy: Array) -> tuple[Array, ...]:
        if self.setting.reward == "win_rate":
            return (win_rate(policy, state.preference),)
        return (proportionality(policy, state.shares, self.xp),)
