"""The stratified bootstrap: what the score of an agent would have been, had other seeds been drawn."""

from __future__ import annotations

import numpy as np

from ..core.arrays import Array
from .interquartile_mean import interquartile_mean

RESAMPLES = 2000


def bootstrap(scores: Array, resamples: int = RESAMPLES, seed: int = 0) -> Array:
    """Interquartile means of resampled runs.

    Source: Efron and Tibshirani, "An introduction to the bootstrap", 1993, ch. 6 and 8; stratified over tasks as in
    Agarwal et al. 2021, sec. 4.1.
    1. For each resample and each task draw as many runs as there are, with replacement, within the task.
    2. Take the interquartile mean over the drawn runs of all tasks together.
    All agents get the same draw. They were run on the same seeds, so the difference of two agents in one resample is
    their paired difference there.

    Assumes runs that are independent given the task. With few runs (under about 10) the intervals are too narrow.
    Cost: agents x resamples x runs x tasks, sorted.

    Args:
        scores: (agents, runs, tasks), or (runs, tasks) of one agent.
        resamples: How many.
        seed: Of the resampling.

    Returns:
        (agents, resamples), or (resamples,). NaN where there is a single run, of which no spread can be known.
    """
    scores = np.asarray(scores, np.float64)
    if scores.ndim == 2:
        whole: Array = bootstrap(scores[None], resamples, seed)[0]
        return whole
    agents, runs, tasks = scores.shape
    if runs < 2 or agents == 0:
        return np.full((agents, resamples), np.nan)
    drawn = np.random.default_rng(seed).integers(runs, size=(resamples, runs, tasks))
    resampled = [own[drawn, np.arange(tasks)].reshape(resamples, -1) for own in scores]
    return np.stack([interquartile_mean(one) for one in resampled])
