"""Ascent of the welfare by first-order steps: projected gradient, or multiplicative weights."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations
from typing import Literal

import numpy as np

from ...core.arrays import Array, ordered_sum
from ...core.errors import PalaestraError
from ..learning.no_regret import project_to_simplex, softmax
from . import Game, PolymatrixGame
from .stationary_point import StationaryPoint, stationarity_gap
from .strategies import best_actions, best_values, legal_actions, pure_strategies
from .welfare_game import welfare_game

Rule = Literal["projected_gradient", "multiplicative_weights"]
NEARLY_PURE = 1e-3


def welfare_ascent(
    game: Game,
    start: Array,
    rule: Rule = "projected_gradient",
    tolerance: float = 1e-10,
    most_steps: int = 20_000,
    rate: float | None = None,
) -> StationaryPoint:
    """Climb the welfare W from a profile to a stationary point.

    Source: transfers sheet 1b', algorithms 1 and 2; our reconstruction of the algorithm that Liu, Farina and Ozdaglar
    (arXiv 2606.20960) announce. W is multilinear, so its stationary points are the Nash equilibria of the game in
    which every player's payoff is W.

    1. g_i <- dW/dx_i for every player i.
    2. Stop where max_a g_i[a] - <x_i, g_i> <= tolerance for all i.
    3. projected_gradient: x_i <- Proj(x_i + g_i / L), L a Lipschitz constant of the gradient in the Euclidean norm
       (the spectral norm of the Hessian for polymatrix games). multiplicative_weights: x_i <- x_i exp(g_i / L),
       normalised, L in the 1-norm; once every x_i has all but a thousandth on one action and that pure profile is
       stationary, stop there: it is the limit, which this rule never reaches by itself.

    Both rules raise W in every step (descent lemma; for the second, relative to the entropy, by Pinsker), and the
    projected one has min_t |G_t|^2 <= 2 L (W_max - W_0) / T for the gradient map G. They may need many steps near a
    degenerate point; where `most_steps` run out, `gap` says how far from stationary the profile is. Finding exact
    stationary points of quadratic programs is CLS-hard, so do not expect a cost polynomial in log(1 / tolerance).

    Args:
        game: One or many lanes; float64.
        start: (lanes, players, actions), zero on actions that do not exist.
        rule: Which step.
        tolerance: Stopping gap, in units of payoff.
        most_steps: Limit on the number of steps.
        rate: Step size instead of 1 / L.

    Returns:
        The point; that of a lane does not depend on the other lanes. Cost per step: lanes x edges x actions^2.
    """
    if rule not in ("projected_gradient", "multiplicative_weights"):
        raise PalaestraError(f"rule={rule!r} is not allowed: 'projected_gradient' or 'multiplicative_weights'.")
    legal, shared = legal_actions(game), welfare_game(game)
    strategies = np.array(np.broadcast_to(start, (max(game.lanes, start.shape[0]), *start.shape[1:])))
    lanes = len(strategies)
    rates = np.broadcast_to(1.0 / _lipschitz(shared, rule) if rate is None else rate, (lanes,)).astype(np.float64)
    gaps, steps = np.full(lanes, np.inf), np.zeros(lanes, np.int64)
    running = np.arange(lanes)
    part, own = shared, rates[:, None, None]
    x = strategies
    for step in range(most_steps + 1):
        gradient = part.action_values(x)
        gap = (best_values(gradient, legal) - ordered_sum(gradient * x)).max(-1)
        if rule == "multiplicative_weights":
            x, gap = _snapped(part, x, gap, legal, tolerance)
        over = gap <= tolerance
        if over.any() or step == most_steps:
            strategies[running], gaps[running], steps[running] = x, gap, step
            if over.all():
                break
            keep = np.flatnonzero(~over)
            running, x, gradient = running[keep], x[keep], gradient[keep]
            own, part = rates[running][:, None, None], part if part.lanes == 1 else _lanes_of(part, keep)
        if rule == "projected_gradient":
            x = project_to_simplex(x + own * gradient, legal)
        else:
            with np.errstate(divide="ignore"):
                x = softmax(np.log(x) + own * gradient)
    return StationaryPoint(strategies, gaps, steps, rule)


def _lanes_of(game: Game, keep: Array) -> Game:
    if isinstance(game, PolymatrixGame):
        return replace(game, blocks=game.blocks[keep])
    return replace(game, payoffs=game.payoffs[keep])


def _snapped(shared: Game, x: Array, gap: Array, legal: Array, tolerance: float) -> tuple[Array, Array]:
    """The pure limit in the lanes that are nearly there."""
    near = (x.max(-1) >= 1.0 - NEARLY_PURE).all(-1)
    if not near.any():
        return x, gap
    pure = pure_strategies(best_actions(x, legal), x.shape[-1])
    values = shared.action_values(pure)
    pure_gap = (best_values(values, legal) - ordered_sum(values * pure)).max(-1)
    there = near & (pure_gap <= tolerance)
    return np.where(there[:, None, None], pure, x), np.where(there, pure_gap, gap)


def _lipschitz(shared: Game, rule: Rule) -> Array:
    """L of dW, one a lane: max over i of the sum over j of the norm of the block (i, j), or the spectral norm."""
    n = shared.num_players
    euclidean = rule == "projected_gradient"
    rows = np.zeros((shared.lanes, n))
    if isinstance(shared, PolymatrixGame):
        if euclidean and n * shared.most_actions <= 1000:
            return np.maximum(_spectral(shared), np.finfo(float).tiny)
        pairs, blocks = np.asarray(shared.edges).tolist(), np.moveaxis(shared.blocks[:, :, 0], 1, 0)
        entries = [block.reshape(shared.lanes, -1, 1) for block in blocks]
    else:
        tensor, pairs = shared.payoffs[:, 0], list(combinations(range(n), 2))
        counts = shared.num_actions
        entries = [
            np.moveaxis(tensor, (i + 1, j + 1), (1, 2)).reshape(shared.lanes, counts[i] * counts[j], -1)
            for i, j in pairs
        ]
    for (i, j), block in zip(pairs, entries, strict=True):
        norm = np.sqrt(ordered_sum(block**2, 1)).max(-1) if euclidean else np.abs(block).max((1, 2))
        rows[:, i] += norm
        rows[:, j] += norm
    return np.maximum(rows.max(-1), np.finfo(float).tiny)


def _spectral(shared: PolymatrixGame) -> Array:
    """The spectral norm of the Hessian, whose block (i, j) is A^{ij} + (A^{ji})^T; LAPACK takes lanes one by one."""
    n, count = shared.num_players, shared.most_actions
    hessian = np.zeros((shared.lanes, n, count, n, count))
    for e, (i, j) in enumerate(np.asarray(shared.edges).tolist()):
        hessian[:, i, :, j, :] = shared.blocks[:, e, 0]
        hessian[:, j, :, i, :] = np.swapaxes(shared.blocks[:, e, 0], 1, 2)
    values = np.linalg.eigvalsh(hessian.reshape(shared.lanes, n * count, n * count))
    return np.abs(values).max(-1)


__all__ = ["Rule", "stationarity_gap", "welfare_ascent"]
