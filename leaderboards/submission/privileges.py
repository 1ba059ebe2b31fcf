"""What an agent may ask of an environment beyond a scenario's options."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from ...core.agent_spec import AgentSpec
from ...core.errors import PalaestraError
from ...core.escape_text import escape_text
from ..tracks.track import Track
from .manifest import AgentRecord


def check_needs_and_privileges(track: Track, needs: Mapping[str, Any], privileges: Mapping[str, Any]) -> None:
    """Refuse an agent that would be given another task, or be told more than the track tells any oracle.

    `needs` fill in options that a scenario leaves open: a shorter horizon, an easier table, another budget. So in a
    track they may only name what every scenario sets, where they change nothing. `privileges` override a scenario; they
    may only be those the track lists, and mark an oracle, which has no rank.

    Raises:
        PalaestraError: Named by the option, with what is allowed.
    """
    for key, value in needs.items():
        if not all(key in options for options in track.scenarios.values()):
            raise PalaestraError(
                f"The agent needs {_said(key, value)}, which scenarios of {track.track_id} do not set. Agents must be "
                f"compared on one task."
            )
    for key, value in privileges.items():
        allowed = track.privileges.get(key, ())
        if not isinstance(value, str) or value not in allowed:
            listed = {name: list(values) for name, values in track.privileges.items()}
            raise PalaestraError(
                f"The agent asks for {_said(key, value)}; privileges of {track.track_id} are {listed or 'none'}."
            )


def _said(key: str, value: Any) -> str:
    """An option as a stranger wrote it, short and harmless."""
    return escape_text(f"{key[:100]}={repr(value)[:100]}")


def needs_and_privileges(agent: AgentSpec) -> tuple[dict[str, Any], dict[str, Any]]:
    """What an agent needs, and its privileges, as JSON holds them.

    Args:
        agent: It is made, so its code runs.
    """
    needs, privileges = (json.loads(json.dumps(one)) for one in (agent.traits.needs, agent.traits.privileges))
    return needs, privileges


def check_declared_privileges(agent: AgentRecord) -> None:
    """Refuse a registered agent whose manifest hides a privilege, or adds one; and other words for such an agent.

    Of an agent of the submitter's own only its source says what it asks for; running it again compares that
    (`palaestra verify FOLDER --agent`).

    Raises:
        PalaestraError: The agent's class declares other privileges than the manifest, or the target is neither a
            registered name nor module:attribute of the submitter's own.
    """
    from ...agents import agents

    check_own_module(agent.target)
    if ":" in agent.target:
        return
    if agent.target not in agents:
        raise PalaestraError(f"{agent.target!r} is neither a registered agent nor a module:attribute of the submitter.")
    try:
        made = agents[agent.target].load()
    except ImportError:  # it needs an extra that is not installed here
        return
    declared = getattr(made, "privileges", {})
    if isinstance(declared, Mapping) and dict(declared) != agent.privileges:
        raise PalaestraError(
            f"{agent.target} has the privileges {dict(declared) or 'none'}, the manifest says "
            f"{agent.privileges or 'none'}."
        )


def check_own_module(target: str) -> None:
    """Refuse palaestra's own modules as modules of the submitter's: what lies there is registered under a name.

    Raises:
        PalaestraError: "palaestra.…:attribute".
    """
    module, colon, attribute = target.partition(":")
    if colon and module.strip().partition(".")[0] == "palaestra":
        raise PalaestraError(f"{target!r} is part of palaestra: give the name under which {attribute} is registered.")
