"""The live facts of one registered member as plain values, for `palaestra show` and the pages."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable
from typing import Any

from ...core.errors import UnknownName
from ...core.registry import Member, options_of
from ...core.target import named_target
from .listing import registries
from .track_facts import track_facts


def describe(name: str) -> dict[str, Any]:
    """What a registered member, or "module:attribute" of the user's own, says of itself.

    Returns:
        `kind`, `name`, `summary`, `page` (Markdown), `options` (name, default, doc) and `facts` (label -> value).

    Raises:
        UnknownName: No room holds that name; the nearest is suggested.
    """
    rooms = registries()
    for kind, room in rooms.items():
        if name in room:
            return _described(kind, name, room[name])
    if ":" in name and (kind := _kind_of(named_target(name))):
        return _described(kind, name, rooms[kind].find(name))
    raise UnknownName("id", name, [known for room in rooms.values() for known in room], "palaestra list")


def _described(kind: str, name: str, member: Member[Any]) -> dict[str, Any]:
    options = [] if kind in ("metric", "track") else _options(member)
    base = {"kind": kind, "name": name, "summary": member.summary, "page": member.page}
    return base | {"options": options, "facts": _FACTS[kind](member)}


def _kind_of(found: Any) -> str:
    """What something of a user's own is; "" where it is nothing that has a page."""
    from ...core.metric import Metric
    from ...core.rules import Rules
    from ..tracks.track import Track

    if isinstance(found, Track):
        return "track"
    if isinstance(found, Metric):
        return "metric"
    if isinstance(found, type) and issubclass(found, Rules):
        needed = [one for one in options_of(found).values() if one.default is inspect.Parameter.empty]
        return "wrapper" if needed else "environment"
    if isinstance(found, type) and hasattr(found, "act"):
        return "agent"
    return "environment" if inspect.isfunction(found) else ""


def _options(member: Member[Any]) -> list[dict[str, Any]]:
    maker = member.load()
    docs = argument_docs(inspect.getdoc(maker) or "")
    found = []
    for name, parameter in options_of(maker).items():
        default = member.options.get(name, parameter.default)
        required = default is inspect.Parameter.empty
        found.append({"name": name, "default": None if required else default, "required": required})
        found[-1]["doc"] = docs.get(name, "")
    return found


def argument_docs(docstring: str) -> dict[str, str]:
    """Name -> text of the `Args:` section of a Google-style docstring."""
    section = re.search(r"^Args:\n((?:[ \t]+.*\n?|\n)+)", docstring, re.MULTILINE)
    docs: dict[str, str] = {}
    name = ""
    for line in section.group(1).splitlines() if section else ():
        entry = re.match(r"    (\w+): (.*)", line)
        if entry:
            name = entry.group(1)
            docs[name] = entry.group(2).strip()
        elif name and line.strip():
            docs[name] += " " + line.strip()
    return docs


def _environment(member: Member[Any]) -> dict[str, Any]:
    made = member.make()
    facts = made.facts
    low, high = facts.payoff_range
    listed = {
        "face": "gymnasium.Env" if made.single else "pettingzoo.ParallelEnv",
        "made by": f'palaestra.{"make" if made.single else "parallel_env"}("{member.name}")',
        "players": ", ".join(facts.players),
        "horizon": f"{facts.horizon} steps{'' if facts.lockstep else ' at most'}",
        "reward of a step": f"{low:g} to {high:g}" + ("" if facts.reward_observed else ", withheld from the learner"),
        "information": facts.information,
        "zero-sum": facts.zero_sum,
        "random after the start": facts.stochastic,
        "truth": f"{facts.optimum}: {facts.truth}" if facts.truth else facts.optimum,
        "metrics": ", ".join(facts.metrics),
        "replay": "exact" if facts.exact_replay else facts.replay_note,
    }
    if facts.partners:
        listed["partners"] = ", ".join(f"{seat}: {agent}" for seat, agent in facts.partners.items())
    for what, by_player in (("observation", made.observation_spaces), ("action", made.action_spaces)):
        shared = len(set(map(str, by_player))) == 1
        for player, space in zip(facts.players, by_player, strict=True):
            listed[what if shared else f"{what} of {player}"] = str(space)
    return listed


def _agent(member: Member[Any]) -> dict[str, Any]:
    maker = member.load()
    return {
        "plays": ", ".join(getattr(maker, "plays", ())) or "any environment whose spaces fit",
        "seats": getattr(maker, "seats", "player"),
        "random": getattr(maker, "stochastic", False),
        "learns": getattr(maker, "learns", True),
        "privileges": ", ".join(f"{key}={value}" for key, value in getattr(maker, "privileges", {}).items()) or "none",
    }


def _metric(member: Member[Any]) -> dict[str, Any]:
    metric = member.load()
    better = f"{metric.better} is better" if metric.better else "only describes"
    facts = {
        "meaning": metric.meaning.strip(),
        "unit": metric.unit,
        "better": better,
        "curve over time": metric.curve is not None,
    }
    if member.options:
        facts["options"] = ", ".join(f"{key}={value!r}" for key, value in member.options.items())
    return facts


def _track(member: Member[Any]) -> dict[str, Any]:
    return track_facts(member.load())


_FACTS: dict[str, Callable[[Member[Any]], dict[str, Any]]] = {
    "environment": _environment,
    "agent": _agent,
    "metric": _metric,
    "track": _track,
    "wrapper": lambda member: {},
    "baseline": lambda member: {},
}
