"""The metrics of one trace, as plain values and as a table."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from rich.table import Table

if TYPE_CHECKING:
    from ..core.traces.trace import Trace


def trace_metrics(trace: Trace) -> dict[str, Any]:
    """Seats, seeds, and every metric of a trace: per lane, and the interquartile mean with its interval."""
    import numpy as np

    from .. import evaluate, rules
    from ..leaderboards.statistics.estimate import Estimate

    values = evaluate(trace)
    return {
        "env_id": trace.env_id,
        "options": dict(trace.options),
        "agents": dict(zip(trace.rules_from(rules).facts.players, trace.agents, strict=True)),
        "seeds": list(trace.seeds),
        "steps": trace.steps,
        "metrics": {
            name: {
                "lanes": [float(one) if np.isfinite(one) else None for one in value],
                "interquartile_mean": Estimate.of_scores(value[:, None]).document,
            }
            for name, value in values.items()
        },
    }


def trace_metrics_table(document: Mapping[str, Any]) -> Table:
    """The metrics of `trace_metrics`, one a line."""
    from ..leaderboards.statistics.estimate import Estimate
    from ..leaderboards.statistics.number_text import number_text
    from ..metrics import metrics

    agents = ", ".join(dict.fromkeys(document["agents"].values()))
    lanes = len(document["seeds"])
    table = Table(title=f"{document['env_id']}: {agents}; {lanes} lanes of {document['steps']} steps")
    for heading in ("metric", "interquartile mean", "95% interval", "unit"):
        table.add_column(heading, overflow="fold")
    for name, numbers in document["metrics"].items():
        value, interval = number_text([Estimate.read(numbers["interquartile_mean"])])[0]
        table.add_row(name, value, interval, metrics[name].load().unit)
    return table
