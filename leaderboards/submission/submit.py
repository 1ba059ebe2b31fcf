"""Make a submission: run the agent on its official seeds, and write what anybody can verify."""

from __future__ import annotations

import json
import platform
import shutil
from collections.abc import Callable
from dataclasses import dataclass, fields
from hashlib import sha256
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from subprocess import DEVNULL, CalledProcessError, check_output

from ...core.errors import PalaestraError
from ...core.version import VERSION
from ..execute import trace_path
from ..job import Job
from ..local_engine import run_locally
from ..plan import plan
from ..results import Results
from ..track import Track
from .agent_digest import AgentDigest, agent_digest
from .manifest import AgentRecord, EnvironmentRecord, Manifest, ScenarioRecord, ShardRecord, file_digest
from .official_seeds import official_seeds

_TOLD = ("about", "pictures", "references", "demo", "demo_seeds")
"""Fields of a track that decide no score."""

NUMBERS_A_SHARD = 4_000_000
"""Steps times lanes of one trace: what bounds the memory of the one who verifies it."""


@dataclass(frozen=True)
class Submitter:
    """Who submits.

    Attributes:
        name: What the agent is called on the board.
        author: Who made it.
        url: Where to read more, or "".
    """

    name: str
    author: str
    url: str = ""


def submit(
    track: Track,
    agent: str,
    submitter: Submitter,
    folder: Path,
    *,
    work: Path,
    registration: str = "",
    workers: int = 0,
    progress: Callable[[float, int, str], None] | None = None,
) -> Path:
    """Benchmark an agent on its official seeds and write a submission.

    Args:
        track: The benchmark.
        agent: "module:attribute", with options in brackets if wanted, or a registered name.
        submitter: Who submits.
        folder: The submission's folder; must not exist.
        work: Where results lie while it runs; a killed run goes on from there.
        registration: Hash of the log's entry that registered it, or "".
        workers: Processes; 0: one a core.
        progress: Called with (jobs done, jobs, what runs).

    Returns:
        The folder.

    Raises:
        PalaestraError: A folder that exists, an agent that cannot play, or a job that failed; nothing is left behind.
    """
    if folder.exists():
        raise PalaestraError(f"{folder} exists already. A submission is never overwritten: choose another --out.")
    digest = agent_digest(agent)
    official = official_seeds(track.track_id, digest.value, track.seeds, registration)
    jobs = plan(track, [agent], official, lanes=_lanes(track))
    results = work / track.track_id
    report = None if progress is None else (lambda done, now: progress(done, len(jobs), now))
    if failures := run_locally(jobs, results, workers, report):
        raise PalaestraError(f"{failures[0].job.title}: {failures[0].message}")
    aside = folder.with_name(f".{folder.name}.part")
    shutil.rmtree(aside, ignore_errors=True)
    try:
        (aside / "traces").mkdir(parents=True)
        manifest = _manifest(track, digest, submitter, jobs, results, aside)
        manifest.model_copy(update={"registration": registration}).write(aside / "manifest.json")
        aside.rename(folder)
    finally:
        shutil.rmtree(aside, ignore_errors=True)
    return folder


def track_digest(track: Track) -> str:
    """SHA-256 of everything in a track that decides scores."""
    decides = {field.name: getattr(track, field.name) for field in fields(track) if field.name not in _TOLD}
    text = json.dumps(decides, sort_keys=True)
    return sha256(text.encode()).hexdigest()


def _lanes(track: Track) -> int:
    """Lanes a trace, so that the longest scenario's stays within bounds."""
    from ... import rules

    horizons = (rules(track.env_id, **options).facts.horizon for options in track.scenarios.values())
    return max(1, min(100, NUMBERS_A_SHARD // max(horizons)))


def _manifest(
    track: Track, digest: AgentDigest, submitter: Submitter, jobs: list[Job], results: Path, folder: Path
) -> Manifest:
    from ...agents import find

    scenarios, number = {}, 0
    whole = Results.read(jobs, results)
    at = {seed: k for k, seed in enumerate(whole.seeds)}
    for index, scenario in enumerate(whole.scenarios):
        shards, order = [], []
        for job in (job for job in jobs if job.scenario == scenario):
            name, number = f"{number:05}.parquet", number + 1
            shutil.copyfile(trace_path(results, job), folder / "traces" / name)
            shards.append(ShardRecord(file=name, digest=file_digest(folder / "traces" / name), seeds=list(job.seeds)))
            order += [at[seed] for seed in job.seeds]
        scores = {name: values[0, order, index].tolist() for name, values in whole.scores.items()}
        scenarios[scenario] = ScenarioRecord(shards=shards, scores=scores)
    made = find(jobs[0].agent)
    agent = AgentRecord(
        name=submitter.name,
        author=submitter.author,
        url=submitter.url,
        target=digest.target,
        options=dict(digest.options),
        files=dict(digest.files),
        digest=digest.value,
        needs=dict(getattr(made, "needs", {})),
        privileges=dict(getattr(made, "privileges", {})),
    )
    return Manifest(
        track=track.track_id,
        track_digest=track_digest(track),
        version=VERSION,
        agent=agent,
        scenarios=scenarios,
        environment=_environment(float(whole.seconds[0] * len(whole.seeds))),
    )


def _environment(seconds: float) -> EnvironmentRecord:
    versions = {"python": platform.python_version()}
    for package in ("numpy", "scipy", "pyarrow", "gymnasium", "pettingzoo", "torch"):
        try:
            versions[package] = version(package)
        except PackageNotFoundError:
            continue
    try:
        here = Path(__file__).parent
        commit = check_output(["git", "-C", str(here), "rev-parse", "HEAD"], text=True, stderr=DEVNULL).strip()
    except (OSError, CalledProcessError):
        commit = ""
    return EnvironmentRecord(
        versions=versions, commit=commit, processor=platform.processor() or platform.machine(), seconds=seconds
    )
