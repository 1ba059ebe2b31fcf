"""The greatest welfare of a game: by enumeration, or by mixed-integer programming with a certified bound."""

from __future__ import annotations

from dataclasses import dataclass
from math import prod
from typing import Literal

import numpy as np

from ..arrays import Array, ordered_sum
from ..errors import PalaestraError
from . import Game, PolymatrixGame
from .best_response_ascent import best_response_ascent
from .strategies import pure_strategies

Method = Literal["auto", "enumeration", "milp"]
MOST_PROFILES = 1 << 20
ENTRIES_AT_ONCE = 1 << 23


@dataclass(frozen=True, eq=False)
class WelfareOptimum:
    """The best pure profile found (welfare is multilinear, so a pure one is among the best of all).

    Attributes:
        value: (lanes,): welfare of `profile`, added up from the game's own payoffs.
        profile: int64 (lanes, players).
        bound: (lanes,): no profile has greater welfare.
        exact: Boolean (lanes,): `value` is the maximum. By enumeration always; by MILP to its relative gap of 1e-9.
        method: "enumeration" or "milp".
    """

    value: Array
    profile: Array
    bound: Array
    exact: Array
    method: str


def welfare_optimum(game: Game, method: Method = "auto", node_limit: int = 1000) -> WelfareOptimum:
    """Find the greatest sum of all players' payoffs.

    Enumeration builds the welfare of every profile of a lane, exactly for fractions; ties go to the first profile in
    lexicographic order. The MILP is for polymatrix games with many profiles: binary x_i(a), and y_e(a, b) >= 0 with
    sum_b y_e(a, b) = x_i(a), sum_a y_e(a, b) = x_j(b), maximising the edges' welfare (the local-polytope form of
    energy minimisation; Koster, van Hoesel, Kolen 1998). HiGHS branches until it is done or its nodes run out; then
    `bound` is what it has proved, and best responses for the welfare improve on the profile it has found.

    Args:
        game: One or many lanes.
        method: "auto" enumerates up to 2^20 profiles (normal forms always: their payoffs lie in memory anyway).
        node_limit: Branch-and-bound nodes a lane. A count of nodes and not of seconds, so that answers repeat.

    Raises:
        PalaestraError: An unknown method, or a MILP of fractions or of a normal form.
    """
    if method not in ("auto", "enumeration", "milp"):
        raise PalaestraError(f"method={method!r} is not allowed: 'auto', 'enumeration' or 'milp'.")
    if method == "enumeration" or (method == "auto" and enumerable(game)):
        return _by_enumeration(game)
    if not isinstance(game, PolymatrixGame) or game.blocks.dtype == object:
        raise PalaestraError("method='milp' is for polymatrix games of floats; take 'enumeration'.")
    lanes = [_by_milp(game.lane(i), node_limit) for i in range(game.lanes)]
    found = pure_strategies(np.stack([play for play, _ in lanes]), game.most_actions)
    profile = np.argmax(best_response_ascent(game, found).strategies, axis=-1)
    value = ordered_sum(np.stack(game.payoffs_at(list(profile.T), np.arange(game.lanes)), axis=1))
    # Rounding in the solver may leave its bound a hair below the value of its own profile.
    bound = np.maximum(np.array([proved for _, proved in lanes]), value)
    exact = bound - value <= 1e-9 * np.maximum(1.0, np.abs(value))
    return WelfareOptimum(value, profile, bound, exact, "milp")


def enumerable(game: Game) -> bool:
    """Whether `welfare_optimum` tries every profile: normal forms (they lie in memory anyway) and small polymatrix."""
    return not isinstance(game, PolymatrixGame) or prod(game.num_actions) <= MOST_PROFILES


def _by_enumeration(game: Game) -> WelfareOptimum:
    counts = game.num_actions
    at_once = max(1, ENTRIES_AT_ONCE // prod(counts))
    values, chosen = [], []
    for first in range(0, game.lanes, at_once):
        part = game.payoffs[first : first + at_once]
        total = _polymatrix_welfare(game, part) if isinstance(game, PolymatrixGame) else ordered_sum(part, 1)
        total = total.reshape(len(part), -1)
        best = np.argmax(total, axis=1)
        values.append(np.take_along_axis(total, best[:, None], 1)[:, 0])
        chosen.append(np.stack(np.unravel_index(best, counts), axis=1))
    value = np.concatenate(values)
    return WelfareOptimum(value, np.concatenate(chosen), value, np.full(game.lanes, True), "enumeration")


def _polymatrix_welfare(game: PolymatrixGame, blocks: Array) -> Array:
    """The welfare of every profile, (lanes, A, ..., A), adding one edge after the other."""
    n, count = game.num_players, game.most_actions
    total = np.zeros((len(blocks), *(count,) * n), blocks.dtype)
    for e, (i, j) in enumerate(np.asarray(game.edges).tolist()):
        shape = [len(blocks)] + [1] * n
        shape[i + 1] = shape[j + 1] = count
        total += (blocks[:, e, 0] + blocks[:, e, 1]).reshape(shape)
    return total


def _by_milp(game: PolymatrixGame, node_limit: int) -> tuple[Array, float]:
    """The best profile of one lane and the proved bound."""
    from scipy.optimize import Bounds, LinearConstraint, milp
    from scipy.sparse import coo_array

    n, count, edges = game.num_players, game.most_actions, np.asarray(game.edges)
    binaries, pairs = n * count, count * count
    variables = binaries + len(edges) * pairs
    rows, columns, signs = [np.repeat(np.arange(n), count)], [np.arange(binaries)], [np.ones(binaries)]
    a, b = np.divmod(np.arange(pairs), count)
    own = np.arange(count)
    for e, (i, j) in enumerate(edges.tolist()):
        row, column = n + 2 * count * e, binaries + pairs * e
        rows += [row + a, row + own, row + count + b, row + count + own]
        columns += [column + np.arange(pairs), i * count + own, column + np.arange(pairs), j * count + own]
        signs += [np.ones(pairs), -np.ones(count)] * 2
    total = n + 2 * count * len(edges)
    matrix = coo_array(
        (np.concatenate(signs), (np.concatenate(rows), np.concatenate(columns))), shape=(total, variables)
    ).tocsr()
    right = np.concatenate([np.ones(n), np.zeros(total - n)])
    shared = (game.blocks[0, :, 0] + game.blocks[0, :, 1]).reshape(-1)
    result = milp(
        -np.concatenate([np.zeros(binaries), shared]),
        integrality=np.concatenate([np.ones(binaries), np.zeros(variables - binaries)]),
        bounds=Bounds(0.0, 1.0),
        constraints=LinearConstraint(matrix, right, right),
        options={"mip_rel_gap": 1e-9, "node_limit": node_limit},
    )
    edgewise = float(ordered_sum(shared.reshape(len(edges), pairs).max(1)[None])[0])
    proved = edgewise if result.mip_dual_bound is None else min(edgewise, -float(result.mip_dual_bound))
    found = np.zeros((n, count)) if result.x is None else result.x[:binaries].reshape(n, count)
    return np.argmax(found, axis=1), proved
