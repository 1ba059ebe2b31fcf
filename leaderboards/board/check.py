"""What a workflow checks on a pull request: the log only grew, accepted folders stayed, new folders verify."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

from ...core.errors import PalaestraError
from ..submission.findings import Findings
from ..submission.log import Entry, check_extends, read_log
from ..submission.verify import Refused, Verified, verify
from .accept import LOG
from .changed import changed
from .folder_name import folder_name
from .git import git
from .on_board import read_board, waiting
from .references import AUTHOR


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
    board: Path, since: str = "", *, proposal: bool = False, progress: Callable[[int, int, str], None] | None = None
) -> tuple[Checked, ...]:
    """Check a board, and verify the submissions that are new on it.

    Args:
        board: Its folder.
        since: A git revision: what the log then held must still be there, and what was accepted then must not have
            changed. Folders that wait for acceptance are verified, and so are those accepted since; with "" the former
            alone.
        proposal: What came since is a stranger's: the log must be as it was, since whoever writes an entry decides its
            hash, and nothing but submissions may have been added to the board's folder of them.
        progress: Called with (folders done, folders, which).

    Raises:
        PalaestraError: A log that does not hold or lost entries, or an accepted folder that changed.
    """
    touched = changed(board, since, LOG, "submissions") if since else ()
    if proposal:
        _check_kinds(touched)
    submissions, entries = read_board(board)
    older = _log_at(board, since) if since else entries
    check_extends(older, entries)
    new = [one.folder for one in submissions if one.entry is not None and one.entry.number >= len(older)]
    new += waiting(board, entries)
    _check_untouched(touched, older)
    if proposal:
        _check_places(board, touched, new)
    found = []
    for done, folder in enumerate(new):
        if progress:
            progress(done, len(new), f"{folder.parent.name}/{folder.name}")
        found.append(Checked(folder, _refused(folder, entries, proposal)))
    return tuple(found)


def _refused(folder: Path, entries: Sequence[Entry], proposal: bool) -> str:
    """Why a submission does not hold, or ""."""
    try:
        verified = verify(folder, log=entries)
        if verified.manifest.track != folder.parent.name:
            raise Refused(f"It is of {verified.manifest.track} and lies under {folder.parent.name}.")
        if proposal and verified.manifest.agent.author.casefold() == AUTHOR.casefold():
            raise Refused(f"Its author is {AUTHOR!r}, whose agents the board's keeper submits. Say who you are.")
        if folder.name != folder_name(folder.name):
            raise Refused(f"Its folder is called {folder.name!r}; call it {folder_name(folder.name)!r}.")
        for entry in entries:
            if (entry.track, entry.folder) == (verified.manifest.track, folder.name):
                _check_entry(entry, folder, verified)
            same = (entry.track, entry.digest) == (verified.manifest.track, verified.manifest.agent.digest)
            if same and entry.kind == "submission" and entry.folder != folder.name:
                raise Refused(f"This very agent is on the board already: entry {entry.number}, {entry.name!r}.")
    except Refused as refused:
        return str(refused)
    return ""


def _check_entry(entry: Entry, folder: Path, verified: Verified) -> None:
    """Refuse an entry that says something else than its submission, or findings that are not the verifier's."""
    agent, findings = verified.manifest.agent, verified.findings
    said = (entry.name, entry.author, entry.digest, entry.registration, entry.oracle, entry.status)
    if said != (
        agent.name,
        agent.author,
        agent.digest,
        verified.manifest.registration,
        verified.oracle,
        findings.status,
    ):
        raise Refused(f"Entry {entry.number} of the log says something else of it than its manifest.")
    if not re.fullmatch(r"\d{4}-\d\d-\d\d", entry.on) or not date.fromisoformat(entry.on):
        raise Refused(f"Entry {entry.number} of the log is of {entry.on!r}, which is no date.")
    if Findings.read(folder / "findings.json") != findings:
        raise Refused("Its findings.json is not what the verifier finds: leave it out, acceptance makes it.")


def _log_at(board: Path, revision: str) -> tuple[Entry, ...]:
    """The log as it was at a revision; empty where it was not there yet."""
    git(board, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}")
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
            raise PalaestraError(f"{name} changed, though it was accepted as entry {entry.number} of the log.")


def _check_kinds(touched: Sequence[tuple[str, str]]) -> None:
    """Refuse a stranger's change of the log, links and modules of git, before anything of it is read."""
    for name, mode in touched:
        if name == LOG:
            raise PalaestraError(f"{LOG} changed: its keeper alone writes it. Leave it as it is, and add folders.")
        if mode in ("120000", "160000"):
            raise PalaestraError(f"{name!r} is a link or a module of git; submissions are plain files.")


def _check_places(board: Path, touched: Sequence[tuple[str, str]], new: Sequence[Path]) -> None:
    """Refuse files that belong to no submission."""
    folders = {folder.relative_to(board).as_posix() for folder in new}
    for name, mode in touched:
        if mode != "000000" and "/".join(name.split("/")[:3]) not in folders:
            raise PalaestraError(
                f"{name!r} belongs to no submission: submissions/TRACK/NAME/manifest.json is not there."
            )
