"""The score of an agent on a track: every scenario counts the same."""

from __future__ import annotations

import numpy as np

from ...core.arrays import Array
from .interquartile_mean import interquartile_mean


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
