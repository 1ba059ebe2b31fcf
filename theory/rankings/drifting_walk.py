"""A random walk in the box [-1, 1]^A whose total variation is a given budget."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from ...core.arrays import Array, Backend, clipped, running_sums, take_in_rows
from ...core.errors import PalaestraError
from ...core.randomness import Draw
from .utility_process import UtilityProcess


class WalkState(NamedTuple):
    """Lanes of a walk: the utilities (lanes, A) of the last round, and the budget left (lanes,)."""

    utility: Array
    left: Array


class DriftingWalk(UtilityProcess[WalkState]):
    """Utilities that drift: the generator of the ranking-feedback paper's experiments (arXiv 2603.19221, appendix C).

    1. u^1 is uniform in the box (our choice). The last action is the reference: its utility is 0 in every round.
    2. The budget P = T^q is split over the T - 1 moves by a uniform point of the simplex (our reading), drawn by stick
       breaking, so that no table of T numbers is kept.
    3. Each move takes a uniformly random direction n of the other actions and the length alpha at which
       |Proj_[-1,1](u + alpha n) - u| equals the move's share (`step_length`). A share larger than the distance to
       the corner that n points at is lost, so the variation is at most P.

    Cost: O(A log A) per lane and round.

    Args:
        actions: A, at least 2.
        q: Exponent of the budget T^q, from 0 to 1; the theory needs q < 1.
    """

    utility_range = (-1.0, 1.0)

    def __init__(self, actions: int = 10, q: float = 0.5) -> None:
        if actions < 2:
            raise PalaestraError(f"actions={actions!r} is not allowed: a walk needs 2 or more, one is the reference.")
        if not 0 <= q <= 1:
            raise PalaestraError(f"q={q!r} is not allowed: the budget is T^q with q from 0 to 1.")
        self.num_actions, self.q = actions, q

    def public(self, horizon: int) -> Mapping[str, Any]:
        """The variation budget, and that the utility of the last action is 0."""
        return {"variation_budget": float(horizon) ** self.q, "reference_utility": 0.0}

    def start(self, draw: Draw, horizon: int) -> WalkState:
        """u^1, and the whole budget."""
        self.horizon = horizon
        moving = draw.uniform("utility/start", (self.num_actions - 1,), -1.0, 1.0)
        left = self.where.full((len(draw.keys),), float(horizon) ** self.q)
        return WalkState(self.where.xp.concat([moving, moving[:, :1] * 0.0], axis=1), left)

    def advance(self, state: WalkState, step: int, draw: Draw) -> tuple[WalkState, Array]:
        """Round 0 shows u^1; every later round moves first."""
        if step == 0:
            return state, state.utility
        xp, moves = self.where.xp, self.horizon - step
        share = state.left
        if moves > 1:  # the first of `moves` parts of a uniform point of the simplex is Beta(1, moves - 1)
            share = -state.left * xp.expm1(xp.log(draw.uniform("utility/share")) / (moves - 1))
        u = state.utility[:, :-1]
        direction = draw.normal("utility/direction", (self.num_actions - 1,))
        moved = u + step_length(u, direction, share, self.where)[:, None] * direction
        utility = xp.concat([clipped(moved, -1.0, 1.0, self.where), state.utility[:, -1:]], axis=1)
        return WalkState(utility, state.left - share), utility


def step_length(u: Array, direction: Array, distance: Array, where: Backend) -> Array:
    """The alpha at which |Proj_[-1,1](u + alpha n) - u| = distance, exactly and without a search.

    Coordinate i moves min(alpha |n_i|, w_i), where w_i is its distance to the wall, which it reaches at b_i = w_i /
    |n_i|. With coordinates in order of b, the squared displacement is the minimum of the parabolas g_k = D_k + alpha^2
    S_k, where D_k sums w^2 over the k coordinates that stopped first and S_k sums n^2 over the others. The minimum of
    increasing functions takes a value at the largest argument at which one of them takes it.

    Args:
        u: (lanes, d) in [-1, 1].
        direction: n, (lanes, d), nowhere 0.
        distance: (lanes,), from 0.
        where: Backend.

    Returns:
        (lanes,); a large number where the distance is beyond the corner that n points at.
    """
    xp = where.xp
    size = xp.abs(direction)
    way = xp.where(direction > 0, 1.0 - u, 1.0 + u)
    order = xp.argsort(way / size, axis=-1)
    stopped = take_in_rows(way, order, where) ** 2
    going = take_in_rows(size, order, where) ** 2
    still = running_sums(going, where, from_the_end=True)
    short = (distance**2)[:, None] - (running_sums(stopped, where) - stopped)
    return xp.max(xp.sqrt(xp.where(short > 0, short, 0.0) / still), axis=-1)
