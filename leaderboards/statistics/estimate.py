"""A number with its 95% interval."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import nan

import numpy as np

from ...core.arrays import Array
from .bootstrap import bootstrap
from .interquartile_mean import aggregate


@dataclass(frozen=True)
class Estimate:
    """A point and the ends of its 95% interval (NaN where a single run tells nothing of the spread).

    Attributes:
        value: The estimate.
        low: Lower end.
        high: Upper end.
    """

    value: float
    low: float
    high: float

    @staticmethod
    def of(value: float, resampled: Array) -> Estimate:
        """A value with the percentile interval of its bootstrap resamples (count,)."""
        low, high = np.quantile(resampled, (0.025, 0.975))
        return Estimate(float(value), float(low), float(high))

    @staticmethod
    def of_scores(scores: Array) -> Estimate:
        """The score (`aggregate`) of runs (runs, tasks) with its stratified bootstrap interval."""
        return Estimate.of(float(aggregate(scores)), bootstrap(scores))

    @staticmethod
    def read(document: Mapping[str, float | None] | None) -> Estimate:
        """What `document` was made of; not a number where there is null, or nothing."""
        held = document or {}
        value, low, high = (nan if (number := held.get(key)) is None else number for key in ("value", "low", "high"))
        return Estimate(value, low, high)

    @property
    def document(self) -> dict[str, float | None]:
        """Plain JSON values; a number that is not finite is null."""
        named = {"value": self.value, "low": self.low, "high": self.high}
        return {key: number if np.isfinite(number) else None for key, number in named.items()}


MISSING = Estimate(nan, nan, nan)
"""Of what was not measured."""
