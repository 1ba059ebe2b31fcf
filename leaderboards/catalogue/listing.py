"""What there is: every registered member with one line, read without importing any of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ...core.errors import PalaestraError
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


def titled(member: Mapping[str, Any]) -> str:
    """The summary without the name that it may begin with, and with a capital."""
    summary = str(member["summary"])
    head, colon, rest = summary.partition(": ")
    text = rest if colon and " " not in head else summary
    return text[:1].upper() + text[1:]
