"""`palaestra check` of a stranger's agent: whatever it does, the answer is a report or the reason why there is none."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from palaestra.leaderboards.tracks import tracks
from palaestra.tests.support.users_command import Answer, users_command

MINE = """
import os
import sys
import numpy as np

class First:
    batched = False
    learns = False
    plays = ("ModelRouting-v0",)
    def __init__(self, model=0):
        self.model = model
    def reset(self, task, lanes, seed):
        self.seats = task.public["proposals"]
    def act(self, observation):
        return np.full(self.seats, self.model)

class NeedsModel(First):
    def __init__(self, model):
        self.model = model

class Illegal(First):
    def act(self, observation):
        return np.full(self.seats, 99)

class Raises(First):
    def act(self, observation):
        return observation["nothing"]

class Exits(First):
    def act(self, observation):
        sys.exit(0)

class ExitsAtOnce(First):
    def act(self, observation):
        os._exit(0)

class ExitsWhenMade(First):
    def __init__(self):
        sys.exit(0)

class Prints(First):
    def act(self, observation):
        print("a word of the agent's")
        os.write(1, b"and one of its library's\\n")
        return super().act(observation)

class ExpectsRankings(First):
    def act(self, observation):
        return observation["ranking"] * 0

class StumblesLate(First):
    def reset(self, task, lanes, seed):
        super().reset(task, lanes, seed)
        self.left = 100
    def act(self, observation):
        self.left -= 1
        return np.full(self.seats, 1 // self.left * 0)

class DrawsGlobally(First):
    stochastic = True
    def act(self, observation):
        return np.random.randint(0, 5, self.seats)

def policy(observation):
    return np.zeros(3, int)
"""


@pytest.fixture
def command(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> Callable[..., Answer]:
    return users_command(tmp_path, monkeypatch, capfd, MINE)


def line_of(text: str) -> int:
    """The line of the user's module that has this text."""
    return next(k for k, line in enumerate(MINE.splitlines(), 1) if text in line)


# --- agents that end the program


@pytest.mark.parametrize("agent", ["Exits", "ExitsAtOnce", "ExitsWhenMade"])
def test_an_agent_that_ends_the_program_does_not_pass(agent: str, command: Callable[..., Answer]) -> None:
    answer = command("check", f"MINE:{agent}")
    assert answer.code != 0 and answer.out == "" and "SystemExit" in answer.err and "MINE.py:" in answer.err


def test_a_process_that_checks_it_ends_with_a_failure_too(tmp_path: Path) -> None:
    (tmp_path / "ending.py").write_text(MINE)
    words = [sys.executable, "-m", "palaestra", "check", "ending:ExitsAtOnce"]
    run = subprocess.run(words, cwd=tmp_path, capture_output=True, text=True, timeout=120)
    assert run.returncode == 1 and run.stdout == "" and "it ended the program" in run.stderr


# --- what failures say


def test_a_failure_is_a_json_document_as_well(command: Callable[..., Answer]) -> None:
    answer = command("check", "MINE:Illegal", "--json")
    document = json.loads(answer.out)
    assert answer.code == 1 and document["subject"] == "MINE:Illegal on ModelRouting-v0"
    assert document["passed"] == ["it can be made without arguments"]
    assert document["failed"]["clause"] == "actions are legal"
    assert "[99 99]" in document["failed"]["reason"] and "breaks the clause" in answer.err


@pytest.mark.parametrize(("agent", "text"), [("Raises", 'observation["nothing"]'), ("Exits", "sys.exit(0)")])
def test_a_failure_names_the_users_line(agent: str, text: str, command: Callable[..., Answer]) -> None:
    answer = command("check", f"MINE:{agent}")
    assert f"MINE.py:{line_of(text)}, in act" in answer.err


def test_an_illegal_action_names_where_act_is(command: Callable[..., Answer]) -> None:
    assert f"MINE.py:{line_of('np.full(self.seats, 99)') - 1})" in command("check", "MINE:Illegal").err


def test_an_agent_that_needs_options_is_told_how_they_are_given(command: Callable[..., Answer]) -> None:
    answer = command("check", "MINE:NeedsModel")
    assert answer.code == 2 and "Traceback" not in answer.err
    assert "The agent 'MINE:NeedsModel' cannot be made: TypeError" in answer.err
    assert '"MINE:NeedsModel(option=value)"' in answer.err
    assert command("check", "MINE:NeedsModel(model=1)").code == 0


def test_what_an_agent_prints_stays_out_of_the_results(command: Callable[..., Answer]) -> None:
    answer = command("check", "MINE:Prints", "--json")
    assert answer.code == 0 and json.loads(answer.out)["passed"]
    assert "a word of the agent's" in answer.err and "and one of its library's" in answer.err


def test_a_kept_contract_names_every_clause_and_what_was_not_checked(command: Callable[..., Answer]) -> None:
    document = json.loads(command("check", "MINE:NeedsModel(model=1)", "--json").out)
    text = command("check", "MINE:NeedsModel(model=1)").out
    assert f"{len(document['passed'])} clauses hold" in text
    assert all(f"✓ {clause}" in text for clause in document["passed"])
    assert all(note in text for note in document["notes"])


# --- on a track


def test_an_agent_is_checked_in_every_scenario_of_a_track(command: Callable[..., Answer]) -> None:
    document = json.loads(command("check", "MINE:First", "--track", "model-routing-v0", "--json").out)
    scenarios = tracks["model-routing-v0"].load().scenarios
    assert document["subject"] == f"MINE:First on model-routing-v0 ({', '.join(scenarios)})"
    assert document["passed"][-1] == "a demo episode is played to its end"
    assert {note.partition(":")[0] for note in document["notes"]} <= set(scenarios)


def test_a_policy_function_is_checked_on_a_track(command: Callable[..., Answer]) -> None:
    assert command("check", "MINE:policy", "--track", "model-routing-v0").code == 0


def test_an_agent_that_stumbles_after_a_short_episode_fails_on_the_track(command: Callable[..., Answer]) -> None:
    assert command("check", "MINE:StumblesLate").code == 0
    answer = command("check", "MINE:StumblesLate", "--track", "model-routing-v0")
    assert answer.code == 1 and "a demo episode is played to its end" in answer.err
    assert "ZeroDivisionError: integer division or modulo by zero" in answer.err
    assert f"MINE.py:{line_of('1 // self.left')}, in act" in answer.err


@pytest.mark.parametrize("name", tracks)
def test_a_reference_of_every_track_passes_its_check(name: str, command: Callable[..., Answer]) -> None:
    answer = command("check", tracks[name].load().references[-1], "--track", name)
    assert answer.code == 0, answer.err


def test_a_track_and_an_environment_are_not_named_together(command: Callable[..., Answer]) -> None:
    answer = command("check", "MINE:First", "--track", "model-routing-v0", "--env", "ModelRouting-v0")
    assert answer.code == 2 and "leave --env out" in answer.err


# --- names that are written in another way


@pytest.mark.parametrize("text", ["MINE.First", "MINE.py", "MINE.py:First", "First", "MINE:Frist", "First(model=1)"])
@pytest.mark.parametrize("words", [("check",), ("run", "ModelRouting-v0", "--agent")], ids=["check", "run"])
def test_a_name_in_another_form_is_answered_by_the_right_one(
    words: tuple[str, ...], text: str, command: Callable[..., Answer]
) -> None:
    answer = command(*words, text)
    assert answer.code == 2 and "Did you mean MINE:First" in answer.err


@pytest.mark.parametrize("text", [":First", "MINE:", ":"])
def test_half_a_name_is_refused(text: str, command: Callable[..., Answer]) -> None:
    answer = command("check", text)
    assert answer.code == 2 and "is not module:attribute" in answer.err


def test_an_agent_that_draws_from_elsewhere_is_told_where_to_draw_from(command: Callable[..., Answer]) -> None:
    answer = command("check", "MINE:DrawsGlobally")
    assert answer.code == 1 and "np.random.default_rng(seed)" in answer.err


@pytest.mark.parametrize(
    ("source", "told"),
    [
        ("import numpy\nimport nowhere_to_be_found\n", ["imports 'nowhere_to_be_found'", "other.py:2"]),
        ("import numpy\n\nnumpy.nothing\n", ["AttributeError", "other.py:3"]),
        ("def f(:\n", ["cannot be read", "other.py:1"]),
        ("import sys\nsys.exit(0)\n", ["it ends the program", "other.py:2", "__main__"]),
    ],
    ids=["missing import", "error", "syntax", "exit"],
)
def test_a_module_that_fails_while_it_is_imported_names_its_line(
    source: str, told: list[str], tmp_path: Path, command: Callable[..., Answer]
) -> None:
    name = f"other_{len(source)}"
    (tmp_path / f"{name}.py").write_text(source)
    for words in (("check", f"{name}:A"), ("bench", "model-routing-v0", "--agent", f"{name}:A")):
        answer = command(*words)
        assert answer.code == 2 and answer.out == "" and f"The module '{name}'" in answer.err
        assert all(part.replace("other", name) in answer.err for part in told), answer.err
