"""The command that makes a table again."""

from __future__ import annotations

import shlex
from collections.abc import Sequence

from ..leaderboards.tracks.track import Track


def command_text(track: Track, agents: Sequence[str], seeds: int | None, options: Sequence[str], demo: bool) -> str:
    """A `palaestra bench` line for a shell, without what is the default."""
    words = ["palaestra", "bench", track.track_id]
    left = [agent for agent in track.references if agent in agents]
    if left != list(track.references):
        words += ["--only-agents", ",".join(left) or "none"]
    for agent in agents:
        if agent not in left:
            words += ["--agent", agent]
    words += [] if seeds is None else ["--seeds", str(seeds)]
    for option in options:
        words += ["--option", option]
    return shlex.join(words + (["--demo"] if demo else []))
