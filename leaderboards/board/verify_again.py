"""Verify accepted submissions again."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from ...core.version import VERSION
from ..submission.claims import played_track, track_digest
from ..submission.log import Entry
from ..submission.manifest import Manifest
from ..submission.verify import Refused, verify
from .board_submission import BoardSubmission
from .check_board import CheckedFolder
from .check_entry import check_entry


@dataclass(frozen=True)
class VerifiedAgain:
    """What came of it.

    Attributes:
        verified: Submissions that were replayed.
        differences: Those of them that no longer hold, and why.
        without_traces: Passed over, since their traces do not lie here.
        of_older_rules: Passed over, since they were made with another version of palaestra, or on the track as it no
            longer is.
    """

    verified: int
    differences: tuple[CheckedFolder, ...]
    without_traces: int
    of_older_rules: int


def verify_again(
    submissions: Sequence[BoardSubmission],
    entries: Sequence[Entry],
    progress: Callable[[float, int, str], None] | None = None,
) -> VerifiedAgain:
    """Replay every accepted submission that can be replayed here, and hold its entry and findings against the result.

    Args:
        submissions: The accepted ones.
        entries: The log.
        progress: Called with (submissions done and shares of the one that runs, submissions, which).
    """
    here = [one for one in submissions if (one.folder / "traces").is_dir()]
    fresh = [one for one in here if _is_fresh(one.manifest)]
    differences = []
    for done, one in enumerate(fresh):
        name = f"{one.folder.parent.name}/{one.folder.name}"

        def report(part: int, whole: int, now: str, done: int = done, name: str = name) -> None:
            if progress:
                progress(done + part / whole, len(fresh), name)

        try:
            verified = verify(one.folder, log=entries, progress=report)
            assert one.entry is not None
            check_entry(one.entry, one.folder, verified)
        except Refused as refused:
            differences.append(CheckedFolder(one.folder, str(refused)))
    return VerifiedAgain(len(fresh), tuple(differences), len(submissions) - len(here), len(here) - len(fresh))


def _is_fresh(manifest: Manifest) -> bool:
    """Whether this version of palaestra, with its tracks, can judge it."""
    from ..tracks import tracks

    if manifest.version != VERSION or manifest.track not in tracks:
        return False
    return manifest.track_digest == track_digest(played_track(tracks[manifest.track].load(), manifest))
