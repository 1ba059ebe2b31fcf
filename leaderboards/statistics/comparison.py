"""Two agents head to head, run by run on the same seeds."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ...core.arrays import Array
from .bootstrap import RESAMPLES, bootstrap
from .estimate import Estimate
from .improvement import all_runs_won
from .interquartile_mean import aggregate


@dataclass(frozen=True)
class Comparison:
    """The first agent against the second.

    Attributes:
        difference: Score (`aggregate`) of the first minus that of the second, both on the same resampled seeds.
        improvement: Probability that the first is better on a seed, ties counting half, averaged over tasks.
    """

    difference: Estimate
    improvement: Estimate

    @staticmethod
    def of(first: Array, second: Array, better: str = "higher", seed: int = 0) -> Comparison:
        """Compare scores of the same seeds.

        The pairing matters: a seed that is hard for one is hard for the other, and the difference does not feel it.

        Args:
            first: (runs, tasks).
            second: (runs, tasks), row by row the same seeds.
            better: "higher" or "lower".
            seed: Of the bootstrap.
        """
        both = np.stack([first, second])
        means = aggregate(both)
        resampled = bootstrap(both, seed=seed)
        ahead = np.asarray(first, np.float64) - second if better == "higher" else np.asarray(second) - first
        wins = np.where(np.isnan(ahead), np.nan, (np.sign(ahead) + 1) / 2)
        return Comparison(
            Estimate.of(means[0] - means[1], resampled[0] - resampled[1]),
            _share_of_wins(wins, seed),
        )


def _share_of_wins(wins: Array, seed: int) -> Estimate:
    """The share with its interval; where all runs agree the bootstrap would be certain, and the exact one is not."""
    runs, share = len(wins), float(wins.mean())
    if share in (0.0, 1.0) and runs > 1:
        sure = all_runs_won(runs)
        return Estimate(share, sure if share == 1.0 else 0.0, 1.0 if share == 1.0 else 1.0 - sure)
    return Estimate.of(share, _mean_wins(wins, seed))


def _mean_wins(wins: Array, seed: int) -> Array:
    """Means of `wins` (runs, tasks) over the same resamples of runs as the bootstrap's: (RESAMPLES,)."""
    runs = len(wins)
    if runs < 2:
        return np.full(RESAMPLES, np.nan)
    drawn = np.random.default_rng(seed).integers(runs, size=(RESAMPLES, runs))
    means: Array = wins.mean(axis=1)[drawn].mean(axis=1)
    return means
