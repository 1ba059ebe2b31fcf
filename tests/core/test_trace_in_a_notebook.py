"""A trace as a line, a table and a figure; and the ways to say what `run` plays."""

from __future__ import annotations

import sys
from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import palaestra
import pytest
from palaestra.core.errors import PalaestraError
from palaestra.core.notebook_figure import NotebookFigure

SEATS = {"player_0": "BestResponder", "player_1": "BestResponder", "mediator_0": "CorrelatedMinMax"}


def test_a_trace_is_shown_in_a_line_without_its_arrays() -> None:
    trace = palaestra.run("MediatedGame-v0", SEATS, seeds=3)
    assert repr(trace) == "<Trace of MediatedGame-v0: 3 lanes, 3 steps, played by BestResponder, CorrelatedMinMax>"


def test_a_number_of_seeds_stands_for_that_many() -> None:
    whole = palaestra.run("TransferGame-v0", "Uniform", seeds=4)
    assert whole.seeds == palaestra.run("TransferGame-v0", "Uniform", seeds=range(4)).seeds == (0, 1, 2, 3)


def test_options_are_keywords_as_in_make() -> None:
    told = palaestra.run("TransferGame-v0", "Uniform", seeds=2, game="stag_hunt")
    same = palaestra.run("TransferGame-v0", "Uniform", seeds=2, options={"game": "stag_hunt"})
    both = palaestra.run("TransferGame-v0", "Uniform", seeds=2, options={"game": "stag_hunt"}, horizon=4)
    assert told.options == same.options == {"game": "stag_hunt"} and both.options["horizon"] == 4
    with pytest.raises(PalaestraError, match="The option 'game' is given twice"):
        palaestra.run("TransferGame-v0", "Uniform", options={"game": "stag_hunt"}, game="chicken")
    shorter = palaestra.run("TransferGame-v0", "Uniform", options={"horizon": 4}, horizon=2)
    assert shorter.options == {"horizon": 2}, "the argument counts, as a track's horizon may be cut"
    with pytest.raises(PalaestraError, match="no option of TransferGame-v0 'gmae'"):
        palaestra.run("TransferGame-v0", "Uniform", gmae="stag_hunt")


def test_progress_is_a_bar_or_a_function(capfd: pytest.CaptureFixture[str]) -> None:
    steps: list[tuple[int, int]] = []
    palaestra.run("RankingBandit-v0", "Uniform", horizon=3, progress=lambda done, total: steps.append((done, total)))
    assert steps == [(1, 3), (2, 3), (3, 3)] and capfd.readouterr().err == ""
    palaestra.run("RankingBandit-v0", "Uniform", horizon=3, progress=True)
    out, err = capfd.readouterr()
    assert "RankingBandit-v0" in err and "3/3" in err and out == ""


def test_a_row_per_lane_step_and_player() -> None:
    trace = palaestra.run("MediatedGame-v0", SEATS, seeds=range(7, 9))
    columns = trace.to_columns()
    assert {len(column) for column in columns.values()} == {2 * 3 * 3}
    rows = [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]
    keys = [(row["lane"], row["step"], row["player"]) for row in rows]
    assert keys == sorted(keys) and len(set(keys)) == len(keys)
    for row in rows:
        at = int(row["step"]), int(row["lane"])
        player = int(row["player"])
        action = trace.actions[player]
        assert trace.rewards is not None and row["reward"] == trace.rewards[player][at]
        assert row["seed"] == trace.seeds[at[1]]
        assert row["agent"] == trace.agents[player]
        if player == 2:
            assert row["punishments[1,0]"] == action["punishments"][at][1, 0] and np.isnan(row["play"])
        else:
            assert row["play"] == action["play"][at] and np.isnan(row["transfers[0]"])


def test_steps_after_the_end_of_a_lane_have_no_row() -> None:
    trace = palaestra.run("RankingBandit-v0", "Uniform", seeds=2, horizon=4)
    short = replace(trace, lengths=np.array([4, 1]), rewards=None, seeds=(1, 2**64 - 1)).to_columns()
    assert short["lane"].tolist() == [0, 0, 0, 0, 1] and short["step"].tolist() == [0, 1, 2, 3, 0]
    assert short["seed"].tolist() == [1, 1, 1, 1, 2**64 - 1] and "reward" not in short
    assert np.array_equal(short["action[3]"][:4], trace.actions[0][:, 0, 3])


def test_a_data_frame_needs_pandas_and_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    trace = palaestra.run("TransferGame-v0", "Uniform")
    monkeypatch.setitem(sys.modules, "pandas", None)
    with pytest.raises(PalaestraError, match="pip install pandas"):
        trace.to_pandas()
    monkeypatch.setitem(sys.modules, "pandas", SimpleNamespace(DataFrame=lambda columns: ("frame", columns)))
    kind, columns = trace.to_pandas()
    assert kind == "frame" and columns["player"].tolist() == [0, 1, 0, 1]


def test_a_figure_shows_rewards_or_the_curves_of_metrics() -> None:
    trace = palaestra.run("RankingBandit-v0", "Uniform", seeds=3, horizon=5)
    assert [axes.get_title(loc="left") for axes in trace.plot().axes] == ["reward of player 0 (Uniform)"]
    curves = palaestra.curves(trace)
    assert curves["external_regret"].shape == (5, 3)
    assert np.array_equal(curves["external_regret"][-1], palaestra.evaluate(trace)["external_regret"])
    figure = trace.plot(curves)
    (line,) = figure.axes[0].get_lines()
    assert np.allclose(line.get_ydata(), np.median(curves["external_regret"], axis=1))
    assert isinstance(figure, NotebookFigure) and figure._repr_png_().startswith(b"\x89PNG")
    with pytest.raises(PalaestraError, match="nothing to plot"):
        trace.bare().plot()
