"""The stratified bootstrap: how an agent's score varies over resampled seeds."""

from __future__ import annotations

from functools import lru_cache
from itertools import pairwise

import numpy as np

from ...core.arrays import Array

RESAMPLES = 2000


def bootstrap(scores: Array, resamples: int = RESAMPLES, seed: int = 0) -> Array:
    """Scores (`aggregate`) of resampled runs.

    Source: Efron and Tibshirani, "An introduction to the bootstrap", 1993, ch. 6 and 8; stratified over tasks as in
    Agarwal et al. 2021, sec. 4.1.
    1. For each resample draw as many runs as there are, with replacement: a run is one seed, with its score on every
       task. So each task keeps its number of runs, as in a stratified bootstrap.
    2. Take the interquartile mean of each task's drawn scores, and their mean over tasks.
    Agarwal et al. draw anew for each task. Here a seed may draw the same world in several tasks, and their draw would
    take the same luck for several independent lucks: intervals too narrow. Where tasks are independent both agree.
    All agents get the same draw. Where they were run on the same seeds, the difference of two agents in one resample is
    their paired difference there; where they were not, `shuffle_unpaired` breaks the ties between their resamples.

    A resample is held as how often each run was drawn: with the n scores of a task in order, x_1 <= ... <= x_n, and
    c_j draws of the first j, the interquartile mean is the sum of x_j (clip(c_j) - clip(c_{j-1})) / (n - 2 floor(n /
    4)), where clip cuts at floor(n / 4) and n - floor(n / 4). So scores are sorted once, not once a resample.

    Assumes runs that are independent. With few runs (under about 10) the intervals are too narrow.
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
    counts = _counts(runs, resamples, seed).astype(np.int16 if runs < 1 << 15 else np.int64)
    return np.stack([np.mean([_resampled(own[:, t], counts) for t in range(tasks)], axis=0) for own in scores])


def shuffle_unpaired(resampled: Array, seed: int) -> Array:
    """The resamples (count,) of one agent in an order of its own, so that they pair with another agent's by chance."""
    shuffled: Array = np.random.default_rng(seed).permutation(resampled)
    return shuffled


@lru_cache(maxsize=8)
def _counts(runs: int, resamples: int, seed: int) -> Array:
    """How often each resample drew each run, (runs, resamples)."""
    drawn = np.random.default_rng(seed).integers(runs, size=(resamples, runs))
    cells = np.arange(resamples)[:, None] * runs + drawn
    counts = np.bincount(cells.reshape(-1), minlength=resamples * runs).reshape(resamples, runs)
    counts = np.ascontiguousarray(counts.T, np.int64)
    counts.flags.writeable = False  # shared by everybody who asks for this shape
    return counts


def _resampled(values: Array, counts: Array) -> Array:
    """Interquartile means of `values` (runs,) that were drawn `counts` (runs, resamples) times."""
    order, n = np.argsort(values), len(values)
    counts = counts[order]
    ordered, low, high = values[order], n // 4, n - n // 4
    if not np.isfinite(ordered).all():  # differences of infinities are no numbers: weigh each value by itself
        return _weighed(ordered, counts.T, low, high)
    middle = ordered[n // 2]  # taken out, so that equal scores give just themselves
    ordered = ordered - middle
    drawn = counts  # a copy already
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
