"""The list of all registered members, one line each, made without importing any of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ...core.registry import Registry


def registries() -> dict[str, Registry[Any]]:
    """Every room's registry by what its members are called."""
    from ...agents import agents
    from ...envs import environments
    from ...metrics import metrics
    from ...wrappers import wrappers
    from ..tracks import tracks

    return {"environment": environments, "agent": agents, "metric": metrics, "track": tracks, "wrapper": wrappers}


def listing() -> dict[str, list[dict[str, Any]]]:
    """Kind -> members, each with name, summary, options of its registration line, and an environment's face."""
    return {
        kind: [
            {"name": name, "summary": room[name].summary}
            | ({"face": room[name].kind} if room[name].kind else {})
            | ({"options": dict(room[name].options)} if room[name].options else {})
            for name in room
        ]
        for kind, room in registries().items()
    }


def short_summary(member: Mapping[str, Any]) -> str:
    """The summary without the name that it may begin with, and with a capital."""
    summary = str(member["summary"])
    head, colon, rest = summary.partition(": ")
    text = rest if colon and " " not in head else summary
    return text[:1].upper() + text[1:]
