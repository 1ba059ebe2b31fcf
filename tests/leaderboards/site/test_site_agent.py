"""The page of one agent: its panels, its proofs, and how it is verified where its traces are and where they are not."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from palaestra.benchmarks.synthetic_board import synthetic_board
from palaestra.leaderboards.board.board import Board
from palaestra.leaderboards.board.board_submission import BoardSubmission, read_board
from palaestra.leaderboards.board.reserved_author import AUTHOR
from palaestra.leaderboards.site.agent_page import agent_page
from palaestra.leaderboards.site.agent_rows import agent_rows
from palaestra.leaderboards.site.board_page import board_page
from palaestra.leaderboards.tracks.track import Track


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[Track]]:
    """A board without traces, the third track of which has curves with a bound."""
    board = tmp_path_factory.mktemp("board")
    return board, synthetic_board(board, 3, 4)


def page_of(
    made: tuple[Path, list[Track]], submission: BoardSubmission, others: Sequence[BoardSubmission] | None = None
) -> str:
    """The page of a submission that takes the place of the third track's first."""
    track, entries = made[1][2], read_board(made[0])[1]
    own = [entry for entry in entries if entry.track == track.track_id]
    board = Board.of(track, [submission, *(first(made)[1:] if others is None else others)], own)
    rows = agent_rows(board, own)
    place = next(k for k, row in enumerate(rows) if row.line.submission is submission)
    return agent_page(board, rows, place, own, len(entries))


def first(made: tuple[Path, list[Track]]) -> list[BoardSubmission]:
    """The submissions of the third track."""
    return [one for one in read_board(made[0])[0] if one.manifest.track == made[1][2].track_id]


def by(author: str, submission: BoardSubmission) -> BoardSubmission:
    agent = submission.manifest.agent.model_copy(update={"author": author})
    return replace(submission, manifest=submission.manifest.model_copy(update={"agent": agent}))


def test_where_traces_are_kept_the_page_says_how_to_verify_them(made: tuple[Path, list[Track]], tmp_path: Path) -> None:
    kept = replace(first(made)[0], folder=tmp_path)
    (tmp_path / "traces").mkdir()
    text = page_of(made, kept)
    assert "palaestra verify leaderboards/submissions/" in text and "not in this repository" not in text


def test_where_traces_are_not_kept_the_page_says_who_makes_them_again(made: tuple[Path, list[Track]]) -> None:
    own, name = first(made)[0], made[1][2].track_id
    strangers, references = page_of(made, own), page_of(made, by(AUTHOR, own))
    for text in (strangers, references):
        assert "not in this repository" in text and "palaestra verify leaderboards/" not in text
    again = f"palaestra board references {name} --board my-board"
    assert again in references and again not in strangers and "If you have its folder, verify it" in strangers


def test_panels_come_in_the_tracks_order_on_the_board_and_on_the_agents_page(made: tuple[Path, list[Track]]) -> None:
    track = made[1][2]
    board = Board.of(track, first(made), read_board(made[0])[1])
    names = []
    for text in (board_page(board, agent_rows(board)), page_of(made, first(made)[0])):
        titles = re.findall(r"<figcaption>([^<]*?)(?: <span|</figcaption>)", text.partition('id="curves"')[2])
        names.append([title for title in titles if title in track.scenarios])
    shown = len(names[0]) // len(track.scenarios)
    assert names[0] == names[1] == list(track.scenarios) * shown and shown > 0


def unbounded(submission: BoardSubmission) -> BoardSubmission:
    """The same without the bounds beside its curves."""
    bare = {
        metric: {name: curve.model_copy(update={"bound": None}) for name, curve in curves.items()}
        for metric, curves in submission.findings.curves.items()
    }
    return replace(submission, findings=submission.findings.model_copy(update={"curves": bare}))


def test_a_bound_is_explained_where_one_is_drawn_and_nowhere_else(made: tuple[Path, list[Track]]) -> None:
    own, *others = first(made)
    assert "Dotted: " in page_of(made, own)
    text = page_of(made, unbounded(own), [unbounded(one) for one in others])
    assert "Dotted: " not in text and 'class="bound"' not in text


def test_every_certificate_names_its_scenario_its_lane_and_its_seed(made: tuple[Path, list[Track]]) -> None:
    board = Board.of(made[1][2], first(made), read_board(made[0])[1])
    places = re.findall(
        r'<td class="words quiet">([^<]+), lane (\d+), seed <code>(\d+)</code></td>',
        board_page(board, agent_rows(board)),
    )
    assert places and {(scenario in made[1][2].scenarios, lane, seed) for scenario, lane, seed in places} == {
        (True, "3", "17")
    }
