"""The submissions on a board, each checked against its entry in the log."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from pydantic import ValidationError

from ...core.arrays import Array
from ...core.errors import PalaestraError
from ...core.files import file_digest
from ..submission.findings import Findings
from ..submission.log import Entry, read_log
from ..submission.manifest import Manifest
from ..submission.verify import verify
from .accept import LOG
from .check_accepted_files import damaged_file


@dataclass(frozen=True)
class BoardSubmission:
    """One submission.

    Attributes:
        folder: Where it lies.
        manifest: What it claims, which was verified.
        findings: What the verifier found.
        digest: SHA-256 of the manifest.
        entry: Its entry in the log; None for a preview, which is on no board yet.
    """

    folder: Path
    manifest: Manifest
    findings: Findings
    digest: str
    entry: Entry | None

    def scores(self, metric: str, scenarios: Sequence[str]) -> Array:
        """A metric's values (runs, tasks), in the order of the official seeds."""
        return np.array([self.manifest.scenarios[name].scores[metric] for name in scenarios], np.float64).T


def read_board(board: Path) -> tuple[tuple[BoardSubmission, ...], tuple[Entry, ...]]:
    """Every accepted submission, in the order of the log, and the log.

    Nothing is replayed: the log names the digests of what was accepted, and files that are no longer those are refused.

    Raises:
        PalaestraError: A log that does not hold, or a folder that is not what was accepted.
    """
    entries = read_log(board / LOG)
    return read_entries(board, entries), entries


def read_entries(board: Path, entries: Iterable[Entry]) -> tuple[BoardSubmission, ...]:
    """The submissions of some of a board's entries, in their order; registrations are passed over.

    Raises:
        PalaestraError: A folder that is not what was accepted.
    """
    return tuple(_read(board, entry) for entry in entries if entry.kind == "submission")


def waiting(board: Path, entries: Iterable[Entry]) -> tuple[Path, ...]:
    """Folders under BOARD/submissions that no entry of the log names, in alphabetical order."""
    known = {(entry.track, entry.folder) for entry in entries if entry.kind == "submission"}
    found = sorted((board / "submissions").glob("*/*/manifest.json"))
    return tuple(path.parent for path in found if (path.parent.parent.name, path.parent.name) not in known)


def preview(folder: Path, entries: Sequence[Entry]) -> BoardSubmission:
    """A submission that is not on the board yet, verified now.

    Raises:
        Refused: It does not hold.
    """
    verified = verify(folder, log=entries)
    return BoardSubmission(folder, verified.manifest, verified.findings, verified.findings.manifest, None)


def check_accepted(board: Path, entry: Entry) -> Path:
    """The folder of an accepted submission, its documents unchanged.

    Raises:
        PalaestraError: It is not what was accepted.
    """
    folder = board / "submissions" / entry.track / entry.folder
    for name, digest in (("manifest.json", entry.manifest), ("findings.json", entry.findings)):
        if not (folder / name).is_file() or file_digest(folder / name) != digest:
            raise damaged_file(folder / name, entry)
    return folder


def _read(board: Path, entry: Entry) -> BoardSubmission:
    folder = check_accepted(board, entry)
    # Byte for byte what was read strictly when it was accepted: asking the schema alone is several times as fast.
    try:
        manifest = Manifest.model_validate_json((folder / "manifest.json").read_bytes())
        findings = Findings.model_validate_json((folder / "findings.json").read_bytes())
    except ValidationError as error:
        raise PalaestraError(
            f"{folder} is in the log as entry {entry.number}, but its manifest.json or findings.json is not of a "
            "format that this version of palaestra reads."
        ) from error
    return BoardSubmission(folder, manifest, findings, entry.manifest, entry)
