"""The standings on a track: estimates with intervals, ranks with ties, and failures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from ..statistics.estimate import Estimate
from ..statistics.rank_sets import rank_sets
from ..tracks.track import Track
from .engine import Failure
from .failed_agent import FailedAgent
from .job import Job
from .results import Results

if TYPE_CHECKING:
    pass


@dataclass(frozen=True)
class Measure:
    """What a table must know of a metric.

    Attributes:
        name: Registered name.
        better: Which direction is better, None for a number that only describes.
        unit: For people.
        meaning: One sentence.
        optimum: The value of who does as well as can be, where there is one.
    """

    name: str
    better: Literal["higher", "lower"] | None
    unit: str
    meaning: str
    optimum: float | None = None

    @property
    def sign(self) -> float:
        """What to multiply values by so that greater is better: -1 where lower is better, else 1."""
        return -1.0 if self.better == "lower" else 1.0


@dataclass(frozen=True)
class Standing:
    """One agent on a track.

    Attributes:
        agent: Its name.
        privileges: Options it was given beyond what everybody gets: an oracle where there are any.
        ranks: Best and worst rank on the headline metric among agents without privileges; None for an oracle.
        estimates: Metric -> interquartile mean of each scenario, averaged over them, with interval.
        by_scenario: Scenario -> the same within it.
        seconds: Wall time of one lane's episode.
    """

    agent: str
    privileges: Mapping[str, Any]
    ranks: tuple[int, int] | None
    estimates: Mapping[str, Estimate]
    by_scenario: Mapping[str, Mapping[str, Estimate]]
    seconds: float


@dataclass(frozen=True, repr=False)
class Standings:
    """A track's table.

    Attributes:
        track: The track.
        measures: Its metrics, the headline first.
        command: What makes this table again.
        seeds: Lanes a scenario.
        demo: Whether it ran at demo size.
        lines: One an agent, best first.
        failures: Jobs that failed; their agents have no line.
        results: The numbers behind it.
        failed: The agents of the failures, for the end of a table.
    """

    track: Track
    measures: tuple[Measure, ...]
    command: str
    seeds: int
    demo: bool
    lines: tuple[Standing, ...]
    failures: tuple[Failure, ...]
    results: Results
    failed: tuple[FailedAgent, ...] = ()

    @staticmethod
    def of(
        track: Track,
        results: Results,
        failures: Sequence[Failure],
        command: str,
        seeds: int,
        demo: bool,
        failed: Sequence[FailedAgent] = (),
        privileges: Mapping[str, Mapping[str, Any]] | None = None,
    ) -> Standings:
        """Estimate, rank and sort; ties in the estimate go by name.

        Args:
            track: The benchmark.
            results: What was measured.
            failures: Jobs that failed.
            command: What makes this table again.
            seeds: Lanes per scenario.
            demo: Whether it ran at demo size.
            failed: Agents that did not finish every scenario.
            privileges: Of agents by name, as far as the caller knows them.
        """
        from ...agents import agents

        measures = measures_of(track)
        headline = measures[0]
        known = privileges or {}
        asked = [known[name] if name in known else agents.spec(name).traits.privileges for name in results.agents]
        ranked = [i for i, more in enumerate(asked) if not more]
        sets = rank_sets(results.scores[headline.name][ranked], headline.better or "higher") if ranked else []
        ranks = dict(zip(ranked, sets, strict=True))
        lines = [_line(results, i, asked[i], ranks.get(i)) for i in range(len(results.agents))]
        lines.sort(key=lambda line: (_last_if_nan(-headline.sign * line.estimates[headline.name].value), line.agent))
        return Standings(track, measures, command, seeds, demo, tuple(lines), tuple(failures), results, tuple(failed))

    def __repr__(self) -> str:
        first = f", first {self.lines[0].agent}" if self.lines else ""
        return f"<Standings on {self.track.track_id}: {len(self.lines)} agents, {self.seeds} seeds{first}>"

    @property
    def document(self) -> dict[str, Any]:
        """Everything as plain JSON values."""
        return {
            "track": self.track.track_id,
            "env_id": self.track.env_id,
            "about": self.track.about,
            "command": self.command,
            "demo": self.demo,
            "seeds": self.seeds,
            "scenarios": list(self.results.scenarios),
            "metrics": [vars(measure) for measure in self.measures],
            "agents": [
                {
                    "agent": line.agent,
                    "status": "finished",
                    "privileges": dict(line.privileges),
                    "ranks": None if line.ranks is None else list(line.ranks),
                    "metrics": _documents(line.estimates),
                    "by_scenario": {name: _documents(own) for name, own in line.by_scenario.items()},
                    "seconds_an_episode": line.seconds,
                }
                for line in self.lines
            ]
            + [one.document for one in self.failed],
            "failures": [_failure(failure.job, failure.message) for failure in self.failures],
        }


def measures_of(track: Track) -> tuple[Measure, ...]:
    """What the registry says of a track's metrics."""
    from ...metrics import metrics

    found = [metrics.find(name).load() for name in track.metrics]
    return tuple(
        Measure(name, one.better, one.unit, one.meaning, one.optimum)
        for name, one in zip(track.metrics, found, strict=True)
    )


def _line(results: Results, index: int, privileges: Mapping[str, Any], ranks: tuple[int, int] | None) -> Standing:
    whole = {name: Estimate.of_scores(scores[index]) for name, scores in results.scores.items()}
    parts = {
        scenario: {name: Estimate.of_scores(scores[index][:, [t]]) for name, scores in results.scores.items()}
        for t, scenario in enumerate(results.scenarios)
    }
    return Standing(results.agents[index], privileges, ranks, whole, parts, float(results.seconds[index]))


def _last_if_nan(value: float) -> float:
    return np.inf if np.isnan(value) else value


def _documents(estimates: Mapping[str, Estimate]) -> dict[str, Any]:
    return {name: estimate.document for name, estimate in estimates.items()}


def _failure(job: Job, message: str) -> dict[str, Any]:
    return {"agent": job.agent, "scenario": job.scenario, "seeds": [job.seeds[0], job.seeds[-1]], "message": message}
