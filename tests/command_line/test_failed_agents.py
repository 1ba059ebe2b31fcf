"""An agent that fails in one scenario of a track: tables show it as failed, with the scenario and without a rank."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from palaestra.leaderboards.site.demo_page import write_site
from palaestra.leaderboards.sweeps.bench import bench
from palaestra.leaderboards.tracks import tracks
from palaestra.tests.support.users_command import Answer, users_command

TRACK = "ranking-bandit-v0"
MINE = """
import numpy as np

class FailsOnce:
    batched = False
    learns = False
    def reset(self, task, lanes, seed):
        self.shape = task.action_space.shape
        self.fails = task.public["information"] == "bandit"
    def act(self, observation):
        if self.fails:
            raise IndexError("no such arm")
        return np.zeros(self.shape, int)
"""
SMALL = ("--seeds", "2", "--option", "horizon=5", "--workers", "1")


@pytest.fixture
def command(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> Callable[..., Answer]:
    return users_command(tmp_path, monkeypatch, capfd, MINE)


def _lost() -> list[str]:
    scenarios = tracks[TRACK].load().scenarios
    return [name for name, options in scenarios.items() if options["information"] == "bandit"]


def test_it_stays_in_the_table_and_in_the_document(command: Callable[..., Answer]) -> None:
    scenarios = tracks[TRACK].load().scenarios
    assert 0 < len(_lost()) < len(scenarios)
    words = ("bench", TRACK, *SMALL, "--only-agents", "Uniform", "--agent", "MINE:FailsOnce")
    answer = command(*words, "--json")
    finished, failed = json.loads(answer.out)["agents"]
    assert answer.code == 1 and (finished["agent"], finished["status"]) == ("Uniform", "finished")
    assert (failed["agent"], failed["status"], failed["ranks"]) == ("MINE:FailsOnce", "failed", None)
    assert failed["failed_in"] == _lost() and "no such arm" in failed["message"]
    assert list(failed["by_scenario"]) == [name for name in scenarios if name not in _lost()]
    assert all(own["external_regret"]["value"] >= 0 for own in failed["by_scenario"].values())
    table = command(*words).out
    line = next(line for line in table.splitlines() if "MINE:FailsOnce" in line)
    assert line.split()[0] == "failed" and "–" in line
    told = f"MINE:FailsOnce failed in {len(_lost())} of {len(scenarios)} scenarios ({', '.join(_lost())})"
    assert told in " ".join(table.split())


def test_a_comparison_names_it_too(command: Callable[..., Answer]) -> None:
    words = ("compare", TRACK, *SMALL, "--agent", "Uniform", "--agent", "MINE:FailsOnce")
    document = json.loads(command(*words, "--json").out)
    assert document["pairs"] == [] and document["failed"][0]["failed_in"] == _lost()
    assert "so it is not compared" in " ".join(command(*words).out.split())


def test_the_demo_page_shows_it_below_those_with_a_rank(tmp_path: Path, command: Callable[..., Answer]) -> None:
    name = f"{next(tmp_path.glob('mine_*.py')).stem}:FailsOnce"
    track, short = tracks[TRACK].load(), {"horizon": 5}
    standings = bench(track, ["Uniform", name], folder=tmp_path / "results", seeds=2, overrides=short, workers=1)
    page = write_site([standings], tmp_path / "site").read_text()
    table = page.partition("<tbody>")[2].partition("</tbody>")[0].replace("<wbr>", "")
    assert table.index("Uniform") < table.index(name)
    row = table[table.index(name) - 200 :]
    assert '<td class="number">failed</td>' in row and f"failed in {', '.join(_lost())}" in row
