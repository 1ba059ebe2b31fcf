"""FromOpenSpiel: a game of OpenSpiel with finitely many states, over as many lanes as you like.

Source: Lanctot et al., "OpenSpiel: A Framework for Reinforcement Learning in Games" (arXiv 1908.09453).

The reachable states are stored once as arrays (`open_spiel_states`); after that OpenSpiel is not called again, and a
step of all lanes is a few look-ups. It suits games of simultaneous moves best; if players move in turn, all players
send an action at each move and only that of the player to move counts.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np
from gymnasium import spaces

from ..core.arrays import Array, Backend, ordered_sum
from ..core.errors import PalaestraError
from ..core.extra import import_extra
from ..core.randomness import Draw
from ..core.rules import Facts, Outcome, Rules
from ..theory.games.open_spiel_library import load_open_spiel
from .open_spiel_playouts import open_spiel_playouts
from .open_spiel_states import OpenSpielStates, open_spiel_states


class OpenSpielState(NamedTuple):
    """Lanes of an OpenSpiel game.

    Attributes:
        node: int64 (lanes,): the number of the state each lane is in.
    """

    node: Array


class FromOpenSpiel(Rules[OpenSpielState]):
    """An OpenSpiel game as rules.

    A player sees a dict: `observation`, OpenSpiel's observation tensor, and `action_mask`, 1 where an action is legal.
    If the game has no observation tensor, `observation` is its information state tensor; if it has neither and hides
    nothing, the dict holds `state`, the state's number. Action spaces are fixed: an action that is not legal in a state
    counts as the lowest legal one, and an action of a player who is not to move is ignored (its mask is all 1). Rewards
    are the differences of OpenSpiel's returns, so that an episode adds up to them. Chance is drawn from the lane's own
    stream.

    Args:
        game: A `pyspiel.Game`, or a name that OpenSpiel loads: "goofspiel(num_cards=3,points_order=descending)".
        horizon: Cut plays off after this many decisions (later rewards are lost); None: play to the end.
        merge: Treat plays as one state if they agree in length, player to move, text, returns and all players'
            observation tensors. It makes large games small. It is correct only if these determine what follows, which
            100 random plays check.
        most_states: Greatest number of states that are stored.

    Raises:
        PalaestraError: OpenSpiel is not installed or cannot load the game; the game is a mean-field game or samples
            its chance without listing the outcomes; it has more than `most_states` states; `merge` on a game in which
            plays that look the same differ.
    """

    def __init__(
        self, game: Any = "matrix_rps", horizon: int | None = None, merge: bool = False, most_states: int = 20_000
    ) -> None:
        pyspiel = import_extra("pyspiel", "interop")
        if horizon is not None and horizon < 1:
            raise PalaestraError(
                f"horizon={horizon} is not allowed: play at least one step, or None for the whole game."
            )
        game = load_open_spiel(game)
        kind = game.get_type()
        if kind.dynamics == pyspiel.GameType.Dynamics.MEAN_FIELD:
            raise PalaestraError(f"{game} is a mean-field game, which has no individual players.")
        if kind.chance_mode == pyspiel.GameType.ChanceMode.SAMPLED_STOCHASTIC:
            raise PalaestraError(f"{game} samples chance without listing the outcomes, so its states cannot be stored.")
        table = open_spiel_states(game, horizon, merge, most_states)
        if table.tensors is None and kind.information == pyspiel.GameType.Information.IMPERFECT_INFORMATION:
            raise PalaestraError(f"{game} hides information, and has no tensor of what a player sees.")
        self.name, self._table = str(game), table
        self.facts = _facts(self.name, table)
        self.single = game.num_players() == 1
        seen = [_seen(table, player) for player in range(game.num_players())]
        self.observation_spaces = tuple(
            spaces.Dict({key: _space(key, values) for key, values in one.items()}) for one in seen
        )
        self.action_spaces = tuple(spaces.Discrete(count) for count in table.rows.shape[1:])
        if merge:
            open_spiel_playouts(game, table)

    def place(self, where: Backend) -> None:
        """Move the tables to the backend, flat, so that a look-up is one index."""
        super().place(where)
        table = self._table
        n, widest = len(self.facts.players), table.following.shape[1]
        self._rows, self._following = where.asarray(table.rows.reshape(-1)), where.asarray(table.following.reshape(-1))
        self._rewards = tuple(where.asarray(table.rewards[:, :, i].reshape(-1)) for i in range(n))
        self._chances, self._widest = where.asarray(table.chances), widest
        self._ended = where.asarray(table.ended)
        self._seen = tuple(
            {key: where.asarray(values) for key, values in _seen(table, player).items()} for player in range(n)
        )

    @property
    def public(self) -> Mapping[str, Any]:
        """The game's name in OpenSpiel."""
        return {"game": self.name}

    def start(self, draw: Draw) -> OpenSpielState:
        """The first state in which a player decides."""
        rows = self.where.full((draw.lanes,), self._table.first, "int64")
        return OpenSpielState(self._following[self._outcome(rows, draw)])

    def observe(self, state: OpenSpielState, step: int | Array) -> tuple[dict[str, Array], ...]:
        """What OpenSpiel shows each player, and its legal actions."""
        return tuple({key: values[state.node] for key, values in one.items()} for one in self._seen)

    def step(
        self, state: OpenSpielState, actions: tuple[Array, ...], step: int | Array, draw: Draw
    ) -> tuple[OpenSpielState, Outcome]:
        """All players move, then chance."""
        index = state.node
        for action, count in zip(actions, self._table.rows.shape[1:], strict=True):
            index = index * count + action
        outcome = self._outcome(self._rows[index], draw)
        after = self._following[outcome]
        rewards = tuple(rewards[outcome] for rewards in self._rewards)
        return OpenSpielState(after), Outcome(rewards, {}, None if self.facts.lockstep else self._ended[after])

    def _outcome(self, rows: Array, draw: Draw) -> Array:
        """The index of each lane's drawn outcome in the flat tables."""
        start = rows * self._widest
        if self._widest == 1:
            return start
        passed = self.xp.astype(draw.uniform("chance")[:, None] >= self._chances[rows], self.xp.int64)
        return start + self.xp.sum(passed, axis=1)


def _seen(table: OpenSpielStates, player: int) -> dict[str, Array]:
    """What a player sees in every state."""
    mask = {"action_mask": table.masks[player]}
    if table.tensors is None:
        return {"state": np.arange(len(table.ended)), **mask}
    return {"observation": table.tensors[player], **mask}


def _space(key: str, values: Array) -> spaces.Space[Any]:
    if key == "state":
        return spaces.Discrete(len(values))
    if key == "action_mask":
        return spaces.Box(0, 1, values.shape[1:], np.int8)
    return spaces.Box(float(values.min()), float(values.max()), values.shape[1:], np.float64)


def _facts(name: str, table: OpenSpielStates) -> Facts:
    n = len(table.masks)
    seen = [_seen(table, player) for player in range(n)]
    alike = all(
        one.keys() == seen[0].keys() and all(np.array_equal(one[key], seen[0][key]) for key in one) for one in seen
    )
    reached = np.delete(table.chances, table.first, axis=0)
    return Facts(
        players=tuple(f"player_{i}" for i in range(n)),
        horizon=table.horizon,
        payoff_range=(float(table.rewards.min()), float(table.rewards.max())),
        information="public" if alike else "private",
        zero_sum=bool((np.abs(ordered_sum(table.rewards)) <= 1e-9).all()),
        stochastic=bool((reached < 1.0).any()),
        optimum="none",
        truth=f"The rules are those of OpenSpiel's {name}; its own solvers apply to it.",
        metrics=("mean_payoff", "welfare"),
        lockstep=table.lockstep,
    )
