"""What moving code must not change: ids, options, facts, tracks and every metric of every reference, in tests/recorded.

Recorded before the package's files were moved. What is recorded must still be there with the same value; members,
options and fields that were added since are no difference. Texts that people read are left out. To use this file:

    python tests/members/test_recorded_values.py                   # compare to the bit, on the machine that recorded
    python tests/members/test_recorded_values.py exact NAME ...    # some of it: members, others, or a track
    python tests/members/test_recorded_values.py record [NAME ...] # record again, after values were changed on purpose
"""

import ast
import inspect
import json
import sys
from collections.abc import Iterator, Mapping
from dataclasses import fields
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

import palaestra
import pytest
from palaestra.agents import agents
from palaestra.baselines import baselines
from palaestra.envs import environments
from palaestra.leaderboards.tracks import tracks
from palaestra.metrics import metrics
from palaestra.wrappers import wrappers

RECORDED, GOLDEN = Path(__file__).parent / "recorded", Path(__file__).parent / "golden"
REGISTRIES: dict[str, Any] = {
    "environment": environments,
    "agent": agents,
    "metric": metrics,
    "wrapper": wrappers,
    "track": tracks,
    "baseline": baselines,
}
SEEDS, HORIZON = (7, 2**64 - 1), 36
"""Two lanes; a horizon that is a multiple of 2 and 3, the steps of a round, and lets learners learn something."""

TOLERANCE = 1e-12
"""Of 1 or of a number's size, as for the golden plays: logarithms and matrix products differ between processors."""

NO_TRACK = "others"
"""The file of the agents that are no track's reference or opponent."""

UNDECLARED = {"repeated-adaptive-v0": ("block_rp_regret", "rp_regret_at_least", "switching_rp_regret")}
"""Metrics that no environment declares, and the track on which they are measured."""

TRAITS = ("batched", "stochastic", "learns", "privileges", "needs", "plays", "seats")
KEYWORD_ONLY = " (keyword only)"
PROSE = {"truth", "replay_note"}
DRAWINGS_AND_PROSE = {"about", "pictures"}


def _options(member: Any) -> dict[str, str]:
    """Option -> default (the registration line's where that has one), and whether it is taken by keyword only."""
    found = {}
    for parameter in inspect.signature(member.load()).parameters.values():
        default = member.options.get(parameter.name, parameter.default)
        shown = "required" if default is inspect.Parameter.empty else repr(default)
        by_name = parameter.kind is inspect.Parameter.KEYWORD_ONLY
        found[parameter.name] = shown + (KEYWORD_ONLY if by_name else "")
    return found


def _registration(kind: str, member: Any) -> dict[str, str]:
    """A metric's registration options are left out: they say how its file is arranged, nobody types them."""
    shown = {} if kind == "metric" else {key: repr(value) for key, value in member.options.items()}
    return {"kind": member.kind, **shown}


def _environment(env_id: str) -> dict[str, Any]:
    rules = palaestra.rules(env_id)
    facts = {f.name: repr(getattr(rules.facts, f.name)) for f in fields(rules.facts) if f.name not in PROSE}
    return {
        "facts": facts,
        "single": rules.single,
        "observations": [repr(space) for space in rules.observation_spaces],
        "actions": [repr(space) for space in rules.action_spaces],
        "told": [sorted(rules.public_of(player)) for player in range(len(rules.facts.players))],
    }


def _track(name: str) -> dict[str, str]:
    track = tracks[name].load()
    return {f.name: repr(getattr(track, f.name)) for f in fields(track) if f.name not in DRAWINGS_AND_PROSE}


def _metric(name: str) -> dict[str, Any]:
    metric = metrics[name].load()
    given = {part: getattr(metric, part) is not None for part in ("curve", "bound", "witness")}
    return {"better": metric.better, "unit": metric.unit, "optimum": metric.optimum, **given}


def _members() -> dict[str, Any]:
    """Everything but metric values, by what a difference is to be called."""
    return {
        "registration": {k: {name: _registration(k, room[name]) for name in room} for k, room in REGISTRIES.items()},
        "options": {
            kind: {name: _options(REGISTRIES[kind][name]) for name in REGISTRIES[kind]}
            for kind in ("environment", "agent", "wrapper")
        },
        "environment": {name: _environment(name) for name in environments},
        "traits": {name: ", ".join(repr(getattr(agents[name].load(), key)) for key in TRAITS) for name in agents},
        "metric": {name: _metric(name) for name in metrics},
        "track": {name: _track(name) for name in tracks},
        "golden": {file.stem: sha256(file.read_bytes()).hexdigest() for file in GOLDEN.glob("*.npz")},
    }


def _cells(name: str) -> Iterator[str]:
    """`scenario / agent` for a track; `environment / agent` for the agents of no track."""
    if name != NO_TRACK:
        track = tracks[name].load()
        yield from (f"{scenario} / {agent}" for scenario in track.scenarios for agent in track.references)
        return
    known = [track.load() for track in tracks.values()]
    seated = {
        agent for track in known for seats in (track.seats, *track.opponents.values()) for agent in seats.values()
    }
    for agent in set(agents) - seated.union(*(track.references for track in known)):
        yield from (f"{env_id} / {agent}" for env_id in agents[agent].make().plays or environments)


def _played(name: str, cell: str) -> Any:
    """The trace of a cell: a reference in its track's seats, or an agent of no track in the first seat it may take."""
    place, agent = cell.split(" / ")
    if name != NO_TRACK:
        track = tracks[name].load()
        options = {**track.scenarios[place], **track.demo, "horizon": HORIZON}
        others = {**track.seats, **track.opponents.get(place, {})}
        seats = {seat: others.get(seat, agent) for seat in palaestra.rules(track.env_id, **options).facts.players}
        return palaestra.run(track.env_id, seats, SEEDS, options=options, action_bits=track.action_bits)
    made = agents[agent].make()
    options = {"horizon": HORIZON, **made.needs, **made.privileges}
    facts = palaestra.rules(place, **options).facts
    own = next(seat for seat in facts.players if seat.startswith(made.seats))
    seats = {seat: agent if seat == own else facts.partners.get(seat, "Uniform") for seat in facts.players}
    return palaestra.run(place, seats, SEEDS, options=options)


def _values(name: str, cell: str) -> dict[str, list[float]]:
    """Metric -> one value a seed: every metric the environment declares, and what all players earned."""
    trace = _played(name, cell)
    measured = palaestra.evaluate(trace)
    measured |= palaestra.evaluate(trace, UNDECLARED.get(name, ()))
    measured["earned"] = sum(reward.sum(axis=0) for reward in trace.rewards)
    return {metric: [float(value) for value in values] for metric, values in measured.items()}


def _leaves(value: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Any]]:
    """Every plain value of nested records, with the words that lead to it."""
    if isinstance(value, Mapping):
        for key, part in value.items():
            yield from _leaves(part, (*path, key))
    elif isinstance(value, list) and len(value) == len(SEEDS) and all(isinstance(part, float) for part in value):
        for seed, part in zip(SEEDS, value, strict=True):
            yield (*path, f"seed {seed}"), part
    else:
        yield path, value


def _same(before: Any, now: Any, tolerance: float) -> bool:
    if isinstance(before, float) and isinstance(now, float) and before == before:
        return before == now or abs(before - now) <= tolerance * max(1.0, abs(before))
    return bool(before == now) or (before != before and now != now)


def _first_difference(before: Any, now: Any, tolerance: float = TOLERANCE) -> str:
    """Where the first recorded value is that is gone or another now, with both; empty where there is none."""
    present = dict(_leaves(now))
    for path, value in _leaves(before):
        where = ", ".join(path)
        if path not in present:
            return f"{where}: before {value!r}, now gone"
        if not _same(value, present[path], tolerance):
            return f"{where}: before {value!r}, now {present[path]!r}"
    return ""


@cache
def _recorded(name: str) -> Any:
    return json.loads((RECORDED / f"{name}.json").read_text("utf-8"))


VALUES = sorted(file.stem for file in RECORDED.glob("*.json") if file.stem != "members")
HINT = "If it was meant to change: python tests/members/test_recorded_values.py record"


@pytest.mark.parametrize("part", ["registration", "options", "environment", "traits", "metric", "track", "golden"])
def test_members_are_as_recorded(part: str) -> None:
    """Ids, kinds and options; spaces and facts; traits of agents; directions of metrics; tracks; golden plays."""
    difference = _first_difference({part: _recorded("members")[part]}, {part: _members()[part]})
    assert not difference, f"{difference}. {HINT}"


@pytest.mark.parametrize("name", VALUES)
def test_metric_values_are_as_recorded(name: str) -> None:
    """To 1e-12 of 1 or of their size (`exact` compares to the bit)."""
    for cell, before in _recorded(name).items():
        difference = _first_difference(before, _values(name, cell))
        assert not difference, f"{name}, {cell}: {difference}. {HINT}"


def test_recorded_defaults_given_by_keyword_make_the_same_environment() -> None:
    """However its arguments are arranged, the old keywords are accepted and mean the same."""
    for env_id, options in _recorded("members")["options"]["environment"].items():
        texts = {name: default.removesuffix(KEYWORD_ONLY) for name, default in options.items()}
        given = palaestra.rules(env_id, **{name: ast.literal_eval(default) for name, default in texts.items()})
        left_out = palaestra.rules(env_id)
        assert given.facts == left_out.facts, env_id
        assert given.observation_spaces == left_out.observation_spaces, env_id
        assert given.action_spaces == left_out.action_spaces, env_id


def test_every_recorded_agent_and_metric_has_values() -> None:
    measured, seated = set(), set()
    for name in VALUES:
        for cell, values in _recorded(name).items():
            measured |= values.keys()
            seated.add(cell.split(" / ")[1])
    registered = _recorded("members")["registration"]
    assert registered["metric"].keys() <= measured
    opponents = {"BestResponder", "Stubborn", "DrawnReactive", "DrawnDrifting", "DrawnDecaying"}
    assert registered["agent"].keys() <= seated | opponents
    assert registered["track"].keys() <= set(VALUES)


def test_an_altered_value_is_named_with_its_seed() -> None:
    before = {"welfare": [0.5, 0.25], "regret": [float("nan"), 1e9]}
    assert _first_difference(before, {"welfare": [0.5 + 1e-13, 0.25], "regret": [float("nan"), 1e9 + 1e-4]}) == ""
    altered = {"welfare": [0.5, 0.25 + 1e-9], "regret": [float("nan"), 1e9]}
    assert _first_difference(before, altered) == f"welfare, seed {SEEDS[1]}: before 0.25, now 0.250000001"
    assert "seed 7: before nan, now 0.0" in _first_difference(before, {**before, "regret": [0.0, 1e9]})
    assert "seed 7: before 0.5, now nan" in _first_difference(before, {**before, "welfare": [float("nan"), 0.25]})
    assert "seed 7: before 0.5" in _first_difference(before, {**before, "welfare": [0.5 + 1e-13, 0.25]}, 0.0)


def test_a_lost_id_and_a_changed_default_are_named_and_an_addition_is_none() -> None:
    before = {"agent": {"Exp3": {"rate": "None"}, "Hedge": {"rate": "0.1"}}}
    added = {"agent": {**before["agent"], "Exp4": {"rate": "1"}, "Hedge": {"rate": "0.1", "decay": "0"}}}
    assert _first_difference(before, added) == ""
    lost = {"agent": {"Exp3": {"rate": "None"}}}
    assert _first_difference(before, lost) == "agent, Hedge, rate: before '0.1', now gone"
    changed = {"agent": {**before["agent"], "Hedge": {"rate": "0.2"}}}
    assert _first_difference(before, changed) == "agent, Hedge, rate: before '0.1', now '0.2'"


def test_the_record_is_small() -> None:
    assert sum(file.stat().st_size for file in RECORDED.glob("*.json")) < 200_000


def _lines(record: Mapping[str, Any]) -> str:
    """JSON with a line for each part, so that a diff shows which changed."""
    parts = (f"{json.dumps(key)}: {json.dumps(record[key], separators=(',', ':'))}" for key in record)
    return "{\n" + ",\n".join(parts) + "\n}\n"


if __name__ == "__main__":
    command, *chosen = sys.argv[1:] or ["exact"]
    changed = False
    for one in chosen or ["members", NO_TRACK, *tracks]:
        made = _members() if one == "members" else {cell: _values(one, cell) for cell in sorted(_cells(one))}
        if command == "record":
            (RECORDED / f"{one}.json").write_text(_lines(made), "utf-8")
        difference = _first_difference(_recorded(one), made, 0.0)
        print(f"{one}: {difference or 'equal to the bit'}")
        changed |= bool(difference)
    sys.exit(changed)
