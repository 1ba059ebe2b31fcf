"""A job: one agent in one scenario on one shard of seeds; the unit that is run once and stored."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from functools import cached_property
from hashlib import sha256
from typing import Any


@dataclass(frozen=True)
class Job:
    """Everything that determines a shard of rows, in plain values that can be sent to another process.

    Attributes:
        track_id: For the folder and the messages.
        env_id: The environment.
        scenario: Its name in the track.
        options: The environment's options.
        agent: The benchmarked agent's name, or "module:attribute".
        seats: Seat -> registered agent, for the seats it does not take.
        seeds: One a lane.
        metrics: What is measured.
        code: Fingerprint of palaestra's source.
        files: Path -> fingerprint of the files it reads: the user's agent, tables among the options.
        action_bits: The track's.
    """

    track_id: str
    env_id: str
    scenario: str
    options: Mapping[str, Any]
    agent: str
    seats: Mapping[str, str]
    seeds: tuple[int, ...]
    metrics: tuple[str, ...]
    code: str
    files: Mapping[str, str] = field(default_factory=dict)
    action_bits: int = 0

    @cached_property
    def record(self) -> str:
        """The job as canonical JSON."""
        return json.dumps(asdict(self), sort_keys=True)

    @cached_property
    def key(self) -> str:
        """What its files are called: the hash of everything that determines them."""
        return sha256(self.record.encode()).hexdigest()[:24]

    @property
    def title(self) -> str:
        """For people."""
        return f"{self.agent} in {self.scenario}, seeds {self.seeds[0]} to {self.seeds[-1]}"
