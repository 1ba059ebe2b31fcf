"""The site's files: whole, linked, escaped, the same for the same board, with the board's numbers."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from html import unescape
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import palaestra
import pytest
from palaestra.benchmarks.synthetic_board import synthetic_board
from palaestra.core.errors import PalaestraError
from palaestra.core.version import VERSION
from palaestra.envs import environments
from palaestra.leaderboards.board.board import Board
from palaestra.leaderboards.board.board_submission import read_board
from palaestra.leaderboards.board.reserved_author import AUTHOR
from palaestra.leaderboards.catalogue.describe import describe
from palaestra.leaderboards.site.addresses import reference_pages
from palaestra.leaderboards.site.agent_rows import agent_rows, shows_gap
from palaestra.leaderboards.site.board_page import board_page
from palaestra.leaderboards.site.board_state import BoardState
from palaestra.leaderboards.site.build import build_site
from palaestra.leaderboards.site.environment_page import environment_page
from palaestra.leaderboards.site.index_page import TITLE, citation
from palaestra.leaderboards.site.safe_text import coded_text
from palaestra.leaderboards.site.track_document import track_document
from palaestra.leaderboards.submission.log import read_log
from palaestra.leaderboards.sweeps.standings import measures_of
from palaestra.leaderboards.tracks.track import Track
from palaestra.tests.support.parsed_page import Page

LARGEST = 500_000


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[Track]]:
    """A board of three tracks, the third of which has curves with a bound."""
    board = tmp_path_factory.mktemp("board")
    return board, synthetic_board(board, 3, 8)


@pytest.fixture(scope="module")
def site(made: tuple[Path, list[Track]], tmp_path_factory: pytest.TempPathFactory) -> Path:
    board, tracks = made
    return build_site(board, tmp_path_factory.mktemp("site") / "site", tracks=tracks, workers=1).parent


def pages(site: Path) -> dict[Path, Page]:
    return {path: Page(path.read_text(encoding="utf-8")) for path in sorted(site.rglob("*.html"))}


def contents(site: Path) -> dict[str, bytes]:
    return {path.relative_to(site).as_posix(): path.read_bytes() for path in site.rglob("*") if path.is_file()}


def ranking(made: tuple[Path, list[Track]], which: int = 2) -> tuple[Board, Any]:
    board, tracks = made
    submissions, entries = read_board(board)
    return Board.of(tracks[which], submissions, entries), entries


def test_every_page_is_there_whole_and_small(site: Path, made: tuple[Path, list[Track]]) -> None:
    names = contents(site)
    for track in made[1]:
        assert {f"tracks/{track.track_id}.html", f"tracks/{track.track_id}.json"} <= names.keys()
        assert sum(name.startswith(f"agents/{track.track_id}/") for name in names) == 8
    assert {"index.html", "log.html", "about.html", "log.jsonl"} | {f"environments/{e}.html" for e in environments} <= (
        names.keys()
    )
    for path, page in pages(site).items():
        assert not page.wrong and not page.open, path.name
        assert not re.search("&lt;/?(wbr|bdi|svg|code|span)", path.read_text()), "markup that is shown as text"
        assert len(page.ids) == len(set(page.ids)), path.name
        assert path.stat().st_size < LARGEST, path.name


def test_every_link_and_anchor_of_every_page_leads_somewhere(site: Path) -> None:
    read = pages(site)
    anchors = {path.resolve(): set(page.ids) for path, page in read.items()}
    followed = 0
    for path, page in read.items():
        for link in page.links:
            if link.startswith("https://"):
                assert link == "https://example.org/agent" or re.fullmatch(r"https://arxiv\.org/abs/\d{4}\.\d{5}", link)
                continue
            target, _, anchor = link.partition("#")
            there = (path.parent / unquote(target)).resolve() if target else path.resolve()
            assert there.is_relative_to(site.resolve()) and there.is_file(), f"{path.name}: {link}"
            assert not anchor or anchor in anchors[there], f"{path.name}: {link}"
            followed += 1
    reached, todo = set(), [(site / "index.html").resolve()]
    while todo:
        path = todo.pop()
        if path not in reached and path.suffix == ".html":
            reached.add(path)
            todo += [
                (path.parent / unquote(link.partition("#")[0])).resolve()
                for link in Page(path.read_text()).links
                if ":" not in link and not link.startswith("#")
            ]
    assert reached == set(anchors) and followed > 500


def test_a_page_may_run_and_load_nothing_but_itself(site: Path) -> None:
    for path, page in pages(site).items():
        policy = [tag["content"] or "" for name, tag in page.tags if tag.get("http-equiv") == "Content-Security-Policy"]
        assert len(policy) == 1 and policy[0].startswith("default-src 'none';") and "unsafe" not in policy[0], path.name
        for name, attributes in page.tags:
            assert name not in ("img", "link", "iframe", "object", "embed", "base"), path.name
            assert not {key for key in attributes if key.startswith("on") or key in ("style", "src")}, (path.name, name)


def test_the_same_board_gives_the_same_bytes_and_an_unchanged_one_is_not_drawn_again(
    site: Path, made: tuple[Path, list[Track]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from palaestra.leaderboards.site import build

    board, tracks = made
    build_site(board, tmp_path / "site", tracks=tracks, workers=1)
    first = contents(site)
    assert contents(tmp_path / "site") == first
    monkeypatch.setattr(build, "track_pages", None)
    monkeypatch.setattr(build, "environment_page", None)
    build_site(board, tmp_path / "site", tracks=tracks, workers=1)
    assert contents(tmp_path / "site") == first


def test_a_page_that_was_edited_is_drawn_again(site: Path, made: tuple[Path, list[Track]], tmp_path: Path) -> None:
    board, tracks = made
    build_site(board, tmp_path / "site", tracks=tracks[:1], workers=1)
    first = contents(tmp_path / "site")
    edited = tmp_path / "site" / "tracks" / f"{tracks[0].track_id}.html"
    edited.write_text(edited.read_text().replace("verified", "splendid"))
    build_site(board, tmp_path / "site", tracks=tracks[:1], workers=1)
    assert contents(tmp_path / "site") == first


def test_processes_write_what_one_process_writes(
    site: Path, made: tuple[Path, list[Track]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from palaestra.leaderboards.site import build

    monkeypatch.setattr(build, "FEW", 0)
    told: list[tuple[float, float]] = []
    build_site(made[0], tmp_path / "site", tracks=made[1], workers=2, progress=lambda d, t, now: told.append((d, t)))
    assert contents(tmp_path / "site") == contents(site)
    assert told == sorted(told) and told[-1] == (5, 5)


def test_a_build_that_fails_leaves_the_site_that_was_there(
    made: tuple[Path, list[Track]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from palaestra.leaderboards.site import build

    board, tracks = made
    build_site(board, tmp_path / "site", tracks=tracks[:1], workers=1)
    before = contents(tmp_path / "site")
    monkeypatch.setattr(build, "index_page", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        build_site(board, tmp_path / "site", tracks=tracks[:2], workers=1)
    assert contents(tmp_path / "site") == before and [path.name for path in tmp_path.iterdir()] == ["site"]
    (tmp_path / "site").rename(tmp_path / ".site.old")  # killed between the two renames
    monkeypatch.undo()
    build_site(board, tmp_path / "site", tracks=tracks[:1], workers=1)
    assert contents(tmp_path / "site") == before and [path.name for path in tmp_path.iterdir()] == ["site"]


def test_a_folder_that_is_no_site_is_never_replaced(made: tuple[Path, list[Track]], tmp_path: Path) -> None:
    (tmp_path / "thesis.tex").write_text("ten years of work")
    with pytest.raises(PalaestraError, match="choose another --out"):
        build_site(made[0], tmp_path, tracks=made[1][:1], workers=1)
    assert (tmp_path / "thesis.tex").read_text() == "ten years of work"


def test_the_order_of_submissions_changes_no_page(made: tuple[Path, list[Track]]) -> None:
    submissions, entries = read_board(made[0])
    texts = []
    for order in (submissions, submissions[::-1]):
        board = Board.of(made[1][2], order, entries)
        texts.append(board_page(board, agent_rows(board)))
    assert texts[0] == texts[1]


def test_the_numbers_of_a_page_are_those_of_the_board(site: Path, made: tuple[Path, list[Track]]) -> None:
    board, _ = ranking(made)
    name = board.track.track_id
    document = json.loads((site / "tracks" / f"{name}.json").read_text())
    assert document == json.loads(json.dumps(track_document(board, agent_rows(board)), default=str))
    text = (site / "tracks" / f"{name}.html").read_text()
    rows = re.findall(r"<tr data-status.*?</tr>", text, re.S)
    assert len(rows) == len(board.lines) == 8
    for row, line in zip(rows, board.lines, strict=True):
        keys = re.findall(r'<td class="number" data-v="([^"]*)"', row)
        estimates = [line.estimates[measure.name].value for measure in board.measures]
        gap = [line.gap.value] if line.gap is not None and shows_gap(board.measures[0]) else []
        shown = [float(key) for key in keys[1:] if key]
        assert shown == pytest.approx([*estimates[:1], *gap, line.attempts, *estimates[1:]])
        rank = "–" if line.ranks is None else "–".join(map(str, sorted(set(line.ranks))))
        assert f'">{rank}</td>' in row
        assert line.submission.manifest.agent.name in unescape(row)


def test_a_gap_that_is_the_score_has_no_column(site: Path, made: tuple[Path, list[Track]]) -> None:
    told = set()
    for track in made[1]:
        measure = measures_of(track)[0]
        same = measure.optimum == 0 and measure.better == "lower"
        text = (site / "tracks" / f"{track.track_id}.html").read_text()
        assert ('data-key="gap"' in text) != same and ("so the score is the gap" in text) == same
        told.add(same)
    assert told == {True, False}


def test_head_to_head_holds_the_boards_probabilities(site: Path, made: tuple[Path, list[Track]]) -> None:
    board, _ = ranking(made)
    text = (site / "tracks" / f"{board.track.track_id}.html").read_text()
    rows = re.findall(
        r'<tr><th scope="row"[^\n]*?</tr>', text.partition('<table class="duels">')[2].partition("</table>")[0]
    )
    assert len(rows) == 8
    for a, row in enumerate(rows):
        cells = re.findall(r'<td class="number[^>]*>([^<]*)</td>', row)
        for b, cell in enumerate(cells):
            value, low, high = board.improvement[a, b]
            arrow = "↑" if low > 0.5 else "↓" if high < 0.5 else ""
            assert cell == ("–" if a == b else f"{arrow}{value:.0%}")


def test_every_page_says_what_it_is_of_and_how_to_cite_it(site: Path, made: tuple[Path, list[Track]]) -> None:
    entries = read_log(made[0] / "log.jsonl")
    for path, page in pages(site).items():
        foot = path.read_text().partition("<footer")[2]
        assert f"palaestra {VERSION}" in foot and any(link.endswith("about.html#cite") for link in page.links)
        whole = path.parent == site
        own = [entry for entry in entries if whole or entry.track in path.as_posix()]
        if path.parent.name != "environments":
            assert own[-1].hash in foot, path.name
        assert ("Built on" in foot) == whole
    assert entries[-1].hash[:16] in (site / "about.html").read_text()


def test_the_citation_says_what_the_citation_file_says() -> None:
    held = (Path(palaestra.__file__).parent / "CITATION.cff").read_text()
    made = citation(BoardState(0, -1, "", "", "2026-01-02"))
    for key, value in (("title", TITLE), ("- name", AUTHOR)):
        assert re.search(rf'^\s*{key}: "{re.escape(value)}"$', held, re.MULTILINE) and value in made
    assert re.search(rf"^version: {re.escape(VERSION)}$", held, re.MULTILINE) and "year    = {2026}" in made


def test_a_day_later_only_the_pages_about_all_tracks_differ(made: tuple[Path, list[Track]], tmp_path: Path) -> None:
    texts = []
    for day in ("2026-01-02", "2026-01-03"):
        build_site(made[0], tmp_path / day, tracks=made[1][:1], workers=1, on=day)
        texts.append(contents(tmp_path / day))
    changed = {name for name in texts[0] if texts[0][name] != texts[1][name]}
    assert changed == {"index.html", "about.html", "log.html"}


def test_a_board_without_audits_shows_those_that_come_along(site: Path) -> None:
    for name in environments:
        text = (site / "environments" / f"{name}.html").read_text()
        assert 'aria-label="Audit"' in text and "Version history" in text and "Live facts" in text
        assert 'aria-label="Audit by scenario"' in text and "https://arxiv.org/abs/" in text
        arguments = re.sub("</?(bdi|wbr)>", "", text.partition('aria-label="Arguments"')[2].partition("</table>")[0])
        assert "See <code>palaestra show" not in text
        for option in describe(name)["options"]:
            assert f"<code>{option['name']}</code>" in arguments and coded_text(option["doc"]) in arguments


def test_the_agents_of_an_environment_lead_to_their_pages(made: tuple[Path, list[Track]]) -> None:
    track, entries = made[1][2], [one for one in ranking(made)[1] if one.kind == "submission"]
    own = [replace(entries[-1], author=AUTHOR, name="LinUCB"), replace(entries[-1], name="RankingPGD")]
    played = reference_pages([track], own)
    assert list(played[track.env_id]) == ["LinUCB"], "the pages of strangers are none of a reference agent's"
    text = environment_page(track.env_id, made[0], [track], played)
    assert f'<a href="../{played[track.env_id]["LinUCB"]}">LinUCB</a>' in text and "<b>RankingPGD</b>" in text


def test_the_log_shows_registrations_that_nobody_followed_up(made: tuple[Path, list[Track]], tmp_path: Path) -> None:
    from palaestra.leaderboards.site.log_pages import log_pages

    entries = read_log(made[0] / "log.jsonl")
    ((_, whole),) = log_pages(entries, {track.track_id for track in made[1]})
    assert "but not submitted" not in whole
    places = [int(number) for number in re.findall(r'id="entry-(\d+)"', whole)]
    assert places == list(range(len(entries)))[::-1] and entries[-1].hash in whole
    alone = [entry for entry in entries if entry.kind == "registration"]
    (_, text), *_ = log_pages(alone, set())
    assert f"{len(alone)} agents were registered" in text and text.count("registration, no scores") == len(alone)
