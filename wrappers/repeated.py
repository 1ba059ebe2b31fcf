"""Repeated: a base game that is played round after round by players who remember the last m joint actions.

Source: Liu, Ozdaglar, Yu, Zhang, "Regret Minimization with Adaptive Opponents in Repeated Games" (arXiv 2606.06486).
The protocol is our reconstruction from the abstract.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any, Literal, NamedTuple

import numpy as np
from gymnasium import spaces

from ..core.arrays import Array, Backend, ordered_sum, stack, to_numpy
from ..core.errors import PalaestraError
from ..core.randomness import Draw
from ..core.rules import Facts, Outcome, Rules
from ..theory.games import Game
from ..theory.games.game_source import GameSource
from ..theory.repeated.interaction import enumerable
from ..theory.repeated.memory import Memory

Information = Literal["actions", "maps"]

FACTS = partial(
    Facts,
    information="public",
    zero_sum=False,
    optimum="exact",
    truth="The best strategy of memory m against the opponents' actual maps, by dynamic programming.",
)
"""What holds for every base game; the players, horizon, range of payoffs, chance and metrics depend on the options."""


class RepeatedState(NamedTuple):
    """Lanes of a repeated game.

    Attributes:
        payoffs: Each lane's own game; None if all lanes play the same game.
        history: int64 (lanes, m, players): the last m joint actions, most recent last; A_i before the first.
        maps: (lanes, players, states, actions): the maps of the last round; None if players name actions.
    """

    payoffs: Array | None
    history: Array
    maps: Array | None


class Repeated(Rules[RepeatedState]):
    """The same game every round; observations are the last m joint actions.

    Args:
        source: The base game, or a family that each lane draws from.
        memory: m, how many rounds are remembered.
        information: "actions": a player names an action. "maps": a player commits to a map from histories to mixed
            actions, the rules draw its action from the row of the current history, and all players see the maps of
            the last round (the full-information mode, in which regret against adaptive opponents is defined exactly).
        horizon: Rounds of an episode.

    Raises:
        PalaestraError: A value that is not allowed, by name.
    """

    def __init__(
        self, source: GameSource, memory: int = 1, information: Information = "actions", horizon: int = 100
    ) -> None:
        if information not in ("actions", "maps"):
            raise PalaestraError(f"information={information!r} is not allowed. Allowed: 'actions', 'maps'.")
        if horizon < 1:
            raise PalaestraError(f"horizon={horizon} is not allowed: play at least one round.")
        form = source.form
        n, counts = form.num_players, form.num_actions
        self.source, self.information = source, information
        self.memory = Memory(counts, memory)
        self._game: Game = form

        # the facts
        low, high = source.span
        self.facts = FACTS(
            players=tuple(f"player_{i}" for i in range(n)),
            horizon=horizon,
            payoff_range=(low, high),
            stochastic=information == "maps",
            metrics=self._metrics(),
        )

        # the spaces
        seen: dict[str, spaces.Space[Any]] = {
            "history": spaces.MultiDiscrete(np.tile(np.array(counts) + 1, (memory, 1)))
            if memory
            else spaces.Box(0, 0, (0, n), np.int64)
        }
        if information == "maps":
            seen["maps"] = spaces.Box(0.0, 1.0, (n, self.memory.states, form.most_actions), np.float64)
        if source.drawn:
            seen["payoffs"] = spaces.Box(low, high, form.payoffs.shape[1:], np.float64)
        self.observation_spaces = (spaces.Dict(seen),) * n
        self.action_spaces = tuple(
            spaces.Discrete(count)
            if information == "actions"
            else spaces.Box(0.0, 1.0, (self.memory.states, count), np.float64)
            for count in counts
        )

    def _metrics(self) -> tuple[str, ...]:
        """Exact regret against adaptive opponents needs their maps, and few enough maps of one's own to enumerate."""
        if self.information == "actions":
            return ("mean_payoff", "welfare", "cooperation_rate", "external_regret")
        exact = ("rp_regret", "lrp_regret") if enumerable(self.memory, 0) else ("rp_regret_at_least", "lrp_regret")
        others = ("dynamic_rp_regret", "policy_regret", "external_regret", "one_shot_deviation")
        return (*exact, *others, "mean_payoff", "welfare", "cooperation_rate")

    def place(self, where: Backend) -> None:
        """Move the base game to the backend."""
        super().place(where)
        self._game = self.source.form.placed(where)

    @property
    def public(self) -> Mapping[str, Any]:
        """The base game's source and the memory of play."""
        return {"source": self.source, "memory": self.memory, "information": self.information}

    def start(self, draw: Draw) -> RepeatedState:
        """Nothing has been played; maps are uniform."""
        lanes, n, counts = len(draw.keys), len(self.facts.players), self.memory.num_actions
        history = self.where.zeros((lanes, self.memory.depth, n), "int64") + self.where.asarray(np.array(counts))
        maps = None
        if self.information == "maps":
            uniform = np.zeros((n, self.memory.states, max(counts)))
            for i, count in enumerate(counts):
                uniform[i, :, :count] = 1.0 / count
            maps = self.where.zeros((lanes, *uniform.shape)) + self.where.asarray(uniform)
        return RepeatedState(self.source.draw(draw) if self.source.draw else None, history, maps)

    def observe(self, state: RepeatedState, step: int | Array) -> tuple[dict[str, Array], ...]:
        """All players see the remembered rounds, the last round's maps, and the payoffs if lanes differ."""
        seen = {"history": state.history}
        if state.maps is not None:
            seen["maps"] = state.maps
        if state.payoffs is not None:
            seen["payoffs"] = state.payoffs
        return (seen,) * len(self.facts.players)

    def step(
        self, state: RepeatedState, actions: tuple[Any, ...], step: int | Array, draw: Draw
    ) -> tuple[RepeatedState, Outcome]:
        """All players act; the oldest remembered round is forgotten."""
        # with maps, the rules draw each player's action from the row of the current history
        play, maps = actions, None
        if self.information == "maps":
            maps = self._maps(state, actions)
            play = self._draw_actions(state, maps, draw)

        # play the base game, which may differ between lanes
        lane_index = self.where.arange(len(play[0])) if state.payoffs is not None else None
        game = self._game if state.payoffs is None else self.source.game(state.payoffs)

        # append the round to the history
        history = state.history
        joint = stack(play, self.where)
        if self.memory.depth:
            history = self.xp.concat([history[:, 1:], joint[:, None, :]], axis=1)
        scoring = {"play": joint} if maps is not None else {}
        return RepeatedState(state.payoffs, history, maps), Outcome(game.payoffs_at(play, lane_index), scoring)

    def _maps(self, state: RepeatedState, actions: tuple[Any, ...]) -> Array:
        """Rows of the committed maps as probabilities; a row of zeros is uniform."""
        assert state.maps is not None
        maps = self.xp.zeros_like(state.maps)
        for i, (action, count) in enumerate(zip(actions, self.memory.num_actions, strict=True)):
            total = ordered_sum(action)[..., None]
            rows = action / self.xp.where(total > 0, total, self.xp.ones_like(total))
            maps[:, i, :, :count] = self.xp.where(total > 0, rows, self.xp.ones_like(rows) / count)
        return maps

    def _draw_actions(self, state: RepeatedState, maps: Array, draw: Draw) -> tuple[Array, ...]:
        """One action per player, drawn from its map's row at the current history."""
        row = self.memory.encode(state.history)
        lanes, plays = self.where.arange(maps.shape[0]), []
        unit = draw.uniform("play", (maps.shape[1],))
        for i, count in enumerate(self.memory.num_actions):
            chances = maps[lanes, i, row, :]
            below, action = chances[:, 0], self.xp.zeros_like(row)
            for a in range(1, count):
                action = action + self.xp.astype(unit[:, i] >= below, self.xp.int64)
                below = below + chances[:, a]
            plays.append(action)
        return tuple(plays)

    def instance(self, state: RepeatedState) -> Game:
        """The lanes' base games, on numpy."""
        return self.source.game(None if state.payoffs is None else to_numpy(state.payoffs))
