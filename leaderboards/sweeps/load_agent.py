"""Load an agent as its author wrote it, or say why it cannot be made."""

from __future__ import annotations

from typing import Any

from ...core.error_line import error_line
from ...core.errors import PalaestraError


def load_agent(target: str) -> Any:
    """The agent that a text names, as its author wrote it: with its traits, and not yet made to play many lanes.

    Args:
        target: A registered name or "module:attribute", with options in brackets if wanted.

    Raises:
        PalaestraError: One that cannot be made.
    """
    from ...agents import find
    from ...core.as_agent import as_agent

    try:
        agent = as_agent(find(target))
    except PalaestraError:
        raise
    except (Exception, SystemExit) as error:
        place, name = error_line(error), target.partition("(")[0]
        hint = f' Options go in brackets: "{name}(option=value)".' if isinstance(error, TypeError) else ""
        told = f"{type(error).__name__}: {error}{f' ({place})' if place else ''}."
        raise PalaestraError(f"The agent {target!r} cannot be made: {told}{hint}") from error
    return getattr(agent, "prototype", agent)
