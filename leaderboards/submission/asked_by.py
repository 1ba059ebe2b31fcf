"""What an agent itself asks of an environment: the attributes `needs` and `privileges`."""

from __future__ import annotations

import json
from typing import Any


def asked_by(agent: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """What an agent needs, and its privileges, as JSON holds them.

    Args:
        agent: "module:attribute(option=value)" or a registered name; it is made, so its code runs.
    """
    from ...agents import find

    made = find(agent)
    needs, privileges = (json.loads(json.dumps(dict(getattr(made, what, {})))) for what in ("needs", "privileges"))
    return needs, privileges
