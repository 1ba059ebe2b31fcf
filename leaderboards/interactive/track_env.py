"""`palaestra.track_env`: the very environment that a track is played in, to train on.

Offered to users as `palaestra.track_env`.
"""

from __future__ import annotations

from typing import Any

from ...agents import agents as known
from ...core.errors import PalaestraError, UnknownName
from ...core.faces.parallel import LaneParallelEnv
from ...core.faces.seated_batch import SeatedBatch
from ...core.faces.single import SingleEnv
from ...core.faces.vector import LaneVectorEnv
from ...core.rules import Rules
from ...core.seat_agents import seat_agents
from ..tracks.track import Track
from .benchmark_agents import track_of

FACES = ("gymnasium", "parallel", "vec", "batch")


def track_env(
    track: str | Track,
    scenario: str | None = None,
    *,
    face: str | None = None,
    num_envs: int | None = None,
    demo: bool = False,
    backend: str = "numpy",
    device: str = "cpu",
    **options: Any,
) -> Any:
    """The environment of a track's scenario: its options, its agents in the seats that it fills, its rounding.

    Only the seats that the track leaves to a benchmarked agent are left to play; in the others sit the agents that a
    benchmark would seat there, with the same seeds, so that an episode goes as it would in the benchmark.

    The face is one argument and not one function per face, because it is the last thing one changes: the same call
    gives an environment to look at, and with `face="vec"` the one to train on.

    Args:
        track: Its id, or a `Track`.
        scenario: Its name; may be left out where the track has only one.
        face: "gymnasium" (`gymnasium.Env`, one seat), "parallel" (`pettingzoo.ParallelEnv`), "vec"
            (`gymnasium.vector.VectorEnv`, one seat) or "batch" (raw arrays of many lanes). None: "vec" where `num_envs`
            is given, else "gymnasium" where one seat is left, else "parallel".
        num_envs: Lanes of "vec" and "batch".
        demo: With the options of the track's small size.
        backend: "numpy" or "torch", for "vec" and "batch".
        device: The torch device.
        options: Options of the environment laid over those of the scenario.

    Raises:
        UnknownName: A track, scenario or face that does not exist; the message lists those that do.
        PalaestraError: A face that does not fit the seats, or `num_envs` with a face of one lane.
    """
    record = track_of(track)
    name = _scenario(record, scenario)
    rules, seats = _rules_and_seats(record, name, options, demo)
    left = len(rules.facts.players) - len(seats)
    chosen = face or (
        "vec" if num_envs and left == 1 else "batch" if num_envs else "gymnasium" if left == 1 else "parallel"
    )
    if chosen not in FACES:
        raise UnknownName("face", chosen, FACES)
    if num_envs is not None and chosen in ("gymnasium", "parallel"):
        raise PalaestraError(f'num_envs={num_envs}: the face {chosen!r} has one lane. Ask for face="vec" or "batch".')
    if left > 1 and chosen in ("gymnasium", "vec"):
        free = [player for player in rules.facts.players if player not in seats]
        raise PalaestraError(
            f"The face {chosen!r} is for one seat, and {record.track_id} leaves {free} to the agent: ask for "
            'face="parallel" or "batch".'
        )
    lanes, one_lane = num_envs or 1, chosen in ("gymnasium", "parallel")
    batch = SeatedBatch(
        rules, lanes, seats, record.env_id, backend, device, autoreset=not one_lane, action_bits=record.action_bits
    )
    free_seats: Any = batch.free
    if chosen == "gymnasium":
        return SingleEnv(free_seats, batch=batch)
    if chosen == "parallel":
        return LaneParallelEnv(free_seats, f"{record.track_id}/{name}", batch)
    return LaneVectorEnv(free_seats, lanes, batch=batch) if chosen == "vec" else batch


def _scenario(track: Track, scenario: str | None) -> str:
    if scenario is None and len(track.scenarios) > 1:
        raise PalaestraError(f"Which scenario of {track.track_id}? It has {', '.join(map(repr, track.scenarios))}.")
    name = next(iter(track.scenarios)) if scenario is None else scenario
    if name not in track.scenarios:
        raise UnknownName(f"scenario of {track.track_id}", name, track.scenarios)
    return name


def _rules_and_seats(
    track: Track, scenario: str, more: dict[str, Any], demo: bool
) -> tuple[Rules[Any], dict[str, Any]]:
    """The rules with what the seated agents need, and those agents by seat."""
    from ... import rules

    options, named = track.options(scenario, more, demo=demo), track.seated(scenario)
    agents, _, whole = seat_agents(list(named.values()), list(named), options, known.spec)
    return rules(track.env_id, **whole), dict(zip(named, agents, strict=True))
