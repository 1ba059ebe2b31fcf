"""Every metric."""

from __future__ import annotations

from palaestra.docs.generator.markdown import table
from palaestra.leaderboards.catalogue.describe import describe
from palaestra.leaderboards.catalogue.listing import listing, short_summary


def metrics_page() -> str:
    """One line a metric."""
    told = [(one, describe(one["name"])["facts"]) for one in listing()["metric"]]
    rows = [(f"`{one['name']}`", short_summary(one), facts["unit"], facts["better"]) for one, facts in told]
    text = "Pure functions of a trace, one number a lane: `palaestra.evaluate(trace)` gives those an environment names."
    return f"# Metrics\n\n{text}\n\n{table(('metric', 'what it is', 'unit', 'direction'), rows)}"
