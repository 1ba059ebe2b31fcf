"""What palaestra's own agents declare, held against a manifest: nothing of the submitter runs for that."""

from __future__ import annotations

from collections.abc import Mapping

from ...core.errors import PalaestraError
from .manifest import AgentRecord


def check_declared(agent: AgentRecord) -> None:
    """Refuse a registered agent whose manifest hides a privilege, or adds one.

    Of an agent of the submitter's own only its source says what it asks for; running it again compares that
    (`palaestra verify FOLDER --agent`).

    Raises:
        PalaestraError: The agent's class declares other privileges than the manifest.
    """
    from ...agents import agents

    if agent.target not in agents:
        return
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
