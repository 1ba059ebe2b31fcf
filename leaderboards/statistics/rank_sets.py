"""The ranks that an agent may have, given the uncertainty of the measurement."""

from __future__ import annotations

import numpy as np

from ...core.arrays import Array
from .bootstrap import bootstrap
from .interquartile_mean import aggregate

LEVEL = 0.95


def rank_sets(scores: Array, better: str = "higher", seed: int = 0) -> list[tuple[int, int]]:
    """Best and worst rank of every agent.

    Agent a is ahead of b where the interval of their paired difference lies on its side of zero; else they tie. An
    agent's best rank is 1 + the number ahead of it, its worst the number of agents - the number behind it.

    The intervals hold for all pairs at once: with probability of about 95% no two agents of equal merit are told apart
    anywhere on the board, however many there are. Intervals of 95% pair by pair would find someone ahead among eleven
    equal agents in three boards of four.

    Args:
        scores: (agents, runs, tasks), the same seeds for all agents.
        better: "higher" or "lower".
        seed: Of the bootstrap.

    Returns:
        One (best, worst) an agent, in the order given, which changes nothing.
    """
    scores = np.asarray(scores, np.float64)
    return rank_sets_of_resamples(aggregate(scores), bootstrap(scores, seed=seed), better)


def rank_sets_of_resamples(
    values: Array, resampled: Array, better: str = "higher", same: float = 0.0
) -> list[tuple[int, int]]:
    """The same from scores and their resamples.

    Source: Mogstad, Romano, Shaikh, Wilhelm, "Inference for ranks with applications to mobility across neighbourhoods
    and academic achievement across countries", Review of Economic Studies 2024, sec. 3: simultaneous intervals of all
    differences, here by the bootstrap of the greatest studentised deviation, in a single step.
    1. For each pair: the standard deviation of its difference over resamples.
    2. For each resample: the greatest deviation of any difference from its estimate, in standard deviations.
    3. The 95% quantile of these times a pair's standard deviation is half the width of the pair's interval.
    Cost: agents^2 x resamples.

    Args:
        values: (agents,).
        resampled: (agents, resamples), one row's k-th compared with another row's k-th.
        better: "higher" or "lower".
        same: Values that differ by no more than this, as a share of the greater or of 1, are the same.

    Returns:
        As above. Agents whose score or spread is not finite tie with everybody.
    """
    count = len(values)
    widest, spread = np.zeros(resampled.shape[1]), np.full((count, count), np.nan)
    with np.errstate(invalid="ignore"):
        around = resampled - values[:, None]
        rounding = 1e-12 * np.abs(values[np.isfinite(values)]).max(initial=0.0)
        for a in range(count):
            apart = around[a] - around
            spread[a] = apart.std(axis=1)
            spread[a][spread[a] <= rounding] = 0.0
            told = spread[a] > 0
            if told.any():
                np.maximum(widest, (np.abs(apart[told]) / spread[a][told, None]).max(axis=0), out=widest)
        signed = values if better == "higher" else -values
        least = same * np.maximum(1.0, np.maximum.outer(np.abs(values), np.abs(values)))
        ahead = signed[:, None] - signed - np.quantile(widest, LEVEL) * spread > least
    return [(1 + int(ahead[:, a].sum()), count - int(ahead[a].sum())) for a in range(count)]
