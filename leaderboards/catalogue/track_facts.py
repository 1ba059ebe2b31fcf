"""The facts of a track: what is played, against which agents, how it is scored, and the reference agents."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..tracks.track import Track


def track_facts(track: Track) -> dict[str, Any]:
    """Label -> value, as `palaestra show TRACK` prints them."""
    from ...metrics import metrics

    better = metrics.find(track.metric).load().better
    shared = set.intersection(*(set(_pairs(options)) for options in track.scenarios.values()))
    facts: dict[str, Any] = {
        "environment": track.env_id,
        "what a score means": track.about,
        "headline": f"{track.metric}, {better} is better",
        "also measured": ", ".join(track.metrics[1:]) or "nothing else",
        "agents next to yours": ", ".join(track.references),
        "size": f"{track.seeds} seeds in each scenario",
        "with --demo": ", ".join([f"{track.demo_seeds} seeds", *_pairs(track.demo)]),
    }
    if len(track.scenarios) > 1 and shared:
        facts["in every scenario"] = ", ".join(
            pair for pair in _pairs(next(iter(track.scenarios.values()))) if pair in shared
        )
    for name, options in track.scenarios.items():
        told = [pair for pair in _pairs(options) if len(track.scenarios) == 1 or pair not in shared]
        told += [f"{seat}: {agent}" for seat, agent in track.seated(name).items()]
        facts[f"scenario {name}"] = ", ".join(told) or "nothing more"
    if track.action_bits:
        facts["amounts and probabilities"] = (
            f"are rounded to multiples of 1/{2**track.action_bits:,} before they are played"
        )
    if track.privileges:
        asked = [f"{key}={value}" for key, values in track.privileges.items() for value in values]
        facts["oracles"] = f"an agent that asks to be told more ({', '.join(asked)}) has no rank"
    exact = "a submission is verified by playing its actions again"
    facts["verification"] = (
        exact if track.replay == "exact" else "none is possible: submissions are shown as unverified"
    )
    return facts


def _pairs(options: Mapping[str, Any]) -> list[str]:
    return [f"{key}={value}" for key, value in options.items()]
