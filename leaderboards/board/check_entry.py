"""Check an entry of the log against its submission."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from math import isclose
from pathlib import Path
from typing import Any

from ..submission.findings import Findings
from ..submission.log import Entry
from ..submission.manifest import Manifest
from ..submission.verify import Refused, Verified


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
        raise Refused(f"Entry {entry.number} of the log does not match its manifest.")
    if not _is_date(entry.on):
        raise Refused(f"Entry {entry.number} of the log is dated {entry.on!r}, which is not a date.")
    if not same_findings(Findings.read(folder / "findings.json"), findings):
        raise Refused("Its findings.json is not what the verifier finds: leave it out, acceptance writes that file.")


def _is_date(text: str) -> bool:
    try:
        return bool(re.fullmatch(r"\d{4}-\d\d-\d\d", text) and date.fromisoformat(text))
    except ValueError:
        return False


def check_new_agent(manifest: Manifest, entries: Iterable[Entry], folder: str = "") -> None:
    """Refuse an agent that a track's board has already, under whatever name.

    Args:
        manifest: Of the submission.
        entries: The log.
        folder: Name of the folder whose own entry is none to be refused for; "": there is none yet.

    Raises:
        Refused: It is there; names the entry.
    """
    for entry in entries:
        same = (entry.kind, entry.track, entry.digest) == ("submission", manifest.track, manifest.agent.digest)
        if same and entry.folder != folder:
            raise Refused(
                f"This agent is already on {entry.track}: entry {entry.number}, {entry.name!r} by "
                f"{entry.author!r}, in {entry.folder}/. Leave this folder out."
            )


SHARE = 1e-5
"""Curves are kept to six digits, of which another machine may round the last one otherwise."""


def same_findings(one: Findings, other: Findings) -> bool:
    """Compare everything, numbers that are not whole up to `SHARE` of them, or of 1e-4 where they are smaller."""
    return _near(one.model_dump(), other.model_dump())


def _near(one: Any, other: Any) -> bool:
    if isinstance(one, float) and isinstance(other, float):
        return isclose(one, other, rel_tol=SHARE, abs_tol=SHARE * 1e-4)
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(_near(one[key], other[key]) for key in one)
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(_near, one, other))
    return bool(one == other)
