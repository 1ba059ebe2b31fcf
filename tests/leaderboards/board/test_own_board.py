"""The board that comes with palaestra: what was accepted lies there, and is of the tracks as they are."""

from __future__ import annotations

from palaestra.leaderboards.board.board import Board
from palaestra.leaderboards.board.board_folder import own_board
from palaestra.leaderboards.board.board_submission import read_board, waiting
from palaestra.leaderboards.submission.verify import verify
from palaestra.leaderboards.tracks import tracks


def test_the_board_that_comes_along_is_what_was_accepted_and_is_of_these_tracks() -> None:
    """Every entry's manifest and findings lie there; scores are of the tracks as they are, not of older ones."""
    submissions, entries = read_board(own_board())
    assert len(submissions) >= 60 and not waiting(own_board(), entries)
    for name in {one.manifest.track for one in submissions}:
        board = Board.of(tracks[name].load(), [one for one in submissions if one.manifest.track == name], entries)
        assert not any(line.outdated for line in board.lines), name
        references = {line.submission.manifest.agent.name for line in board.lines}
        assert references == set(tracks[name].load().references), name


def test_a_submission_of_the_board_that_comes_along_verifies() -> None:
    assert verify(own_board() / "submissions" / "transfer-welfare-v0" / "sete").lanes == 400
