"""The setting of an audit: one scenario, the learner's seats in it, and the metric that counts."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any

import numpy as np

from ...core.arrays import Array
from ...core.metric import Metric
from ..tracks.track import Track

LANES = 1024
"""Lanes that are played at once."""


@dataclass(frozen=True)
class AuditSetting:
    """A scenario with free seats.

    Attributes:
        env_id: The environment.
        scenario: Its name.
        options: The environment's options.
        seats: Seat -> registered agent, for the seats that the learner does not take.
        metric: What counts.
    """

    env_id: str
    scenario: str
    options: Mapping[str, Any]
    seats: Mapping[str, str]
    metric: Metric

    @property
    def learners(self) -> tuple[str, ...]:
        """The seats that the learner takes, all of them alike."""
        from ... import rules

        return tuple(seat for seat in rules(self.env_id, **self.options).facts.players if seat not in self.seats)

    def seeds(self, purpose: str, count: int) -> tuple[int, ...]:
        """Seeds that no track uses (a track's own begin at 0), others in every scenario.

        Scenarios of the same seeds may draw the same world, and intervals that count them as independent are too
        narrow then.
        """
        names = (f"audit/{self.env_id}/{self.scenario}/{purpose}/{k}" for k in range(count))
        return tuple(int.from_bytes(blake2b(name.encode(), digest_size=8).digest(), "big") >> 1 for name in names)

    def score(self, agent: Any, seeds: Sequence[int]) -> Array:
        """The metric of one agent in all of the learner's seats, one value a seed."""
        return np.concatenate([self._played(agent, part) for part in _parts(seeds)])

    def score_each(self, make: Callable[[Sequence[Any]], Any], members: Sequence[Any], seeds: Sequence[int]) -> Array:
        """The metric of many agents at once: (members, seeds).

        Args:
            make: Members, one a lane -> an agent that plays each in its lane.
            members: Whatever `make` takes.
            seeds: Every member plays all of them.
        """
        lanes = [(member, seed) for member in members for seed in seeds]
        values = [
            self._played(make([member for member, _ in part]), [seed for _, seed in part]) for part in _parts(lanes)
        ]
        return np.concatenate(values).reshape(len(members), len(seeds))

    def _played(self, agent: Any, seeds: Sequence[int]) -> Array:
        from ... import run

        own = {seat: agent if isinstance(agent, str) else deepcopy(agent) for seat in self.learners}
        return self.metric(run(self.env_id, {**self.seats, **own}, seeds, options=self.options))


def _parts(whole: Sequence[Any]) -> list[Sequence[Any]]:
    return [whole[first : first + LANES] for first in range(0, len(whole), LANES)]


def settings_of(env_id: str) -> tuple[Track | None, tuple[AuditSetting, ...]]:
    """The environment's first registered track, and one setting a scenario of it.

    Raises:
        UnknownName: No such environment.
    """
    from ... import rules
    from ...envs import environments
    from ...metrics import metrics
    from ..tracks import tracks

    environments.find(env_id)
    for _, track in tracks.loadable():
        if track.env_id == env_id:
            metric = metrics.find(track.metric).load()
            return track, tuple(
                AuditSetting(env_id, scenario, track.options(scenario, {}, demo=True), track.seated(scenario), metric)
                for scenario in track.scenarios
            )
    facts = rules(env_id).facts
    free = {seat: name for seat, name in facts.partners.items() if not seat.startswith("player")}
    return None, (AuditSetting(env_id, "default", {}, free, metrics.find(facts.metrics[0]).load()),)
