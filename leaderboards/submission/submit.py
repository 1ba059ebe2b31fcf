"""Make a submission: run the agent on its official seeds, and write a folder that anyone can verify."""

from __future__ import annotations

import platform
import re
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from subprocess import DEVNULL, CalledProcessError, check_output

from pydantic import ValidationError

from ...core.agent_spec import AgentSpec
from ...core.errors import PalaestraError
from ...core.files import file_digest
from ...core.traces.trace import Trace
from ...core.version import VERSION
from ..atomic_folder import new_folder_atomically
from ..sweeps.engines import find_engine
from ..sweeps.execute import trace_path
from ..sweeps.fingerprint import outside_members
from ..sweeps.job import Job
from ..sweeps.local_engine import is_finished
from ..sweeps.plan import plan
from ..sweeps.results import Results
from ..sweeps.work_estimate import WorkEstimate, work_estimate
from ..tracks.track import Track
from .agent_digest import AgentDigest, agent_digest, official_seeds
from .claims import track_digest
from .manifest import AgentRecord, EnvironmentRecord, Manifest, ScenarioRecord, ShardRecord
from .privileges import check_needs_and_privileges, needs_and_privileges
from .safetensors_header import weights_of
from .shards import shard_lanes
from .signature import sign, signing_key


@dataclass(frozen=True)
class Submitter:
    """Who submits.

    Attributes:
        name: The agent's name on the board.
        author: Who made it.
        url: Where to read more, or "".
    """

    name: str
    author: str
    url: str = ""


def submit(
    track: Track,
    agent: str | AgentSpec,
    submitter: Submitter,
    folder: Path,
    *,
    work: Path,
    registration: str = "",
    workers: int = 0,
    engine: str = "local",
    address: str = "",
    key: Path | None = None,
    progress: Callable[[float, int, str], None] | None = None,
    announce: Callable[[WorkEstimate], None] | None = None,
) -> Path:
    """Benchmark an agent on its official seeds and write a submission.

    Args:
        track: The benchmark.
        agent: "module:attribute", with options in brackets if wanted, or a registered name.
        submitter: Who submits.
        folder: The submission's folder; must not exist.
        work: Where results lie while it runs; a killed run goes on from there.
        registration: Hash of the log's entry that registered it, or "".
        workers: Jobs at once; 0: one a core.
        engine: Where jobs run: "local" or "ray".
        address: Of the Ray cluster, or "".
        key: File of the key to sign with, or None.
        progress: Called with (jobs done and shares of those that run, jobs, what runs).
        announce: Called with what is left to do and about how long it takes, before it begins.

    Returns:
        The folder.

    Raises:
        PalaestraError: A folder that exists, a name, address, registration or key that is none, or an agent that cannot
            play; said before anything runs.
        JobsFailed: A job that failed; nothing is left behind but the results of the others in `work`.
    """
    from ...agents import agents

    if folder.exists():
        raise PalaestraError(f"{folder} already exists. A submission is never overwritten: choose another --out.")
    spec = agents.spec(agent)
    digest = agent_digest(spec)
    official = official_seeds(track.track_id, digest.value, track.seeds, registration)
    check_needs_and_privileges(track, *needs_and_privileges(spec))
    record = _agent_record(spec, digest, submitter)
    if re.fullmatch("([0-9a-f]{64})?", registration) is None:
        raise PalaestraError(
            f"--registration {registration!r} is not what `palaestra board register` prints: 64 hexadecimal digits."
        )
    if key is not None:
        signing_key(key)
    weights = weights_of(spec) if track.replay == "none" else {}
    jobs = plan(track, [spec], official, lanes=shard_lanes(track))
    results = work / track.track_id
    report = None if progress is None else _without_seeds(progress, jobs)
    with new_folder_atomically(folder) as aside:  # a place that takes no folder is found before the run, not after it
        (aside / "traces").mkdir()
        with find_engine(engine)(workers, address) as ready:
            if report:
                report(sum(is_finished(job, results) for job in jobs), f"engine {engine}")
            if announce:
                announce(work_estimate(jobs, results, ready.workers))
            failures = ready.run(jobs, results, report)
        if failures:
            raise JobsFailed(tuple(dict.fromkeys(f"{_title(one.job)}: {one.message}" for one in failures)))
        for name, path in weights.items():
            (aside / "weights").mkdir(exist_ok=True)
            shutil.copyfile(path, aside / "weights" / f"{name}.safetensors")
        manifest = _manifest(track, record, jobs, results, aside)
        named = {name: file_digest(aside / "weights" / f"{name}.safetensors") for name in weights}
        manifest.model_copy(update={"registration": registration, "weights": named}).write(aside / "manifest.json")
        if key is not None:
            sign(aside, key)
    return folder


def _without_seeds(progress: Callable[[float, int, str], None], jobs: list[Job]) -> Callable[[float, str], None]:
    titles = {job.title: _title(job) for job in jobs}
    return lambda done, now: progress(done, len(jobs), titles.get(now, now))


def _title(job: Job) -> str:
    """What runs, without seeds of twenty digits that are derived and chosen by nobody."""
    return f"{job.agent} in {job.scenario}"


def _manifest(track: Track, agent: AgentRecord, jobs: list[Job], results: Path, folder: Path) -> Manifest:
    scenarios, number = {}, 0
    whole = Results.read(jobs, results)
    at = {seed: k for k, seed in enumerate(whole.seeds)}
    for index, scenario in enumerate(whole.scenarios):
        shards, order = [], []
        for job in (job for job in jobs if job.scenario == scenario):
            name, number = f"{number:05}.parquet", number + 1
            Trace.load(trace_path(results, job)).compact().save(folder / "traces" / name)
            shards.append(ShardRecord(file=name, digest=file_digest(folder / "traces" / name), seeds=list(job.seeds)))
            order += [at[seed] for seed in job.seeds]
        scores = {name: values[0, order, index].tolist() for name, values in whole.scores.items()}
        scenarios[scenario] = ScenarioRecord(shards=shards, scores=scores)
    return Manifest(
        track=track.track_id,
        track_digest=track_digest(track),
        version=VERSION,
        agent=agent,
        scenarios=scenarios,
        environment=_environment(float(whole.seconds[0] * len(whole.seeds)), track),
    )


def _agent_record(agent: AgentSpec, digest: AgentDigest, submitter: Submitter) -> AgentRecord:
    needs, privileges = needs_and_privileges(agent)
    try:
        return AgentRecord(
            name=submitter.name,
            author=submitter.author,
            url=submitter.url,
            target=digest.target,
            options=dict(digest.options),
            files=dict(digest.files),
            digest=digest.value,
            needs=needs,
            privileges=privileges,
        )
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        where, said = ".".join(map(str, first["loc"])), first["msg"].removeprefix("Value error, ").rstrip(".")
        due = "Names are one line of 1 to 200 characters."
        if where == "url":
            said, due = "it is not an address", "One is http://HOST/… or https://HOST/…, up to 500 characters of ASCII."
        raise PalaestraError(
            f"The agent's {where}, {str(first['input'])[:80]!a}, cannot be shown on a board: {said}. {due}"
        ) from None


def _environment(seconds: float, track: Track) -> EnvironmentRecord:
    versions = {"python": platform.python_version()}
    for _, member in outside_members(track):
        name, _, number = member.package.rpartition(" ")
        versions |= {name: number} if name else {}
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


class JobsFailed(PalaestraError):
    """An agent that failed while it played, or a worker that died.

    Args:
        messages: One a job, without its seeds: they follow from the agent, and no option takes them.
    """

    def __init__(self, messages: tuple[str, ...]) -> None:
        super().__init__(messages[0] if len(messages) == 1 else f"{messages[0]} ({len(messages)} jobs failed.)")
        self.messages = messages
