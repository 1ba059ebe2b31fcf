"""Write all files of one track: its board's page, its agents' pages, its numbers as JSON."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from ..board.board import Board
from ..board.board_submission import BoardSubmission, read_entries
from ..submission.log import Entry
from ..tracks.track import Track
from .agent_page import agent_page
from .agent_rows import agent_rows
from .board_page import board_page
from .track_document import track_document
from .write_site_file import write_site_file


@dataclass(frozen=True)
class TrackWork:
    """What the pages of a track are made of; a process of its own may do it.

    Attributes:
        track: The track.
        board: The board's folder.
        entries: The log's entries of this track.
        total: How many entries the whole log has, which decides where each stands.
        previews: Submissions that are not accepted, verified.
        folder: Where the site is being written.
    """

    track: Track
    board: Path
    entries: Sequence[Entry]
    total: int
    previews: Sequence[BoardSubmission]
    folder: Path


def track_pages(work: TrackWork) -> dict[str, str]:
    """Write the pages.

    Returns:
        Path within the site -> SHA-256 of the file.
    """
    submissions = [*read_entries(work.board, work.entries), *work.previews]
    board = Board.of(work.track, submissions, work.entries)
    rows = agent_rows(board, work.entries)
    name = work.track.track_id
    document = json.dumps(track_document(board, rows), allow_nan=False, default=str, separators=(",", ":"))
    made = {
        f"tracks/{name}.html": write_site_file(
            work.folder, f"tracks/{name}.html", board_page(board, rows, work.entries)
        ),
        f"tracks/{name}.json": write_site_file(work.folder, f"tracks/{name}.json", document + "\n"),
    }
    for place, row in enumerate(rows):
        made[row.page] = write_site_file(
            work.folder, row.page, agent_page(board, rows, place, work.entries, work.total)
        )
    return made
