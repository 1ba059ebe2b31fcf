"""Round robins: what is played, and what the command line says of it."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np
import palaestra
import pytest
from palaestra.command_line.app import main
from palaestra.core.errors import PalaestraError
from palaestra.leaderboards.sweeps.engines import ENGINES
from palaestra.leaderboards.tournament.analysis import TournamentAnalysis
from palaestra.leaderboards.tournament.pair_jobs import pair_jobs
from palaestra.leaderboards.tournament.tournament import tournament

FIVE = ("TitForTat", "Grim", "AlwaysDefect", "AlwaysCooperate", "WinStayLoseShift")


# --- what is played


def test_five_strategies_of_the_prisoners_dilemma_earn_what_can_be_counted_by_hand() -> None:
    """The payoffs of tit-for-tat, grim, always-defect, always-cooperate and win-stay-lose-shift."""
    n = 50
    defector = (5 + (n - 1)) / n  # exploits once, then meets defection
    sucker = (0 + (n - 1)) / n
    shifts_d = (5 * n / 2 + n / 2) / n  # win-stay-lose-shift answers always-defect with C, D, C, D, ...
    shifts = (0 * n / 2 + n / 2) / n
    wanted: Any = [
        [3, 3, sucker, 3, 3],
        [3, 3, sucker, 3, 3],
        [defector, defector, 1, 5, shifts_d],
        [3, 3, 0, 3, 3],
        [3, 3, shifts, 3, 3],
    ]
    played = tournament(FIVE, {"game": "prisoners_dilemma"}, rounds=n, seeds=2)
    assert np.allclose(played.table, wanted, rtol=0, atol=1e-12)
    assert np.ptp(played.payoffs, axis=0).max() == 0, "nothing is drawn"


def test_every_pair_of_a_round_robin_is_a_run_of_its_own() -> None:
    names = ("StageHedge", "GenerousTitForTat", "HistoryQLearning")
    played = tournament(names, {"game": "stag_hunt"}, rounds=30, seeds=5)
    for (i, one), (j, other) in combinations(enumerate(names), 2):
        trace = palaestra.run("RepeatedGame-v0", [one, other], range(5), options=dict(played.options))
        assert trace.rewards is not None
        assert np.allclose(played.payoffs[:, i, j], trace.rewards[0].mean(axis=0), rtol=0, atol=1e-12)
        assert np.allclose(played.payoffs[:, j, i], trace.rewards[1].mean(axis=0), rtol=0, atol=1e-12)
    alone = palaestra.run("RepeatedGame-v0", names[1], range(5), options=dict(played.options))
    assert alone.rewards is not None
    assert np.allclose(played.payoffs[:, 1, 1], np.mean(alone.rewards, axis=(0, 1)), rtol=0, atol=1e-12)


def test_all_pairs_play_with_the_longest_memory_that_anybody_needs() -> None:
    played = tournament(("TitForTat", "TitForTwoTats", "AlwaysDefect"), {"game": "stag_hunt"}, rounds=6, seeds=1)
    assert played.options["memory"] == 2 and played.options["horizon"] == 6
    longer = tournament(("TitForTat", "TitForTwoTats"), {"game": "stag_hunt", "memory": 3}, rounds=6, seeds=1)
    assert longer.options["memory"] == 3


def test_a_round_of_two_steps_counts_once() -> None:
    played = tournament(("BestResponse", "Uniform"), {"game": "stag_hunt"}, env_id="TransferGame-v0", rounds=4, seeds=3)
    assert played.options["horizon"] == 8
    assert (np.abs(played.payoffs) <= 10).all() and played.payoffs.shape == (3, 2, 2)


def test_intervals_of_payoffs_hold_the_mean_and_shrink_with_seeds() -> None:
    names, options = ("NoisyTitForTat", "GenerousTitForTat"), {"game": "prisoners_dilemma"}
    few, many = (tournament(names, options, rounds=20, seeds=seeds) for seeds in (8, 128))
    widths = [np.mean([one.high - one.low for one in played.scores]) for played in (few, many)]
    assert 0 < widths[1] < widths[0] / 2
    for played in (few, many):
        assert all(one.low < one.value < one.high for one in played.scores)
    (normal,) = many.estimates(many.payoffs[:, :1, 0])
    error = many.payoffs[:, 0, 0].std(ddof=1) / np.sqrt(128)
    assert normal.high - normal.low == pytest.approx(2 * 1.96 * error, rel=0.1), "as by the normal approximation"
    assert np.isnan(tournament(names, options, rounds=5, seeds=1).scores[0].low)


def test_games_in_which_an_agent_has_no_one_payoff_are_refused() -> None:
    pair = ("Uniform", "StageHedge")
    with pytest.raises(PalaestraError, match="not symmetric"):
        tournament(pair, {"game": "battle_of_the_sexes"})
    with pytest.raises(PalaestraError, match="two seats and one fixed game"):
        tournament(pair, {"game": "random_normal_form"})
    with pytest.raises(PalaestraError, match="two seats and one fixed game"):
        tournament(pair, {"game": "public_goods"})
    with pytest.raises(PalaestraError, match="two or more different agents"):
        tournament(("Uniform", "Uniform"), {"game": "stag_hunt"})


# --- the command


@pytest.fixture
def command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: Any) -> Callable[..., tuple[int, str, str]]:
    """`palaestra compare` in an empty folder: exit code, standard output, standard error."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "200")

    def run(*words: str) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["palaestra", "compare", *words])
        code: Any = 0
        try:
            main()
        except SystemExit as end:
            code = end.code or 0
        return int(code), *capfd.readouterr()

    return run


AGENTS = tuple(word for name in FIVE for word in ("--agent", name))


def test_the_round_robin_of_the_command_line_is_the_functions(
    command: Callable[..., tuple[int, str, str]], tmp_path: Path
) -> None:
    words = ("--game", "prisoners_dilemma", *AGENTS, "--rounds", "20", "--seeds", "2", "--json")
    code, out, err = command(*words)
    assert code == 0, err
    told = json.loads(out)
    played = tournament(FIVE, {"game": "prisoners_dilemma"}, rounds=20, seeds=2)
    analysis = TournamentAnalysis.of(played)
    assert [[cell["value"] for cell in row] for row in told["payoffs"]] == played.table.tolist()
    assert told["alpha_rank"]["shares"] == analysis.alpha_rank.tolist()
    assert sum(told["nash_average"]["weights"]) == pytest.approx(1)
    assert told["order"][-1] in FIVE and set(told["order"]) == set(FIVE)
    means = dict(zip(FIVE, played.table.mean(axis=1), strict=True))
    assert [means[name] for name in told["order"]] == sorted(means.values(), reverse=True)
    assert (tmp_path / told["plot"]).read_text().startswith("<?xml")


def test_a_pair_that_is_finished_is_not_played_again_unless_it_is_asked_for(
    command: Callable[..., tuple[int, str, str]], tmp_path: Path
) -> None:
    words = ("--game", "stag_hunt", "--rounds", "5", "--seeds", "2", "--workers", "1", "--json")
    pair, third = AGENTS[:4], AGENTS[4:6]

    def stamps(folder: str) -> dict[Path, int]:
        return {path: path.stat().st_mtime_ns for path in (tmp_path / folder / "round-robin").glob("*.parquet")}

    assert command(*words, *pair)[0] == 0
    before = stamps("results")
    assert len(before) == 2 * 3
    assert command(*words, *pair, *third)[0] == 0
    after = stamps("results")
    assert {path: after[path] for path in before} == before and len(after) == 2 * 6
    assert command(*words, *pair, "--fresh")[0] == 0
    assert stamps("results") == after and len(stamps("results-2")) == 2 * 3


OWN = """
import os

from palaestra.agents.uniform import Uniform

class Mine(Uniform):
    pass

class Breaks(Uniform):
    def act(self, observation):
        raise RuntimeError("broken on purpose")

class Prints(Uniform):
    def act(self, observation):
        print("a word of the agent's")
        os.write(1, b"and one of its library's\\n")
        return super().act(observation)

class NeedsModel(Uniform):
    def __init__(self, model):
        self.model = model

class EndsWhenMade(Uniform):
    def __init__(self):
        os._exit(0)
"""


def test_an_edited_opponent_is_played_again_and_one_that_breaks_is_named(
    command: Callable[..., tuple[int, str, str]], tmp_path: Path
) -> None:
    (tmp_path / "own_opponents.py").write_text(OWN)
    options = {"game": "stag_hunt", "memory": 1, "horizon": 4}
    try:
        jobs = [pair_jobs(("TitForTat", "own_opponents:Mine"), "RepeatedGame-v0", options, 2) for _ in range(2)]
        (tmp_path / "own_opponents.py").write_text(f"{OWN}\n# changed\n")
        jobs.append(pair_jobs(("TitForTat", "own_opponents:Mine"), "RepeatedGame-v0", options, 2))
        first, again, edited = ([job.key for job in one] for one in jobs)
        assert first == again
        assert [old == new for old, new in zip(first, edited, strict=True)] == [True, False, False]
        words = ("--game", "stag_hunt", "--rounds", "3", "--seeds", "2", "--workers", "1")
        code, out, err = command(*words, "--agent", "TitForTat", "--agent", "own_opponents:Breaks")
        assert code == 2 and not out
        assert "TitForTat in a match against own_opponents:Breaks" in err and "broken on purpose" in err
    finally:
        sys.modules.pop("own_opponents", None)


@pytest.fixture
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A module of the user's."""
    (tmp_path / "own_players.py").write_text(f'{OWN}\nprint("a word at import")\n')
    monkeypatch.syspath_prepend(tmp_path)
    yield "own_players"
    sys.modules.pop("own_players", None)


SHORT = ("--game", "stag_hunt", "--rounds", "3", "--seeds", "2", "--workers", "1", "--agent", "TitForTat", "--json")


@pytest.mark.parametrize(
    ("agent", "said"), [("NeedsModel", "cannot be made: TypeError"), ("EndsWhenMade", "cannot be made: SystemExit: 0")]
)
def test_an_agent_that_cannot_be_made_is_one_line(
    agent: str, said: str, own: str, command: Callable[..., tuple[int, str, str]]
) -> None:
    code, out, err = command(*SHORT, "--agent", f"{own}:{agent}")
    assert code == 2 and not out and "Traceback" not in err
    assert f"The agent '{own}:{agent}' {said}" in err


def test_what_the_agents_of_a_round_robin_print_stays_out_of_the_results(
    own: str, command: Callable[..., tuple[int, str, str]]
) -> None:
    code, out, err = command(*SHORT, "--agent", f"{own}:Prints")
    assert code == 0 and json.loads(out)["agents"] == ["TitForTat", f"{own}:Prints"]
    for word in ("a word at import", "a word of the agent's", "and one of its library's"):
        assert word in err


def test_no_engine_is_started_for_a_round_robin_that_is_finished(
    command: Callable[..., tuple[int, str, str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    words = ("--game", "stag_hunt", *AGENTS[:4], "--rounds", "3", "--seeds", "2", "--workers", "1", "--json")
    first = command(*words)

    def started(workers: int, address: str) -> Any:
        raise PalaestraError("a cluster was started")

    monkeypatch.setitem(ENGINES, "ray", started)
    again = command(*words, "--engine", "ray")
    assert first[0] == again[0] == 0 and first[1] == again[1]
    code, _, err = command(*words, "--agent", "Uniform", "--engine", "ray")
    assert code == 2 and "a cluster was started" in err


def test_the_tables_of_a_round_robin_name_everybody(command: Callable[..., tuple[int, str, str]]) -> None:
    code, out, err = command("--game", "stag_hunt", *AGENTS, "--rounds", "10", "--seeds", "2")
    assert code == 0, err
    assert all(name in out for name in FIVE)
    for heading in ("alpha-rank", "Nash", "repli-", "row against the column", "nearby shares"):
        assert heading in out


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ((*AGENTS,), "Name a track"),
        (("ranking-bandit-v0", "--game", "stag_hunt", *AGENTS), "Name a track"),
        (("--game", "stag_hunt", "--agent", "TitForTat"), "at least two"),
        (("--game", "stag_hunt", *AGENTS, "--option", "horizon=5"), "--rounds"),
        (("--game", "no_such_game", *AGENTS), "There is no game"),
        (("--game", "stag_hunt", *AGENTS, "--engine", "cloud"), "no engine 'cloud'"),
        (("--game", "stag_hunt", *AGENTS, "--address", "a:1"), "only the engine ray has an address"),
        (("--game", "stag_hunt", *AGENTS, "--demo"), "the small size of a track"),
    ],
)
def test_a_round_robin_that_cannot_be_played_is_one_line(
    words: tuple[str, ...], said: str, command: Callable[..., tuple[int, str, str]]
) -> None:
    code, out, err = command(*words)
    assert code == 2 and said in err and not out
