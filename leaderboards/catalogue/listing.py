"""The list of all registered members, one line each, made without importing any of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ...core.errors import PalaestraError, UnknownName
from ...core.plugins import broken_plugins
from ...core.registry import Member, Registry


def registries() -> dict[str, Registry[Any]]:
    """Every room's registry by what its members are called."""
    from ...agents import agents
    from ...baselines import baselines
    from ...envs import environments
    from ...metrics import metrics
    from ...wrappers import wrappers
    from ..tracks import tracks

    rooms: dict[str, Registry[Any]] = {
        "environment": environments,
        "agent": agents,
        "metric": metrics,
        "track": tracks,
        "wrapper": wrappers,
    }
    return rooms | ({"baseline": baselines} if len(baselines) else {})


def environment_faces() -> dict[str, str]:
    """Id -> "single" or "parallel" of every environment; those of other packages that cannot be made are left out."""
    environments = registries()["environment"]
    found: dict[str, str] = {}
    for name, member in environments.items():
        try:
            found[name] = member.kind or ("single" if member.make().single else "parallel")
        except Exception as error:  # somebody else's package must not keep the rest from its pages
            if not member.outside:
                raise
            environments.exclude(name, f"{type(error).__name__}: {error}")
    return found


def listing(own: bool = False) -> dict[str, list[dict[str, Any]]]:
    """Kind -> members, each with name, summary, options of its registration line, and an environment's face.

    Members of other packages say whose they are. What is broken among them is under "broken", if there is anything.

    Args:
        own: Leave out members of other packages.
    """
    found: dict[str, list[dict[str, Any]]] = {}
    broken: list[dict[str, Any]] = []
    for kind, room in registries().items():
        found[kind] = []
        for name, member in room.items():
            if own and member.outside:
                continue
            try:
                found[kind].append(_line(name, member))
            except PalaestraError as error:
                if not member.outside:
                    raise
                room.exclude(name, str(error))
        broken += [
            {"kind": kind, "name": one.name, "package": one.package, "reason": one.reason} for one in room.broken
        ]
    broken += [
        {"kind": "plug-in", "name": module, "package": module, "reason": reason}
        for module, reason in broken_plugins().items()
    ]
    return found | ({"broken": broken} if broken and not own else {})


def _line(name: str, member: Member[Any]) -> dict[str, Any]:
    return (
        {"name": name, "summary": member.summary}
        | ({"face": member.kind} if member.kind else {})
        | ({"options": dict(member.options)} if member.options else {})
        | ({"package": member.origin} if member.outside else {})
    )


def short_summary(member: Mapping[str, Any]) -> str:
    """The summary without the name that it may begin with, and with a capital."""
    summary = str(member["summary"])
    head, colon, rest = summary.partition(": ")
    text = rest if colon and " " not in head else summary
    return text[:1].upper() + text[1:]


def selected_listing(kind: str | None = None, env_id: str | None = None) -> dict[str, list[dict[str, Any]]]:
    """The listing, or the part of it that somebody asks for.

    Args:
        kind: "environments", "agents", "metrics", "tracks" or "wrappers" (or the singular); None: all of them.
        env_id: Only members for this environment: itself, agents that play it, metrics that it or its tracks declare,
            and its tracks. Wrappers belong to no environment and are left out.

    Raises:
        UnknownName: No such kind or environment.
        PalaestraError: Wrappers of an environment.
    """
    everything = listing()
    if kind is not None:
        one = kind.removesuffix("s")
        if one not in everything:
            raise UnknownName("kind", kind, [f"{name}s" for name in everything])
        everything = {one: everything[one]}
    if env_id is None:
        return everything
    if kind is not None and "wrapper" in everything:
        raise PalaestraError("Wrappers belong to no environment: `palaestra list wrappers` lists them without --env.")
    names = _names_for(env_id)
    return {
        kind: [member for member in members if member["name"] in names[kind]]
        for kind, members in everything.items()
        if kind in names
    }


def _names_for(env_id: str) -> dict[str, set[str]]:
    """Kind -> the members that are for an environment."""
    rooms = registries()
    facts = rooms["environment"][env_id].make().facts
    plays = {name: getattr(member.load(), "plays", ()) for name, member in rooms["agent"].items()}
    tracks = [track for member in rooms["track"].values() if (track := member.load()).env_id == env_id]
    return {
        "environment": {env_id},
        "agent": {name for name, played in plays.items() if not played or env_id in played},
        "metric": {*facts.metrics, *(metric for track in tracks for metric in track.metrics)},
        "track": {track.track_id for track in tracks},
    }
