"""Accept a submission: verify it, store its folder on the board, and append its entry to the log."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Sequence
from pathlib import Path

from ...core.errors import PalaestraError
from ...core.files import file_digest
from ..atomic_folder import new_folder_atomically
from ..board_lock import lock_board
from ..submission.findings import Findings
from ..submission.log import Entry, append_to_log, find_registration, read_log
from ..submission.manifest import Manifest
from ..submission.verify import Refused, verify
from .check_entry import check_new_agent
from .folder_name import check_folder_name, folder_name
from .reserved_author import check_author
from .season import Season

LOG = "log.jsonl"


def accept(
    folder: Path,
    board: Path,
    *,
    on: str = "",
    findings: Findings | None = None,
    progress: Callable[[int, int, str], None] | None = None,
    reference: bool = False,
) -> Entry:
    """Verify a submission and put it on a board.

    The folder comes to lie at BOARD/submissions/TRACK/NAME, with the verifier's `findings.json`; it may lie there
    already, as it does in a pull request. Killed at any moment and called again it ends the same: the folder is whole
    or absent, and the log has one entry. Where two processes accept at once, one waits for the other and finds what it
    has done. What is on the board already stays as it is, and its entry is returned. A `findings.json` that comes along
    is not believed: it is written anew wherever it is not what the verifier finds.

    Args:
        folder: The submission.
        board: The board's folder, with `log.jsonl` and `submissions/`.
        on: Date of the entry, YYYY-MM-DD; "": today, UTC.
        findings: What a verifier found that ran elsewhere, in a sandbox say; None: it is verified here.
        progress: As `verify`'s.
        reference: The board's keeper submits a reference agent, under the author's name that is reserved for that.

    Raises:
        Refused: A submission that does not hold, an author's name that is reserved, or an agent that is on the board
            already; nothing was placed.
        PalaestraError: A log that does not hold.
    """
    log = board / LOG
    entries = read_log(log)
    if entry := _accepted(folder, board, entries):
        return entry
    verified = findings or verify(folder, log=entries, progress=progress).findings
    with lock_board(log):
        entries = read_log(log)  # verifying may have taken hours
        if entry := _accepted(folder, board, entries):
            return entry
        manifest = Manifest.read(folder / "manifest.json")
        check_new_agent(manifest, entries)
        _check_season(board, manifest)
        _check_registration(entries, manifest)
        if not reference:
            check_author(manifest.agent.author)
        home = _placed(folder, manifest, board, verified)
        if _findings_in(home) != verified:
            verified.write(home / "findings.json")
        return append_to_log(log, home, on)


def _check_season(board: Path, manifest: Manifest) -> None:
    from ..tracks import tracks

    try:
        Season.of(board).check(tracks[manifest.track].load(), manifest)
    except PalaestraError as error:
        raise Refused(str(error)) from error


def _check_registration(entries: Sequence[Entry], manifest: Manifest) -> None:
    """Once more, as somebody may have registered the agent while it was verified."""
    try:
        find_registration(entries, manifest)
    except PalaestraError as error:
        raise Refused(str(error)) from error


def _accepted(folder: Path, board: Path, entries: Sequence[Entry]) -> Entry | None:
    """The entry of this very submission; None where there is none, or where another folder on the board has it."""
    if not (folder / "manifest.json").is_file():
        return None
    digest = file_digest(folder / "manifest.json")
    return next((one for one in entries if one.manifest == digest and not _is_copy(folder, board, one)), None)


def _is_copy(folder: Path, board: Path, entry: Entry) -> bool:
    """Whether a folder that lies on the board is a second one beside that of the entry."""
    home = board / "submissions" / entry.track / entry.folder
    return folder.resolve().is_relative_to((board / "submissions").resolve()) and folder.resolve() != home.resolve()


def _findings_in(home: Path) -> Findings | None:
    """What lies there as findings; None where it cannot be read as such, so that it is made anew."""
    try:
        return Findings.read(home / "findings.json")
    except PalaestraError:
        return None


def _placed(folder: Path, manifest: Manifest, board: Path, findings: Findings) -> Path:
    """The submission's folder on the board, copied aside and renamed unless it lies there already."""
    room = board / "submissions" / manifest.track
    if folder.resolve().parent == room.resolve():
        check_folder_name(folder)
        if (folder / "findings.json").is_dir():
            raise Refused("Its findings.json is a folder: remove it, acceptance writes a file of that name.")
        return folder
    if folder.resolve().is_relative_to((board / "submissions").resolve()):
        raise Refused(
            f"It was made for {manifest.track} but is stored under {folder.parent.name}/: move it to {manifest.track}/."
        )
    home = _free(room, manifest.agent.name, findings.manifest)
    if not home.exists():
        with new_folder_atomically(home) as aside:
            shutil.copytree(folder, aside, ignore=shutil.ignore_patterns("findings.json"), dirs_exist_ok=True)
            findings.write(aside / "findings.json")
    return home


def _holds(home: Path, digest: str) -> bool:
    """Whether a folder has the manifest of this digest."""
    try:
        return file_digest(home / "manifest.json") == digest
    except OSError:
        return False


def _free(room: Path, name: str, digest: str) -> Path:
    """Where it goes: its name in plain letters, with a number where something else has the name."""
    slug = folder_name(name)
    number, home = 1, room / slug
    while os.path.lexists(home) and not _holds(home, digest):
        number += 1
        home = room / f"{slug}-{number}"
    return home
