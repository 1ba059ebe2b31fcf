"""The stratified bootstrap: what the score of an agent would have been, had other seeds been drawn."""

from __future__ import annotations

from functools import lru_cache
from itertools import pairwise

import numpy as np

from ..core.arrays import Array

RESAMPLES = 2000


def bootstrap(scores: Array, resamples: int = RESAMPLES, seed: int = 0) -> Array:
    """Interquartile means of resampled runs.

    Source: Efron and Tibshirani, "An introduction to the bootstrap", 1993, ch. 6 and 8; stratified over tasks as in
    Agarwal et al. 2021, sec. 4.1.
    1. For each resample and each task draw as many runs as there are, with replacement, within the task.
    2. Take the interquartile mean over the drawn runs of all tasks together.
    All agents get the same draw. Where they were run on the same seeds, the difference of two agents in one resample is
    their paired difference there; where they were not, `unpaired` breaks the ties between their resamples.

    A resample is held as how often each run was drawn: with the n scores in order, x_1 <= ... <= x_n, and c_j draws of
    the first j, the interquartile mean is the sum of x_j (clip(c_j) - clip(c_{j-1})) / (n - 2 floor(n / 4)), where
    clip cuts at floor(n / 4) and n - floor(n / 4). So scores are sorted once, not once a resample.

    Assumes runs that are independent given the task. With few runs (under about 10) the intervals are too narrow.
    Cost: agents x resamples x runs x tasks.

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
    counts = _counts(runs, tasks, resamples, seed)
    return np.stack([_resampled(own.reshape(-1), counts) for own in scores])


def unpaired(resampled: Array, seed: int) -> Array:
    """The resamples (count,) of one agent in an order of its own, so that they pair with another agent's by chance."""
    shuffled: Array = np.random.default_rng(seed).permutation(resampled)
    return shuffled


@lru_cache(maxsize=8)
def _counts(runs: int, tasks: int, resamples: int, seed: int) -> Array:
    """How often each resample drew each run of each task, (runs * tasks, resamples)."""
    drawn = np.random.default_rng(seed).integers(runs, size=(resamples, runs, tasks))
    cells = (np.arange(resamples)[:, None, None] * runs + drawn) * tasks + np.arange(tasks)
    counts = np.bincount(cells.reshape(-1), minlength=resamples * runs * tasks).reshape(resamples, runs * tasks)
    counts = np.ascontiguousarray(counts.T, np.int16 if runs * tasks < 1 << 15 else np.int64)
    counts.flags.writeable = False  # shared by everybody who asks for this shape
    return counts


def _resampled(values: Array, counts: Array) -> Array:
    """Interquartile means of `values` (n,) drawn `counts` (n, resamples) times."""
    order, n = np.argsort(values), len(values)
    ordered, low, high = values[order], n // 4, n - n // 4
    if not np.isfinite(ordered).all():  # differences of infinities are no numbers: weigh each value by itself
        return _weighed(ordered, counts[order].T, low, high)
    middle = ordered[n // 2]  # taken out, so that equal scores give just themselves
    ordered = ordered - middle
    drawn = counts[order]
    for before, row in pairwise(drawn):  # row by row: several times as fast as numpy's cumsum along the first axis
        row += before
    np.clip(drawn, low, high, out=drawn)
    # Summed by parts: x_n high - x_1 low - sum of clip(c_j) (x_{j+1} - x_j), with c_n = n.
    total: Array = ordered[-1] * high - ordered[0] * low - np.einsum("i,ij->j", np.diff(ordered), drawn[:-1])
    return middle + total / (high - low)


def _weighed(ordered: Array, counts: Array, low: int, high: int) -> Array:
    drawn = np.clip(np.cumsum(counts, axis=1), low, high)
    weights = np.diff(drawn, axis=1, prepend=low)
    held = np.where(weights > 0, ordered, 0.0)
    total: Array = (weights * held).sum(axis=1) / (high - low)
    return np.where((counts[:, np.isnan(ordered)] > 0).any(axis=1), np.nan, total)
