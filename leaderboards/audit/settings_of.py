"""The settings in which an environment is audited: its track's demo scenarios, or its default options."""

from __future__ import annotations

from ..tracks.track import Track
from .setting import Setting


def settings_of(env_id: str) -> tuple[Track | None, tuple[Setting, ...]]:
    """The environment's first registered track, and one setting a scenario of it.

    Raises:
        UnknownName: No such environment.
    """
    from ... import rules
    from ...envs import environments
    from ...metrics import metrics
    from ..tracks import tracks

    environments[env_id]
    for name in tracks:
        track: Track = tracks[name].load()
        if track.env_id == env_id:
            metric = metrics[track.metric].load()
            return track, tuple(
                Setting(env_id, scenario, track.options(scenario, {}, demo=True), track.seated(scenario), metric)
                for scenario in track.scenarios
            )
    facts = rules(env_id).facts
    free = {seat: name for seat, name in facts.partners.items() if not seat.startswith("player")}
    return None, (Setting(env_id, "default", {}, free, metrics[facts.metrics[0]].load()),)
