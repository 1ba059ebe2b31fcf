"""Seasons of a board: which size it takes, what it says of the season before, and what a damaged file costs."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from palaestra.core.errors import PalaestraError
from palaestra.leaderboards.board.accept import accept
from palaestra.leaderboards.board.board import Board
from palaestra.leaderboards.board.board_submission import read_board
from palaestra.leaderboards.board.season import Season
from palaestra.leaderboards.site.build import build_site
from palaestra.leaderboards.submission.verify import Refused, verify
from palaestra.leaderboards.tracks.track import Track
from palaestra.tests.support.tiny_track import TINY, submitted, tiny_track

DEMO = {"demo": {"horizon": 2}, "demo_seeds": 3}


@pytest.fixture
def track() -> Iterator[Track]:
    with tiny_track(**DEMO) as found:
        yield found


def board_with(folder: Path, **season: object) -> Path:
    board = folder / "board"
    board.mkdir()
    (board / "season.json").write_text(json.dumps(season))
    return board


def test_a_track_at_demo_size_is_its_own_track() -> None:
    with tiny_track(**DEMO) as track:
        demo = track.sized("demo")
        assert demo.seeds == 3 and demo.options("dilemma", {}, demo=False)["horizon"] == 2
        assert demo.sized("demo") == demo and track.sized("full") is track


def test_a_board_without_a_file_is_in_its_first_season_at_full_size(tmp_path: Path) -> None:
    assert Season.of(tmp_path) == Season(number=0, size="full")


def test_both_sizes_verify_and_each_board_takes_its_own(tmp_path: Path, track: Track) -> None:
    full = submitted(track, tmp_path, "Uniform", "full")
    demo = submitted(track.sized("demo"), tmp_path, "Uniform", "demo")
    assert verify(full).lanes == 12 and verify(demo).lanes == 6
    short = board_with(tmp_path, number=1, size="demo", began="2026-01-01", reason="New numbers.")
    with pytest.raises(Refused, match=r"at demo size in season 1: submit it with --size demo"):
        accept(full, short)
    assert not (short / "submissions").exists()
    accept(demo, short)
    with pytest.raises(Refused, match=r"at full size in season 0: submit it with --size full"):
        accept(demo, tmp_path / "other")
    ranking = Board.of(Season.of(short).track(track), *read_board(short))
    assert [line.outdated for line in ranking.lines] == [False]


def test_the_site_says_which_season_it_is_and_brings_earlier_logs(tmp_path: Path, track: Track) -> None:
    board = board_with(
        tmp_path, number=1, size="demo", began="2026-01-01", reason="Numbers changed.", earlier=["log-season-0.jsonl"]
    )
    (board / "log-season-0.jsonl").write_text("{}\n")
    accept(submitted(track.sized("demo"), tmp_path, "Uniform"), board)
    build_site(board, tmp_path / "site", tracks=[track], workers=1)
    page = (tmp_path / "site" / "log.html").read_text()
    assert "season 1, which began on 2026-01-01: Numbers changed." in page and "demo size" in page
    assert (tmp_path / "site" / "log-season-0.jsonl").read_text() == "{}\n"
    assert "3 seeds" in (tmp_path / "site" / "tracks" / f"{TINY}.html").read_text()


@pytest.mark.parametrize(
    ("text", "named"),
    [('{"number": -1}', "number"), ('{"size": "huge"}', "size"), ('{"sise": "demo"}', "sise"), ("{", "season.json")],
)
def test_a_damaged_season_is_named_by_file_and_field(tmp_path: Path, text: str, named: str) -> None:
    (tmp_path / "season.json").write_text(text)
    with pytest.raises(PalaestraError, match=named):
        Season.of(tmp_path)
