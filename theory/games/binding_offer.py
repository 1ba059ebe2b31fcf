"""The offer of M-SETE: a profile of greatest welfare, and payments under which no player gains by rejecting it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from ...core.arrays import Array, ordered_sum
from ...core.errors import PalaestraError
from .normal_form import NormalFormGame
from .outside_options import OutsideOptions
from .welfare_optimum import welfare_optimum

Split = Literal["equal", "proportional", "none"]
SPLITS = ("equal", "proportional", "none")


@dataclass(frozen=True, eq=False)
class BindingOffer:
    """What a mediator publishes in one game.

    Attributes:
        profile: int64 (players,): x*.
        transfers: (players,): tau, what each player receives net; they sum to 0.
        punishments: (players, profiles of the others): see `OutsideOptions`.
        surplus: W(x*) - sum v_i. Below 0, no payments make every player accept.
    """

    profile: Array
    transfers: Array
    punishments: Array
    surplus: float


def binding_offer(game: NormalFormGame, outside: OutsideOptions, split: Split = "equal") -> BindingOffer:
    """Our reconstruction of M-SETE (transfers sheet, section 1b).

    1. x* is the first profile of greatest welfare, by enumeration.
    2. The surplus W(x*) - sum v_i is shared: "equal" gives each player a share of 1/n; "proportional" shares in
       proportion to v_i minus the player's worst payoff in the game (equal where all are 0). "none" makes no payments:
       what binding play and punishments achieve without them, for comparison.
    3. tau_i = v_i + share_i - u_i(x*), so that accepting is worth v_i + share_i.

    Accepting is a Nash equilibrium of the whole game if and only if the surplus is not negative. Where it is negative
    (punishments from an approximate equilibrium, say), the offer shares the loss and will be rejected.

    Args:
        game: One game (one lane).
        outside: Outside options and punishments.
        split: How the surplus is shared.
    """
    if split not in SPLITS:
        raise PalaestraError(f"split={split!r} is not allowed. Allowed: {', '.join(map(repr, SPLITS))}.")
    payoffs = np.asarray(game.payoffs[0], np.float64)
    profile = welfare_optimum(game).profile[0]
    here = np.array([payoffs[(i, *profile)] for i in range(game.num_players)])
    surplus = float(ordered_sum(here) - ordered_sum(outside.values))
    shares = np.full(game.num_players, 1.0 / game.num_players)
    if split == "proportional":
        claims = np.maximum(outside.values - payoffs.reshape(game.num_players, -1).min(axis=1), 0.0)
        total = float(ordered_sum(claims))
        shares = claims / total if total > 0 else shares
    transfers = outside.values + shares * surplus - here
    if split == "none":
        transfers = np.zeros_like(transfers)
    return BindingOffer(profile, transfers, outside.punishments, surplus)
