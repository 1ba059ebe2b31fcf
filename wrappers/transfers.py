"""Transfers: before play, each player promises payments to the others for the actions they will take.

Source: Liu, Farina and Ozdaglar, "Equilibrium with Internal Transfers" (arXiv 2606.20960). The two stages below are our
reconstruction from the abstract; we found no public text of the paper's exact protocol.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any, Literal, NamedTuple

import numpy as np
from gymnasium import spaces

from ..core.arrays import Array, Backend, ordered_sum, stack
from ..core.errors import PalaestraError
from ..core.randomness import Draw
from ..core.rules import Facts, Outcome, Rules
from ..theory.games import Game
from ..theory.games.game_source import GameSource
from ..theory.games.welfare_optimum import enumerable

Conditioning = Literal["realised", "contingent"]

FACTS = partial(
    Facts,
    information="public",
    zero_sum=False,
    stochastic=False,
    truth="The greatest welfare of the base game: by enumeration, or by MILP with the bound that it proves.",
    metrics=(
        "welfare_ratio",
        "welfare",
        "base_deviation_gain",
        "agent_normal_form_gain",
        "augmented_gain",
        "budget_balance",
    ),
)
"""What holds for every base game; the players, the horizon, the range of payoffs and the optimum depend on it."""


class TransferState(NamedTuple):
    """Lanes of a transfer game.

    Attributes:
        payoffs: Each lane's own game; None if all lanes play the same game.
        amounts: The promised amounts, (lanes, payer, recipient) or (lanes, payer, recipient, action).
        targets: The action that each promise asks for, (lanes, payer, recipient); None if every action has a price.
        last_play: (lanes, players): the last joint action; before the first, each player's number of actions.
    """

    payoffs: Array | None
    amounts: Array
    targets: Array | None
    last_play: Array


class Transfers(Rules[TransferState]):
    """Two stages per round: all players announce transfers and see them; then all play the base game.

    Args:
        source: The base game, or a family that each lane draws from.
        conditioning: "realised": a promise is (amount, target action), paid if the recipient's realised action is the
            target. "contingent": a promise prices every action of the recipient, and the price of the realised action
            is paid (for prescriptions that mix).
        horizon: Steps of an episode, two per round.
        max_transfer: Greatest promise for one action; None: the span of the base game's payoffs, which is enough for
            every contract of the reference agents.

    Raises:
        PalaestraError: A value that is not allowed, by name.
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
            raise PalaestraError(
                f"horizon={horizon} is not allowed: a round takes two steps, so give an even number from 2."
            )
        low, high = source.span
        bound = float(high - low) if max_transfer is None else float(max_transfer)
        if not 0 <= bound < float("inf"):
            raise PalaestraError(f"max_transfer={max_transfer!r} is not allowed: it must be a number from 0.")

        # the facts: every other player may promise up to the bound, and so may this one
        form = source.form
        n, most = form.num_players, form.most_actions
        self.source, self.conditioning = source, conditioning
        self._game: Game = form
        self.facts = FACTS(
            players=tuple(f"player_{i}" for i in range(n)),
            horizon=horizon,
            payoff_range=(low - (n - 1) * bound, high + (n - 1) * bound),
            optimum="exact" if enumerable(form) else "bound",
        )

        # the spaces
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
        """Move the base game to the backend."""
        super().place(where)
        self._constants: dict[tuple[int, int], Array] = {}
        self._before: dict[int, Array] = {}
        self._game = self.source.form.placed(where)

    @property
    def public(self) -> Mapping[str, Any]:
        """The base game's source, how promises are conditioned, and the steps of a round."""
        return {"source": self.source, "conditioning": self.conditioning, "stages": 2}

    def start(self, draw: Draw) -> TransferState:
        """Draw the lanes' games; nothing is promised or played yet."""
        lanes, n = draw.lanes, len(self.facts.players)
        contingent = self.conditioning == "contingent"
        shape = (lanes, n, n, self.source.form.most_actions) if contingent else (lanes, n, n)
        return TransferState(
            self.source.draw(draw) if self.source.draw else None,
            self.where.zeros(shape),
            None if contingent else self.where.zeros(shape, "int64"),
            self._nothing_played(lanes),
        )

    def observe(self, state: TransferState, step: int | Array) -> tuple[dict[str, Array], ...]:
        """All players see the stage, this round's promises, the last play, and the payoffs if lanes differ."""
        lanes = state.last_play.shape[0]
        seen = {"stage": self._constant(lanes, step % 2), "amounts": state.amounts, "last_play": state.last_play}
        if state.targets is not None:
            seen["targets"] = state.targets
        if state.payoffs is not None:
            seen["payoffs"] = state.payoffs
        return (seen,) * len(self.facts.players)

    def _nothing_played(self, lanes: int) -> Array:
        constant = self._before.get(lanes)
        if constant is None:
            counts = [self._constant(lanes, count) for count in self.source.form.num_actions]
            constant = self._before[lanes] = stack(counts, self.where)
        return constant

    def _constant(self, lanes: int, number: int) -> Array:
        constant = self._constants.get((lanes, number))
        if constant is None:
            constant = self._constants[lanes, number] = self.where.full((lanes,), number, "int64")
        return constant

    def step(
        self, state: TransferState, actions: tuple[Any, ...], step: int | Array, draw: Draw
    ) -> tuple[TransferState, Outcome]:
        """Stage 0 records the promises; stage 1 plays the base game and pays."""
        if step % 2 == 0:
            return self._promise(state, actions)

        # play the base game, which may differ between lanes
        play = tuple(action["play"] for action in actions)
        lane_index = self.where.arange(len(play[0])) if state.payoffs is not None else None
        game = self._game if state.payoffs is None else self.source.game(state.payoffs)
        base_payoffs = game.payoffs_at(play, lane_index)

        # pay what the promises ask for: what i gains from j is what j loses to i
        joint = stack(play, self.where)
        due = self._due(state.amounts, state.targets, joint)
        net = ordered_sum(due - self.xp.permute_dims(due, (0, 2, 1)), 1)
        rewards = tuple(base + net[:, i] for i, base in enumerate(base_payoffs))

        # the promises of this round lapse
        nothing = self.where.zeros(tuple(state.amounts.shape))
        return TransferState(state.payoffs, nothing, state.targets, joint), Outcome(rewards)

    def _promise(self, state: TransferState, actions: tuple[Any, ...]) -> tuple[TransferState, Outcome]:
        amounts = stack([action["amounts"] for action in actions], self.where)
        for i in range(len(actions)):
            amounts[:, i, i] = 0.0
        targets = None if state.targets is None else stack([action["targets"] for action in actions], self.where)
        nothing = self.where.zeros((amounts.shape[0],))
        return TransferState(state.payoffs, amounts, targets, state.last_play), Outcome((nothing,) * len(actions))

    def settle(self, amounts: Array, targets: Array | None, play: tuple[Array, ...]) -> tuple[Array, Array]:
        """What each player receives and pays for a joint play.

        Args:
            amounts: Promises (lanes, payer, recipient[, action]).
            targets: (lanes, payer, recipient), or None for contingent prices.
            play: One int64 array (lanes,) per player.

        Returns:
            The amounts received and paid, each (lanes, players).
        """
        due = self._due(amounts, targets, stack(play, self.where))
        return ordered_sum(due, 1), ordered_sum(due, 2)

    def _due(self, amounts: Array, targets: Array | None, joint: Array) -> Array:
        """The amount that each promise pays: (lanes, payer, recipient)."""
        if targets is None:
            return self.xp.take_along_axis(amounts, joint[:, None, :, None], axis=3)[..., 0]
        return amounts * (targets == joint[:, None, :])

    def instance(self, state: TransferState) -> Game:
        """The lanes' base games, on numpy."""
        from ..core.arrays import to_numpy

        return self.source.game(None if state.payoffs is None else to_numpy(state.payoffs))
