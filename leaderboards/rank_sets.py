"""The ranks that an agent may hold, given how sure the measurement is."""

from __future__ import annotations

import numpy as np

from ..core.arrays import Array
from .bootstrap import bootstrap


def rank_sets(scores: Array, better: str = "higher", seed: int = 0) -> list[tuple[int, int]]:
    """Best and worst rank of every agent.

    Agent a is ahead of b where the 95% bootstrap interval of their paired difference lies on its side of zero; else
    they tie. An agent's best rank is 1 + the number ahead of it, its worst the number of agents - the number behind it
    (after Mogstad, Romano, Shaikh, Wilhelm: "Inference for ranks", Review of Economic Studies 2024; their sets hold
    for all pairs at once, ours pair by pair, so some of many ties may look decided by chance).

    Args:
        scores: (agents, runs, tasks), the same seeds for all agents.
        better: "higher" or "lower".
        seed: Of the bootstrap.

    Returns:
        One (best, worst) an agent, in the order given, which changes nothing.
    """
    return rank_sets_of_resamples(bootstrap(np.asarray(scores, np.float64), seed=seed), better)


def rank_sets_of_resamples(resampled: Array, better: str = "higher", same: float = 0.0) -> list[tuple[int, int]]:
    """The same from resampled scores (agents, resamples), one row's k-th compared with another row's k-th.

    Scores that differ by no more than `same`, as a share of the greater or of 1, are the same.
    """
    count, signed = len(resampled), resampled if better == "higher" else -resampled
    ahead = np.zeros((count, count), bool)
    for a in range(count):
        least = same * np.maximum(1.0, np.maximum(np.abs(signed[a]), np.abs(signed))) if same else 0.0
        ahead[a] = np.quantile(signed[a] - signed - least, 0.025, axis=1) > 0
    return [(1 + int(ahead[:, a].sum()), count - int(ahead[a].sum())) for a in range(count)]
