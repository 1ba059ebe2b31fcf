"""The consensus that beliefs would reach if this round's design were kept: Theorem 1 in mid-episode, in every lane.

With x_c = u_c'N (see `theory.social.consensus`) and one AI trained with community weights w, the consensus that beliefs
p and the AI's belief a lead to is

    [(1 - rho) sum_c w_c x_c p + a] / [(1 - rho) sum_c w_c x_c 1 + 1],

which stays constant while the design is kept. With one AI per community (only its members hear it) the AIs count with
weights q, the stationary law of M_jl = sum_c w_jc sum_{i in l} (x_c)_i beta_i (our reconstruction; one AI is the case
q = 1).
"""

from __future__ import annotations

from typing import Any

from ...core.arrays import Array, ordered_sum


def kept_consensus(reached: Array, mass: Array, weights: Array, ai: Array, learning_rate: Array) -> Array:
    """The consensus of one topic with one AI.

    Args:
        reached: x_c p, (C, lanes).
        mass: x_c 1, (C, lanes).
        weights: Training weights, (C, lanes).
        ai: The AI's belief, (lanes,).
        learning_rate: 1 - rho, (lanes,).
    """
    pull, size = ordered_sum(weights * reached, 0), ordered_sum(weights * mass, 0)
    return (learning_rate * pull + ai) / (learning_rate * size + 1.0)


def kept_consensus_of_many(
    reached: Array, mass: Array, heard: Array, weights: Array, ai: Array, learning_rate: Array, xp: Any
) -> Array:
    """The consensus of one topic if every community has its own AI.

    Args:
        reached: x_c p, (C, lanes).
        mass: x_c 1, (C, lanes).
        heard: sum_{i in l} (x_c)_i beta_i, (C, C, lanes), row c, column l.
        weights: Training weights, (C, C, lanes), a row for each AI.
        ai: The AIs' beliefs, (C, lanes).
        learning_rate: 1 - rho, (lanes,).
        xp: Array namespace.
    """
    between = ordered_sum(weights[:, :, None, :] * heard[None], 1)
    share = stationary_shares(between, xp)
    pull, size = (ordered_sum(weights * values[None], 1) for values in (reached, mass))
    return (learning_rate * ordered_sum(share * pull, 0) + ordered_sum(share * ai, 0)) / (
        learning_rate * ordered_sum(share * size, 0) + 1.0
    )


def stationary_shares(chain: Array, xp: Any) -> Array:
    """The stationary law of a chain (C, C, lanes), by the elimination of Grassmann, Taksar and Heyman (1985).

    It subtracts nothing, so small shares are as precise as large ones.
    """
    count = chain.shape[0]
    rows = [[chain[i, j] for j in range(count)] for i in range(count)]
    for last in range(count - 1, 0, -1):
        out = ordered_sum(xp.stack(rows[last][:last]), 0)
        out = xp.where(out > 0, out, xp.ones_like(out))  # a chain of zeros: no AI is deployed, the result is not used
        for i in range(last):
            rows[i][last] = rows[i][last] / out
            for j in range(last):
                rows[i][j] = rows[i][j] + rows[i][last] * rows[last][j]
    shares = [xp.ones_like(chain[0, 0])]
    for j in range(1, count):
        shares.append(ordered_sum(xp.stack([shares[i] * rows[i][j] for i in range(j)]), 0))
    stacked = xp.stack(shares)
    return stacked / ordered_sum(stacked, 0)
