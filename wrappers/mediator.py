"""Mediator: before play, a mediator publishes a binding offer that every player accepts or rejects.

Source: Liu, Farina and Ozdaglar, "Equilibrium with Internal Transfers" (arXiv 2606.20960), M-SETE. The three stages,
and what happens when several players reject, are our reconstruction from the abstract; we found no public text of the
paper's exact protocol.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from itertools import product
from math import ceil, log2, prod
from typing import Any, NamedTuple

import numpy as np
from gymnasium import spaces

from ..core.arrays import Array, Backend, ordered_sum, stack, to_numpy
from ..core.errors import PalaestraError
from ..core.randomness import Draw
from ..core.rules import Facts, Outcome, Rules
from ..theory.games import Game
from ..theory.games.game_source import GameSource

FACTS = partial(
    Facts,
    information="public",
    zero_sum=False,
    stochastic=True,
    optimum="exact",
    truth="The greatest welfare of the base game, by enumeration; a binding offer always supports it.",
    metrics=("welfare_ratio", "welfare", "rejection_gain", "acceptance"),
)
"""What holds for every base game; the players, their partners, the horizon and the range of payoffs depend on it."""

UNANSWERED = 2
_PARTS = 2.0**44  # a punishment's probabilities are multiples of 1/_PARTS: as integers they add up exactly
_COINS = 40  # money is counted in coins of 2**-40 of its bound (rounded up to a power of two), for the same reason
_MOST_PROFILES = 1 << 18  # all profiles are enumerated: the truth is exact, and a punishment fits into 64 bits


class MediatorState(NamedTuple):
    """Lanes of a mediated game.

    Attributes:
        payoffs: Each lane's own game; None if all lanes play the same game.
        profile: (lanes, players): the profile on offer.
        transfers: (lanes, players): the net payments on offer; each lane adds up to exactly 0.
        weights: int64 (lanes, players, profiles of the others): the punishments, not normalised.
        punishments: The punishments as probabilities.
        answers: int64 (lanes, players): 0 rejected, 1 accepted, 2 not answered yet.
        last_play: (lanes, players): the last joint action; before the first, each player's number of actions.
    """

    payoffs: Array | None
    profile: Array
    transfers: Array
    weights: Array
    punishments: Array
    answers: Array
    last_play: Array


class Mediator(Rules[MediatorState]):
    """Three steps per round: the mediator makes an offer, all players answer, and the base game is played as agreed.

    Args:
        source: The base game, or a family that each lane draws from.
        horizon: Steps of an episode, three per round.
        max_transfer: Bound of an announced payment; None: the number of players times the span of the payoffs, which
            is enough for every offer of the reference mediators.

    Raises:
        PalaestraError: A value that is not allowed, by name, or a game with too many profiles.
    """

    def __init__(self, source: GameSource, horizon: int = 3, max_transfer: float | None = None) -> None:
        # check the options, and that the game is small enough to enumerate
        if horizon < 3 or horizon % 3:
            raise PalaestraError(
                f"horizon={horizon} is not allowed: a round takes three steps, so give a multiple of 3 from 3."
            )
        low, high = source.span
        form = source.form
        n, counts = form.num_players, form.num_actions
        bound = float(n * (high - low)) if max_transfer is None else float(max_transfer)
        if not 0 <= bound < float("inf"):
            raise PalaestraError(f"max_transfer={max_transfer!r} is not allowed: it must be a number from 0.")
        width = max(prod(counts) // count for count in counts)
        if prod(counts) > _MOST_PROFILES:
            raise PalaestraError(
                f"This game has {prod(counts)} pure profiles, and a punishment is a distribution over those of a "
                f"rejector's opponents. At most {_MOST_PROFILES} are supported: take fewer players or actions."
            )

        # the facts: a payment is at most twice its announced bound, plus rounding
        self.source, self._game, self._coin = source, form, _coin(bound)
        net = 2.0 * bound + n * self._coin
        everyone = tuple(f"player_{i}" for i in range(n))
        self.facts = FACTS(
            players=(*everyone, "mediator_0"),
            horizon=horizon,
            payoff_range=(min(0.0, low - net, n * low), max(0.0, high + net, n * high)),
            partners={"mediator_0": "CorrelatedMinMax"} | {player: "BestResponder" for player in everyone},
        )

        # the spaces: all players and the mediator see the offer
        self._others, self._exists = _profiles_of_others(counts, width)
        offer = {
            "profile": spaces.MultiDiscrete(np.array(counts)),
            "transfers": spaces.Box(-bound, bound, (n,), np.float64),
            "punishments": spaces.Box(0.0, 1.0, (n, width), np.float64),
        }
        seen: dict[str, spaces.Space[Any]] = {"stage": spaces.Discrete(3), **offer}
        seen["transfers"] = spaces.Box(-net, net, (n,), np.float64)
        seen["answers"] = spaces.MultiDiscrete(np.full(n, 3))
        seen["last_play"] = spaces.MultiDiscrete(np.array(counts) + 1)
        if source.drawn:
            seen["payoffs"] = spaces.Box(low, high, form.payoffs.shape[1:], np.float64)
        answer = [spaces.Dict({"accept": spaces.Discrete(2), "play": spaces.Discrete(count)}) for count in counts]
        self.observation_spaces = (spaces.Dict(seen),) * (n + 1)
        self.action_spaces = (*answer, spaces.Dict(offer))

    def place(self, where: Backend) -> None:
        """Move the base game and the list of punishing profiles to the backend."""
        super().place(where)
        self._stages: dict[tuple[int, int], Array] = {}
        self._game = self.source.form.placed(where)
        self._profiles = where.asarray(self._others)
        self._legal = where.asarray(self._exists)

    @property
    def public(self) -> Mapping[str, Any]:
        """The base game's source, the steps of a round, and the seats whose rewards make the welfare."""
        return {"source": self.source, "stages": 3, "welfare_seats": tuple(range(self.source.form.num_players))}

    def start(self, draw: Draw) -> MediatorState:
        """Draw the lanes' games; nothing is offered, answered or played yet."""
        lanes, n, counts = len(draw.keys), self.source.form.num_players, self.source.form.num_actions
        width = self._others.shape[1]
        return MediatorState(
            self.source.draw(draw) if self.source.draw else None,
            self.where.zeros((lanes, n), "int64"),
            self.where.zeros((lanes, n)),
            self.where.zeros((lanes, n, width), "int64"),
            self.where.zeros((lanes, n, width)),
            self.where.full((lanes, n), UNANSWERED, "int64"),
            self.where.zeros((lanes, n), "int64") + self.where.asarray(np.array(counts)),
        )

    def observe(self, state: MediatorState, step: int | Array) -> tuple[dict[str, Array], ...]:
        """All players see the stage, this round's offer, the last answers and play, and the payoffs if lanes differ."""
        lanes = state.last_play.shape[0]
        seen = {"stage": self._stage(lanes, step % 3)}
        for key in ("profile", "transfers", "punishments", "answers", "last_play"):
            seen[key] = getattr(state, key)
        if state.payoffs is not None:
            seen["payoffs"] = state.payoffs
        return (seen,) * len(self.facts.players)

    def _stage(self, lanes: int, stage: int) -> Array:
        constant = self._stages.get((lanes, stage))
        if constant is None:
            constant = self._stages[lanes, stage] = self.where.full((lanes,), stage, "int64")
        return constant

    def step(
        self, state: MediatorState, actions: tuple[Any, ...], step: int | Array, draw: Draw
    ) -> tuple[MediatorState, Outcome]:
        """Stage 0 reads the mediator's offer, stage 1 the answers, stage 2 the play of those who rejected."""
        stage, n = step % 3, self.source.form.num_players
        if stage == 2:
            return self._play(state, actions[:n], draw)
        nothing = self.where.zeros((state.last_play.shape[0],))
        if stage == 0:
            state = self._binding_offer(state, actions[n])
        else:
            state = state._replace(answers=stack([action["accept"] for action in actions[:n]], self.where))
        return state, self._outcome(state, (nothing,) * (n + 1))

    def _outcome(self, state: MediatorState, rewards: tuple[Array, ...]) -> Outcome:
        terms = {key: getattr(state, key) for key in ("profile", "transfers", "punishments", "answers")}
        return Outcome(rewards, scoring=terms)

    def _binding_offer(self, state: MediatorState, offer: Mapping[str, Array]) -> MediatorState:
        """The offer as it binds: payments in coins that add up to 0, punishments that add up to 1.

        The mean of the announced payments is subtracted from each. All but the last player's are rounded to whole
        coins, and the last player's payment balances them. An empty punishment (all zeros) is uniform.
        """
        xp, n = self.xp, self.source.form.num_players

        # payments that add up to zero
        announced = offer["transfers"]
        centred = announced - (ordered_sum(announced) / n)[:, None]
        rounded = xp.round(centred[:, : n - 1] / self._coin) * self._coin
        transfers = xp.concat([rounded, -ordered_sum(rounded)[:, None]], axis=1)

        # punishments as whole numbers of parts, and as probabilities
        weights = xp.astype(xp.floor(offer["punishments"] * _PARTS + 0.5), xp.int64) * self._legal
        empty = xp.sum(weights, axis=-1) == 0
        weights = xp.where(empty[..., None], self._legal, weights)
        parts = xp.astype(weights, xp.float64) / xp.astype(xp.sum(weights, axis=-1), xp.float64)[..., None]

        unanswered = self.where.full(tuple(state.answers.shape), UNANSWERED, "int64")
        return state._replace(
            profile=offer["profile"] + 0, transfers=transfers, weights=weights, punishments=parts, answers=unanswered
        )

    def _play(self, state: MediatorState, actions: tuple[Any, ...], draw: Draw) -> tuple[MediatorState, Outcome]:
        """Play the base game as agreed, and pay if all accepted."""
        xp, n = self.xp, len(actions)

        # who plays what: the agreed profile; else rejectors play their own action and the others punish
        accepted = state.answers == 1
        agreed = xp.all(accepted, axis=1)
        punished = self._drawn_punishment(state, accepted, draw)
        play = tuple(
            xp.where(agreed, state.profile[:, i], xp.where(accepted[:, i], punished[:, i], actions[i]["play"]))
            for i in range(n)
        )

        # the base game's payoffs, and the payments if all accepted
        lane_index = self.where.arange(len(play[0])) if state.payoffs is not None else None
        game = self._game if state.payoffs is None else self.source.game(state.payoffs)
        base = game.payoffs_at(play, lane_index)
        paid = xp.where(agreed[:, None], state.transfers, xp.zeros_like(state.transfers))
        rewards = tuple(payoff + paid[:, i] for i, payoff in enumerate(base))
        outcome = self._outcome(state, (*rewards, ordered_sum(xp.stack(base, axis=1))))
        return state._replace(last_play=stack(play, self.where)), outcome

    def _drawn_punishment(self, state: MediatorState, accepted: Array, draw: Draw) -> Array:
        """A joint action (lanes, players) drawn from the punishment of the first seat that rejected."""
        xp, n = self.xp, accepted.shape[1]
        first = self.where.full((accepted.shape[0],), n - 1, "int64")
        for i in reversed(range(n - 1)):
            first = xp.where(accepted[:, i], first, self.where.full((accepted.shape[0],), i, "int64"))

        # invert the summed weights of that punishment
        weights = state.weights[self.where.arange(accepted.shape[0]), first]
        reached = xp.cumulative_sum(weights, axis=1)
        total = reached[:, -1]
        mark = xp.floor(draw.uniform("punishment") * xp.astype(total, xp.float64))
        drawn = xp.minimum(xp.astype(mark, xp.int64), total - 1)
        which = xp.sum(xp.astype(reached <= drawn[:, None], xp.int64), axis=1)
        return self._profiles[first, which]

    def instance(self, state: MediatorState) -> Game:
        """The lanes' base games, on numpy."""
        return self.source.game(None if state.payoffs is None else to_numpy(state.payoffs))


def _coin(bound: float) -> float:
    """The smallest unit of money: sums of 2**12 payments within twice the bound are exact in double precision."""
    return 2.0 ** (ceil(log2(bound)) - _COINS) if bound > 0 else 1.0


def _profiles_of_others(counts: tuple[int, ...], width: int) -> tuple[Array, Array]:
    """For each player the joint actions of the others, lexicographic, padded to `width`.

    Returns:
        int64 (players, width, players), the player's own entry 0; and int64 (players, width), 1 where not padding.
    """
    n = len(counts)
    profiles, exists = np.zeros((n, width, n), np.int64), np.zeros((n, width), np.int64)
    for i in range(n):
        own = [range(1) if j == i else range(count) for j, count in enumerate(counts)]
        listed = np.array(list(product(*own)), np.int64)
        profiles[i, : len(listed)], exists[i, : len(listed)] = listed, 1
    return profiles, exists
