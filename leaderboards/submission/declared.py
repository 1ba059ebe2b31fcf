"""What palaestra's own agents declare, held against a manifest: nothing of the submitter runs for that."""

from __future__ import annotations

from collections.abc import Mapping

from ...core.errors import PalaestraError
from .manifest import AgentRecord


def check_declared(agent: AgentRecord) -> None:
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
        raise PalaestraError(f"{agent.target!r} is neither a registered agent nor module:attribute of one's own.")
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
        raise PalaestraError(f"{target!r} lies in palaestra: give the name that {attribute} is registered under.")
