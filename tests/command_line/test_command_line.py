"""The command line (DESIGN §3): commands do what their help says, and bad input gets one line and exit code 2."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import palaestra
import pytest
from palaestra.leaderboards.catalogue.describe import argument_docs
from palaestra.leaderboards.catalogue.listing import registries
from palaestra.leaderboards.tracks import tracks
from palaestra.tests.support.users_command import Answer, users_command

COMMANDS = ("list", "show", "run", "play", "bench", "compare", "check", "replay", "demo")

MINE = """
import numpy as np
from palaestra.core.agent import Agent

class Quiet:
    batched = False
    learns = False
    plays = ("TransferGame-v0",)
    def __init__(self, action=0):
        self.action = action
    def reset(self, task, lanes, seed):
        self.task = task
    def act(self, observation):
        space = self.task.action_space.spaces
        nothing = {key: np.zeros(part.shape, part.dtype) for key, part in space.items()}
        return nothing | {"play": self.action}

class Broken(Quiet):
    def act(self, observation):
        return 7

class Forgetful(Quiet):
    def act(self, observation):
        return super().act(observation) | {"play": int(np.random.default_rng().integers(2))}

number = 3

def policy(observation):
    return 0
"""


@pytest.fixture
def palaestra_command(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> Callable[..., Answer]:
    """The command line in an empty folder that holds a user's module."""
    return users_command(tmp_path, monkeypatch, capfd, MINE)


SMALL = ("transfer-welfare-v0", "--seeds", "3", "--option", "horizon=4", "--workers", "1")
SUBMIT = ("submit", "transfer-welfare-v0", "--agent", "MINE:Quiet", "--name", "Quiet", "--author", "A")


# --- listing and showing


def test_list_holds_every_member_with_a_line_of_its_own(palaestra_command: Callable[..., Answer]) -> None:
    everything = json.loads(palaestra_command("list", "--json").out)
    for kind, room in registries().items():
        assert [member["name"] for member in everything[kind]] == list(room)
        assert all(member["summary"] for member in everything[kind])
    text = palaestra_command("list").out
    assert all(name in text for room in registries().values() for name in room)


def test_list_imports_nothing_heavy() -> None:
    """`palaestra list` answers in under a second: what decides that is what is imported."""
    code = (
        "import sys, palaestra.__main__ as cli; sys.argv = ['palaestra', 'list', '--json']\n"
        "try: cli.main()\nexcept SystemExit: pass\n"
        "print(sorted({'numpy', 'scipy', 'gymnasium', 'pyarrow', 'matplotlib', 'torch'} & set(sys.modules)))"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=120, check=True)
    assert run.stdout.splitlines()[-1] == "[]"


def test_the_readmes_table_has_a_line_for_every_environment(palaestra_command: Callable[..., Answer]) -> None:
    lines = palaestra_command("list", "--markdown").out.splitlines()
    assert lines[1].startswith("|---") and len({line.count(" | ") for line in lines if "---" not in line}) == 1
    assert [line.split("`")[1] for line in lines[2:]] == list(registries()["environment"])


@pytest.mark.parametrize("kind", ["environment", "agent", "metric", "track", "wrapper"])
def test_everything_that_is_listed_can_be_shown(kind: str, palaestra_command: Callable[..., Answer]) -> None:
    for name in registries()[kind]:
        shown = palaestra_command("show", name, "--json")
        assert shown.code == 0, shown.err
        document = json.loads(shown.out)
        assert (document["name"], document["kind"]) == (name, kind) and document["page"]
        undocumented = [option["name"] for option in document["options"] if not option["doc"]]
        assert not undocumented, f"{name}: the docstring says nothing of {undocumented}"


def test_show_prints_the_page_with_live_facts_and_options(palaestra_command: Callable[..., Answer]) -> None:
    text = palaestra_command("show", "TransferGame-v0").out
    rules = palaestra.rules("TransferGame-v0")
    for expected in ("Known solutions", f"{rules.facts.horizon} steps", "max_transfer", "Box(", "welfare"):
        assert expected in text


@pytest.mark.parametrize("name", tracks)
def test_the_page_of_a_track_says_what_a_reader_needs(name: str, palaestra_command: Callable[..., Answer]) -> None:
    track, text = tracks[name].load(), palaestra_command("show", name).out
    for expected in (track.env_id, track.metric, "lower is better", *track.references, *track.scenarios):
        assert expected in text.replace("higher", "lower"), expected
    assert all(agent in text for scenario in track.scenarios for agent in track.seated(scenario).values())
    for internal in ("action bits", "pictures", "track id", "privileges"):
        assert internal not in text


def test_argument_docs_are_read_from_google_style() -> None:
    text = (
        "Do.\n\nArgs:\n    one: First: with a colon,\n        and a second line.\n    two: 2.\n\nReturns:\n    x: no\n"
    )
    assert argument_docs(text) == {"one": "First: with a colon, and a second line.", "two": "2."}


@pytest.mark.parametrize("command", COMMANDS)
def test_the_help_of_every_command_shows_examples(command: str, palaestra_command: Callable[..., Answer]) -> None:
    answer = palaestra_command(command, "--help")
    assert answer.code == 0 and "Examples" in answer.out and f"palaestra {command}" in answer.out


# --- bad input: exit code 2, the nearest and the allowed names


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("show", "TransferGme-v0"), "Did you mean 'TransferGame-v0'"),
        (("bench", "transfer-welfar-v0"), "Did you mean 'transfer-welfare-v0'"),
        (("run", "TransferGame-v0", "--agent", "Unifrom"), "Did you mean 'Uniform'"),
        (
            ("run", "TransferGame-v0", "--agent", "Uniform", "--option", "horzon=4"),
            "Known: actions, conditioning, game",
        ),
        (("run", "TransferGame-v0", "--agent", "Uniform", "--option", "horizon"), "not key=value"),
        (("run", "TransferGame-v0", "--agent", "Uniform=player_7"), "There is no seat 'player_7'"),
        (("run", "TransferGame-v0", "--agent", "Uniform=player_0"), "No agent sits at"),
        (("bench", *SMALL, "--agent", "MINE:Nobody"), "has no 'Nobody'"),
        (("bench", *SMALL, "--agent", "MINE:Quiet(actoin=1)"), "Did you mean 'action'"),
        (("bench", *SMALL, "--agent", "MINE:number"), "cannot take a seat"),
        (("bench", *SMALL, "--only-agents", "none"), "There is no agent to benchmark"),
        (("bench", *SMALL, "--engine", "cloud"), "There is no engine 'cloud'"),
        (("compare", "transfer-welfare-v0", "--agent", "Uniform"), "at least two"),
        (("check", "no_such_thing"), "There is no environment, agent, metric or track"),
        (("check", "MINE:number"), "neither rules"),
        (("run", "TransferGame-v0", "--agent", "Uniform", "--save", "trace.txt"), ".parquet or .npz"),
        (("check", "MINE:policy"), "a plain policy function needs --env"),
        (("check", "gymnasium:Env"), "is a finished environment"),
        (("run", "RankingBandit-v0", "--agent", "Sete"), "RankingBandit-v0 provides no 'conditioning'"),
        (("run", "ModelRouting-v0", "--agent", "Uniform", "--option", "cost_weight=dear"), "give a number"),
        (("run", "TransferGame-v0", "--agent", "Uniform", "--option", "actions=true"), "give an integer"),
        (("run", "RankingBandit-v0", "--agent", "Exp3(exploration=low)"), "text must be quoted: exploration='low'"),
        (("replay", "absent.parquet"), "There is no trace"),
        ((*SUBMIT, "--url", "example.org"), "cannot be shown on a board"),
        ((*SUBMIT, "--name", " A"), "begins or ends with a space"),
        ((*SUBMIT, "--registration", "early"), "64 hexadecimal digits"),
        ((*SUBMIT, "--key", "absent.key"), "private key"),
        ((*SUBMIT, "--out", "/proc/mine"), "No such file or directory"),
        (("verify", "absent"), "There is no absent"),
        (("board", "show", "transfer-welfare-v0", "--board", "absent"), "there is no such folder"),
        (("site", "build", "--board", "absent"), "there is no such folder"),
        (("bench",), "TRACK"),
    ],
)
def test_bad_input_is_one_line_and_exit_code_2(
    words: tuple[str, ...], told: str, palaestra_command: Callable[..., Answer]
) -> None:
    answer = palaestra_command(*words)
    assert answer.code == 2 and told in answer.err and "Traceback" not in answer.err, answer
    assert answer.out == ""


# --- running, replaying


def test_a_run_is_saved_and_verified_again(tmp_path: Path, palaestra_command: Callable[..., Answer]) -> None:
    words = ("--agent", "Uniform", "--agent", "MINE:Quiet(action=1)=player_0", "--seeds", "4", "--horizon", "6")
    played = palaestra_command("run", "TransferGame-v0", *words, "--save", "trace.parquet", "--json")
    assert played.code == 0, played.err
    document = json.loads(played.out)
    assert document["agents"] == {"player_0": "MINE:Quiet(action=1)", "player_1": "Uniform"}
    assert document["seeds"] == [0, 1, 2, 3] and document["steps"] == 6
    again = palaestra_command("replay", "trace.parquet", "--json")
    assert again.code == 0 and json.loads(again.out)["metrics"] == document["metrics"]
    trace = palaestra.load_trace(tmp_path / "trace.parquet")
    assert (trace.actions[0]["play"] == 1).all()


def test_a_tampered_trace_fails_with_exit_code_1(tmp_path: Path, palaestra_command: Callable[..., Answer]) -> None:
    palaestra_command("run", "TransferGame-v0", "--agent", "Uniform", "--save", "trace.parquet")
    trace = palaestra.load_trace(tmp_path / "trace.parquet")
    assert trace.rewards is not None
    replace(trace, rewards=(trace.rewards[0], trace.rewards[1] + 1.0)).save(tmp_path / "lie.parquet")
    answer = palaestra_command("replay", "lie.parquet")
    assert answer.code == 1 and "player_1, lane 0, step 0" in answer.err


# --- benchmarks


def test_a_users_agent_stands_beside_the_references(palaestra_command: Callable[..., Answer]) -> None:
    """DESIGN §3; with --json standard output holds the document alone, progress goes to standard error."""
    words = ("bench", *SMALL, "--only-agents", "Uniform,SocialOptimum", "--agent", "MINE:Quiet")
    answer = palaestra_command(*words, "--json")
    assert answer.code == 0, answer.err
    document = json.loads(answer.out)
    assert {line["agent"] for line in document["agents"]} == {"Uniform", "SocialOptimum", "MINE:Quiet"}
    assert "transfer-welfare-v0" in answer.err
    table = palaestra_command(*words)  # the second time everything is there already
    assert table.code == 0 and "MINE:Quiet" in table.out and "welfare_ratio ↑" in table.out


def test_a_users_agent_that_cannot_play_is_named_and_the_exit_code_is_1(
    palaestra_command: Callable[..., Answer],
) -> None:
    answer = palaestra_command("bench", *SMALL, "--only-agents", "Uniform", "--agent", "MINE:Broken", "--json")
    assert answer.code == 1
    assert "MINE:Broken in" in answer.err and "an action is a dict with keys" in answer.err
    document = json.loads(answer.out)
    assert [line["agent"] for line in document["agents"] if line["status"] == "finished"] == ["Uniform"]
    assert {failure["agent"] for failure in document["failures"]} == {"MINE:Broken"}


def test_compare_prints_the_paired_difference(palaestra_command: Callable[..., Answer]) -> None:
    words = ("compare", *SMALL, "--agent", "SocialOptimum", "--agent", "Uniform")
    document = json.loads(palaestra_command(*words, "--json").out)
    first = document["pairs"][0]
    assert (first["first"], first["second"], first["metric"]) == ("SocialOptimum", "Uniform", "welfare_ratio")
    assert first["verdict"] == "SocialOptimum" and first["difference"]["low"] > 0
    assert "SocialOptimum" in palaestra_command(*words).out


@pytest.mark.parametrize("reaches", [os.kill, os.killpg], ids=["the command", "all its processes, as in a terminal"])
def test_ctrl_c_keeps_what_is_finished_and_says_so(tmp_path: Path, reaches: Callable[[int, int], None]) -> None:
    words = ["bench", "transfer-welfare-v0", "--option", "horizon=20000", "--seeds", "2", "--workers", "1"]
    running = subprocess.Popen(
        [sys.executable, "-m", "palaestra", *words, "--only-agents", "Uniform"],
        cwd=tmp_path,
        stderr=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    end = time.monotonic() + 60
    while not (tmp_path / "results").exists() and time.monotonic() < end:
        time.sleep(0.05)
    reaches(running.pid, signal.SIGINT)
    out, err = running.communicate(timeout=60)
    assert running.returncode == 130 and out == ""
    assert "run the same command again" in err and "Traceback" not in err


# --- the public contracts


def test_check_passes_what_keeps_its_contract(palaestra_command: Callable[..., Answer]) -> None:
    answer = palaestra_command("check", "MINE:Quiet", "--json")
    assert answer.code == 0, answer.err
    assert json.loads(answer.out)["passed"]
    assert palaestra_command("check", "welfare").code == 0


def test_check_fails_what_breaks_it_with_exit_code_1(palaestra_command: Callable[..., Answer]) -> None:
    answer = palaestra_command("check", "MINE:Forgetful")
    assert answer.code == 1 and "breaks the clause" in answer.err and answer.out == ""
