"""The interquartile mean: the mean of the middle half, which a few lucky or unlucky runs do not move."""

from __future__ import annotations

import numpy as np

from ...core.arrays import Array


def interquartile_mean(scores: Array) -> Array:
    """The mean along the last axis without its lowest and highest quarter.

    Source: Agarwal et al., "Deep reinforcement learning at the edge of the statistical precipice", NeurIPS 2021, sec.
    4.3. As `scipy.stats.trim_mean(scores, 0.25, axis=-1)`: floor(n / 4) values are cut at each end, so fewer than four
    values give the plain mean. A NaN gives NaN. Equal scores give just themselves, as a sum of them might not.

    Args:
        scores: (..., n), n at least 1.

    Returns:
        (...).
    """
    ordered = np.sort(np.asarray(scores, np.float64), axis=-1)
    count = ordered.shape[-1]
    middle = np.where(np.isfinite(half := ordered[..., count // 2, None]), half, 0.0)
    mean: Array = middle[..., 0] + (ordered[..., count // 4 : count - count // 4] - middle).mean(axis=-1)
    return np.where(np.isnan(ordered[..., -1]), np.nan, mean)


def aggregate(scores: Array) -> Array:
    """The interquartile mean of each scenario's runs, averaged over scenarios.

    Agarwal et al. 2021, sec. 4.3, take one interquartile mean over the runs of all tasks together, of scores that were
    normalised so that tasks are alike. The scenarios of a track are not: some are harder, or have another scale. There
    the quarter that is cut would be whole scenarios, others for each agent, and who fails one of them would lose
    nothing. Within a scenario runs differ by their seeds alone, and what is cut is luck. On one scenario both agree.

    Args:
        scores: (..., runs, scenarios).

    Returns:
        (...).
    """
    means: Array = interquartile_mean(np.swapaxes(np.asarray(scores, np.float64), -1, -2)).mean(axis=-1)
    return means
