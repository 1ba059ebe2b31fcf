"""`palaestra play`: a person's seat in the terminal, here with lines that are piped in."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path

import palaestra
import pytest
from palaestra.envs import environments
from palaestra.tests.support.users_command import Answer, users_command

SHORT = {"TransferGame-v0": 2, "MediatedGame-v0": 3}
"""Horizons where a round takes several steps."""


@pytest.fixture
def typed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Callable[..., Answer]:
    """Called with lines to type and the words behind `palaestra play`."""
    command = users_command(tmp_path, monkeypatch, capfd, "")

    def play(lines: str, *words: str) -> Answer:
        monkeypatch.setattr("sys.stdin", io.StringIO(lines))
        return command("play", *words)

    return play


@pytest.mark.parametrize("env_id", environments)
def test_every_environment_can_be_played_by_a_person(typed: Callable[..., Answer], env_id: str) -> None:
    words = (env_id, "--seed", "1", "--option", f"horizon={SHORT.get(env_id, 2)}", "--save", "mine.parquet")
    answer = typed("r\n" * 60, *words)
    assert answer.code == 0, answer.err
    trace = palaestra.load_trace("mine.parquet")
    scores = palaestra.evaluate(palaestra.replay(trace))
    assert trace.seeds == (1,) and "Person" in trace.agents
    assert all(name in answer.out for name in scores) and palaestra.rules(env_id).facts.truth[:20] in answer.out
    shown = palaestra.rules(env_id).facts.reward_observed
    assert ("You earned" in answer.out) == shown and ("does not show what you earn" in answer.out) != shown


def test_typed_actions_are_the_ones_played(typed: Callable[..., Answer]) -> None:
    words = ("RepeatedGame-v0", "--agent", "TitForTat", "--option", "horizon=4", "--save", "mine.npz")
    answer = typed("1\n0\n0\n1\n", *words)
    mine, other = palaestra.load_trace("mine.npz").actions
    assert mine[:, 0].tolist() == [1, 0, 0, 1] and other[:, 0].tolist() == [0, 1, 0, 0]
    assert "player_1 is TitForTat" in answer.out and "You earned 5; 5 in all." in answer.out
    assert "what seat 0 earns" in answer.out


def test_a_dict_is_asked_for_part_by_part(typed: Callable[..., Answer]) -> None:
    answer = typed("1.5 2\n1\n0 1\n0\n0\n0\n", "TransferGame-v0", "--seat", "player_1", "--save", "mine.parquet")
    assert answer.code == 0, answer.err
    mine = palaestra.load_trace("mine.parquet").actions[1]
    assert mine["amounts"][0, 0].tolist() == [1.5, 2] and mine["play"][:, 0].tolist() == [1, 0]
    assert mine["targets"][0, 0].tolist() == [0, 1]


@pytest.mark.parametrize("wrong", ["2", "-1", "0.5", "defect", "0 1", "nan"])
def test_what_is_no_action_is_asked_for_again(typed: Callable[..., Answer], wrong: str) -> None:
    answer = typed(f"{wrong}\n1\n", "RepeatedGame-v0", "--option", "horizon=1", "--save", "mine.parquet")
    assert answer.code == 0 and answer.out.count("a whole number from 0 to 1") == 2
    assert palaestra.load_trace("mine.parquet").actions[0].tolist() == [[1]]


@pytest.mark.parametrize("wrong", ["1.5", "nan", "0.1 0.2", "a b c d e", "-1"])
def test_numbers_out_of_bounds_are_asked_for_again(typed: Callable[..., Answer], wrong: str) -> None:
    answer = typed(f"{wrong}\n0.25\n", "RankingGame-v0", "--option", "horizon=1", "--save", "mine.parquet")
    assert answer.code == 0 and answer.out.count("5 numbers with spaces between, each from 0 to 1") == 2
    assert palaestra.load_trace("mine.parquet").actions[0].tolist() == [[[0.25] * 5]]


@pytest.mark.parametrize("end", ["q\n", ""], ids=["q", "Ctrl-D"])
def test_a_person_may_leave(typed: Callable[..., Answer], end: str) -> None:
    answer = typed(f"0\n{end}", "RepeatedGame-v0", "--save", "mine.parquet")
    assert answer.code == 0 and "You have left; nothing is scored." in answer.out and not Path("mine.parquet").exists()


def test_a_question_mark_explains_the_action(typed: Callable[..., Answer]) -> None:
    answer = typed("?\n\nq\n", "ModelRouting-v0")
    assert answer.out.count("action: 2 whole numbers with spaces between, each from 0 to 4") == 3


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("RepeatedGame-v0", "--seat", "player_7"), "There is no seat 'player_7'. Did you mean"),
        (("RankingBandit-v0", "--agent", "Uniform"), "you have the only seat"),
        (("RepeatedGame-v9",), "There is no environment"),
        (("RepeatedGame-v0", "--save", "mine.txt"), "saved as .parquet or .npz"),
    ],
)
def test_bad_words_are_refused_before_anything_is_asked(
    typed: Callable[..., Answer], words: tuple[str, ...], message: str
) -> None:
    answer = typed("", *words)
    assert answer.code == 2 and message in answer.err and "action>" not in answer.out


def test_a_mediator_can_be_a_person(typed: Callable[..., Answer]) -> None:
    answer = typed("r\n" * 9, "MediatedGame-v0", "--seat", "mediator_0")
    assert answer.code == 0 and "You are mediator_0." in answer.out and "player_0 is BestResponder" in answer.out
