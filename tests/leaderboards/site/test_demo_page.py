"""The demo's page: what palaestra is, who wins where and how far from the optimum, and tables in the order of ranks."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest
from palaestra.leaderboards.site.demo_page import write_site
from palaestra.leaderboards.site.demo_summary import gap_cells, in_rank_order, summary_card
from palaestra.leaderboards.statistics.estimate import Estimate
from palaestra.leaderboards.sweeps.bench import bench
from palaestra.leaderboards.sweeps.standings import Measure, Standings
from palaestra.leaderboards.tracks import tracks
from palaestra.tests.support.headless import headless
from palaestra.tests.support.page_checks import CONTRAST, SIDEWAYS, STRUCTURE


@pytest.fixture(scope="module")
def everything(tmp_path_factory: pytest.TempPathFactory) -> list[Standings]:
    """One track whose optimum is 0, with oracles, and one whose optimum is 1."""
    folder, small = tmp_path_factory.mktemp("results"), {"horizon": 4}
    return [
        bench(tracks[name].load(), agents, folder=folder, seeds=4, overrides=small, workers=1, command=f"bench {name}")
        for name, agents in {
            "model-routing-v0": ("RoutingOracle", "RankingHedge", "Uniform"),
            "transfer-welfare-v0": ("SocialOptimum", "Uniform", "Hedge"),
        }.items()
    ]


@pytest.fixture(scope="module")
def page(everything: list[Standings], tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_site(everything, tmp_path_factory.mktemp("site"))


def _text(page: Path) -> str:
    return re.sub("</?(bdi|wbr)>", "", page.read_text("utf-8"))


def test_it_opens_with_what_palaestra_is_and_who_wins(everything: list[Standings], page: Path) -> None:
    text = _text(page)
    assert text.index("palaestra is a suite of environments") < text.index("Who wins where") < text.index("<table")
    cards = text.partition('class="cards"')[2].partition("<section")[0]
    for standings in everything:
        winner = next(line for line in standings.lines if line.ranks and line.ranks[0] == 1)
        assert f'href="#{standings.track.track_id}"' in cards and f"<b>{winner.agent}</b>" in cards
    assert "The optimum is 0, so a score is the distance from it." in cards and "from the optimum" in cards
    assert "The best oracle, RoutingOracle ◇, reaches" in cards


def test_every_page_has_the_sites_header(page: Path) -> None:
    for path in (page, *(page.parent / "environments").iterdir()):
        header = path.read_text("utf-8").partition("</header>")[0]
        assert 'class="top"' in header and 'class="brand"' in header
        assert "index.html#tracks" in header and "index.html#environments" in header


def test_rows_are_in_the_order_of_ranks_and_oracles_follow(everything: list[Standings], page: Path) -> None:
    first = everything[0]
    lines = in_rank_order([replace(line, ranks=line.ranks and (3 - i, 3)) for i, line in enumerate(first.lines)])
    ranked = [line.ranks for line in lines if line.ranks]
    assert ranked == sorted(ranked) and [bool(line.ranks) for line in lines] == [True, True, False]
    table = _text(page).partition("<tbody>")[2].partition("</tbody>")[0]
    places = [table.index(line.agent) for line in in_rank_order(first.lines)]
    assert places == sorted(places)


def test_the_gap_is_the_distance_from_the_optimum() -> None:
    higher = Measure("share", "higher", "", "", 1.0)
    (cell,) = gap_cells([Estimate(0.75, 0.5, 0.875)], higher)
    assert (cell.value, cell.interval) == ("0.25", "[0.13, 0.50]") or cell.value.startswith("0.2")
    lower = gap_cells([Estimate(0.75, 0.5, 0.875)], replace(higher, better="lower", optimum=0.25))[0]
    assert lower.value.startswith("0.5")
    assert gap_cells([Estimate(0.75, 0.5, 0.875)], replace(higher, optimum=None)) == []


def test_a_track_that_nobody_finished_has_a_card_too(everything: list[Standings], tmp_path: Path) -> None:
    empty = replace(everything[0], lines=())
    card = summary_card(empty)
    assert card["leaders"] == [] and card["oracle"] is None and card["plot"] == ""
    assert "Nobody finished, so nobody is ranked." in _text(write_site([empty], tmp_path))


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_browser_finds_it_well_made_readable_and_fit_for_a_phone(page: Path, scheme: str) -> None:
    with headless() as browser:
        for width in (390, 1280):
            view = browser.new_page(viewport={"width": width, "height": 800}, color_scheme=scheme)  # type: ignore[arg-type]
            view.goto(page.as_uri())
            assert view.evaluate(CONTRAST) == [] and view.evaluate(STRUCTURE) == []
            assert not view.evaluate(SIDEWAYS)
