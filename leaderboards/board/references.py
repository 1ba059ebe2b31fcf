"""Submit, verify and accept the reference agents, exactly as anyone's agent."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from ..submission.claims import track_digest
from ..submission.log import Entry, read_log
from ..submission.manifest import Manifest
from ..submission.submit import Submitter, submit
from ..tracks.track import Track
from .accept import LOG, accept
from .board_submission import BoardSubmission, read_board, waiting
from .reserved_author import AUTHOR
from .season import Season


def accept_references(
    tracks: Sequence[Track],
    board: Path,
    *,
    work: Path,
    workers: int = 0,
    on: str = "",
    progress: Callable[[float, int, str], None] | None = None,
) -> Iterator[Entry]:
    """Submit and accept every reference agent that is not on its track's board as the track is now.

    A killed run goes on where it was: what is accepted is on the board, a folder that a kill left there without its
    entry is verified and gets it, and finished jobs lie in `work`.

    Args:
        tracks: Whose references.
        board: The board's folder.
        work: Where results lie meanwhile.
        workers: Number of processes; 0 means one per core.
        on: Date of the entries; "": today, UTC.
        progress: Called with (jobs of one agent done, jobs, what runs).

    Yields:
        Each new entry of the log.
    """
    for left in waiting(board, read_log(board / LOG)):
        if Manifest.read(left / "manifest.json").agent.author == AUTHOR:
            yield accept(left, board, on=on, reference=True)
    submissions, _ = read_board(board)
    season = Season.of(board)
    for track in map(season.track, tracks):
        there = _there(track, submissions)
        for agent in track.references:
            if agent not in there:
                with TemporaryDirectory(dir=work.parent if work.parent.is_dir() else None) as folder:
                    submitter = Submitter(agent, AUTHOR)
                    made = submit(
                        track, agent, submitter, Path(folder) / "made", work=work, workers=workers, progress=progress
                    )
                    yield accept(made, board, on=on, reference=True)


def _there(track: Track, submissions: Sequence[BoardSubmission]) -> set[str]:
    """The references that were measured on the track as it is."""
    digest = track_digest(track)
    agents = [one.manifest.agent for one in submissions if one.manifest.track_digest == digest]
    return {agent.name for agent in agents if agent.author == AUTHOR}
