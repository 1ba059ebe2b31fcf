"""Every wrapper with its page and options."""

from __future__ import annotations

import re

from palaestra.docs.generator.markdown import table
from palaestra.leaderboards.catalogue.describe import describe
from palaestra.leaderboards.catalogue.listing import listing, short_summary


def wrappers_page() -> str:
    """The table, then a section a wrapper."""
    members = listing()["wrapper"]
    rows = [(f"[`wrappers.{one['name']}`](#{one['name'].lower()})", short_summary(one)) for one in members]
    text = "Each turns a game into another game, also a game of your own."
    return "\n".join(
        [
            f"# Wrappers\n\n{text}\n\n{table(('wrapper', 'what it is'), rows)}",
            *(_section(one["name"]) for one in members),
        ]
    )


def _section(name: str) -> str:
    told = describe(name)
    page = re.sub(r"^#+ ", "### ", told["page"].partition("\n")[2].strip(), flags=re.M)
    options = [
        (f"`{one['name']}`", "" if one["required"] else f"`{one['default']!r}`", one["doc"]) for one in told["options"]
    ]
    parts = [f"## {name}\n", page and page + "\n", table(("option", "default", "meaning"), options) if options else ""]
    return "\n".join(part for part in parts if part)
