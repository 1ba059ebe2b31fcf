"""What strangers hand in stays text on a page, and short."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from palaestra.benchmarks.synthetic_board import synthetic_board
from palaestra.leaderboards.board.board import Board
from palaestra.leaderboards.board.board_submission import BoardSubmission, read_board
from palaestra.leaderboards.site.agent_page import agent_page
from palaestra.leaderboards.site.agent_rows import agent_rows
from palaestra.leaderboards.site.board_page import board_page
from palaestra.leaderboards.tracks.track import Track
from palaestra.tests.support.parsed_page import Page

LARGEST = 500_000
HOSTILE = (
    "</script><script>alert(1)</script>",
    "\"onmouseover='alert(1)' x=\"",
    "<!-- <style>* { display: none }</style> &amp; {{ 7 * 7 }}",
    "safe\u202egnp.exe\u2066\u200b\u00ad",
    "W" * 200,
)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[Track]]:
    """A board of three tracks, the third of which has curves with a bound."""
    board = tmp_path_factory.mktemp("board")
    return board, synthetic_board(board, 3, 8)


@pytest.mark.parametrize("name", HOSTILE)
def test_what_strangers_call_themselves_stays_text(made: tuple[Path, list[Track]], name: str) -> None:
    """The verifier refuses some of these names already; a page does not count on it."""
    board, tracks = made
    submissions, entries = read_board(board)
    own = [one for one in submissions if one.manifest.track == tracks[2].track_id]
    harmless = everything(tracks[2], [renamed(own[0], "Harmless"), *own[1:]], entries)
    texts = everything(tracks[2], [renamed(own[0], name), *own[1:]], entries)
    for text, before in zip(texts, harmless, strict=True):
        page, usual = Page(text), Page(before)
        assert not page.wrong and not page.open
        assert shape(page) == shape(usual)
        assert not re.search("[\u202a-\u202e\u2066-\u2069\u200b-\u200f\u00ad]", text)
        assert len(text) < LARGEST


def test_nobody_makes_a_page_large_by_what_he_hands_in(made: tuple[Path, list[Track]]) -> None:
    """A manifest may have 16 MiB: options, packages and files of which a page shows the first alone."""
    board, tracks = made
    submissions, entries = read_board(board)
    own = [one for one in submissions if one.manifest.track == tracks[0].track_id]
    many = {f"{number:06}": "x" * 64 for number in range(20_000)}
    manifest = own[0].manifest
    agent = manifest.agent.model_copy(update={"options": many, "files": many})
    machine = manifest.environment.model_copy(update={"versions": many})
    large = replace(own[0], manifest=manifest.model_copy(update={"agent": agent, "environment": machine}))
    for text in everything(tracks[0], [large, *own[1:]], entries):
        assert len(text) < LARGEST


def shape(page: Page) -> list[tuple[str, list[str]]]:
    """Tags and the names of their attributes; but for where a long name may be broken."""
    return [(tag, sorted(keys)) for tag, keys in page.tags if tag != "wbr"]


def everything(track: Track, submissions: Sequence[BoardSubmission], entries: Any) -> list[str]:
    """The board's page and the first agent's, as text, and the JSON beside them."""
    board = Board.of(track, submissions, entries)
    rows = agent_rows(board)
    place = next(k for k, row in enumerate(rows) if row.line.submission.digest == submissions[0].digest)
    return [board_page(board, rows), agent_page(board, rows, place, entries, len(entries))]


def renamed(submission: BoardSubmission, name: str) -> BoardSubmission:
    """A submission that calls everything by a name."""
    manifest = submission.manifest
    words = {"name": name, "author": name, "target": name, "options": {name: name}, "files": {name: name}}
    agent = manifest.agent.model_copy(update=words)
    machine = manifest.environment.model_copy(update={"versions": {name: name}, "processor": name, "commit": name})
    return replace(submission, manifest=manifest.model_copy(update={"agent": agent, "environment": machine}))
