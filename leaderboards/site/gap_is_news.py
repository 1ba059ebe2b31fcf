"""Whether a gap says anything that the score does not."""

from __future__ import annotations

from ..sweeps.standings import Measure


def gap_is_news(measure: Measure) -> bool:
    """Not where there is no optimum, nor where it is 0 and lower is better: there the gap is the score itself."""
    return measure.optimum is not None and not (measure.optimum == 0 and measure.better == "lower")
