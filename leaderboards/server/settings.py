"""The settings of a service: one frozen record, passed to its workers as JSON."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict, dataclass, field
from pathlib import Path

from ..board.accept import LOG
from .sandbox import Limits


@dataclass(frozen=True)
class Settings:
    """A service.

    Attributes:
        data: Folder of the board (`log.jsonl`, `submissions/`) and of what came in (`incoming/`).
        database: URL for SQLAlchemy; "": SQLite in the folder.
        workers: Processes that verify.
        most_bytes: Of an upload.
        most_queued: Submissions that may wait; more are turned away for the moment.
        uploads_an_hour: For each token, in the long run.
        uploads_at_once: For each token, after a pause.
        uploads_under_way: For each token, whose bodies are still coming in.
        requests_a_minute: For each address, in the long run.
        requests_at_once: For each address, after a pause.
        lease_seconds: A worker that has not been heard of for so long is taken for dead.
        most_attempts: A submission that ends its verifier so often is refused.
        limits: Of a verification.
        verifier: The program that verifies, with its first arguments; the folder and the log follow.
    """

    data: Path
    database: str = ""
    workers: int = 1
    most_bytes: int = 256 << 20
    most_queued: int = 1000
    uploads_an_hour: float = 60.0
    uploads_at_once: int = 10
    uploads_under_way: int = 2
    requests_a_minute: float = 600.0
    requests_at_once: int = 200
    lease_seconds: float = 30.0
    most_attempts: int = 3
    limits: Limits = field(default_factory=lambda: Limits(output_bytes=16 << 20))
    verifier: tuple[str, ...] = field(default_factory=lambda: _verifier())

    @property
    def url(self) -> str:
        """Of the database."""
        return self.database or f"sqlite:///{self.data.resolve() / 'service.db'}"

    @property
    def incoming(self) -> Path:
        """Where unpacked submissions wait, each under its id."""
        return self.data / "incoming"

    @property
    def scratch(self) -> Path:
        """Where verifiers have their empty folders."""
        return self.data / "scratch"

    @property
    def log(self) -> Path:
        """The board's."""
        return self.data / LOG

    @property
    def text(self) -> str:
        """All of it as JSON."""
        return json.dumps(asdict(self), default=str)

    @staticmethod
    def read(text: str) -> Settings:
        """The settings of a JSON text."""
        fields = json.loads(text)
        return Settings(
            **fields
            | {
                "data": Path(fields["data"]),
                "limits": Limits(**fields["limits"]),
                "verifier": tuple(fields["verifier"]),
            }
        )


def _verifier() -> tuple[str, ...]:
    from . import verifier

    return (sys.executable, "-I", "-m", verifier.__name__)
