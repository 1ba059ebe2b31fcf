"""What commands print: results alone on standard output, names that stand as they are, tables of any width."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from io import StringIO
from pathlib import Path

import numpy as np
import palaestra
import pytest
from palaestra.command_line.pairs_table import pairs_table
from palaestra.command_line.print_document import print_document
from palaestra.command_line.standings_table import standings_table
from palaestra.core.progress_bar import progress_bar
from palaestra.leaderboards.sweeps.head_to_head import head_to_head
from palaestra.leaderboards.sweeps.results import Results
from palaestra.leaderboards.sweeps.standings import Standings
from palaestra.leaderboards.tracks import tracks
from palaestra.tests.support.users_command import Answer, users_command
from rich.console import Console, RenderableType

MINE = """
import os
import numpy as np

print("a word at import")

class Prints:
    batched = False
    learns = False
    plays = ("ModelRouting-v0",)
    def reset(self, task, lanes, seed):
        self.seats = task.public["proposals"]
    def act(self, observation):
        print("a word of the agent's")
        os.write(1, b"and one of its library's\\n")
        return np.zeros(self.seats, int)

class Raises(Prints):
    def act(self, observation):
        return observation["nothing"]

class NeedsModel(Prints):
    def __init__(self, model):
        self.model = model

class EndsWhenMade(Prints):
    def __init__(self):
        raise SystemExit(0)
"""

ROUTING = ("model-routing-v0", "--demo", "--seeds", "2", "--option", "horizon=20", "--workers", "1")


@pytest.fixture
def command(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> Callable[..., Answer]:
    return users_command(tmp_path, monkeypatch, capfd, MINE)


def printed(text: RenderableType, width: int) -> str:
    console = Console(width=width, record=True, file=StringIO())
    console.print(text)
    return console.export_text()


# --- standard output


def test_what_a_benchmarked_agent_prints_stays_out_of_the_results(command: Callable[..., Answer]) -> None:
    answer = command("bench", *ROUTING, "--only-agents", "Uniform", "--agent", "MINE:Prints", "--json")
    assert answer.code == 0 and {line["agent"] for line in json.loads(answer.out)["agents"]} == {
        "Uniform",
        "MINE:Prints",
    }
    for word in ("a word at import", "a word of the agent's", "and one of its library's"):
        assert word in answer.err


def test_what_an_agent_prints_in_a_run_stays_out_of_the_results(command: Callable[..., Answer]) -> None:
    answer = command("run", "ModelRouting-v0", "--agent", "MINE:Prints", "--horizon", "5", "--json")
    assert answer.code == 0 and json.loads(answer.out)["steps"] == 5 and "a word of the agent's" in answer.err


@pytest.mark.parametrize("words", [("bench", *ROUTING), ("run", "ModelRouting-v0")], ids=["bench", "run"])
def test_an_agent_that_ends_the_program_is_no_success(words: tuple[str, ...], command: Callable[..., Answer]) -> None:
    answer = command(*words, "--agent", "MINE:EndsWhenMade")
    assert answer.code != 0 and answer.out == "" and "SystemExit: 0" in answer.err and "MINE.py:" in answer.err


def test_an_agent_that_fails_in_a_run_is_named_by_its_line(command: Callable[..., Answer]) -> None:
    answer = command("run", "ModelRouting-v0", "--agent", "MINE:Raises")
    line = next(k for k, text in enumerate(MINE.splitlines(), 1) if 'observation["nothing"]' in text)
    assert answer.code == 1 and answer.out == "" and "Traceback" not in answer.err
    assert "MINE:Raises failed: KeyError: 'nothing' " in answer.err and f"MINE.py:{line}, in act" in answer.err
    answer = command("run", "ModelRouting-v0", "--agent", "MINE:NeedsModel")
    assert answer.code == 2 and "The agent 'MINE:NeedsModel' cannot be made" in answer.err


def test_an_error_of_the_package_keeps_its_traceback(
    command: Callable[..., Answer], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("palaestra.agents.uniform.Uniform.act", None)
    with pytest.raises(TypeError, match="not callable"):
        command("run", "ModelRouting-v0", "--agent", "Uniform")


def test_a_benchmark_that_nobody_finished_says_so(command: Callable[..., Answer]) -> None:
    words = ("bench", *ROUTING, "--only-agents", "none", "--agent", "MINE:Raises")
    answer = command(*words)
    assert answer.code == 1 and "No agent finished" in answer.out and "KeyError: 'nothing'" in answer.err
    assert [one["status"] for one in json.loads(command(*words, "--json").out)["agents"]] == ["failed"]


# --- text that is no markup


def test_text_is_printed_as_it_is(capfd: pytest.CaptureFixture[str]) -> None:
    text = "pip install 'palaestra[train]', [bold], [/nothing], :snake:"
    print_document(None, text, False)
    assert capfd.readouterr().out == f"{text}\n"


def test_the_title_of_a_bar_is_printed_as_it_is(capfd: pytest.CaptureFixture[str]) -> None:
    with progress_bar("[red]a folder[/blue]") as feed:
        feed(1, 2, "[bold]an agent")
    said = capfd.readouterr().err
    assert "[red]a folder[/blue]" in said and "[bold]an agent" in said and "1/2" in said


def test_a_bar_is_drawn_when_there_is_something_to_show(capfd: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(ValueError, match="bad input"), progress_bar("title"):
        raise ValueError("bad input")
    assert capfd.readouterr().err == ""


# --- tables


def standings_of(names: tuple[str, ...]) -> Standings:
    """Made-up scores on the routing track."""
    track = replace(tracks["model-routing-v0"].load(), references=names)
    scores = {name: np.random.default_rng(3).normal(0.5, 0.1, (len(names), 9, 4)) for name in track.metrics}
    results = Results(names, tuple(track.scenarios), tuple(range(9)), scores, np.ones(len(names)))
    return Standings.of(track, results, [], "", 9, True)


LONG = "a_package.of_a_user.with_a_long_name.and_a_deep_module:AnAgentWhoseNameIsLongToo"


@pytest.mark.parametrize("width", [40, 60, 80, 120])
def test_a_long_name_is_folded_and_no_digit_is_lost(width: int) -> None:
    made = standings_of(("Uniform", "NumericHedge"))
    lines = tuple(replace(line, agent=LONG) if line.agent == "Uniform" else line for line in made.lines)
    text = printed(standings_table(replace(made, lines=lines), width), width)
    assert max(map(len, text.splitlines())) <= width and "…" not in text
    for line in lines:
        for measure in made.measures:
            value = f"{line.estimates[measure.name].value:.3f}"[:5]
            assert value in text, f"{measure.name} of {line.agent} is not shown"


@pytest.mark.parametrize("width", [40, 80])
def test_a_comparison_of_long_names_shows_its_numbers(width: int) -> None:
    made = standings_of(("NumericHedge", "Uniform"))
    pairs = head_to_head(made, ["Uniform", "NumericHedge"])
    for pair in pairs["pairs"]:
        pair["first"] = LONG
    text = printed(pairs_table(made, pairs), width)
    assert "…" not in text and text.count("%, ") + text.count("%,\n") == len(pairs["pairs"])


# --- leaving


def test_the_version_is_printed(command: Callable[..., Answer]) -> None:
    answer = command("--version")
    assert answer.code == 0 and answer.out == f"palaestra {palaestra.__version__}\n"


@pytest.mark.parametrize(
    ("words", "goes_on"),
    [
        (("run", "ModelRouting-v0", "--agent", "Uniform"), False),
        (("bench", *ROUTING), True),
        (("compare", *ROUTING, "--agent", "Uniform", "--agent", "RUCB"), True),
        (("compare", "--game", "stag_hunt", "--agent", "TitForTat", "--agent", "Grim"), True),
        (("bench", *ROUTING, "--fresh"), False),
    ],
    ids=["run", "bench", "compare", "round robin", "fresh"],
)
def test_a_stopped_command_says_what_is_kept_only_where_something_is(
    words: tuple[str, ...], goes_on: bool, command: Callable[..., Answer], monkeypatch: pytest.MonkeyPatch
) -> None:
    def stop(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(palaestra, "run", stop)
    monkeypatch.setattr("palaestra.command_line.run_bench.bench", stop)
    monkeypatch.setattr("palaestra.command_line.run_tournament.run_tournament", stop)
    answer = command(*words)
    assert answer.code == 130 and "Stopped." in answer.err and "Traceback" not in answer.err
    assert ("run the same command again" in answer.err) == goes_on
