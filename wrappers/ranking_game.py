"""RankingGame: players of a repeated game who see only how their own actions rank.

Source: Liu, Chen, Fan, Farina, Ozdaglar and Zhang, "Online Learning and Equilibrium Computation with Ranking Feedback"
(arXiv 2603.19221, ICLR 2026), section 3 (games) and Theorems 7.2 and 7.3.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any, NamedTuple

from gymnasium import spaces

from ..core.arrays import Array, Backend, stack, to_numpy
from ..core.randomness import Draw
from ..core.rules import Facts, Outcome, Rules
from ..theory.games import Game
from ..theory.games.game_source import GameSource
from ..theory.rankings.ranking_channel import ChannelState, Feedback, Information, RankingChannel, check_count

FACTS = partial(
    Facts,
    information="private",
    zero_sum=False,
    optimum="exact",
    truth="No player gains by any fixed action against the average joint play: the coarse-correlated gap is 0.",
    metrics=("coarse_correlated_gap", "welfare"),
)
"""What holds for every base game and feedback; the rest depends on them."""


class RankingGameState(NamedTuple):
    """Lanes of a game with ranking feedback; a field is None if the form of feedback does not need it.

    Attributes:
        payoffs: Each lane's own game; None if all lanes play the same game.
        totals: (lanes, players, actions): every player's `ChannelState.total`, padded with zeros.
        counts: (lanes, players, actions).
        rankings: (lanes, players, actions or proposals), padded with 0.
        utilities: (lanes, players, actions or proposals), padded with 0.
    """

    payoffs: Array | None
    totals: Array
    counts: Array
    rankings: Array
    utilities: Array


class RankingGame(Rules[RankingGameState]):
    """In each round all players act; each sees how its own actions rank against the others' play.

    A player's utilities are its payoffs against the others' strategies (full information), or their mean over all
    profiles of the others' proposals (bandit): payoffs against the empirical laws of proposals.

    Args:
        source: The base game, or a family that each lane draws from.
        feedback: See `theory.rankings.ranking_channel.RankingChannel`, as the next three.
        information: "full" or "bandit".
        proposals: K, under bandit information.
        temperature: tau, in units of payoff.
        horizon: Rounds of an episode.
    """

    def __init__(
        self,
        source: GameSource,
        feedback: Feedback = "instantaneous",
        information: Information = "full",
        proposals: int = 5,
        temperature: float = 1.0,
        horizon: int = 1000,
    ) -> None:
        check_count("horizon", horizon, 1)
        self.source, self._game = source, source.form
        low, high = source.span
        players = tuple(f"player_{i}" for i in range(source.form.num_players))
        self.channels = tuple(
            RankingChannel(count, (low, high), feedback, information, proposals, temperature, f"ranking/{player}")
            for player, count in zip(players, source.form.num_actions, strict=True)
        )
        one = self.channels[0]
        hidden = self._hidden(one)
        self.facts = FACTS(
            players=players,
            horizon=horizon,
            payoff_range=(low, high),
            stochastic=one.stochastic,
            private=hidden,
            reward_observed=one.numeric,
        )
        self.observation_spaces = tuple(spaces.Dict(channel.observed) for channel in self.channels)
        self.action_spaces = tuple(channel.action_space for channel in self.channels)

    def _hidden(self, channel: RankingChannel) -> dict[str, Any]:
        """Who may see what: a player sees its own ranking; nobody sees the sums behind it or the drawn payoffs."""
        hidden: dict[str, Any] = {"utilities": "own"} if channel.numeric else {"rankings": "own"}
        if channel.average:
            hidden["totals"] = "nobody"
            if channel.bandit:
                hidden["counts"] = "nobody"
        if self.source.drawn:
            hidden["payoffs"] = "nobody"
        return hidden

    def place(self, where: Backend) -> None:
        """Move the base game and the channels to the backend."""
        super().place(where)
        self._game = self.source.form.placed(where)
        for channel in self.channels:
            channel.place(where)

    @property
    def public(self) -> Mapping[str, Any]:
        """The form of feedback and the range of payoffs. The players do not know the base game."""
        one = self.channels[0]
        return {"feedback": one.feedback, "information": one.information, "utility_range": one.utility_range}

    def public_of(self, player: int) -> Mapping[str, Any]:
        """What one player knows besides: how many actions and proposals it has."""
        return {**self.channels[player].public, "horizon": self.facts.horizon}

    def start(self, draw: Draw) -> RankingGameState:
        """Nothing has been ranked yet."""
        payoffs = self.source.draw(draw) if self.source.draw else None
        return self._state(payoffs, [channel.start(len(draw.keys)) for channel in self.channels])

    def _state(self, payoffs: Array | None, channels: list[ChannelState]) -> RankingGameState:
        fields = []
        for parts in zip(*channels, strict=True):
            padded = [self._padded(part, parts) for part in parts if part is not None]
            fields.append(stack(padded, self.where) if padded else None)
        return RankingGameState(payoffs, *fields)

    def _padded(self, part: Array, parts: tuple[Array, ...]) -> Array:
        """A player's array, padded to the widest player's."""
        width = max(one.shape[1] for one in parts)
        if part.shape[1] == width:
            return part
        return self.xp.concat([part, *[part[:, :1] * 0] * (width - part.shape[1])], axis=1)

    def _channel_state(self, state: RankingGameState, player: int) -> ChannelState:
        channel = self.channels[player]
        widths = (channel.actions, channel.actions, channel.proposals, channel.proposals)
        return ChannelState(
            *(
                None if field is None else field[:, player, :width]
                for field, width in zip(state[1:], widths, strict=True)
            )
        )

    def observe(self, state: RankingGameState, step: int | Array) -> tuple[dict[str, Array], ...]:
        """Each player sees its own last ranking (or utilities)."""
        return tuple(channel.observe(self._channel_state(state, i)) for i, channel in enumerate(self.channels))

    def step(
        self, state: RankingGameState, actions: tuple[Any, ...], step: int | Array, draw: Draw
    ) -> tuple[RankingGameState, Outcome]:
        """Compute each player's utilities against the others, and rank its own actions for it."""
        assert isinstance(step, int)

        # what every action of every player would earn against the others' strategies
        strategies = [channel.strategy(action) for channel, action in zip(self.channels, actions, strict=True)]
        joint = stack([self._padded(one, tuple(strategies)) for one in strategies], self.where)
        game = self._game if state.payoffs is None else self.source.game(state.payoffs)
        values = game.action_values(joint)

        # pay each player, and draw its ranking; nothing is drawn for a replay that nobody observes
        rewards, channels = [], []
        for i, channel in enumerate(self.channels):
            utility = values[:, i, : channel.actions]
            rewards.append(channel.reward(actions[i], utility, strategies[i]))
            if self.watched:
                channels.append(channel.update(self._channel_state(state, i), actions[i], utility, step, draw))
        scoring = {"strategies": joint, "utility": values}
        return self._state(state.payoffs, channels) if channels else state, Outcome(tuple(rewards), scoring)

    def instance(self, state: RankingGameState) -> Game:
        """The lanes' base games, on numpy."""
        return self.source.game(None if state.payoffs is None else to_numpy(state.payoffs))
