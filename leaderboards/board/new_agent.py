"""An agent is on a track's board once."""

from __future__ import annotations

from collections.abc import Iterable

from ..submission.log import Entry
from ..submission.manifest import Manifest
from ..submission.verify import Refused


def check_new_agent(manifest: Manifest, entries: Iterable[Entry], folder: str = "") -> None:
    """Refuse an agent that a track's board has already, under whatever name.

    Args:
        manifest: Of the submission.
        entries: The log.
        folder: Name of the folder whose own entry is none to be refused for; "": there is none yet.

    Raises:
        Refused: It is there; names the entry.
    """
    for entry in entries:
        same = (entry.kind, entry.track, entry.digest) == ("submission", manifest.track, manifest.agent.digest)
        if same and entry.folder != folder:
            raise Refused(
                f"This very agent is on {entry.track} already: entry {entry.number}, {entry.name!r} by "
                f"{entry.author!r}, in {entry.folder}/. Leave this folder out."
            )
