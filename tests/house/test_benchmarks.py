"""The benchmarks: every one runs and fills its table; how fast it was is for people."""

from __future__ import annotations

import json
import math
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import palaestra
import pytest
from palaestra.benchmarks.flat_transfer_game import FlatTransferGame
from palaestra.benchmarks.hand_written import HandWrittenTransferGame
from palaestra.benchmarks.interleaved import Contender, Timings, interleaved
from palaestra.core.rooms import PACKAGE
from palaestra.leaderboards.submission.submit import Submitter, submit
from palaestra.leaderboards.tracks import tracks

ROOT = PACKAGE
FOLDER = ROOT / "benchmarks"
SCRIPTS = sorted(path.name for path in FOLDER.glob("*.py") if "def main(" in path.read_text())


def printed(script: str, *arguments: str) -> str:
    done = subprocess.run(
        [sys.executable, str(FOLDER / script), *arguments], capture_output=True, text=True, cwd=ROOT, timeout=300
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def document() -> Any:
    pytest.importorskip("supersuit")
    pytest.importorskip("pyspiel")
    return json.loads(printed("all.py", "--quick", "--json"))


def test_every_benchmark_is_part_of_all() -> None:
    text = (FOLDER / "all.py").read_text()
    missing = [name for name in SCRIPTS if name != "all.py" and name.removesuffix(".py") not in text]
    assert SCRIPTS and not missing


def test_every_row_is_a_positive_number_with_a_verdict_where_there_is_a_target(document: Any) -> None:
    rows = [row for report in document["reports"] for row in report["rows"]]
    assert len(rows) > 40
    for row in rows:
        assert math.isfinite(row["value"]) and row["value"] > 0, row
        assert (row["reached"] is None) == (row["target"] is None), row


@pytest.mark.parametrize(
    ("what", "target", "better"),
    [
        ("batch, two processes", 20.0, "higher"),
        ("batch against SuperSuit, hand-written", 100.0, "higher"),
        ("batch against OpenSpiel", 20.0, "higher"),
        ("a step against payoffs[a, b]", 4.0, "lower"),
        ("ours against hand-written", 5.0, "lower"),
        ("import palaestra", 50.0, "lower"),
        ("palaestra list", 1000.0, "lower"),
        ("both, slowest game", 10.0, "lower"),
        ("peak memory of the process", 1.0, "lower"),
        ("ray against local", 1.3, "lower"),
        ("all 8 rules with exact metrics, from rankings", 1.0, "lower"),
    ],
)
def test_the_targets_stand_in_the_tables(document: Any, what: str, target: float, better: str) -> None:
    (row,) = [row for report in document["reports"] for row in report["rows"] if row["what"] == what]
    assert (row["target"], row["better"]) == (target, better)


def test_a_table_is_printed_for_people_and_as_markdown() -> None:
    assert "hand-written" in printed("single_lane.py", "--quick")
    lines = printed("single_lane.py", "--quick", "--markdown", "--cpu-time").splitlines()
    assert "CPU seconds" in lines[0]
    assert any(line.startswith("| ours against hand-written |") for line in lines)


def test_submissions_that_are_named_are_verified_instead(tmp_path: Path) -> None:
    whole, uniform = tracks["transfer-welfare-v0"].load(), tmp_path / "uniform"
    submit(whole, "Uniform", Submitter("Uniform", "us"), uniform, work=tmp_path / "work", workers=1)
    (report,) = json.loads(printed("verify.py", "--quick", "--json", "--submission", str(uniform)))["reports"]
    lanes = whole.seeds * len(whole.scenarios)
    assert [row["what"] for row in report["rows"]] == [f"{tmp_path.name}/uniform, {lanes} lanes", "its peak memory"]
    assert all(row["value"] > 0 for row in report["rows"])


def test_a_folder_that_does_not_verify_has_no_time(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, str(FOLDER / "verify.py"), "--submission", str(tmp_path)], capture_output=True, text=True
    )
    assert done.returncode == 1 and done.stdout == "" and f"{tmp_path} does not verify" in done.stderr


def test_a_ratio_is_the_median_of_the_turns_ratios() -> None:
    times = Timings({"a": [2.0, 8.0, 30.0], "b": [1.0, 2.0, 3.0]})
    assert times.times_as_long("a", "b") == 4.0
    assert times.rate("b") == 0.5


def test_every_contender_gets_every_turn() -> None:
    calls: list[str] = []
    both = [Contender(name, lambda name=name: calls.append(name), 10.0) for name in "ab"]  # type: ignore[misc]
    times = interleaved(both, turns=3, least_seconds=0.0)
    assert calls[-6:] == ["a", "b"] * 3
    assert [len(seconds) for seconds in times.seconds.values()] == [3, 3]


def test_the_hand_written_game_gives_what_the_rules_give() -> None:
    payoffs = np.random.default_rng(0).uniform(-1, 1, (2, 3, 3))
    ours = palaestra.parallel_env("TransferGame-v0", game=payoffs.tolist())
    by_hand, flat = HandWrittenTransferGame(payoffs), FlatTransferGame(payoffs)
    for agent in ours.possible_agents:
        ours.action_space(agent).seed(3)
        assert by_hand.action_space(agent) == ours.action_space(agent)
        assert by_hand.observation_space(agent) == ours.observation_space(agent)
    for _ in range(50):
        for env in (ours, by_hand, flat):
            env.reset(seed=0)
        while ours.agents:
            actions = {agent: ours.action_space(agent).sample() for agent in ours.agents}
            rows = {a: np.concatenate([x["amounts"], x["targets"], [x["play"]]]) for a, x in actions.items()}
            seen, earned, over, *_ = ours.step(actions)
            for other, given in ((by_hand, actions), (flat, rows)):
                theirs, paid, ended, *_ = other.step(given)
                assert ended == over
                assert all(abs(paid[a] - earned[a]) < 1e-12 for a in earned)
                if other is by_hand:
                    assert all((theirs[a][key] == seen[a][key]).all() for a in seen for key in seen[a])
