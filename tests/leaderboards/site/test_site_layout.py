"""The boards of all tracks in a browser: what is seen on a phone, on a desk and on paper, with nothing clicked."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from palaestra.benchmarks.synthetic_board import synthetic_board
from palaestra.leaderboards.site.build import build_site
from palaestra.leaderboards.tracks import tracks
from palaestra.tests.support.headless import headless

if TYPE_CHECKING:
    from playwright.sync_api import Page

PHONE, DESK, PAPER, PAPER_ACROSS = 390, 1280, 700, 960
"""Pixels: the last two are what the margins leave of a sheet of letter size, upright and across."""

SCROLLED = """() => {
  const link = document.querySelector("#table tbody th a"), box = link.closest(".scroll");
  link.scrollIntoView({behavior: "instant", block: "center"});
  box.scrollLeft = 10000;
  const place = link.getBoundingClientRect();
  return [place.left, link.contains(document.elementFromPoint(place.left + 3, place.top + 5))];
}"""
"""Where the first agent's name is when its board is scrolled to the right end, and whether nothing lies above it."""

TABLE = "(() => { const t = document.querySelector('#table'); return [t.scrollWidth, t.parentElement.clientWidth]; })()"
CUT = """[...document.querySelectorAll("td, th, svg")]
  .filter((one) => one.checkVisibility() && one.getBoundingClientRect().right > innerWidth + 1)
  .map((one) => one.textContent.trim().slice(0, 40))"""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A board of five agents on every registered track."""
    board = tmp_path_factory.mktemp("board")
    made = synthetic_board(board, len(list(tracks)), 5)
    return build_site(board, tmp_path_factory.mktemp("site") / "site", tracks=made, workers=1).parent


@pytest.fixture(scope="module")
def page() -> Iterator[Page]:
    with headless() as browser:
        yield browser.new_page()


def boards(site: Path) -> list[Path]:
    return sorted((site / "tracks").glob("*.html"))


def test_a_phone_shows_rank_agent_and_score_and_keeps_the_agent_in_sight(site: Path, page: Page) -> None:
    page.set_viewport_size({"width": PHONE, "height": 800})
    for path in boards(site):
        page.goto(path.as_uri())
        right = page.evaluate("document.querySelector('#table tbody tr').cells[2].getBoundingClientRect().right")
        assert right <= PHONE, path.name
        left, seen = page.evaluate(SCROLLED)
        assert 0 <= left < PHONE / 3 and seen, path.name


def test_a_desk_shows_every_column_of_every_board(site: Path, page: Page) -> None:
    page.set_viewport_size({"width": DESK, "height": 900})
    for path in boards(site):
        page.goto(path.as_uri())
        wide, room = page.evaluate(TABLE)
        assert wide <= room, path.name


def test_each_width_shows_one_plot_of_intervals_whole(site: Path, page: Page) -> None:
    for width, shown in ((PHONE, "narrow"), (DESK, "wide")):
        page.set_viewport_size({"width": width, "height": 900})
        for path in (boards(site)[0], next((site / "environments").glob("*.html"))):
            page.goto(path.as_uri())
            plots = page.locator("svg:is(.wide, .narrow):visible")
            assert plots.count() == 1 and shown in (plots.first.get_attribute("class") or "")
            box = plots.first.bounding_box()
            assert box is not None and box["x"] >= 0 and box["x"] + box["width"] <= width


def test_a_printed_page_is_whole(site: Path, page: Page) -> None:
    """Nothing is cut at the edge of the sheet, and what is closed on the screen is printed too."""
    page.emulate_media(media="print")
    agent = next((site / "agents").rglob("*.html"))
    for path in (*boards(site), agent, next((site / "environments").glob("*.html"))):
        across = path.parent.name == "tracks"
        page.set_viewport_size({"width": PAPER_ACROSS if across else PAPER, "height": 900})
        page.goto(path.as_uri())
        assert page.evaluate(CUT) == [], path.name
        closed = page.locator("details:not([open])")
        assert closed.count() > 0, path.name
        heights = closed.evaluate_all("all => all.map((one) => one.lastElementChild.getBoundingClientRect().height)")
        assert min(heights) > 10, path.name
    page.emulate_media(media="screen")


def test_what_is_closed_is_opened_for_a_printer_and_closed_again(site: Path, page: Page) -> None:
    page.goto(boards(site)[0].as_uri())
    first = page.locator("details").first
    first.evaluate("one => { one.open = true; }")
    before = page.locator("details:not([open])").count()
    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    assert page.locator("details:not([open])").count() == 0 < before
    page.evaluate("window.dispatchEvent(new Event('afterprint'))")
    assert page.locator("details:not([open])").count() == before and first.get_attribute("open") is not None
