"""Running one job: play, replayable trace on disk, every metric, rows on disk."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from time import perf_counter
from typing import Any

import numpy as np

from ...core.arrays import Array
from ...core.files import written_aside
from ...core.trace import Trace
from .job import Job
from .thinned_curves import thinned_curves
from .values_and_curves import values_and_curves


def execute(
    job: Job,
    folder: Path,
    progress: Callable[[int, int], None] | None = None,
    files: Mapping[str, str] | None = None,
) -> None:
    """Play a job and store `KEY.trace.parquet`, then `KEY.rows.parquet`: the job is finished when the rows are there.

    Args:
        job: What to play.
        folder: Where results lie.
        progress: Called with (steps done, horizon).
        files: File as the options name it -> where it lies here, if elsewhere. The trace keeps the options' own name.

    Raises:
        PalaestraError: An agent that cannot play; whatever the agent itself raises passes through.
    """
    from ... import rules, run
    from ...metrics import metrics

    options = _renamed(job.options, files or {})
    players = rules(job.env_id, **options).facts.players
    seated = {player: job.seats.get(player, job.agent) for player in players}
    began = perf_counter()
    trace = run(job.env_id, seated, job.seeds, options=options, progress=progress, action_bits=job.action_bits)
    seconds = perf_counter() - began
    measures = {name: metrics[name].load() for name in job.metrics}
    values, curves = values_and_curves(trace, measures)
    named = replace(trace, options=_renamed(trace.options, {here: name for name, here in (files or {}).items()}))
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
    with written_aside(path) as temporary:
        pq.write_table(table, temporary, compression="zstd")
