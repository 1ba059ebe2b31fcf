"""The manifest of a submission: what is claimed, in a schema that takes nothing else."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, JsonValue, ValidationError

from ...core.errors import PalaestraError
from ...core.files import written_aside

MOST_BYTES = 16 << 20
Hex = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
Line = Annotated[str, Field(min_length=1, max_length=200, pattern=r"^[^\x00-\x1f\x7f]+$")]
Seed = Annotated[int, Field(ge=0, lt=1 << 64)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)


class AgentRecord(_Strict):
    """Who is judged. The digest is of target, options and files; official seeds derive from it."""

    name: Line
    author: Line
    url: Annotated[str, Field(max_length=500, pattern=r"^(https?://[^\s<>\"']+)?$")] = ""
    target: Line
    options: dict[str, JsonValue]
    files: dict[Line, Annotated[str, Field(max_length=200)]]
    digest: Hex
    needs: dict[str, JsonValue]
    privileges: dict[str, JsonValue]


class ShardRecord(_Strict):
    """One trace: its file in `traces/`, the SHA-256 of the file, and its seeds in the order of its lanes."""

    file: Annotated[str, Field(pattern=r"^[0-9]{5}\.parquet$")]
    digest: Hex
    seeds: Annotated[list[Seed], Field(min_length=1, max_length=10_000)]


class ScenarioRecord(_Strict):
    """One scenario: its shards, and every metric's claimed value for every lane in the order of the seeds."""

    shards: Annotated[list[ShardRecord], Field(min_length=1, max_length=10_000)]
    scores: dict[str, list[float]]


class EnvironmentRecord(_Strict):
    """What it ran on, for the reader; nothing of it is believed."""

    versions: dict[str, Line]
    commit: Annotated[str, Field(max_length=64)] = ""
    processor: Annotated[str, Field(max_length=200)] = ""
    seconds: Annotated[float, Field(ge=0)]


class Manifest(_Strict):
    """A submission's claims."""

    format: Literal[1] = 1
    track: Line
    track_digest: Hex
    version: Line
    agent: AgentRecord
    scenarios: dict[Line, ScenarioRecord]
    environment: EnvironmentRecord

    def write(self, path: Path) -> None:
        """Write it as JSON, aside and renamed."""
        with written_aside(path) as temporary:
            temporary.write_text(self.model_dump_json(indent=1) + "\n", encoding="utf-8")

    @staticmethod
    def read(path: Path) -> Manifest:
        """Read `manifest.json`.

        Raises:
            PalaestraError: Missing, too large, or not of the schema; names the first field that is wrong.
        """
        if path.is_symlink() or not path.is_file():
            raise PalaestraError(f"There is no manifest at {path}.")
        if path.stat().st_size > MOST_BYTES:
            raise PalaestraError(f"The manifest has {path.stat().st_size} bytes; at most {MOST_BYTES} are read.")
        try:
            return Manifest.model_validate_json(path.read_bytes())
        except ValidationError as error:
            first = error.errors(include_url=False, include_input=False)[0]
            where = ".".join(map(str, first["loc"])) or "the document"
            raise PalaestraError(f"The manifest is not of format 1: {where}: {first['msg']}.") from None


def file_digest(path: Path) -> str:
    """SHA-256 of a file, read in pieces."""
    whole = sha256()
    with open(path, "rb") as file:
        while piece := file.read(1 << 20):
            whole.update(piece)
    return whole.hexdigest()
