"""Where the page of a submission lies."""

from __future__ import annotations

import re


def page_name(track: str, name: str, digest: str) -> str:
    """The path of an agent's page within the site, safe in a URL and on disks that know no upper case.

    Args:
        track: The track's id.
        name: What the agent is called; strangers' text.
        digest: SHA-256 of its manifest, which keeps two agents of one name apart.
    """
    slug = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")[:40].strip("-") or "agent"
    return f"agents/{track}/{slug}-{digest[:16]}.html"
