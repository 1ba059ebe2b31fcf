"""Seasons of a board: what it asks of submissions since when, and where the logs of earlier seasons are.

A board begins a new season when the same seeds begin to give other numbers, so that old results cannot be replayed any
more. The file `season.json` beside its log says so; a board without one is in its first season, at full size.
"""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from ...core.errors import PalaestraError
from ..submission.claims import track_digest
from ..submission.manifest import Manifest
from ..tracks.track import Track

SEASON = "season.json"

Size = Literal["full", "demo"]


class Season(BaseModel):
    """One season of a board.

    Attributes:
        number: From 0.
        size: Size at which submissions are played: a track's "full" number of seeds, or its "demo" size.
        began: YYYY-MM-DD, or "" for a board without `season.json`.
        reason: One sentence: why the season before ended.
        earlier: Logs of earlier seasons, beside this file. Each line of one holds an entry of that season's log and
            the commit of palaestra at which it was played.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    number: int = Field(default=0, ge=0)
    size: Size = "full"
    began: str = ""
    reason: str = ""
    earlier: list[str] = Field(default_factory=list)

    @staticmethod
    def of(board: Path) -> Season:
        """The season of a board's folder.

        Raises:
            PalaestraError: A `season.json` that cannot be read; names the field.
        """
        path = board / SEASON
        if not path.is_file():
            return Season()
        try:
            return Season.model_validate_json(path.read_bytes())
        except ValidationError as error:
            first = error.errors(include_url=False)[0]
            where = ".".join(map(str, first["loc"]))
            raise PalaestraError(
                f"{path}: {where}: {first['msg']}. `leaderboards/board/season.py` lists its fields."
            ) from None

    def track(self, track: Track) -> Track:
        """A track at the size of this season."""
        return track.sized(self.size)

    def check(self, track: Track, manifest: Manifest) -> None:
        """Refuse a submission of another size.

        Args:
            track: The registered track that the manifest names.
            manifest: The submission's.

        Raises:
            PalaestraError: A submission that was not played at this season's size.
        """
        other = track_digest(track.sized("demo" if self.size == "full" else "full"))
        if manifest.track_digest == other != track_digest(self.track(track)):
            raise PalaestraError(
                f"This board takes submissions to {track.track_id} at {self.size} size in season {self.number}: "
                f"submit it with --size {self.size}."
            )
