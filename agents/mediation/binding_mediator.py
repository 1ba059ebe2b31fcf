"""BindingMediator: offers a profile of greatest welfare that nobody gains by rejecting (our reconstruction of M-SETE).

Source: Liu, Farina and Ozdaglar, "Equilibrium with Internal Transfers" (arXiv 2606.20960).

1. Find every player's outside option and the punishment behind it: "void" (the others play a Nash equilibrium of the
   base game), "independent" (each mixes independently to minimise the rejector's best payoff) or "correlated" (they do
   so jointly; a linear program).
2. Take a profile of greatest welfare by enumeration, and net payments that give every player its outside option and a
   share of the surplus, in equal parts or in proportion to the outside options (or no payments, for comparison).

Assumes a game small enough to enumerate. Cost: once per episode and lane, see `nash_equilibrium`, `independent_min_max`
and `correlated_min_max`. If no equilibrium is found to 1e-10, a void or independent offer may leave a negative surplus,
and some player will reject it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, ClassVar, Literal

import numpy as np

from ...core.agent import Agent, Task
from ...core.arrays import Array
from ...core.errors import PalaestraError
from ...theory.games import NormalFormGame
from ...theory.games.binding_offer import SPLITS, Split, binding_offer
from ...theory.games.independent_min_max import independent_min_max
from ...theory.games.min_max import correlated_min_max
from ...theory.games.nash import nash_equilibrium
from ...theory.games.outside_options import OutsideOptions, joint, outside_options

Outside = Literal["void", "independent", "correlated"]


class BindingMediator(Agent):
    """Publishes the same offer in every round of an episode.

    Args:
        outside: The punishment of a player who rejects alone.
        split: How the surplus over the outside options is shared.
    """

    learns: ClassVar[bool] = False
    plays: ClassVar[tuple[str, ...]] = ("MediatedGame-v0",)
    seats: ClassVar[str] = "mediator"

    def __init__(self, outside: Outside = "correlated", split: Split = "equal") -> None:
        if outside not in _OUTSIDE:
            raise PalaestraError(f"outside={outside!r} is not allowed. Allowed: {', '.join(map(repr, _OUTSIDE))}.")
        if split not in SPLITS:
            raise PalaestraError(f"split={split!r} is not allowed. Allowed: {', '.join(map(repr, SPLITS))}.")
        self.outside, self.split = outside, split

    def reset(self, task: Task, lanes: int, seed: Sequence[int]) -> None:
        """Forget the offer."""
        self.source, self.lanes = task.public["source"], lanes
        self.offer: dict[str, Array] = {}

    def act(self, observation: Any) -> dict[str, Array]:
        """The offer for every lane."""
        if not self.offer:
            self.offer = self._offer(observation.get("payoffs"))
        return self.offer

    def _offer(self, payoffs: Array | None) -> dict[str, Array]:
        whole = self.source.game(payoffs).normal_form()
        offers = [self._of(whole.lane(lane)) for lane in range(whole.lanes)]
        repeats = self.lanes // len(offers)
        return {
            key: np.repeat(np.stack([getattr(offer, key) for offer in offers]), repeats, axis=0)
            for key in ("profile", "transfers", "punishments")
        }

    def _of(self, game: NormalFormGame) -> Any:
        return binding_offer(game, _OUTSIDE[self.outside](game), self.split)


def _void(game: NormalFormGame) -> OutsideOptions:
    """The others play a Nash equilibrium of the base game."""
    found = nash_equilibrium(game)
    strategies = [found.strategies[i, :count] for i, count in enumerate(game.num_actions)]
    others = [joint([*strategies[:i], *strategies[i + 1 :]]) for i in range(len(strategies))]
    return outside_options(game, others, f"Nash equilibrium ({found.method})")


_OUTSIDE: dict[str, Callable[[NormalFormGame], OutsideOptions]] = {
    "void": _void,
    "independent": independent_min_max,
    "correlated": correlated_min_max,
}
