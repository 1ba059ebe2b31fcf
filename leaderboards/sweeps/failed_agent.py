"""An agent that failed somewhere on a track: it has no rank, and every table names the scenarios it failed in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..statistics.estimate import Estimate
from .engine import Failure
from .job import Job
from .local_engine import is_finished
from .results import Results


@dataclass(frozen=True)
class FailedAgent:
    """An agent that did not finish a track.

    Attributes:
        agent: Its name.
        scenarios: Where it failed, in the track's order.
        count: How many scenarios the track has.
        message: Why it failed first.
        by_scenario: Scenario -> metric -> estimate, for the scenarios that it finished.
    """

    agent: str
    scenarios: tuple[str, ...]
    count: int
    message: str
    by_scenario: Mapping[str, Mapping[str, Estimate]]

    @property
    def text(self) -> str:
        """In one line what failed where."""
        number = "" if self.count == 1 else f" in {len(self.scenarios)} of {self.count} scenarios"
        return f"{self.agent} failed{number} ({', '.join(self.scenarios)}), so it has no rank: {self.message}"

    @property
    def document(self) -> dict[str, Any]:
        """As plain JSON values, with the keys of an agent that finished."""
        return {
            "agent": self.agent,
            "status": "failed",
            "failed_in": list(self.scenarios),
            "message": self.message,
            "ranks": None,
            "metrics": {},
            "by_scenario": {
                scenario: {name: estimate.document for name, estimate in own.items()}
                for scenario, own in self.by_scenario.items()
            },
            "seconds_an_episode": None,
        }


def failed_agents(jobs: Sequence[Job], failures: Sequence[Failure], folder: Path) -> tuple[FailedAgent, ...]:
    """The agents of some failures, with what they scored where they finished.

    Args:
        jobs: All jobs of the benchmark.
        failures: Those that failed.
        folder: Of the results.
    """
    scenarios, found = tuple(dict.fromkeys(job.scenario for job in jobs)), []
    for agent in dict.fromkeys(failure.job.agent for failure in failures):
        own = [failure for failure in failures if failure.job.agent == agent]
        lost = {failure.job.scenario for failure in own}
        mine = [job for job in jobs if job.agent == agent]
        missing = {job.scenario for job in mine if not is_finished(job, folder)}
        kept = [job for job in mine if job.scenario not in missing | lost]
        scores = _scores(Results.read(kept, folder)) if kept else {}
        where = tuple(name for name in scenarios if name in lost)
        found.append(FailedAgent(agent, where, len(scenarios), own[0].message, scores))
    return tuple(found)


def _scores(results: Results) -> dict[str, dict[str, Estimate]]:
    """Of the only agent of some results."""
    return {
        scenario: {name: Estimate.of_scores(scores[0][:, [t]]) for name, scores in results.scores.items()}
        for t, scenario in enumerate(results.scenarios)
    }
