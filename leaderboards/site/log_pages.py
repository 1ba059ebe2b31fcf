"""The log as pages: every entry, newest first, and the registrations without a submission."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from typing import Any

from ..board.season import Season
from ..submission.log import Entry
from .addresses import ENTRIES, chunks, log_page_name, log_place, page_name
from .board_state import BoardState
from .page_templates import render_page

NAMED = 50
"""Registrations without scores that are listed by name at the top; every one is marked in its row."""


def log_pages(
    entries: Sequence[Entry], tracks: Collection[str], built: str = "", season: Season | None = None
) -> Iterator[tuple[str, str]]:
    """Name and text of each page.

    Args:
        entries: The whole log.
        tracks: Those that have pages; others are no longer registered.
        built: Date of the build, for the foot of the page.
        season: The board's.
    """
    total = len(entries)
    followed = {entry.registration for entry in entries if entry.kind == "submission"}
    open_ones = [one for one in entries if one.kind == "registration" and one.hash not in followed]
    left = {one.hash for one in open_ones}
    for chunk in reversed(range(chunks(total))):
        own = entries[chunk * ENTRIES : (chunk + 1) * ENTRIES]
        yield (
            log_page_name(chunk, total),
            render_page(
                "log.html",
                root="",
                here="log",
                total=total,
                season=season or Season(),
                last=entries[-1].hash if entries else "",
                state=BoardState.of(entries, built),
                lines=[_line(entry, tracks, entry.hash in left) for entry in reversed(own)],
                open=[(entry, log_place(entry.number, total)) for entry in open_ones[::-1][:NAMED]],
                open_total=len(open_ones),
                pages=[(log_page_name(k, total), k * ENTRIES, k == chunk) for k in reversed(range(chunks(total)))],
            ),
        )


def _line(entry: Entry, tracks: Collection[str], is_open: bool) -> dict[str, Any]:
    known = entry.track in tracks
    page = page_name(entry.track, entry.name, entry.manifest) if known and entry.kind == "submission" else ""
    return {"entry": entry, "known": known, "page": page, "open": is_open}
