"""What some reference agents reach in an environment: the numbers of its picture."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import palaestra
from palaestra.agents import agents
from palaestra.leaderboards.statistics.interquartile_mean import interquartile_mean
from palaestra.leaderboards.tracks import tracks
from palaestra.leaderboards.tracks.track import Track

LANES = 16
"""Lanes a picture measures."""


@dataclass(frozen=True)
class Measured:
    """One agent.

    Attributes:
        agent: Its name.
        middle: Interquartile mean of the headline metric over lanes.
        low: Lower quartile.
        high: Upper quartile.
        privileged: Whether it needs more than everybody sees.
    """

    agent: str
    middle: float
    low: float
    high: float
    privileged: bool


def track_of(env_id: str) -> Track:
    """The first track on an environment: whoever adds one adds a track."""
    return next(track for track in (tracks[name].load() for name in tracks) if track.env_id == env_id)


def measured_agents(track: Track) -> list[Measured]:
    """Every second reference of a track, and the last: enough to see an order, and seconds for all environments."""
    chosen = dict.fromkeys([*track.references[::2], track.references[-1]])
    return [_measure(track, agent) for agent in chosen]


def _measure(track: Track, agent: str) -> Measured:
    scenario = next(iter(track.scenarios))
    options = track.options(scenario, {}, demo=True)
    taken = track.seated(scenario)
    built, spec = palaestra.rules(track.env_id, **options), agents.spec(agent)
    seats = {player: taken.get(player, spec) for player in built.facts.players}
    trace = palaestra.run(track.env_id, seats, range(LANES), options=options, built=built)
    values = palaestra.evaluate(trace, [track.metric])[track.metric]
    low, high = np.quantile(values, (0.25, 0.75))
    return Measured(agent, float(interquartile_mean(values)), float(low), float(high), bool(spec.traits.privileges))
