"""The curves of a board: who has a line, where a bound is drawn, and where it is only told."""

from __future__ import annotations

import re
from itertools import pairwise

import numpy as np
import palaestra
import pytest
from palaestra.leaderboards.site.board_curves import largest_value
from palaestra.leaderboards.site.curve_panels import curve_panels
from palaestra.leaderboards.site.curve_svg import HEIGHT, NUMBER, CurveLine, curve_svg
from palaestra.leaderboards.site.svg_axes import DASHES, SvgLogAxis, curve_marks
from palaestra.leaderboards.submission.findings import CurveRecord, Numbers

STEPS = np.arange(10, 1001, 10)


def line(mark: int, scale: float, bound: float | Numbers | None = None) -> CurveLine:
    """A curve that falls as a root, from `scale` on; its bound too, where that is a number."""
    middle = (scale / np.sqrt(STEPS)).tolist()
    held = (bound / np.sqrt(STEPS)).tolist() if isinstance(bound, float) else bound
    record = CurveRecord(steps=STEPS.tolist(), middle=middle, low=middle, high=middle, bound=held)
    return CurveLine(mark, record)


def test_the_best_oracle_and_the_best_of_the_others_have_a_line() -> None:
    assert curve_marks([True, True, True, True, False, False, False], [False] * 7) == [0, 1, 2, None, 3, 4, 5]
    told = [False, True, False, False, True, False, False, False]
    assert curve_marks(told, [False] * 8) == [0, 1, 2, 3, None, 4, 5, None]
    assert curve_marks([False, False], [False, True]) == [0, None]
    assert curve_marks([], []) == []


def test_a_bound_near_the_agents_is_drawn_in_their_panel() -> None:
    (panel,) = curve_panels("near", [line(0, 3.0, 4.0)], "regret", "utility")
    assert panel.bounded and 'class="bound" d="M' in panel.svg and panel.note == "the bound ends at 0.126"


def test_a_bound_far_above_the_agents_is_drawn_in_a_logarithmic_panel_in_which_both_are_seen() -> None:
    plain, scaled = curve_panels("far", [line(0, 3.0, 3000.0), line(1, 5.0)], "regret", "utility")
    assert not plain.bounded and "bound" not in plain.svg and plain.note == ""
    assert scaled.bounded and scaled.title == "far, logarithmic" and "utility, logarithmic" in scaled.svg
    assert 'class="bound" d="M' in scaled.svg and len(re.findall('class="curve"[^>]*d="M', scaled.svg)) == 2


def test_a_bound_above_the_largest_value_is_called_vacuous() -> None:
    lines = [line(0, 3.0, 3000.0)]
    notes = [curve_panels("far", lines, "regret", "utility", largest)[-1].note for largest in (None, 200.0, 2.0)]
    assert notes[0] == notes[1] == "the bound ends at 94.9"
    assert notes[2] == "vacuous here: the bound ends at 94.9, above the largest possible value 2"


@pytest.mark.parametrize("nothing", [None, [None] * 100, [1.0] * 99 + [None]])
def test_without_a_bound_that_holds_to_the_end_none_is_mentioned(nothing: Numbers | None) -> None:
    (panel,) = curve_panels("plain", [line(0, 3.0, nothing)], "regret", "utility", 2.0)
    assert not panel.bounded and panel.note == "" and "bound" not in panel.svg


def test_agents_that_have_no_logarithm_keep_their_panel_and_are_told_of_the_bound() -> None:
    (panel,) = curve_panels("below zero", [line(0, -3.0, 3000.0)], "regret", "utility")
    assert not panel.bounded and panel.note.endswith("far above this panel")


def test_numbers_at_the_ends_of_lines_lie_apart_and_above_the_axis() -> None:
    lines = [line(mark, 3.0 + 0.001 * mark) for mark in range(6)]
    svg = curve_svg(lines, "regret", "utility")
    ends = svg.partition('class="numbers"')[2]
    places = [int(y) for y in re.findall(r'<text x="\d+" y="(\d+)">', ends)]
    leads = re.findall(r'class="lead" stroke="([^"]+)" d="M\d+ (\d+)L\d+ (\d+)"', ends)
    assert len(places) == len(leads) == 6 and len({paint for paint, _, _ in leads}) == 6
    assert all(b - a >= NUMBER for a, b in pairwise(places))
    assert max(places) <= HEIGHT * 10 - 320, "the numbers below the axis begin there"
    ticks = re.findall(r'<text([^>]*) x="(\d+)" y="\d+">1,000</text>', svg)
    assert [kind for kind, _ in ticks] == [' class="end"'], "the last tick leaves room for the numbers"


def test_no_agent_is_drawn_in_dots_as_the_bound_is() -> None:
    for pattern in DASHES:
        assert not pattern or max(map(float, pattern.split()[::2])) >= 4


def test_a_logarithmic_axis_has_equal_room_for_equal_factors() -> None:
    axis = SvgLogAxis.over(0.01, 100.0, 0.0, 400.0, margin=0.0)
    assert axis.at(np.array([0.01, 0.1, 1.0, 10.0, 100.0])) == pytest.approx([0, 100, 200, 300, 400])
    assert [text for _, text in axis.ticks(5)] == ["0.01", "0.1", "1", "10", "100"]
    narrow = SvgLogAxis.over(1.0, 9.0, 0.0, 100.0, margin=0.0)
    assert [text for _, text in narrow.ticks(5)] == ["1", "2", "5"]
    assert len(SvgLogAxis.over(1e-9, 1e9, 0.0, 100.0).ticks(4)) <= 5


def test_the_largest_regret_is_the_span_of_rewards_and_nobody_exceeds_it() -> None:
    options = {"feedback": "instantaneous", "information": "full", "temperature": 0.5, "horizon": 30}
    assert largest_value("RankingBandit-v0", options, "external_regret") == 2.0
    assert largest_value("RepeatedGame-v0", {"game": "prisoners_dilemma", "memory": 1}, "rp_regret") == 5.0
    assert largest_value("RepeatedGame-v0", {"game": "prisoners_dilemma", "memory": 1}, "lrp_regret") is None
    trace = palaestra.run("RankingBandit-v0", "Uniform", range(8), horizon=30, options=options)
    assert palaestra.evaluate(trace)["external_regret"].max() <= 2.0
