"""Audits as files: `audits/ENV.json` in a folder, with what made them, written atomically."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from ...core.errors import PalaestraError
from ...core.files import file_digest, write_atomically
from ..sweeps.fingerprint import source_fingerprint
from .audit import Audit
from .audit_setting import settings_of
from .scenario_audit import Size

SCHEMA = 1
LARGEST = 4 << 20
"""Bytes of a record at most."""


@dataclass(frozen=True)
class AuditRecord:
    """A stored audit.

    Attributes:
        env_id: The environment.
        key: Hash of everything that determines the audit.
        code: Fingerprint of the source that made it.
        audit: `Audit.document`.
        stale: Why it is not about the environment as it is now, one sentence; "" where it is.
    """

    env_id: str
    key: str
    code: str
    audit: Mapping[str, Any]
    stale: str

    @staticmethod
    def write(found: Audit, board: Path) -> Path:
        """Store an audit in `BOARD/audits`; an equal one that is there stays as it is."""
        path = _path(board, found.env_id)
        record = {
            "schema": SCHEMA,
            "env_id": found.env_id,
            "key": audit_key(found.env_id, found.size),
            "code": _code(),
            "audit": found.document,
        }
        text = json.dumps(record, indent=1, allow_nan=False, default=_plain) + "\n"
        if not path.is_file() or path.read_text() != text:
            with write_atomically(path) as temporary:
                temporary.write_text(text)
        return path

    @staticmethod
    def read(env_id: str, board: Path) -> AuditRecord | None:
        """The stored audit of an environment, or None.

        Raises:
            PalaestraError: A file that is no audit record.
        """
        path = _path(board, env_id)
        if not path.is_file():
            return None
        try:
            if path.stat().st_size > LARGEST:
                raise ValueError(f"it has {path.stat().st_size} bytes, and {LARGEST} are allowed")
            whole = json.loads(path.read_text())
            if whole["schema"] != SCHEMA or whole["env_id"] != env_id or not isinstance(whole["audit"]["lines"], list):
                raise ValueError(f"schema {whole['schema']} of {whole['env_id']}")
            return AuditRecord(env_id, str(whole["key"]), str(whole["code"]), whole["audit"], _stale(whole["audit"]))
        except (KeyError, TypeError, ValueError) as error:
            raise PalaestraError(
                f"{path} is not an audit record of {env_id} ({type(error).__name__}: {error}). Remove it and run "
                f"palaestra audit {env_id} --board {board}"
            ) from error


def audit_key(env_id: str, size: Size) -> str:
    """Hash of what determines an audit: the environment's version, its settings, the size and the source."""
    track, settings = settings_of(env_id)
    whole = {
        "env_id": env_id,
        "settings": [[one.scenario, dict(one.options), dict(one.seats), one.metric.name] for one in settings],
        "references": list(track.references) if track else [],
        "size": vars(size),
        "code": _code(),
    }
    return sha256(json.dumps(whole, sort_keys=True, default=_plain).encode()).hexdigest()[:24]


@cache
def _code() -> str:
    """Palaestra's source and that of the audit."""
    whole = sha256()
    for path in sorted(Path(__file__).parent.glob("*.py")):
        whole.update(f"{path.name}\0{file_digest(path)}\n".encode())
    return f"{source_fingerprint()}.{whole.hexdigest()[:8]}"


def _stale(audit: Mapping[str, Any]) -> str:
    """Whether an audit speaks of another version, of other scenarios or of another metric than the environment has."""
    from ...envs import environments

    env_id = str(audit["env_id"])
    if env_id not in environments:
        return f"{env_id} is no longer registered: this audit is of an earlier version."
    _, settings = settings_of(env_id)
    now = json.loads(json.dumps({one.scenario: dict(one.options) for one in settings}, default=_plain))
    if audit["scenarios"] != now:
        return f"The scenarios of {env_id} have changed since this audit."
    if audit["metric"] != settings[0].metric.name:
        return f"The headline of {env_id} has changed from {audit['metric']} since this audit."
    return ""


def _path(board: Path, env_id: str) -> Path:
    if not env_id or not all(letter.isalnum() or letter in "-_" for letter in env_id):
        raise PalaestraError(f"{env_id!r} is not the id of an environment.")
    return board / "audits" / f"{env_id}.json"


def _plain(value: Any) -> Any:
    return value.tolist() if hasattr(value, "tolist") else str(value)
