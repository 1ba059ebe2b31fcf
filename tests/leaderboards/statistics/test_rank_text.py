"""Ranks as the tables and pages write them."""

from __future__ import annotations

from palaestra.leaderboards.statistics.number_text import rank_text


def test_a_rank_is_a_number_or_a_span_and_nothing_for_what_is_not_ranked() -> None:
    assert [rank_text(ranks) for ranks in ((2, 2), (2, 4), None)] == ["2", "2–4", ""]
