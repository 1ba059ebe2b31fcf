"""The contract of a track: every name in it exists, and a random agent is measured in every scenario."""

from __future__ import annotations

import re

import numpy as np

from ...core.contract.report import Report, broken, judge
from ...core.errors import PalaestraError
from .track import Track


def its_id_is_a_name_and_a_version(track: Track) -> None:
    """The id looks like `my-track-v0`: results and pages are stored under it."""
    if not re.fullmatch(r"[a-z][a-z0-9]*(-[a-z0-9]+)*-v\d+", track.track_id):
        raise broken(f"the id is {track.track_id!r}.", "write lower case, hyphens and a version: my-track-v0.")


def its_metrics_exist(track: Track) -> None:
    """Every metric is registered or module:attribute, and the headline says which direction is better."""
    from ...metrics import metrics

    found = {name: known_metric(name) for name in track.metrics}
    if metrics.find(track.metric).load().better is None or not found:
        raise broken(f"the headline {track.metric} only describes.", "rank by a metric that is better higher or lower.")


def its_environment_takes_every_scenario(track: Track) -> None:
    """The environment can be made with the options of every scenario, at full and at demo size, and has a free seat."""
    from ... import rules

    for scenario in track.scenarios:
        for demo in (False, True):
            players = rules(track.env_id, **track.options(scenario, {}, demo=demo)).facts.players
        seats = track.seated(scenario)
        if seats.keys() - set(players) or len(seats) == len(players):
            raise broken(
                f"{scenario} seats {sorted(seats)} of {list(players)}.", "leave a seat free, and name no other ones."
            )


def its_agents_exist(track: Track) -> None:
    """References and partners can be made."""
    from ...agents import agents

    for name in {*track.references, *(one for scenario in track.scenarios for one in track.seated(scenario).values())}:
        agents.spec(name).check()


def a_random_agent_is_measured(track: Track) -> None:
    """Uniform plays two lanes of every scenario at demo size, and every metric gives a finite number a lane."""
    from ... import evaluate, rules, run

    for scenario in track.scenarios:
        options, seats = track.options(scenario, {}, demo=True), track.seated(scenario)
        players = rules(track.env_id, **options).facts.players
        agents = {player: seats.get(player, "Uniform") for player in players}
        played = run(track.env_id, agents, range(2), options=options, action_bits=track.action_bits)
        for name, value in evaluate(played, track.metrics).items():
            if value.shape != (2,) or not np.isfinite(value).all():
                raise broken(f"{scenario}: {name} is {value.tolist()}.", "give a number for each lane.")


CLAUSES = (
    its_id_is_a_name_and_a_version,
    its_metrics_exist,
    its_environment_takes_every_scenario,
    its_agents_exist,
    a_random_agent_is_measured,
)


def check_track(track: Track) -> Report:
    """Check a track.

    Raises:
        ContractBroken: The first clause that does not hold.
    """
    return judge(f"the track {track.track_id}", CLAUSES, track)


def known_metric(name: str) -> str:
    """The name, if there is such a metric.

    Raises:
        ContractBroken: There is none.
    """
    from ...metrics import metrics

    try:
        metrics.find(name).load()
    except PalaestraError as error:
        raise broken(f"it names a metric that cannot be had. {error}", "name a metric of `palaestra list`.") from error
    return name
