"""The record of how a site was built, so that the next build keeps pages that would not change."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from functools import cache
from hashlib import sha256
from pathlib import Path

from ...core.errors import PalaestraError
from ...core.files import file_digest
from ...core.module_source import module_file
from ...core.rooms import PACKAGE
from ..board.board_folder import own_board
from ..catalogue.listing import registries
from ..submission.claims import track_digest
from ..submission.log import Entry
from ..sweeps.fingerprint import outside_files, source_fingerprint
from ..tracks.track import Track
from .addresses import chunks, reference_pages
from .track_pages import TrackWork

NAME = "build.json"


@dataclass(frozen=True)
class SiteRecord:
    """A site's `build.json`.

    Attributes:
        keys: Part (a track, or all environments) -> hash of everything that its pages follow from.
        files: Part -> path within the site -> SHA-256.
    """

    keys: Mapping[str, str] = field(default_factory=dict)
    files: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    @staticmethod
    def of(folder: Path) -> SiteRecord:
        """The record of a site that is there; an empty one where there is none yet.

        Raises:
            PalaestraError: The folder holds something else, which a build would replace.
        """
        if not folder.exists() or (folder.is_dir() and not any(folder.iterdir())):
            return SiteRecord()
        try:
            held = json.loads((folder / NAME).read_text(encoding="utf-8"))
            return SiteRecord(dict(held["keys"]), {name: dict(own) for name, own in held["files"].items()})
        except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
            raise PalaestraError(
                f"{folder} already exists and was not made by `palaestra site build` (it has no readable {NAME}), so "
                f"it is not replaced: choose another --out, or remove it."
            ) from error

    def write(self, folder: Path) -> None:
        """Write it beside the pages."""
        (folder / NAME).write_text(json.dumps(asdict(self), sort_keys=True, indent=0) + "\n", encoding="utf-8")

    def carry(self, part: str, key: str, old: Path, new: Path) -> bool:
        """Bring a part's pages over from the old site; whether they are all there, unchanged, and of this key."""
        own = self.files.get(part, {})
        if self.keys.get(part) != key or not own:
            return False
        for name, digest in own.items():
            if not (old / name).resolve().is_relative_to(old.resolve()):
                return False
            if (old / name).is_symlink() or not (old / name).is_file() or file_digest(old / name) != digest:
                return False
        for name in own:
            (new / name).parent.mkdir(parents=True, exist_ok=True)
            try:
                os.link(old / name, new / name)
            except OSError:
                shutil.copyfile(old / name, new / name)
        return True


def track_key(work: TrackWork) -> str:
    """Hash of everything that a track's pages follow from."""
    whole = {
        "code": _code(),
        "track": [track_digest(work.track), work.track.about],
        **_outside(work.track),
        "entries": [entry.hash for entry in work.entries],
        "log_pages": chunks(work.total),
        "traces": [entry.number for entry in work.entries if entry.kind == "submission" and _traced(work.board, entry)],
        "previews": sorted([one.digest, str(one.folder.name), one.findings.key] for one in work.previews),
    }
    return sha256(json.dumps(whole, sort_keys=True).encode()).hexdigest()


def _traced(board: Path, entry: Entry) -> bool:
    """Whether a submission's traces lie there, which its page says."""
    return (board / "submissions" / entry.track / entry.folder / "traces").is_dir()


def environments_key(tracks: Sequence[Track], board: Path, entries: Sequence[Entry]) -> str:
    """Hash of everything that the environments' pages follow from."""
    audits = [path for home in (own_board(), board) for path in sorted((home / "audits").glob("*.json"))]
    whole = {
        "code": _code(),
        "tracks": [[track.track_id, track.env_id, track.about] for track in tracks],
        **_other_packages(),
        "agents": reference_pages(tracks, entries),
        "audits": [[path.name, file_digest(path)] for path in audits],
    }
    return sha256(json.dumps(whole).encode()).hexdigest()


def _outside(track: Track) -> dict[str, dict[str, str]]:
    """The source that other packages bring to a track; nothing where there is none."""
    files = outside_files(track)
    return {"outside": files} if files else {}


def _other_packages() -> dict[str, list[list[str]]]:
    """The environments and agents of other packages, with the digest of the files that they are in."""
    members = [one for room in ("environment", "agent") for one in registries()[room].values() if one.outside]
    files = [(one.name, module_file(one.module)) for one in members]
    told = [[name, str(path), file_digest(path)] for name, path in files if path is not None]
    return {"outside": told} if told else {}


@cache
def _code() -> str:
    """The package's source, all that a number on a page may come from, and the templates."""
    room, whole = PACKAGE / "leaderboards", sha256(source_fingerprint().encode())
    for path in sorted([*room.rglob("*.py"), *(room / "site" / "templates").iterdir()]):
        whole.update(f"{path.relative_to(room)}\0{file_digest(path)}\n".encode())
    return whole.hexdigest()
