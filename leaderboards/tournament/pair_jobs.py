"""The matches of a round robin as jobs, for engines that run elsewhere or several at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from ..sweeps.job import Job
from ..sweeps.plan import plan
from ..tracks.track import Track


def pair_jobs(agents: Sequence[str], env_id: str, options: Mapping[str, Any], seeds: int) -> list[Job]:
    """One job a pair, in the order of `itertools.combinations_with_replacement`; its trace holds both payoffs.

    Args:
        agents: Names. The first of a pair takes the first seat.
        env_id: An environment of two players.
        options: Of the environment.
        seeds: Lanes, all in one job.
    """
    from ... import rules

    second = rules(env_id, **options).facts.players[1]
    jobs = []
    for i, agent in enumerate(agents):
        against = {f"a match against {other}": other for other in agents[i:]}
        track = Track(
            track_id="round-robin",
            env_id=env_id,
            scenarios=dict.fromkeys(against, options),
            metric="none",
            metrics=("none",),
            references=(),
            seats={},
            opponents={scenario: {second: other} for scenario, other in against.items()},
            seeds=seeds,
            demo={},
            demo_seeds=1,
            about="Payoffs per round.",
        )
        # What a pair earns is read from its trace, so nothing is measured.
        jobs += [replace(job, metrics=()) for job in plan(track, [agent], seeds, lanes=seeds)]
    return jobs
