"""Build the site: every track, agent and environment, and the log. Only pages that changed are made again."""

from __future__ import annotations

import json
import multiprocessing
import os
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from ...core.errors import PalaestraError
from ...core.files import file_digest
from ..atomic_folder import replace_folder_atomically
from ..board.accept import LOG
from ..board.board_submission import BoardSubmission, check_accepted, preview
from ..board.season import Season
from ..catalogue.listing import environment_faces
from ..submission.log import Entry, read_log
from ..sweeps.spawn_process import hold_interrupts
from ..tracks.track import Track
from .addresses import reference_pages
from .board_state import BoardState
from .environment_page import environment_page
from .index_page import citation, index_page
from .log_pages import log_pages
from .page_templates import render_page
from .site_record import SiteRecord, environments_key, track_key
from .track_pages import TrackWork, track_pages
from .write_site_file import write_site_file

ENVIRONMENTS = "environments"
"""The part of a site that is none of a track; no track has such a name, for theirs end in a version."""

FEW = 30
"""Submissions that are not worth starting processes for."""


def build_site(
    board: Path,
    out: Path,
    *,
    previews: Sequence[Path] = (),
    tracks: Sequence[Track] | None = None,
    workers: int = 0,
    on: str = "",
    progress: Callable[[float, float, str], None] | None = None,
) -> Path:
    """Write a static site that opens from disk; the same board gives the same bytes on the same day.

    Args:
        board: Folder with `log.jsonl`, `submissions/` and `audits/`.
        out: Where to; a site that is there is replaced as a whole.
        previews: Submissions that are not accepted; they are verified and shown as previews.
        tracks: Those that get pages; all that are registered if left out.
        workers: Number of processes; 0 means one per core.
        on: Date of the build, which the pages about all tracks show; "": today, UTC.
        progress: Called with (parts done, parts, what was just made).

    Returns:
        The index.

    Raises:
        Refused: A preview that does not hold.
        PalaestraError: A log that does not hold, a folder on the board that was edited, a preview that is on the board,
            or an `out` that holds something else than a site.
    """
    tell = progress or (lambda done, total, now: None)
    record, entries = SiteRecord.of(out), read_log(board / LOG)
    season = Season.of(board)
    shown = _previews(previews, entries, season, tell)
    records = [season.track(track) for track in (_registered() if tracks is None else tracks)]
    with replace_folder_atomically(out) as folder:
        works = [_work(track, board, entries, shown, folder) for track in records]
        keys = {work.track.track_id: track_key(work) for work in works}
        keys[ENVIRONMENTS] = environments_key(records, board, entries)
        for entry in entries:
            if entry.kind == "submission":
                check_accepted(board, entry)
        waiting = [
            work for work in works if not record.carry(work.track.track_id, keys[work.track.track_id], out, folder)
        ]
        files = {name: dict(own) for name, own in record.files.items() if name in keys}
        total, done = len(works) + 2, len(works) - len(waiting)
        tell(done, total, "")
        for name, own in _written(waiting, workers):
            files[name], done = own, done + 1
            tell(done, total, name)
        if not record.carry(ENVIRONMENTS, keys[ENVIRONMENTS], out, folder):
            files[ENVIRONMENTS] = _environments(board, records, entries, folder)
        tell(done + 1, total, "environments")
        _whole(board, records, entries, on or datetime.now(UTC).date().isoformat(), folder)
        SiteRecord(keys, files).write(folder)
        tell(total, total, "")
    return out / "index.html"


def check_before(board: Path, out: Path, previews: Sequence[Path] = ()) -> None:
    """Raise what `build_site` would raise before it has verified anything.

    Args:
        board: As there.
        out: As there.
        previews: As there.
    """
    SiteRecord.of(out)
    known = {entry.manifest: entry for entry in read_log(board / LOG) if entry.manifest}
    for folder in previews:
        path = folder / "manifest.json"
        if not path.is_file():
            raise PalaestraError(f"--submission {folder}: it has no manifest.json, so it is not a submission.")
        _refuse_known(folder, file_digest(path), known)


def _refuse_known(folder: Path, digest: str, known: Mapping[str, Entry]) -> None:
    if digest in known:
        raise PalaestraError(
            f"{folder} is already on the board, as entry {known[digest].number}: leave it out of --submission."
        )


def _registered() -> list[Track]:
    from ..tracks import tracks

    return [track for _, track in tracks.loadable()]


def _previews(
    folders: Sequence[Path], entries: Sequence[Entry], season: Season, tell: Callable[[float, float, str], None]
) -> list[BoardSubmission]:
    from ..tracks import tracks

    known = {entry.manifest: entry for entry in entries if entry.manifest}
    found: dict[str, BoardSubmission] = {}
    for k, folder in enumerate(folders):
        tell(k, len(folders), f"verify {folder.name}")
        one = preview(folder, entries)
        _refuse_known(folder, one.digest, known)
        season.check(tracks[one.manifest.track].load(), one.manifest)
        found[one.digest] = one
    return list(found.values())


def _work(
    track: Track, board: Path, entries: Sequence[Entry], shown: Sequence[BoardSubmission], folder: Path
) -> TrackWork:
    name = track.track_id
    own = [entry for entry in entries if entry.track == name]
    return TrackWork(track, board, own, len(entries), [one for one in shown if one.manifest.track == name], folder)


def _written(works: Sequence[TrackWork], workers: int) -> Iterator[tuple[str, dict[str, str]]]:
    """The pages of tracks, in processes where it is worth it: the greatest boards first."""
    works = sorted(works, key=lambda work: (-len(work.entries), work.track.track_id))
    count = min(workers or os.cpu_count() or 1, len(works))
    if count < 2 or sum(len(work.entries) + len(work.previews) for work in works) < FEW:
        for work in works:
            yield work.track.track_id, track_pages(work)
        return
    with ProcessPoolExecutor(count, multiprocessing.get_context("spawn")) as pool:
        with hold_interrupts():
            futures = {pool.submit(track_pages, work): work.track.track_id for work in works}
        try:
            for future in as_completed(futures):
                yield futures[future], future.result()
        finally:
            pool.shutdown(wait=False, cancel_futures=True)  # after Ctrl-C nothing more is begun


def _environments(board: Path, records: Sequence[Track], entries: Sequence[Entry], folder: Path) -> dict[str, str]:
    played = reference_pages(records, entries)
    names = environment_faces()
    pages = {f"environments/{name}.html": environment_page(name, board, records, played) for name in names}
    return {name: write_site_file(folder, name, text) for name, text in pages.items()}


def _whole(board: Path, records: Sequence[Track], entries: Sequence[Entry], on: str, folder: Path) -> None:
    """The pages about all tracks: the index, the log, how to read it all."""
    names = [track.track_id for track in records]
    documents: dict[str, Any] = {name: json.loads((folder / "tracks" / f"{name}.json").read_bytes()) for name in names}
    state = BoardState.of(entries, on)
    pages = {"index.html": index_page(records, documents, state)}
    season = Season.of(board)
    pages |= dict(log_pages(entries, set(names), on, season))
    pages["about.html"] = render_page("about.html", root="", here="about", state=state, citation=citation(state))
    for name, text in pages.items():
        write_site_file(folder, name, text)
    if (board / LOG).is_file():
        shutil.copyfile(board / LOG, folder / LOG)
    for name in season.earlier:
        shutil.copyfile(board / name, folder / name)
