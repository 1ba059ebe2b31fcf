"""An entry of the log, held against the submission that it is of."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

from ..submission.findings import Findings
from ..submission.log import Entry
from ..submission.verify import Refused, Verified
from .same_findings import same_findings


def check_entry(entry: Entry, folder: Path, verified: Verified) -> None:
    """Refuse an entry that says something else than its submission, or findings that are not the verifier's.

    Args:
        entry: Of the log.
        folder: The submission's.
        verified: What the verifier makes of it now.

    Raises:
        Refused: The first of them.
    """
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
    if not _is_date(entry.on):
        raise Refused(f"Entry {entry.number} of the log is of {entry.on!r}, which is no date.")
    if not same_findings(Findings.read(folder / "findings.json"), findings):
        raise Refused("Its findings.json is not what the verifier finds: leave it out, acceptance makes it.")


def _is_date(text: str) -> bool:
    try:
        return bool(re.fullmatch(r"\d{4}-\d\d-\d\d", text) and date.fromisoformat(text))
    except ValueError:
        return False
