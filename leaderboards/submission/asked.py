"""What an agent may ask of an environment beyond a scenario's options."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ...core.errors import PalaestraError
from ...core.escaped_text import escaped_text
from ..tracks.track import Track


def check_asked(track: Track, needs: Mapping[str, Any], privileges: Mapping[str, Any]) -> None:
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
                f"The agent needs {_said(key, value)}, which scenarios of {track.track_id} leave as it is: agents are "
                "compared on one task."
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
    return escaped_text(f"{key[:100]}={repr(value)[:100]}")
