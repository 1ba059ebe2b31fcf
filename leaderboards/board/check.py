"""What a workflow checks on a pull request: the log only grew, accepted folders stayed, new folders verify."""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from ...core.errors import PalaestraError
from ..submission.log import Entry, check_extends, read_log
from ..submission.verify import Refused, verify
from .accept import LOG
from .on_board import read_board, waiting


@dataclass(frozen=True)
class Checked:
    """One submission that was looked at.

    Attributes:
        folder: Where it lies, under the board.
        reason: Why it is refused, or "".
    """

    folder: Path
    reason: str


def check_board(
    board: Path, since: str = "", *, progress: Callable[[int, int, str], None] | None = None
) -> tuple[Checked, ...]:
    """Check a board, and verify the submissions that are new on it.

    Args:
        board: Its folder.
        since: A git revision: what the log then held must still be there, and what was accepted then must not have
            changed. Folders that wait for acceptance are verified, and so are those accepted since; with "" the former
            alone.
        progress: Called with (folders done, folders, which).

    Raises:
        PalaestraError: A log that does not hold or lost entries, or an accepted folder that changed.
    """
    submissions, entries = read_board(board)
    older = _log_at(board, since) if since else entries
    check_extends(older, entries)
    new = [one.folder for one in submissions if one.entry is not None and one.entry.number >= len(older)]
    new += waiting(board, entries)
    if since:
        _check_untouched(board, since, older)
    found = []
    for done, folder in enumerate(new):
        if progress:
            progress(done, len(new), f"{folder.parent.name}/{folder.name}")
        found.append(Checked(folder, _refused(folder, entries)))
    return tuple(found)


def _refused(folder: Path, entries: Sequence[Entry]) -> str:
    """Why a submission does not hold, or ""."""
    try:
        verified = verify(folder, log=entries)
        if verified.manifest.track != folder.parent.name:
            raise Refused(f"It is of {verified.manifest.track} and lies under {folder.parent.name}.")
        for entry in entries:
            same = (entry.track, entry.digest) == (verified.manifest.track, verified.manifest.agent.digest)
            if same and entry.kind == "submission" and entry.folder != folder.name:
                raise Refused(f"This very agent is on the board already: entry {entry.number}, {entry.name!r}.")
    except Refused as refused:
        return str(refused)
    return ""


def _git(board: Path, *words: str) -> bytes:
    command = ["git", "-C", str(board), *words]
    try:
        return subprocess.run(command, check=True, capture_output=True).stdout
    except (OSError, subprocess.CalledProcessError) as error:
        told = getattr(error, "stderr", b"") or str(error).encode()
        raise PalaestraError(f"{' '.join(words)}: {told.decode(errors='replace').strip()}") from error


def _log_at(board: Path, revision: str) -> tuple[Entry, ...]:
    """The log as it was at a revision; empty where it was not there yet."""
    _git(board, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}")
    if not _git(board, "ls-tree", "--name-only", revision, "--", LOG).strip():
        return ()
    with TemporaryDirectory() as folder:
        older = Path(folder) / LOG
        older.write_bytes(_git(board, "show", f"{revision}:./{LOG}"))
        return read_log(older)


def _check_untouched(board: Path, since: str, older: Sequence[Entry]) -> None:
    """Refuse a change of what was accepted at that revision already."""
    names = _git(board, "diff", "--name-only", "-z", "--relative", since, "--", "submissions").decode().split("\0")
    accepted = {f"submissions/{entry.track}/{entry.folder}": entry for entry in older if entry.kind == "submission"}
    for name in filter(None, names):
        if entry := accepted.get("/".join(name.split("/")[:3])):
            raise PalaestraError(f"{name} changed, though it was accepted as entry {entry.number} of the log.")
