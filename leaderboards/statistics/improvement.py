"""The probability that one agent beats another, each on its own seed, for every pair of some agents."""

from __future__ import annotations

import numpy as np
from scipy.special import expit, logit

from ...core.arrays import Array

NORMAL_975 = 1.959963984540054


def improvement(scores: Array, better: str = "higher", same: float = 0.0) -> Array:
    """P(a's score is better than b's), ties counting half, averaged over tasks, with its 95% interval.

    Source: Agarwal et al., "Deep reinforcement learning at the edge of the statistical precipice", NeurIPS 2021, sec.
    4.3: the Mann-Whitney statistic of each task, averaged. The interval is normal for the logit of the probability,
    with the variance of DeLong, DeLong and Clarke-Pearson, "Comparing the areas under two or more correlated ROC
    curves", Biometrics 1988: of m runs of a and n of b, var(V) / m + var(W) / n, where V_i is the share of b's runs
    that a's run i beats and W_j the share of a's runs that beat b's run j, both averaged over tasks: one seed may draw
    the same world in several of them. Assumes that the runs of a and b are independent, as those on seeds of their own
    are. Where every run of one beats every run of the other that variance is zero, and the interval is that of so many
    wins in as many separate pairs of runs (Clopper and Pearson 1934): 1 to 0.025^(1/n).
    Cost: agents^2 x tasks x runs.

    Args:
        scores: (agents, runs, tasks).
        better: "higher" or "lower".
        same: Scores that differ by no more than this share of them, or of 1, tie.

    Returns:
        (agents, agents, 3): value, low, high of row against column; NaN where scores are.
    """
    agents, runs, tasks = scores.shape
    signed = np.asarray(scores, np.float64) * (1.0 if better == "higher" else -1.0)
    # beaten[a, b, i]: the share of b's runs that a's run i beats, averaged over tasks.
    beaten = np.zeros((agents, agents, runs))
    for t in range(tasks):
        column = signed[:, :, t].reshape(-1)
        order = np.argsort(column)
        counted = np.zeros((agents, agents * runs + 1), np.int32)  # [b, k]: b's runs among the k lowest of all
        counted[order // runs, np.arange(1, agents * runs + 1)] = 1
        np.cumsum(counted, axis=1, out=counted)
        near = same * np.maximum(1.0, np.abs(column))
        below = np.searchsorted(column[order], column - near, "left")
        upto = np.searchsorted(column[order], column + near, "right")
        shares = (counted[:, below] + counted[:, upto]).reshape(agents, agents, runs).swapaxes(0, 1)
        beaten += shares / (2 * runs * tasks)
    missing = np.isnan(signed).any(axis=(1, 2))
    beaten[missing] = np.nan
    beaten[:, missing] = np.nan
    value = beaten.mean(axis=2)
    spread = beaten.var(axis=2, ddof=1) / runs if runs > 1 else np.full((agents, agents), np.nan)
    # W of (a, b) is one minus V of (b, a), and has its variance.
    deviation = np.sqrt(spread + spread.T)
    with np.errstate(divide="ignore", invalid="ignore"):
        ends = [expit(logit(value) + side * deviation / (value * (1 - value))) for side in (-NORMAL_975, NORMAL_975)]
    sure = all_runs_won(runs) if runs > 1 else np.nan
    low = np.select([value == 0.0, value == 1.0], [0.0, sure], ends[0])
    high = np.select([value == 0.0, value == 1.0], [1.0 - sure, 1.0], ends[1])
    return np.stack([value, low, high], axis=2)


def all_runs_won(runs: int) -> float:
    """Lower end of the 95% interval of a probability that was a win in all of so many runs (Clopper and Pearson)."""
    return float(0.025 ** (1 / runs))
