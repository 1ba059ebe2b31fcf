"""The log of a board: registrations and accepted submissions, append-only JSON lines chained by hashes."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from secrets import token_hex
from typing import Any, Literal

from ...core.errors import PalaestraError
from ...core.files import file_digest, write_atomically
from ..board_lock import lock_board
from .display_name import author_key, check_display_name
from .manifest import Manifest
from .strict_json import check_json

GENESIS = "0" * 64


@dataclass(frozen=True)
class Entry:
    """One registration or one accepted attempt.

    Attributes:
        number: From 0.
        previous: Hash of the entry before it.
        kind: "registration": an agent was named before it was run; "submission": its scores were accepted.
        on: Date, as the board's keeper wrote it, YYYY-MM-DD.
        track: The track.
        name: The agent's name on the board.
        author: Who submitted.
        digest: Of the agent.
        registration: Hash of the registration that a submission's seeds follow from, or ""; in a registration itself
            the random number that keeps its hash from being known before it is written.
        folder: Name of the submission's folder under its track's; "" for a registration.
        manifest: SHA-256 of the manifest; "" for a registration.
        findings: SHA-256 of what the verifier found; "" for a registration.
        oracle: It was told more than others are.
        status: "verified", or "unverified" where the track's replay is not exact; "" for a registration.
        hash: SHA-256 of all of the above.
    """

    number: int
    previous: str
    kind: Literal["registration", "submission"]
    on: str
    track: str
    name: str
    author: str
    digest: str
    registration: str
    folder: str
    manifest: str
    findings: str
    oracle: bool
    status: str
    hash: str

    @staticmethod
    def after(last: Entry | None, body: Mapping[str, Any]) -> Entry:
        """The entry behind `last` that says `body`."""
        chained = {
            "number": 0 if last is None else last.number + 1,
            "previous": GENESIS if last is None else last.hash,
            **body,
        }
        return Entry(**chained, hash=_hash(chained))


def _line(entry: Entry) -> str:
    return json.dumps(asdict(entry), sort_keys=True)


def _hash(body: Mapping[str, Any]) -> str:
    return sha256(json.dumps(body, sort_keys=True).encode()).hexdigest()


def read_log(path: Path) -> tuple[Entry, ...]:
    """Every entry, the chain checked.

    Raises:
        PalaestraError: A line that is no entry, was edited, reordered, or does not follow the one before it.
    """
    if not path.exists():
        return ()
    entries: list[Entry] = []
    data = path.read_bytes()
    if data and not data.endswith(b"\n"):
        raise PalaestraError(f"{path.name} was cut off: its last line has no end.")
    for number, line in enumerate(data.split(b"\n")[:-1]):
        where = f"{path.name}, line {number + 1}"
        try:
            check_json(line)
            entry = Entry(**json.loads(line))
            body = {key: value for key, value in asdict(entry).items() if key != "hash"}
        except (TypeError, ValueError, PalaestraError) as error:
            raise PalaestraError(f"{where} is not an entry of the log: {str(error).rstrip('.')}.") from error
        if entry.hash != _hash(body):
            raise PalaestraError(f"{where} was edited: its hash does not match its fields.")
        if entry.number != number or entry.previous != (entries[-1].hash if entries else GENESIS):
            raise PalaestraError(f"{where} does not follow the line before it: lines were moved, added or taken out.")
        if line != _line(entry).encode():
            raise PalaestraError(f"{where} was edited: it is not written as the log writes its entries.")
        entries.append(entry)
    return tuple(entries)


def append_to_log(path: Path, folder: Path, on: str = "") -> Entry:
    """Accept a verified submission: append its entry.

    Args:
        path: The log.
        folder: The submission's, `findings.json` of the verifier in it.
        on: Date; "": today, UTC.

    Raises:
        PalaestraError: A log that does not hold, or an agent of this digest that is on this track already (the same
            agent again, or somebody else's under a new name).
    """
    from .findings import Findings

    manifest, findings = Manifest.read(folder / "manifest.json"), Findings.read(folder / "findings.json")
    if findings.manifest != file_digest(folder / "manifest.json"):
        raise PalaestraError(f"{folder / 'findings.json'} was found of another manifest: verify the submission again.")
    body = {
        "kind": "submission",
        "registration": manifest.registration,
        "folder": folder.name,
        "manifest": findings.manifest,
        "findings": file_digest(folder / "findings.json"),
        "oracle": bool(manifest.agent.privileges),
        "status": findings.status,
    }
    agent = manifest.agent
    return _append(path, manifest.track, agent.name, agent.author, agent.digest, on, body)


def register(path: Path, track: str, name: str, author: str, digest: str, on: str = "") -> Entry:
    """Register an agent before it is run; its official seeds then follow from this entry's hash.

    The entry holds 256 random bits of whoever writes the log. Without them everybody could reckon the hash of the next
    entry for a thousand names of the agent, and register the one whose seeds are kind.

    Args:
        path: The log.
        track: Its id.
        name: The agent's name on the board.
        author: Who made it.
        digest: Of the agent.
        on: Date; "": today, UTC.

    Raises:
        PalaestraError: A log that does not hold, or an agent of this digest that is registered or accepted already.
    """
    body = {"folder": "", "manifest": "", "findings": "", "oracle": False, "status": "", "registration": token_hex(32)}
    return _append(path, track, name, author, digest, on, {"kind": "registration", **body})


def _append(path: Path, track: str, name: str, author: str, digest: str, on: str, body: Mapping[str, Any]) -> Entry:
    """Append an entry, one writer at a time, the whole file written aside and renamed."""
    for text in (track, name, author):
        check_display_name(text)
    with lock_board(path):
        entries = read_log(path)
        for entry in entries:
            same = (entry.track, entry.digest) == (track, digest)
            if same and entry.kind in ("submission", body["kind"]):
                raise PalaestraError(
                    f"This agent is already on {entry.track}: entry {entry.number} ({entry.kind}), {entry.name!r} "
                    f"by {entry.author!r}."
                )
        own = {"on": on or datetime.now(UTC).date().isoformat(), "track": track, "name": name, "author": author}
        entry = Entry.after(entries[-1] if entries else None, {**own, "digest": digest, **body})
        with write_atomically(path) as temporary:
            temporary.write_text("".join(_line(one) + "\n" for one in (*entries, entry)), encoding="utf-8")
    return entry


def check_extends(older: Sequence[Entry], newer: Sequence[Entry]) -> None:
    """Refuse a log that is not an older one with entries behind it.

    Raises:
        PalaestraError: The newer log is shorter, or differs from the older one at a named entry.
    """
    if len(newer) < len(older):
        raise PalaestraError(f"The log was shortened: it had {len(older)} entries and now has {len(newer)}.")
    for before, now in zip(older, newer, strict=False):
        if before != now:
            raise PalaestraError(f"Entry {before.number} of the log was replaced: it was {before.name!r}.")


def find_registration(entries: Sequence[Entry], manifest: Manifest) -> Entry | None:
    """The registration that a manifest names; None where it names none and its author made none.

    Who has registered an agent has drawn its seeds. Without the last check it could be submitted on the seeds of an
    agent that is not registered instead: two draws, of which one is shown.

    Raises:
        PalaestraError: It names one that is not in the log, or that is another agent's; or it names none, and the log
            has one of this agent by this author that no submission followed.
    """
    agent = manifest.agent
    if not manifest.registration:
        _check_not_registered(entries, manifest)
        return None
    found = next((one for one in entries if one.hash == manifest.registration and one.kind == "registration"), None)
    if found is None:
        raise PalaestraError(f"The log holds no registration {manifest.registration[:12]}…, which the manifest names.")
    own = (manifest.track, agent.digest, author_key(agent.author))
    if (found.track, found.digest, author_key(found.author)) != own:
        raise PalaestraError(
            f"Registration {found.number} is for another agent: {found.name!r} by {found.author!r} on {found.track}."
        )
    return found


def _check_not_registered(entries: Sequence[Entry], manifest: Manifest) -> None:
    """Refuse to pass over a registration of the same agent by the same author."""
    agent = manifest.agent
    same = [entry for entry in entries if (entry.track, entry.digest) == (manifest.track, agent.digest)]
    if any(entry.kind == "submission" for entry in same):
        return  # it was accepted before it was registered, or is refused as one that is there already
    for entry in same:
        if author_key(entry.author) == author_key(agent.author):
            raise PalaestraError(
                f"Its author registered this agent, entry {entry.number} of the log, but its manifest names no "
                f"registration, from which its seeds follow. Submit it again with --registration {entry.hash}."
            )


def attempts(entries: Sequence[Entry]) -> dict[tuple[str, str], int]:
    """How often each author tried each track: (track, `author_key` of the author) -> agents registered or accepted.

    A registration and the submission that follows it are one attempt; a registration that nothing follows is one too.
    """
    tried = {(entry.track, author_key(entry.author), entry.digest) for entry in entries}
    counts: dict[tuple[str, str], int] = {}
    for track, author, _ in tried:
        counts[track, author] = counts.get((track, author), 0) + 1
    return counts
