"""Utilities with independent noise around a fixed point: u^t = u^0 + noise."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal, NamedTuple

from ...core.arrays import Array
from ...core.errors import PalaestraError
from ...core.randomness import Draw
from .gamma import sample_gamma
from .utility_process import UtilityProcess

Noise = Literal["uniform", "normal", "gamma"]


class ShiftState(NamedTuple):
    """Lanes: the fixed point u^0, (lanes, A)."""

    centre: Array


class IndependentShifts(UtilityProcess[ShiftState]):
    """u^t = u^0 + shift, the noise ablation of the ranking-feedback paper (arXiv 2603.19221, appendix C).

    The shift of every action but the last is drawn in each round: "uniform" on [-s, s], "normal" with deviation s, or
    "gamma": Gamma(1/s^2, s^2), which has mean 1 and deviation s, minus its mean. Our choices: u^0 is uniform in the
    box, utilities are clipped to [-1, 1], the gamma is centred, and the last action is the reference with utility 0.

    Args:
        actions: A, at least 2.
        noise: Distribution of the shifts.
        spread: s, above 0 and at most 1.
    """

    utility_range = (-1.0, 1.0)

    def __init__(self, actions: int = 10, noise: Noise = "uniform", spread: float = 0.3) -> None:
        if actions < 2:
            raise PalaestraError(f"actions={actions!r} is not allowed: give 2 or more, one is the reference.")
        if noise not in ("uniform", "normal", "gamma"):
            raise PalaestraError(f"noise={noise!r} is not allowed. Allowed: 'uniform', 'normal', 'gamma'.")
        if not 0 < spread <= 1:
            raise PalaestraError(f"spread={spread!r} is not allowed: it must be above 0 and at most 1.")
        self.num_actions, self.noise, self.spread = actions, noise, float(spread)

    def public(self, horizon: int) -> Mapping[str, Any]:
        """That the utility of the last action is 0."""
        return {"reference_utility": 0.0}

    def start(self, draw: Draw, horizon: int) -> ShiftState:
        """u^0."""
        return ShiftState(draw.uniform("utility/centre", (self.num_actions - 1,), -1.0, 1.0))

    def advance(self, state: ShiftState, step: int, draw: Draw) -> tuple[ShiftState, Array]:
        """Shift every action but the reference."""
        xp, s, shape = self.where.xp, self.spread, (self.num_actions - 1,)
        if self.noise == "uniform":
            shift = draw.uniform("utility/shift", shape, -s, s)
        elif self.noise == "normal":
            shift = s * draw.normal("utility/shift", shape)
        else:
            shift = s * s * sample_gamma(xp.full_like(state.centre, 1.0 / (s * s)), draw, "utility/shift") - 1.0
        u = state.centre + shift
        u = xp.minimum(xp.maximum(u, xp.full_like(u, -1.0)), xp.full_like(u, 1.0))
        return state, xp.concat([u, u[:, :1] * 0.0], axis=1)
