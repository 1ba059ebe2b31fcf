"""The log of accepted submissions: one JSON line each, chained by hashes, only ever appended to."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from hashlib import sha256
from pathlib import Path

from ...core.errors import PalaestraError
from ...core.files import written_aside
from .manifest import file_digest
from .verify import Verified

GENESIS = "0" * 64


@dataclass(frozen=True)
class Entry:
    """One accepted attempt.

    Attributes:
        number: From 0.
        previous: Hash of the entry before it.
        track: The track.
        name: The agent's name on the board.
        author: Who submitted.
        digest: Of the agent.
        manifest: SHA-256 of the manifest.
        oracle: It was told more than others are.
        hash: SHA-256 of all of the above.
    """

    number: int
    previous: str
    track: str
    name: str
    author: str
    digest: str
    manifest: str
    oracle: bool
    hash: str

    @staticmethod
    def after(last: Entry | None, verified: Verified, folder: Path) -> Entry:
        """The entry of a verified submission behind `last`."""
        manifest = verified.manifest
        body = {
            "number": 0 if last is None else last.number + 1,
            "previous": GENESIS if last is None else last.hash,
            "track": manifest.track,
            "name": manifest.agent.name,
            "author": manifest.agent.author,
            "digest": manifest.agent.digest,
            "manifest": file_digest(folder / "manifest.json"),
            "oracle": verified.oracle,
        }
        return Entry(**body, hash=_hash(body))  # type: ignore[arg-type]


def _hash(body: dict[str, object]) -> str:
    return sha256(json.dumps(body, sort_keys=True).encode()).hexdigest()


def read_log(path: Path) -> tuple[Entry, ...]:
    """Every entry, the chain checked.

    Raises:
        PalaestraError: A line that is no entry, was edited, reordered, or does not follow the one before it.
    """
    if not path.exists():
        return ()
    entries: list[Entry] = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines()):
        where = f"{path.name}, line {number + 1}"
        try:
            entry = Entry(**json.loads(line))
            body = {key: value for key, value in asdict(entry).items() if key != "hash"}
        except (TypeError, ValueError) as error:
            raise PalaestraError(f"{where} is no entry of the log: {error}.") from error
        if entry.hash != _hash(body):
            raise PalaestraError(f"{where} was edited: its hash is not that of its fields.")
        if entry.number != number or entry.previous != (entries[-1].hash if entries else GENESIS):
            raise PalaestraError(f"{where} does not follow the line before it: lines were moved, added or taken out.")
        entries.append(entry)
    return tuple(entries)


def append_to_log(path: Path, verified: Verified, folder: Path) -> Entry:
    """Accept a verified submission: append its entry, the whole file written aside and renamed.

    Raises:
        PalaestraError: A log that does not hold, or an agent of this digest that is on this track already (the same
            agent again, or somebody else's under a new name).
    """
    entries = read_log(path)
    manifest = verified.manifest
    for entry in entries:
        if (entry.track, entry.digest) == (manifest.track, manifest.agent.digest):
            raise PalaestraError(
                f"This very agent is on {entry.track} already: entry {entry.number}, {entry.name!r} by "
                f"{entry.author!r}."
            )
    entry = Entry.after(entries[-1] if entries else None, verified, folder)
    with written_aside(path) as temporary:
        lines = [json.dumps(asdict(one), sort_keys=True) for one in (*entries, entry)]
        temporary.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return entry


def check_extends(older: Sequence[Entry], newer: Sequence[Entry]) -> None:
    """Refuse a log that is not an older one with entries behind it.

    Raises:
        PalaestraError: The newer log is shorter, or differs from the older one at a named entry.
    """
    if len(newer) < len(older):
        raise PalaestraError(f"The log was shortened: it had {len(older)} entries, now {len(newer)}.")
    for before, now in zip(older, newer, strict=False):
        if before != now:
            raise PalaestraError(f"Entry {before.number} of the log was replaced: it was {before.name!r}.")


def attempts(entries: Sequence[Entry]) -> dict[tuple[str, str], int]:
    """How often each author tried each track: (track, author) -> accepted attempts."""
    counts: dict[tuple[str, str], int] = {}
    for entry in entries:
        counts[entry.track, entry.author] = counts.get((entry.track, entry.author), 0) + 1
    return counts
