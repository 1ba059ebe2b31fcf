"""Transfers: before play, every player promises payments to others for what they will do.

Source: Liu, Farina and Ozdaglar, "Equilibrium with Internal Transfers" (arXiv 2606.20960). The two-stage form below is
our reconstruction from the abstract; the paper's exact protocol is not public in anything we could read.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal, NamedTuple

import numpy as np
from gymnasium import spaces

from ..core.arrays import Array, Backend, ordered_sum, stack
from ..core.errors import PalaestraError
from ..core.games import Game
from ..core.games.source import GameSource
from ..core.randomness import Draw
from ..core.rules import Facts, Outcome, Rules

Conditioning = Literal["realised", "contingent"]


class TransferState(NamedTuple):
    """Lanes of a transfer game.

    Attributes:
        payoffs: The lanes' own games, None where all play the same.
        amounts: What was promised, (lanes, payer, recipient) or (lanes, payer, recipient, action).
        targets: The action each promise asks for, (lanes, payer, recipient); None where prices name every action.
        last_play: (lanes, players): the last joint action, or the number of actions before any.
    """

    payoffs: Array | None
    amounts: Array
    targets: Array | None
    last_play: Array


class Transfers(Rules[TransferState]):
    """Two stages a round: everybody announces transfers, all see them, everybody plays the base game.

    Args:
        source: The base game, or a family that each lane draws from.
        conditioning: "realised": a promise is (amount, target action), paid if the recipient's realised action is the
            target. "contingent": a promise prices every action of the recipient, and the price of the realised action
            is paid (for prescriptions that mix).
        horizon: Steps of an episode, two a round.
        max_transfer: Greatest promise for one action; None: the span of the base game's payoffs, which is enough for
            every contract of the reference agents.
    """

    def __init__(
        self,
        source: GameSource,
        conditioning: Conditioning = "realised",
        horizon: int = 2,
        max_transfer: float | None = None,
    ) -> None:
        if conditioning not in ("realised", "contingent"):
            raise PalaestraError(f"conditioning={conditioning!r} is not allowed. Allowed: 'realised', 'contingent'.")
        if horizon < 2 or horizon % 2:
            raise PalaestraError(f"horizon={horizon} is not allowed: a round takes two steps, so it must be even.")
        low, high = source.span
        bound = float(high - low) if max_transfer is None else float(max_transfer)
        if not 0 <= bound < float("inf"):
            raise PalaestraError(f"max_transfer={max_transfer!r} is not allowed: it must be a number from 0.")
        form = source.form
        n, most = form.num_players, form.most_actions
        self.source, self.conditioning = source, conditioning
        self._game: Game = form
        everyone = tuple(f"player_{i}" for i in range(n))
        self.facts = Facts(
            players=everyone,
            horizon=horizon,
            information="public",
            zero_sum=False,
            stochastic=False,
            payoff_range=(low - (n - 1) * bound, high + (n - 1) * bound),
            optimum="exact",
            truth="The greatest welfare of the base game: by enumeration, or by MILP with a certified bound.",
            metrics=("welfare",),
        )
        width = (n, most) if conditioning == "contingent" else (n,)
        seen: dict[str, spaces.Space[Any]] = {"stage": spaces.Discrete(2)}
        seen["amounts"] = spaces.Box(0.0, bound, (n, *width), np.float64)
        if conditioning == "realised":
            seen["targets"] = spaces.MultiDiscrete(np.tile(form.num_actions, (n, 1)))
        seen["last_play"] = spaces.MultiDiscrete(np.array(form.num_actions) + 1)
        if source.drawn:
            seen["payoffs"] = spaces.Box(low, high, form.payoffs.shape[1:], np.float64)
        self.observation_spaces = (spaces.Dict(seen),) * n
        self.action_spaces = tuple(self._action_space(i, bound, width) for i in range(n))

    def _action_space(self, player: int, bound: float, width: tuple[int, ...]) -> spaces.Dict:
        counts = self.source.form.num_actions
        parts: dict[str, spaces.Space[Any]] = {"amounts": spaces.Box(0.0, bound, width, np.float64)}
        if self.conditioning == "realised":
            parts["targets"] = spaces.MultiDiscrete(np.array(counts))
        return spaces.Dict(parts | {"play": spaces.Discrete(counts[player])})

    def place(self, where: Backend) -> None:
        """Bring the base game along."""
        super().place(where)
        self._stages: dict[tuple[int, int], Array] = {}
        self._game = self.source.form.placed(where)

    @property
    def public(self) -> Mapping[str, Any]:
        """The base game's source and how promises are conditioned."""
        return {"source": self.source, "conditioning": self.conditioning}

    def start(self, draw: Draw) -> TransferState:
        """No promises yet, nothing played."""
        lanes, n, counts = len(draw.keys), len(self.facts.players), self.source.form.num_actions
        contingent = self.conditioning == "contingent"
        shape = (lanes, n, n, self.source.form.most_actions) if contingent else (lanes, n, n)
        nothing = self.where.zeros((lanes, n), "int64") + self.where.asarray(np.array(counts))
        return TransferState(
            self.source.draw(draw) if self.source.draw else None,
            self.where.zeros(shape),
            None if contingent else self.where.zeros(shape, "int64"),
            nothing,
        )

    def observe(self, state: TransferState, step: int | Array) -> tuple[dict[str, Array], ...]:
        """Everybody sees the stage, all promises of this round, the last play, and the payoffs where lanes differ."""
        lanes = state.last_play.shape[0]
        seen = {"stage": self._stage(lanes, step % 2), "amounts": state.amounts, "last_play": state.last_play}
        if state.targets is not None:
            seen["targets"] = state.targets
        if state.payoffs is not None:
            seen["payoffs"] = state.payoffs
        return (seen,) * len(self.facts.players)

    def _stage(self, lanes: int, stage: int) -> Array:
        constant = self._stages.get((lanes, stage))
        if constant is None:
            constant = self._stages[lanes, stage] = self.where.full((lanes,), stage, "int64")
        return constant

    def step(
        self, state: TransferState, actions: tuple[Any, ...], step: int | Array, draw: Draw
    ) -> tuple[TransferState, Outcome]:
        """Stage 0 records the promises; stage 1 plays and pays."""
        if step % 2 == 0:
            return self._promise(state, actions)
        play = tuple(action["play"] for action in actions)
        lane_index = self.where.arange(len(play[0])) if state.payoffs is not None else None
        game = self._game if state.payoffs is None else self.source.game(state.payoffs)
        received, paid = self.settle(state.amounts, state.targets, play)
        rewards = tuple(base + received[:, i] - paid[:, i] for i, base in enumerate(game.payoffs_at(play, lane_index)))
        nothing = self.xp.zeros_like(state.amounts)
        return state._replace(amounts=nothing, last_play=stack(play, self.where)), Outcome(rewards)

    def _promise(self, state: TransferState, actions: tuple[Any, ...]) -> tuple[TransferState, Outcome]:
        amounts = stack([action["amounts"] for action in actions], self.where)
        for i in range(len(actions)):
            amounts[:, i, i] = 0.0
        targets = None if state.targets is None else stack([action["targets"] for action in actions], self.where)
        nothing = self.where.zeros((amounts.shape[0],))
        return state._replace(amounts=amounts, targets=targets), Outcome((nothing,) * len(actions))

    def settle(self, amounts: Array, targets: Array | None, play: tuple[Array, ...]) -> tuple[Array, Array]:
        """What each player receives and pays for a joint play.

        Args:
            amounts: Promises (lanes, payer, recipient[, action]).
            targets: (lanes, payer, recipient), or None for contingent prices.
            play: One int64 array (lanes,) a player.

        Returns:
            Received and paid, each (lanes, players).
        """
        joint = stack(play, self.where)
        if targets is None:
            due = self.xp.take_along_axis(amounts, joint[:, None, :, None], axis=3)[..., 0]
        else:
            due = amounts * (targets == joint[:, None, :])
        return ordered_sum(due, 1), ordered_sum(due, 2)

    def instance(self, state: TransferState) -> Game:
        """The lanes' base games, on numpy."""
        from ..core.arrays import to_numpy

        return self.source.game(None if state.payoffs is None else to_numpy(state.payoffs))
