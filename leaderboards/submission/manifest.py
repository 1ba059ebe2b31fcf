"""The manifest of a submission: its claims, in a schema without unknown fields."""

from __future__ import annotations

import json
from hashlib import sha256
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, JsonValue

from ...core.randomness import SEED_BITS
from .strict_record import Hex, Line, Record

WeightsName = Annotated[str, Field(pattern=r"^[A-Za-z0-9_-][A-Za-z0-9._-]{0,99}$")]
Seed = Annotated[int, Field(ge=0, lt=1 << SEED_BITS)]
Score = Annotated[float, Field(ge=-1e15, le=1e15)]
"""Sums and squares of scores are finite too, where nobody replays them."""


class AgentRecord(Record):
    """Who is judged. The digest is of target, options and files; official seeds derive from it."""

    name: Line
    author: Line
    url: Annotated[
        str, Field(max_length=500, pattern=r"^(https?://[A-Za-z0-9.-]+(:[0-9]{1,5})?([/?#][!#-&(-;=?-_a-z~]*)?)?$")
    ] = ""
    target: Line
    options: dict[str, JsonValue]
    files: dict[Line, Annotated[str, Field(max_length=200, pattern=r"^[ -~]+$")]]
    digest: Hex
    needs: dict[str, JsonValue]
    privileges: dict[str, JsonValue]


class ShardRecord(Record):
    """One trace: its file in `traces/`, the SHA-256 of the file, and its seeds in the order of its lanes."""

    file: Annotated[str, Field(pattern=r"^[0-9]{5}\.parquet$")]
    digest: Hex
    seeds: Annotated[list[Seed], Field(min_length=1, max_length=10_000)]


class ScenarioRecord(Record):
    """One scenario: its shards, and every metric's claimed value for every lane in the order of the seeds."""

    shards: Annotated[list[ShardRecord], Field(min_length=1, max_length=10_000)]
    scores: dict[Line, list[Score]]


class EnvironmentRecord(Record):
    """What it ran on, for the reader; nothing of it is believed."""

    versions: dict[Line, Line]
    commit: Annotated[str, Field(pattern=r"^([0-9a-f]{40,64})?$")] = ""
    processor: Line | Literal[""] = ""
    seconds: Annotated[float, Field(ge=0, le=1e12)]


class Manifest(Record):
    """A submission's claims.

    `registration` is the hash of the log's entry in which the agent was registered before it was run, or "".
    `seal` is the SHA-256 of everything else in the document, so that no damaged byte goes unseen; who tampers can make
    it anew, as anybody may submit anything under their own name.
    `weights` are those of a track whose replay is not exact: name -> SHA-256 of `weights/NAME.safetensors`.
    """

    format: Literal[1] = 1
    track: Line
    track_digest: Hex
    version: Line
    agent: AgentRecord
    scenarios: dict[Line, ScenarioRecord]
    environment: EnvironmentRecord
    registration: Annotated[str, Field(pattern=r"^([0-9a-f]{64})?$")] = ""
    weights: Annotated[dict[WeightsName, Hex], Field(max_length=100)] = Field(default_factory=dict)
    seal: Annotated[str, Field(pattern=r"^([0-9a-f]{64})?$")] = ""

    def write(self, path: Path) -> None:
        """Seal it and write it as JSON, aside and renamed."""
        seal = seal_of(self.model_dump_json().encode())
        super(Manifest, self.model_copy(update={"seal": seal})).write(path)


def seal_of(manifest: bytes) -> str:
    """The seal that a manifest must have: SHA-256 of its other fields, keys sorted, without spaces."""
    document = json.loads(manifest)
    document.pop("seal", None)
    return sha256(json.dumps(document, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


VERSION = 1
"""Rises with the manifest's `format`."""


def schema_text() -> str:
    """JSON Schema (draft 2020-12) of `manifest.json`, with its version in `$id` and title.

    What it cannot say is said by `palaestra verify` alone: digests, seeds, lengths that must fit each other, text that
    is not what it shows, and that numbers are finite (JSON has no others).
    """
    schema = Manifest.model_json_schema()
    head = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"https://palaestra.invalid/schema/submission-{VERSION}.json",
        "title": f"A palaestra submission's manifest, format {VERSION}",
    }
    return json.dumps(head | {key: value for key, value in schema.items() if key != "title"}, indent=1) + "\n"
