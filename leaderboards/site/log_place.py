"""Where an entry of the log stands: pages of a few hundred entries, the newest first."""

from __future__ import annotations

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
