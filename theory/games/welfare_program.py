"""The greatest welfare of a polymatrix game as a mixed-integer program, and the duals of its relaxation."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from ...core.arrays import Array, ordered_sum
from . import PolymatrixGame


@dataclass(frozen=True, eq=False)
class ProgramAnswer:
    """What the solver returns for one game; nothing here is checked.

    Attributes:
        play: int64 (players,): the best profile it found, or the first actions where it found none.
        bound: The bound that branch and bound reports; infinite where it reports none.
        messages: (edges, 2, actions): duals of the linear relaxation, for `welfare_bound`.
    """

    play: Array
    bound: float
    messages: Array


def solve_welfare_program(game: PolymatrixGame, node_limit: int) -> ProgramAnswer:
    """Hand one lane to HiGHS.

    Variables x_i(a), binary, and y_e(a, b) >= 0 with sum_a x_i(a) = 1, sum_b y_e(a, b) = x_i(a) and
    sum_a y_e(a, b) = x_j(b); the objective is the edges' welfare under y (energy minimisation over the local polytope;
    Koster, van Hoesel, Kolen 1998). The relaxation without "binary" is solved once more for its duals.

    Args:
        game: One lane, floats.
        node_limit: Branch-and-bound nodes.
    """
    from scipy.optimize import Bounds, LinearConstraint, linprog, milp

    n, count, edges = game.num_players, game.most_actions, len(game.edges)
    matrix = _constraints(game)
    right = np.concatenate([np.ones(n), np.zeros(matrix.shape[0] - n)])
    binaries = n * count
    cost = -np.concatenate([np.zeros(binaries), (game.blocks[0, :, 0] + game.blocks[0, :, 1]).reshape(-1)])
    result: Any = milp(
        cost,
        integrality=np.concatenate([np.ones(binaries), np.zeros(len(cost) - binaries)]),
        bounds=Bounds(0.0, 1.0),
        constraints=LinearConstraint(matrix, right, right),
        options={"mip_rel_gap": 1e-9, "node_limit": node_limit},
    )
    relaxed: Any = linprog(cost, A_eq=matrix, b_eq=right, bounds=(0, None), method="highs")
    found = np.zeros(binaries) if result.x is None else result.x[:binaries]
    return ProgramAnswer(
        np.argmax(found.reshape(n, count), axis=1),
        np.inf if result.mip_dual_bound is None else -float(result.mip_dual_bound),
        np.zeros((edges, 2, count)) if relaxed.x is None else -relaxed.eqlin.marginals[n:].reshape(edges, 2, count),
    )


def _constraints(game: PolymatrixGame) -> Any:
    """The equations as a sparse matrix: n rows of probabilities, then 2 * actions rows of marginals an edge."""
    from scipy.sparse import coo_array

    n, count, edges = game.num_players, game.most_actions, np.asarray(game.edges)
    binaries, pairs, own = n * count, count * count, np.arange(count)
    a, b = np.divmod(np.arange(pairs), count)
    rows, columns, signs = [np.repeat(np.arange(n), count)], [np.arange(binaries)], [np.ones(binaries)]
    for e, (i, j) in enumerate(edges.tolist()):
        row, column = n + 2 * count * e, binaries + pairs * e
        rows += [row + a, row + own, row + count + b, row + count + own]
        columns += [column + np.arange(pairs), i * count + own, column + np.arange(pairs), j * count + own]
        signs += [np.ones(pairs), -np.ones(count)] * 2
    shape = (n + 2 * count * len(edges), binaries + pairs * len(edges))
    return coo_array((np.concatenate(signs), (np.concatenate(rows), np.concatenate(columns))), shape=shape).tocsr()


def welfare_bound(game: PolymatrixGame, messages: Array) -> Array:
    """An upper bound on the welfare of every profile, valid for any messages.

    Messages m_{e,i}(a) move welfare from the edges e to their ends i and back, which changes no profile's welfare; the
    bound sums the best of every edge and of every player, each maximised separately:
    sum_e max_{a,b} (w_e(a, b) - m_{e,i}(a) - m_{e,j}(b)) + sum_i max_a sum_e m_{e,i}(a)
    (reparametrisation; Wainwright, Jaakkola, Willsky, IEEE Trans. Inf. Theory 2005; Werner, IEEE PAMI 2007, sec. 3).
    Optimal duals of the linear program over the local polytope give the tightest of these bounds; it is attained where
    that program has an integral solution, always so on trees. No solver is trusted: any numbers give a bound.

    Args:
        game: floats or fractions; with fractions the bound is exact.
        messages: (lanes, edges, 2, actions), for the first and the second end of each edge.

    Returns:
        (lanes,).
    """
    shared = game.blocks[:, :, 0] + game.blocks[:, :, 1]
    rest = shared - messages[:, :, 0, :, None] - messages[:, :, 1, None, :]
    total = ordered_sum(rest.reshape(*rest.shape[:2], -1).max(-1), 1)
    held = np.zeros((len(messages), game.num_players, game.most_actions), messages.dtype)
    for e, ends in enumerate(np.asarray(game.edges).tolist()):
        for side, player in enumerate(ends):
            held[:, player] = held[:, player] + messages[:, e, side]
    return total + ordered_sum(held.max(-1), 1)
