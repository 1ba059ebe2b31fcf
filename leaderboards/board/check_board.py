"""What a workflow checks on a pull request: the log only grew, accepted folders are unchanged, new folders verify."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from ...core.errors import PalaestraError
from ...core.escape_text import escape_text
from ..submission.log import Entry, check_extends, read_log
from ..submission.verify import Refused, verify
from .accept import LOG
from .board_submission import read_board, waiting
from .check_accepted_files import check_accepted_files
from .check_entry import check_entry, check_new_agent
from .folder_name import check_folder_name
from .git import changed_files, commit_of, git
from .reserved_author import check_author


@dataclass(frozen=True)
class BoardCheck:
    """What a check found; whatever is wrong with the board itself is raised.

    Attributes:
        submissions: Those that are new.
        accepted: How many were accepted in all.
        without_traces: How many of these have traces or weights that do not lie here, so that they cannot be replayed.
    """

    submissions: tuple[CheckedFolder, ...]
    accepted: int
    without_traces: int


def check_board(
    board: Path, since: str = "", *, proposal: bool = False, progress: Callable[[int, int, str], None] | None = None
) -> BoardCheck:
    """Check a board, and verify the submissions that are new on it.

    Of what was accepted every file is hashed, traces that lie here too, and none is replayed (`verify_again` does).

    Args:
        board: Its folder; no link.
        since: A git revision: what the log then held must still be there, and what was accepted then must not have
            changed. Folders that wait for acceptance are verified, and so are those accepted since; with "" the former
            alone.
        proposal: What came since is a stranger's: the log must be as it was, since whoever writes an entry decides its
            hash, and nothing but submissions, without findings, may have been added to the board's folder of them.
        progress: Called with (folders done, folders, which).

    Raises:
        PalaestraError: A board that is a link, a log that does not hold or lost entries, or an accepted folder that is
            not what was accepted.
    """
    check_no_link(board)
    since = commit_of(board, since) if since else ""
    touched = changed_files(board, since, LOG, "submissions") if since else ()
    if proposal:
        _check_kinds(touched)
    submissions, entries = read_board(board)
    older = _log_at(board, since) if since else entries
    check_extends(older, entries)
    new = [one.folder for one in submissions if one.entry is not None and one.entry.number >= len(older)]
    new += waiting(board, entries)
    _check_untouched(touched, older)
    whole = [check_accepted_files(one.folder, one.manifest, one.entry) for one in submissions if one.entry is not None]
    if proposal:
        _check_places(board, touched, new)
    found = []
    held: dict[tuple[str, str], Path] = {}
    for done, folder in enumerate(new):
        if progress:
            progress(done, len(new), f"{folder.parent.name}/{folder.name}")
        found.append(CheckedFolder(folder, _refused(folder, entries, proposal, held)))
    return BoardCheck(tuple(found), len(whole), whole.count(False))


def _refused(folder: Path, entries: Sequence[Entry], proposal: bool, held: dict[tuple[str, str], Path]) -> str:
    """Why a submission does not hold, or ""; `held`: (track, digest) -> the folders before it that do."""
    try:
        if proposal and os.path.lexists(folder / "findings.json"):
            raise Refused("It contains a findings.json: leave it out, acceptance writes that file.")
        verified = verify(folder, log=entries)
        manifest = verified.manifest
        if manifest.track != folder.parent.name:
            raise Refused(f"It was made for {manifest.track} but is stored under {folder.parent.name}.")
        if proposal:
            check_author(manifest.agent.author)
        check_folder_name(folder)
        for entry in entries:
            if (entry.track, entry.folder) == (manifest.track, folder.name):
                check_entry(entry, folder, verified)
        check_new_agent(manifest, entries, folder.name)
        if other := held.get((manifest.track, manifest.agent.digest)):
            raise Refused(f"It is the same agent as {other.name}/, which is also new: leave one of the two out.")
        held[manifest.track, manifest.agent.digest] = folder
    except Refused as refused:
        return str(refused)
    return ""


def _log_at(board: Path, revision: str) -> tuple[Entry, ...]:
    """The log as it was at a revision; empty where it was not there yet."""
    if not git(board, "ls-tree", "--name-only", revision, "--", LOG).strip():
        return ()
    with TemporaryDirectory() as folder:
        older = Path(folder) / LOG
        older.write_bytes(git(board, "show", f"{revision}:./{LOG}"))
        return read_log(older)


def _check_untouched(touched: Sequence[tuple[str, str]], older: Sequence[Entry]) -> None:
    """Refuse a change of what was accepted already."""
    accepted = {f"submissions/{entry.track}/{entry.folder}": entry for entry in older if entry.kind == "submission"}
    for name, _ in touched:
        if entry := accepted.get("/".join(name.split("/")[:3])):
            raise PalaestraError(
                f"{escape_text(name)} changed, though it was accepted as entry {entry.number} of the log."
            )


def _check_kinds(touched: Sequence[tuple[str, str]]) -> None:
    """Refuse a stranger's change of the log, links and modules of git, before anything of it is read."""
    for name, mode in touched:
        if name == LOG:
            raise PalaestraError(
                f"{LOG} changed, but only the board's keeper may change it. Leave it as it was, and only add folders."
            )
        if mode in ("120000", "160000"):
            raise PalaestraError(f"{name!r} is a link or a git submodule; submissions are plain files.")


def _check_places(board: Path, touched: Sequence[tuple[str, str]], new: Sequence[Path]) -> None:
    """Refuse files that belong to no submission."""
    folders = {folder.relative_to(board).as_posix() for folder in new}
    for name, mode in touched:
        if mode != "000000" and "/".join(name.split("/")[:3]) not in folders:
            raise PalaestraError(f"{name!r} belongs to no submission: submissions/TRACK/NAME/manifest.json is missing.")


def check_no_link(board: Path) -> None:
    """Refuse a board that is a link, or that lies behind one within its repository.

    git answers for the place that a link leads to. There may be no log and no submission at all there, and everything
    about them would hold.

    Args:
        board: Its folder.

    Raises:
        PalaestraError: Names the link.
    """
    whole = board.absolute()
    for place in (whole, *whole.parents):
        root = (place / ".git").exists()
        if place.is_symlink() and (place == whole or not root):
            raise PalaestraError(f"{place} is a link, so a different folder would be checked. Name the board itself.")
        if root or not _in_repository(place):
            return


def _in_repository(place: Path) -> bool:
    """Whether a folder above is a repository of git; what lies above that is the machine's own affair."""
    return any((parent / ".git").exists() for parent in place.parents)


@dataclass(frozen=True)
class CheckedFolder:
    """A folder and what is wrong with it.

    Attributes:
        folder: Where it lies, under the board.
        reason: Why it is refused, or "".
    """

    folder: Path
    reason: str
