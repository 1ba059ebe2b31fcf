"""The first page: what palaestra is, how to submit, and each leader with a score of its own."""

from __future__ import annotations

import json
import re
from html import unescape
from pathlib import Path

import pytest
from palaestra.benchmarks.synthetic_board import synthetic_board
from palaestra.leaderboards.site.build import build_site
from palaestra.leaderboards.site.index_page import LEADERS
from palaestra.leaderboards.site.page_templates import templates
from palaestra.leaderboards.statistics.estimate import Estimate
from palaestra.leaderboards.statistics.number_text import number_text
from palaestra.leaderboards.sweeps.standings import measures_of
from palaestra.leaderboards.tracks import tracks
from palaestra.leaderboards.tracks.track import Track

TRACKS = ("data-acquisition-v0", "mediated-welfare-v0", "model-routing-v0")
LEADER = r'<li><a [^>]*>([^<]*)</a> <b>([^<]*)</b> <span class="interval inline">([^<]*)</span>'


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[Track]]:
    """The site of a board of three tracks."""
    board = tmp_path_factory.mktemp("board")
    own = synthetic_board(board, 3, 12, names=TRACKS)
    return build_site(board, tmp_path_factory.mktemp("site") / "site", tracks=own, workers=1, on="2026-01-02"), own


def test_every_leader_stands_beside_its_own_score(made: tuple[Path, list[Track]]) -> None:
    index, own = made
    text, most = index.read_text(), 0
    for track in own:
        card = text.partition(f'<h3 id="{track.track_id}">')[2].partition("</article>")[0]
        agents = json.loads((index.parent / "tracks" / f"{track.track_id}.json").read_text())["agents"]
        name = measures_of(track)[0].name
        scores = number_text([Estimate.read(agent["metrics"][name]) for agent in agents])
        expected = [
            (agent["name"], *score)
            for agent, score in zip(agents, scores, strict=True)
            if agent["ranks"] and agent["ranks"][0] == 1
        ]
        plain = re.sub("</?(bdi|wbr)>", "", card)
        shown = re.findall(
            r'<li><a [^>]*>([^<]*)</a> <b>([^<]*)</b> <span class="interval inline">([^<]*)</span>', plain
        )
        assert [tuple(map(unescape, one)) for one in shown] == expected[:LEADERS]
        most = max(most, len(shown))
    assert most > 1, "one of the boards has several leaders"


def test_the_index_says_what_palaestra_is_how_to_submit_and_what_its_plots_show(
    made: tuple[Path, list[Track]],
) -> None:
    text = made[0].read_text()
    for words in ("is a suite of environments", "palaestra submit TRACK", "a hollow dot is an oracle", "dashed line"):
        assert words in text
    assert "Built on 2026-01-02." in text


def test_a_board_without_entries_has_every_page(tmp_path: Path) -> None:
    (tmp_path / "board").mkdir()
    index = build_site(tmp_path / "board", tmp_path / "site", tracks=[tracks["ranking-bandit-v0"].load()], workers=1)
    assert "No agent is ranked yet" in index.read_text() and "as of entry" not in index.read_text()
    assert "No submission yet" in (index.parent / "tracks" / "ranking-bandit-v0.html").read_text()
    assert "note" not in (index.parent / "about.html").read_text().partition("@software")[2].partition("</pre>")[0]


def test_only_what_is_refused_or_failed_is_red() -> None:
    """A preview was verified: its mark has a neutral colour, and unverified a colour of its own."""
    style = str(templates().globals["style"])
    colors = {
        name: color
        for names, color in re.findall(r"^([^\n{}]+) \{ color: var\(--([a-z]+)\); \}$", style, re.MULTILINE)
        for name in names.split(", ")
    }
    assert colors[".badge.preview"] == "quiet" and colors[".badge.unverified"] == "care"
    assert colors[".warn"] == "warn" and list(colors.values()).count("warn") == 1
