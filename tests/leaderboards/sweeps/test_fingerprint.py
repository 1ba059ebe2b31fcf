"""What determines a row is in the key of its job; what agents' digests hold is the rooms alone."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest
from palaestra.core.rooms import PACKAGE, ROOMS
from palaestra.leaderboards.sweeps import fingerprint
from palaestra.leaderboards.sweeps.fingerprint import ROW_FILES, rows_fingerprint, source_fingerprint
from palaestra.leaderboards.sweeps.plan import plan
from palaestra.leaderboards.tracks import tracks

SHAPING = [room.name for room in ROOMS if room.shapes_results]


@pytest.fixture
def small_house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """One file in every room, and those that make rows."""
    for name in [*(f"{room}/one.py" for room in SHAPING), *ROW_FILES]:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(f"# {name}\n")
    monkeypatch.setattr(fingerprint, "PACKAGE", tmp_path)
    return tmp_path


def both() -> tuple[str, str]:
    """The fingerprints of rows and of the source, computed anew."""
    return rows_fingerprint.__wrapped__(), source_fingerprint.__wrapped__()


@pytest.mark.parametrize("name", ROW_FILES)
def test_an_edit_of_what_makes_rows_changes_their_fingerprint_and_no_agents_digest(
    name: str, small_house: Path
) -> None:
    rows, source = both()
    (small_house / name).write_text("# edited\n")
    assert both()[0] != rows and both()[1] == source


@pytest.mark.parametrize("room", SHAPING)
def test_an_edit_in_a_room_changes_both(room: str, small_house: Path) -> None:
    rows, source = both()
    (small_house / room / "one.py").write_text("# edited\n")
    assert both()[0] != rows and both()[1] != source


def test_a_job_holds_the_fingerprint_of_rows() -> None:
    assert (
        plan(tracks["transfer-welfare-v0"].load(), ["Uniform"], 1)[0].code == rows_fingerprint() != source_fingerprint()
    )


def test_no_file_of_the_sweeps_that_makes_rows_is_left_out() -> None:
    """What `execute` imports of its own folder is named, but for the job, all of whose fields are in its key."""
    folder = "leaderboards/sweeps/"
    for name in ROW_FILES:
        for node in ast.walk(ast.parse((PACKAGE / name).read_text())) if name.startswith(folder) else ():
            if isinstance(node, ast.ImportFrom) and node.level == 1 and node.module != "job":
                assert f"{folder}{node.module}.py" in ROW_FILES
