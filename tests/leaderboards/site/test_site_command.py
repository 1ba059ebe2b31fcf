"""`palaestra site build`: what it prints, and that nothing is left on the screen of what went wrong."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from palaestra.command_line.app import app
from palaestra.leaderboards.board.accept import accept
from palaestra.leaderboards.submission.log import register
from palaestra.leaderboards.tracks.track import Track
from palaestra.tests.support.tiny_track import TINY, submitted, tiny_track
from typer.testing import CliRunner


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, Track]]:
    """A board with one agent of an author, and a preview of the same author, as a folder and as a ZIP archive."""
    home = tmp_path_factory.mktemp("command")
    with tiny_track() as track:
        accept(submitted(track, home, "Uniform", "Accepted"), home / "board", on="2026-01-03")
        folder = submitted(track, home, "BestResponse", "Mine")
        shutil.make_archive(str(home / "zipped" / "Mine"), "zip", folder)
        yield home, track


def build(home: Path, *more: str) -> str:
    arguments = ["site", "build", "--board", str(home / "board"), "--out", str(home / "site"), "--workers", "1", *more]
    done = CliRunner().invoke(app, arguments)
    assert done.exit_code == 0, done.output + str(done.exception)
    return done.stdout


@pytest.mark.parametrize("what", ["Mine", "zipped/Mine.zip"])
def test_the_page_of_a_preview_is_printed_and_counts_it(made: tuple[Path, Track], what: str) -> None:
    home, _ = made
    index, page = build(home, "--submission", str(home / what)).splitlines()
    assert index == str(home / "site" / "index.html") and Path(index).is_file()
    text = Path(page).read_text()
    assert "Mine" in text and "including this preview" in text
    numbers = json.loads((home / "site" / "tracks" / f"{TINY}.json").read_text())
    tries = {agent["name"]: agent["attempts"] for agent in numbers["agents"]}
    assert tries == {"Accepted": 1, "Mine": 2}


def test_a_preview_that_was_registered_is_counted_once(made: tuple[Path, Track], tmp_path: Path) -> None:
    _, track = made
    from palaestra.leaderboards.submission.agent_digest import agent_digest

    entry = register(tmp_path / "board" / "log.jsonl", TINY, "Mine", "A. Author", agent_digest("BestResponse").value)
    mine = submitted(track, tmp_path, "BestResponse", "Mine", registration=entry.hash)
    build(tmp_path, "--submission", str(mine))
    numbers = json.loads((tmp_path / "site" / "tracks" / f"{TINY}.json").read_text())
    assert [agent["attempts"] for agent in numbers["agents"]] == [1]


def test_the_paths_are_one_document(made: tuple[Path, Track]) -> None:
    home, _ = made
    held = json.loads(build(home, "--submission", str(home / "Mine"), "--json"))
    assert Path(held["index"]).is_file() and [Path(one).is_file() for one in held["previews"]] == [True]
    assert json.loads(build(home, "--json"))["previews"] == []


@pytest.mark.parametrize("what", ["nowhere", "no submission", "accepted", "no site"])
def test_what_is_wrong_is_said_before_a_bar_is_drawn(made: tuple[Path, Track], tmp_path: Path, what: str) -> None:
    home, _ = made
    (tmp_path / "empty").mkdir()
    (tmp_path / "thesis").mkdir()
    (tmp_path / "thesis" / "thesis.tex").write_text("ten years")
    wrong, words = {
        "nowhere": (["--submission", str(tmp_path / "absent")], "no such folder"),
        "no submission": (["--submission", str(tmp_path / "empty")], "no manifest.json"),
        "accepted": (["--submission", str(home / "Accepted")], "already on the board"),
        "no site": (["--out", str(tmp_path / "thesis")], "choose another --out"),
    }[what]
    command = [sys.executable, "-m", "palaestra", "site", "build", "--board", str(home / "board")]
    out = [] if what == "no site" else ["--out", str(tmp_path / "site")]
    done = subprocess.run([*command, *out, *wrong], capture_output=True, text=True, cwd=tmp_path)
    assert done.returncode != 0 and done.stdout == ""
    assert words in " ".join(done.stderr.split()) and "\u2501" not in done.stderr, "no bar"
