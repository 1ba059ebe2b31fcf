"""Tracks, standings, tables, plots and the page (DESIGN §2, §7)."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ElementTree
from dataclasses import replace
from html.parser import HTMLParser
from io import StringIO
from pathlib import Path

import numpy as np
import palaestra
import pytest
from palaestra.agents import agents
from palaestra.command_line.run_bench import command_text
from palaestra.command_line.standings_table import standings_table
from palaestra.core.errors import PalaestraError
from palaestra.envs import environments
from palaestra.leaderboards.plots.curve_plot import curve_plot
from palaestra.leaderboards.plots.interval_plot import interval_plot
from palaestra.leaderboards.site.demo_page import svg_of, write_site
from palaestra.leaderboards.statistics.comparison import Comparison
from palaestra.leaderboards.sweeps.bench import bench
from palaestra.leaderboards.sweeps.head_to_head import head_to_head
from palaestra.leaderboards.sweeps.results import Curve, Results
from palaestra.leaderboards.sweeps.standings import Standings
from palaestra.leaderboards.tracks import tracks
from palaestra.leaderboards.tracks.track import Track
from palaestra.metrics import metrics
from rich.console import Console

REGRET = Track(
    track_id="tiny-v0",
    env_id="RankingBandit-v0",
    scenarios={"one": {}, "two & <three>": {}},
    metric="external_regret",
    metrics=("external_regret", "welfare"),
    references=("Uniform", "SocialOptimum", "RoutingOracle"),
    seats={},
    seeds=12,
    demo={},
    demo_seeds=12,
    about="0 is as good as the best fixed action.",
)


@pytest.fixture(scope="module")
def standings() -> Standings:
    """Made-up scores: the oracle has the least regret, then SocialOptimum, then Uniform."""
    numbers = np.random.default_rng(2)
    levels = {"RoutingOracle": 0.0, "SocialOptimum": 1.0, "Uniform": 3.0}
    scores = np.stack([numbers.normal(level, 0.1, (12, 2)) for level in levels.values()])
    curves = {s: Curve(np.array([1, 5, 10]), numbers.normal(size=(3, 12, 3))) for s in REGRET.scenarios}
    results = Results(
        tuple(levels),
        tuple(REGRET.scenarios),
        tuple(range(12)),
        {"external_regret": scores, "welfare": -scores},
        np.ones(3),
        {"external_regret": curves},
    )
    return Standings.of(REGRET, results, [], "palaestra bench tiny-v0 --demo", 12, True)


# --- every registered track


@pytest.mark.parametrize("name", tracks)
def test_every_id_of_a_track_exists(name: str) -> None:
    track = tracks[name].load()
    assert track.track_id == name and track.env_id in environments and track.about
    seated = {agent for scenario in track.scenarios for agent in track.seated(scenario).values()}
    assert set(track.metrics) <= metrics.keys() and {*track.references, *seated} <= agents.keys()
    assert metrics[track.metric].load().better is not None, "the headline must have a better direction"
    for demo in (False, True):
        for scenario in track.scenarios:
            palaestra.rules(track.env_id, **track.options(scenario, {}, demo=demo))


@pytest.mark.parametrize("name", tracks)
def test_a_random_agent_runs_on_every_track(name: str, tmp_path: Path) -> None:
    track = tracks[name].load()
    made = bench(track, ["Uniform"], folder=tmp_path, seeds=2, demo=True, workers=1)
    assert not made.failures and made.document["agents"][0]["agent"] == "Uniform"
    for metric in track.metrics:
        assert np.isfinite(made.results.scores[metric]).all(), metric


def test_a_track_that_cannot_be_is_refused() -> None:
    with pytest.raises(PalaestraError, match="must be the first"):
        replace(REGRET, metric="welfare")
    with pytest.raises(PalaestraError, match="at least one scenario"):
        replace(REGRET, scenarios={})


# --- standings


def test_the_best_stand_first_in_the_metrics_better_direction(standings: Standings) -> None:
    assert [line.agent for line in standings.lines] == ["RoutingOracle", "SocialOptimum", "Uniform"]
    flipped = Standings.of(
        replace(REGRET, metric="welfare", metrics=("welfare",)), standings.results, [], "", 12, False
    )
    assert [line.agent for line in flipped.lines] == ["RoutingOracle", "SocialOptimum", "Uniform"]  # scores negated


def test_an_oracle_is_marked_and_not_ranked(standings: Standings) -> None:
    assert [line.ranks for line in standings.lines] == [None, (1, 1), (2, 2)]
    assert standings.lines[0].privileges == agents["RoutingOracle"].load().privileges != {}


def test_agents_that_nothing_tells_apart_share_their_ranks(standings: Standings) -> None:
    scores = dict(standings.results.scores)
    same = np.random.default_rng(1).normal(size=(12, 2))
    scores["external_regret"] = np.stack([scores["external_regret"][0], same, same])
    tied = Standings.of(REGRET, replace(standings.results, scores=scores), [], "", 12, False)
    assert {line.agent: line.ranks for line in tied.lines if line.ranks} == {"SocialOptimum": (1, 2), "Uniform": (1, 2)}


def test_the_terminal_table_shows_every_metric_at_any_width(standings: Standings) -> None:
    for width in (60, 80, 160):
        console = Console(width=width, record=True, file=StringIO())
        console.print(standings_table(standings, width))
        text = console.export_text()
        assert "RoutingOracle ◇" in text and text.index("RoutingOracle") < text.index("SocialOptimum")
        for expected in ("external_", "welfare ↑", "seconds", "[−", "oracle"):
            assert expected in text, (width, expected)
        assert max(map(len, text.splitlines())) <= width


def test_head_to_head_names_the_better_one(standings: Standings) -> None:
    pairs = head_to_head(standings, ["Uniform", "SocialOptimum"])["pairs"]
    assert [(pair["metric"], pair["verdict"]) for pair in pairs] == [
        ("external_regret", "SocialOptimum"),
        ("welfare", "SocialOptimum"),
    ]
    scores = standings.results.scores["external_regret"]
    exact = Comparison.of(scores[2], scores[1], "lower")
    assert pairs[0]["difference"]["value"] == exact.difference.value > 0
    assert pairs[0]["probability_of_improvement"]["value"] == 0.0


def test_the_command_makes_the_table_again() -> None:
    assert command_text(REGRET, REGRET.references, None, (), True) == "palaestra bench tiny-v0 --demo"
    line = command_text(REGRET, ["Uniform", "mine:Agent(rate=0.1)"], 5, ["table=a b.csv"], False)
    words = "--only-agents Uniform --agent 'mine:Agent(rate=0.1)' --seeds 5 --option 'table=a b.csv'"
    assert line == f"palaestra bench tiny-v0 {words}"
    assert "--only-agents none" in command_text(REGRET, ["mine:Agent"], None, (), False)


# --- plots and page


class _Page(HTMLParser):
    def __init__(self, text: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.ids: list[str] = []
        self.open: list[str] = []
        self.balanced = True
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        self.links += [value for key in ("href", "src", "xlink:href") if (value := found.get(key))]
        if tag == "a" and str(found.get("href")).startswith("https://"):  # a reader may follow it; nothing is loaded
            self.links.pop()
        self.ids += [found["id"] or ""] if "id" in found else []
        if tag not in ("meta", "br", "wbr", "link", "img", "input", "path", "use", "hr"):
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if self.open and self.open[-1] == tag:
            self.open.pop()

    def handle_endtag(self, tag: str) -> None:
        if tag in ("path", "use"):
            return
        self.balanced = self.balanced and bool(self.open) and self.open.pop() == tag


def test_the_page_opens_from_disk_and_loads_nothing(standings: Standings, tmp_path: Path) -> None:
    index = write_site([standings], tmp_path)
    pages = [index, *(tmp_path / "environments").iterdir()]
    assert {path.stem for path in pages} == {"index", *environments}
    for path in pages:
        text = path.read_text()
        page = _Page(text)
        assert page.balanced and not page.open, path.name
        assert "<script" not in text and "@import" not in text
        assert len(page.ids) == len(set(page.ids)), "an id stands twice"
        for link in page.links:
            target, _, anchor = link.partition("#")
            assert ":" not in link, f"{path.name} loads {link}"
            assert not target or (path.parent / target).is_file(), link
            assert target or not anchor or anchor in page.ids, link
    text = index.read_text()
    for expected in (
        "tiny-v0",
        "two &amp; &lt;three&gt;",
        "palaestra bench tiny-v0 --demo",
        "RoutingOracle",
        'role="img"',
    ):
        assert expected in text
    assert "two & <three>" not in text


def test_an_environments_page_holds_its_live_facts(standings: Standings, tmp_path: Path) -> None:
    write_site([standings], tmp_path)
    text = (tmp_path / "environments" / "TransferGame-v0.html").read_text().replace("<wbr>", "")
    rules = palaestra.rules("TransferGame-v0")
    for expected in ("<h1>", "max_transfer", f"{rules.facts.horizon} steps", "Sete", rules.facts.truth[:20]):
        assert expected in text


def test_the_same_numbers_make_the_same_plots(standings: Standings) -> None:
    for make in (interval_plot, lambda s: curve_plot(s, "external_regret")):
        first, second = (str(svg_of(make(standings), "a <label>")) for _ in range(2))
        assert first == second
        root = ElementTree.fromstring(first)
        assert root.get("aria-label") == "a <label>"
        words = " ".join("".join(node.itertext()) for node in root.iter() if node.tag.endswith("text"))
        assert "external_regret" in words and "utility a round" in words and "Uniform" in words
        assert re.search("currentColor", first), "the ink is the page's own"


def test_plots_of_one_page_share_no_ids(standings: Standings) -> None:
    plots = [interval_plot(standings), curve_plot(standings, "external_regret")]
    plots.append(interval_plot(replace(standings, track=replace(REGRET, track_id="other-v0"))))
    ids = [set(re.findall(r'<clipPath id="(\w+)"', str(svg_of(plot, "")))) for plot in plots]
    assert all(ids) and not (ids[0] & ids[1] or ids[0] & ids[2] or ids[1] & ids[2])
