"""The addresses of pages within a site."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path

from ...core.files import file_digest
from ..board.reserved_author import AUTHOR
from ..submission.log import Entry
from ..submission.manifest import Manifest
from ..tracks.track import Track


def page_name(track: str, name: str, digest: str) -> str:
    """The path of an agent's page within the site, safe in a URL and on disks that know no upper case.

    Args:
        track: The track's id.
        name: What the agent is called; strangers' text.
        digest: SHA-256 of its manifest, which keeps two agents of one name apart.
    """
    slug = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")[:40].strip("-") or "agent"
    return f"agents/{track}/{slug}-{digest[:16]}.html"


ENTRIES = 400
"""On a page."""


def log_page_name(chunk: int, total: int) -> str:
    """The page of the entries ENTRIES * chunk to ENTRIES * (chunk + 1) - 1; the newest is `log.html`."""
    return "log.html" if chunk >= chunks(total) - 1 else f"log-{chunk + 1}.html"


def chunks(total: int) -> int:
    """How many pages a log of so many entries has, one at least."""
    return max(-(-total // ENTRIES), 1)


def log_place(number: int, total: int) -> str:
    """The address of an entry within the site."""
    return f"{log_page_name(number // ENTRIES, total)}#entry-{number}"


def preview_page(folder: Path) -> str:
    """The path of its page within a site.

    Args:
        folder: The submission, which was verified.
    """
    manifest = Manifest.read(folder / "manifest.json")
    return page_name(manifest.track, manifest.agent.name, file_digest(folder / "manifest.json"))


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
