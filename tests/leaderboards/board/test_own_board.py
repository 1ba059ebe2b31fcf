"""The board that comes with palaestra: what was accepted lies there, and is of the tracks as they are."""

from __future__ import annotations

import json
import re

from palaestra.leaderboards.board.board import Board
from palaestra.leaderboards.board.board_folder import own_board
from palaestra.leaderboards.board.board_submission import read_board, waiting
from palaestra.leaderboards.board.season import Season
from palaestra.leaderboards.submission.verify import verify
from palaestra.leaderboards.tracks import tracks


def test_the_board_that_comes_along_is_what_was_accepted_and_is_of_these_tracks() -> None:
    """Every entry's manifest and findings lie there; scores are of the tracks as they are, not of older ones."""
    submissions, entries = read_board(own_board())
    assert len(submissions) >= 60 and not waiting(own_board(), entries)
    for name in {one.manifest.track for one in submissions}:
        board = Board.of(
            Season.of(own_board()).track(tracks[name].load()),
            [one for one in submissions if one.manifest.track == name],
            entries,
        )
        assert not any(line.outdated for line in board.lines), name
        references = {line.submission.manifest.agent.name for line in board.lines}
        assert references == set(tracks[name].load().references), name


def test_the_log_of_season_0_still_holds_and_names_the_commit_of_every_entry() -> None:
    lines = [json.loads(line) for line in (own_board() / "log-season-0.jsonl").read_text("utf-8").splitlines()]
    assert len(lines) == 95 and all(re.fullmatch("[0-9a-f]{40}", line["commit"]) for line in lines)
    previous = "0" * 64
    for number, entry in enumerate(line["entry"] for line in lines):
        assert (entry["number"], entry["previous"]) == (number, previous)
        previous = entry["hash"]


def test_a_submission_of_the_board_that_comes_along_verifies() -> None:
    assert (
        verify(own_board() / "submissions" / "transfer-welfare-v0" / "sete").lanes
        == 4 * tracks["transfer-welfare-v0"].load().demo_seeds
    )
