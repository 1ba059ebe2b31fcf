"""Run one job: play it, store a replayable trace, compute every metric, store rows."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from time import perf_counter
from typing import Any

import numpy as np

from ...core.arrays import Array
from ...core.as_agent import copy_for_seat
from ...core.files import write_atomically
from ...core.metric import Metric
from ...core.traces.trace import Trace
from .job import Job


def execute(
    job: Job,
    folder: Path,
    progress: Callable[[int, int], None] | None = None,
    files: Mapping[str, str] | None = None,
    agent: Any = None,
) -> None:
    """Play a job and store `KEY.trace.parquet`, then `KEY.rows.parquet`: the job is finished when the rows are there.

    Args:
        job: What to play.
        folder: Where results lie.
        progress: Called with (steps done, horizon).
        files: File as the options name it -> where it lies here, if elsewhere. The trace keeps the options' own name.
        agent: What plays, where `job.agent` only names an object of this process; every seat gets a copy.

    Raises:
        PalaestraError: An agent that cannot play; whatever the agent itself raises passes through.
    """
    from ... import rules, run
    from ...metrics import metrics

    options = _renamed(job.options, files or {})
    built = rules(job.env_id, **options)
    players = built.facts.players
    seated: dict[str, str] = {player: job.seats.get(player, job.agent) for player in players}
    playing: dict[str, Any] = dict(seated)
    if agent is not None:
        playing |= {player: copy_for_seat(agent) for player in players if player not in job.seats}
    began = perf_counter()
    trace = run(
        job.env_id,
        playing,
        job.seeds,
        options=options,
        progress=progress,
        action_bits=job.action_bits,
        built=built,
    )
    seconds = perf_counter() - began
    measures = {name: metrics.find(name).load() for name in job.metrics}
    values, curves = values_and_curves(trace, measures)
    own_names = _renamed(trace.options, {here: name for name, here in (files or {}).items()})
    named = replace(trace, options=own_names, agents=tuple(seated.values()))
    named.save(trace_path(folder, job))
    columns = _columns(job, trace, values, thinned_curves(trace, measures, curves), seconds / len(job.seeds))
    about = {"palaestra.job": job.record, "palaestra.seconds": str(perf_counter() - began)}
    _write_rows(rows_path(folder, job), columns, about)


def rows_path(folder: Path, job: Job) -> Path:
    """Where a job's rows lie."""
    return folder / f"{job.key}.rows.parquet"


def trace_path(folder: Path, job: Job) -> Path:
    """Where a job's trace lies."""
    return folder / f"{job.key}.trace.parquet"


def _renamed(options: Mapping[str, Any], files: Mapping[str, str]) -> dict[str, Any]:
    return {key: files.get(value, value) if isinstance(value, str) else value for key, value in options.items()}


def _columns(
    job: Job, trace: Trace, values: dict[str, Array], curves: dict[str, Array], seconds: float
) -> dict[str, Any]:
    import pyarrow as pa

    lanes = len(job.seeds)
    columns: dict[str, Any] = {
        "scenario": pa.array([job.scenario] * lanes),
        "agent": pa.array([job.agent] * lanes),
        "seed": pa.array([str(seed) for seed in job.seeds]),  # no integer of Arrow holds 256 bits
        "seconds": pa.array([seconds] * lanes),
        "steps": pa.array(np.asarray(trace.lengths, np.int64)),
    }
    columns |= {name: pa.array(np.asarray(value, np.float64)) for name, value in values.items()}
    return columns | {name: pa.array(list(np.ascontiguousarray(curve))) for name, curve in curves.items()}


def _write_rows(path: Path, columns: dict[str, Any], about: dict[str, str]) -> None:
    """Rows, with what they are of and the seconds it took to play and to measure them in the file's metadata."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    table = pa.table(columns).replace_schema_metadata(about)
    with write_atomically(path) as temporary:
        pq.write_table(table, temporary, compression="zstd")


POINTS = 100
"""Points of a stored curve."""


def thinned_curves(trace: Trace, measures: Mapping[str, Metric], whole: Mapping[str, Array]) -> dict[str, Array]:
    """The metrics' time curves and their bounds (lanes, points), thinned to evenly spaced steps, the last too.

    Args:
        trace: What was measured.
        measures: The metrics by name.
        whole: Metric -> its curve (steps, lanes), of those that have one (`Metric.measured`).

    Returns:
        "curve:step", "curve:METRIC", "bound:METRIC"; nothing where no metric has a curve.
    """
    kept = np.unique(np.linspace(0, trace.steps - 1, min(trace.steps, POINTS)).round().astype(int))
    curves: dict[str, Array] = {"curve:step": np.tile(kept + 1, (trace.lanes, 1))}
    for name, measure in measures.items():
        if name in whole:
            curves[f"curve:{name}"] = whole[name][kept].T
        if measure.bound is not None:
            bound = np.asarray(measure.bound(trace), np.float64)
            wide = bound if bound.ndim == 2 else bound[:, None]
            curves[f"bound:{name}"] = np.broadcast_to(wide, (trace.steps, trace.lanes))[kept].T
    return curves if len(curves) > 1 else {}


def values_and_curves(trace: Trace, measures: Mapping[str, Metric]) -> tuple[dict[str, Array], dict[str, Array]]:
    """Metric -> one value a lane, and metric -> its curve (steps, lanes), of those that have one."""
    values, curves = {}, {}
    for name, measure in measures.items():
        values[name], curve = measure.measured(trace)
        if curve is not None:
            curves[name] = curve
    return values, curves
