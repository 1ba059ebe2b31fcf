"""Where the pages of registered agents lie, as they were submitted by palaestra's own authors."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ..board.reserved_author import AUTHOR
from ..submission.log import Entry
from ..tracks.track import Track
from .page_name import page_name

ReferencePages = Mapping[str, Mapping[str, str]]
"""Environment -> agent -> path of its page within the site."""


def reference_pages(tracks: Sequence[Track], entries: Sequence[Entry]) -> ReferencePages:
    """The newest page of every reference agent on the tracks of each environment.

    Args:
        tracks: Those that have pages.
        entries: The log.
    """
    played = {track.track_id: track.env_id for track in tracks}
    found: dict[str, dict[str, str]] = {}
    for entry in entries:
        if entry.kind == "submission" and entry.author == AUTHOR and entry.track in played:
            page = page_name(entry.track, entry.name, entry.manifest)
            found.setdefault(played[entry.track], {})[entry.name] = page
    return found
