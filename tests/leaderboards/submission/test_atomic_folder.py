"""A new folder has its name when everything in it is on the disk, and not before."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from palaestra.core.files import flush
from palaestra.leaderboards.atomic_folder import new_folder_atomically
from palaestra.leaderboards.board.accept import accept
from palaestra.leaderboards.submission.unpack import unpack
from palaestra.tests.support.tiny_track import submitted, tiny_track


@pytest.fixture
def flushed(monkeypatch: pytest.MonkeyPatch) -> Callable[[Path], set[Path]]:
    """Which of the files and folders under a folder were flushed before it was renamed, and that its room was after."""
    seen: list[tuple[Path, bool]] = []

    def note(path: Path) -> None:
        flush(path)
        seen.append((path, not path.name.endswith(".part") and not any(p.name.endswith(".part") for p in path.parents)))

    monkeypatch.setattr("palaestra.leaderboards.atomic_folder.flush", note)

    def under(folder: Path) -> set[Path]:
        aside = folder.with_name(f".{folder.name}.part")
        inside = [path.relative_to(aside) for path, _ in seen if path.is_relative_to(aside)]
        assert (folder.parent, True) in seen, "the room that holds its name was not flushed"
        return {folder / path for path in inside}

    return under


def test_submitted_unpacked_and_accepted_folders_are_flushed_before_they_have_their_names(
    tmp_path: Path, flushed: Callable[[Path], set[Path]]
) -> None:
    with tiny_track() as track:
        made = submitted(track, tmp_path, "Uniform")
        archive = Path(shutil.make_archive(str(tmp_path / "packed"), "zip", made))
        unpack(archive, tmp_path / "unpacked")
        home = tmp_path / "board" / "submissions" / "tiny-v0" / accept(made, tmp_path / "board").folder
    for folder in (made, tmp_path / "unpacked", home):
        assert (folder / "manifest.json").is_file() and flushed(folder) == {folder, *folder.rglob("*")}


def test_a_block_that_fails_leaves_nothing_and_a_killed_ones_scraps_are_removed(tmp_path: Path) -> None:
    scraps = tmp_path / ".new.part" / "traces"
    scraps.mkdir(parents=True)
    with pytest.raises(KeyboardInterrupt), new_folder_atomically(tmp_path / "new") as aside:
        assert list(aside.iterdir()) == []
        (aside / "half").touch()
        raise KeyboardInterrupt
    assert list(tmp_path.iterdir()) == []
