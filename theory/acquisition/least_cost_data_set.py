"""The cheapest sufficient selection from a menu of measurements with prices.

Source: Bennouna, Bennouna, Amin, Ozdaglar, "Data Informativeness in Linear Optimization under Uncertainty" (arXiv
2602.15365), which treats general query constraints; the mixed-integer program is our reconstruction (sheet C(b)):
min sum_i price_i z_i such that every basis vector w_r of W* is sum_i lam_ri q_i with |lam_ri| <= M z_i, z binary.

With coordinate measurements the answer is the support of W*. In general the problem contains sparse representation, so
it is NP-hard. M starts at 10 (in units of the normalised queries) and grows tenfold until no multiplier is near it, at
most three times: a selection that needs larger multipliers is nearly dependent and is not considered.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from ...core.arrays import Array
from ...core.errors import PalaestraError


def least_cost_data_set(wanted: Array, menu: Any, prices: Any, known: Array | None = None) -> Array:
    """Which measurements to buy.

    Args:
        wanted: A basis of W*, (r, d).
        menu: The measurements, (N, d).
        prices: (N,), nonnegative.
        known: Coordinates known in advance, (d,).

    Returns:
        Indices into the menu, ascending.

    Raises:
        PalaestraError: Shapes that do not fit, a price that is not allowed, or a menu that does not span W*.
    """
    menu, prices = np.asarray(menu, np.float64), np.asarray(prices, np.float64)
    wanted = np.asarray(wanted, np.float64).reshape(
        -1, menu.shape[-1] if np.size(wanted) == 0 else np.shape(wanted)[-1]
    )
    if menu.ndim != 2 or menu.shape[1] != wanted.shape[1] or prices.shape != menu.shape[:1]:
        raise PalaestraError(
            f"A menu of shape {menu.shape} with prices {prices.shape} does not fit decisions of dimension "
            f"{wanted.shape[1]}. Give (N, {wanted.shape[1]}) and (N,)."
        )
    if not (np.isfinite(prices) & (prices >= 0)).all():
        raise PalaestraError(f"Price {int(np.argmin(np.isfinite(prices) & (prices >= 0)))} is not a number from 0 up.")
    unknown = np.ones(menu.shape[1], bool) if known is None else ~np.asarray(known)
    target = np.where(unknown, wanted, 0.0)
    target = target[np.abs(target).max(1, initial=0.0) > 1e-9]
    if len(target) == 0:
        return np.zeros(0, np.int64)
    target = target / np.linalg.norm(target, axis=1, keepdims=True)
    offered = np.where(unknown, menu, 0.0)
    length = np.linalg.norm(offered, axis=1)
    useful = np.flatnonzero(length > 1e-12)
    offered = offered[useful] / length[useful, None]
    fit = target @ np.linalg.pinv(offered) @ offered if len(useful) else 0.0 * target
    if np.abs(fit - target).max() > 1e-6:
        raise PalaestraError(
            "The menu cannot tell the decisions apart: its measurements do not span what tells reachable optima."
        )
    if ((np.abs(offered) > 1e-12).sum(1) == 1).all() and len(set(np.abs(offered).argmax(1))) == len(offered):
        support = np.abs(target).max(0) > 1e-9
        return useful[support[np.abs(offered).argmax(1)]]
    for largest in (1e1, 1e2, 1e3):
        chosen, reached = _solve(target, offered, prices[useful], largest)
        if reached < 0.5 * largest:
            break
    return useful[chosen]


def _solve(target: Array, offered: Array, prices: Array, largest: float) -> tuple[Array, float]:
    """The program for one M: the chosen rows and the greatest multiplier used."""
    from scipy.optimize import Bounds, LinearConstraint, milp
    from scipy.sparse import block_diag, csr_array, hstack, vstack

    count, rounds = len(offered), len(target)
    spans = hstack([csr_array((target.size, count)), block_diag([offered.T] * rounds)])
    picks = vstack([csr_array(np.eye(count))] * rounds)
    unit = csr_array(np.eye(count * rounds))
    rows = vstack([spans, hstack([-largest * picks, unit]), hstack([-largest * picks, -unit])])
    free = np.full(2 * count * rounds, -np.inf)
    found = milp(
        # A sliver for every item, so that nothing free of charge is picked for nothing.
        np.concatenate([prices + 1e-9 * (1.0 + prices.max(initial=0.0)), np.zeros(count * rounds)]),
        integrality=np.concatenate([np.ones(count), np.zeros(count * rounds)]),
        bounds=Bounds(
            np.concatenate([np.zeros(count), np.full(count * rounds, -largest)]),
            np.concatenate([np.ones(count), np.full(count * rounds, largest)]),
        ),
        constraints=LinearConstraint(
            csr_array(rows),
            np.concatenate([target.ravel(), free]),
            np.concatenate([target.ravel(), np.zeros(len(free))]),
        ),
        options={"mip_rel_gap": 0.0},
    )
    if found.status != 0 or found.x is None:
        raise PalaestraError(f"The cheapest data set was not found ({found.message}).")
    multipliers = np.abs(found.x[count:])
    return np.flatnonzero(found.x[:count] > 0.5), float(multipliers.max(initial=0.0))
