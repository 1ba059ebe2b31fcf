"""Our augmentations on PettingZoo games that are not ours, by their payoff table or around the game itself."""

from __future__ import annotations

from typing import Any, ClassVar

import numpy as np
import palaestra
import pytest
from gymnasium import spaces
from palaestra.core.contract import check_environment
from palaestra.core.errors import PalaestraError
from palaestra.theory.games.classics import CLASSICS
from palaestra.wrappers import wrappers
from pettingzoo import ParallelEnv
from pettingzoo.test.parallel_test import parallel_api_test

ROCK_PAPER_SCISSORS = np.array([[0, -1, 1], [1, 0, -1], [-1, 1, 0]], float)
DILEMMA = np.array(CLASSICS["prisoners_dilemma"].payoffs, float)


class Foreign(ParallelEnv[str, Any, Any]):
    """What the games below share; they know nothing of palaestra."""

    metadata: ClassVar[dict[str, Any]] = {  # type: ignore[misc]
        "name": "foreign_v0",
        "render_modes": [],
    }
    render_mode = None

    def __init__(self, players: list[str], action: Any, seen: Any) -> None:
        self.possible_agents = players
        self.agents: list[str] = []
        self._acts = {player: action for player in players}
        self._seen = {player: seen for player in players}

    def observation_space(self, agent: str) -> Any:
        return self._seen[agent]

    def action_space(self, agent: str) -> Any:
        return self._acts[agent]

    def reset(self, seed: int | None = None, options: Any = None) -> Any:
        self.agents, self.rounds, self.random = list(self.possible_agents), 0, np.random.default_rng(seed)
        return {agent: 0 for agent in self.agents}, {agent: {} for agent in self.agents}

    def close(self) -> None:
        self.closed = True


class Dilemma(Foreign):
    """The prisoner's dilemma, its actions called 1 and 2, for `rounds` rounds; `spoilt` by chance or by a state."""

    def __init__(self, rounds: int = 1, spoilt: str = "") -> None:
        super().__init__(["cat", "dog"], spaces.Discrete(2, start=1), spaces.Discrete(1))
        self.most, self.spoilt = rounds, spoilt

    def step(self, actions: Any) -> Any:
        cell = DILEMMA[:, actions["cat"] - 1, actions["dog"] - 1]
        if self.spoilt == "chance":
            cell = cell + self.random.integers(2, size=2).astype(float)
        if self.spoilt == "state":
            cell = cell + self.rounds
        self.rounds += 1
        there, over = list(self.agents), self.rounds >= self.most
        self.agents = [] if over else there
        told: dict[str, Any] = {agent: {} for agent in there}
        seen, rewards = dict.fromkeys(there, 0), dict(zip(there, cell.tolist(), strict=True))
        return seen, rewards, dict.fromkeys(there, over), dict.fromkeys(there, False), told


class Fishery(Foreign):
    """Three players fish from one stock that regrows; who has caught 12 goes home, the rest stay for 30 rounds."""

    def __init__(self) -> None:
        super().__init__([f"boat_{i}" for i in range(3)], spaces.Discrete(4), spaces.Box(0.0, 100.0, (2,), np.float64))

    def reset(self, seed: int | None = None, options: Any = None) -> Any:
        infos = super().reset(seed)[1]
        self.stock: Any
        self.stock, self.caught = 20.0 + self.random.integers(4), dict.fromkeys(self.agents, 0.0)
        return {agent: self._look(agent) for agent in self.agents}, infos

    def _look(self, agent: str) -> Any:
        return np.array([self.stock, self.caught[agent]])

    def step(self, actions: Any) -> Any:
        there, rewards = list(self.agents), dict[str, float]()
        for agent in there:
            rewards[agent] = min(float(actions[agent]), float(self.stock) / len(there))
            self.caught[agent] += rewards[agent]
        self.stock = min(40.0, (self.stock - sum(rewards.values())) * 1.25)
        self.rounds += 1
        home = {agent: self.caught[agent] >= 12.0 for agent in there}
        late = {agent: self.rounds >= 30 and not home[agent] for agent in there}
        self.agents = [agent for agent in there if not (home[agent] or late[agent])]
        return {agent: self._look(agent) for agent in there}, rewards, home, late, {agent: {} for agent in there}


def table_of(env: Any) -> Any:
    return wrappers["FromPettingZoo"].make(env=env)


def staged(env: Any, most: float = 4.0) -> Any:
    return wrappers["TransferStage"].make(env=env, max_transfer=most)


def rock_paper_scissors(**options: Any) -> Any:
    pytest.importorskip("pygame", reason="PettingZoo's rock-paper-scissors draws with pygame: pip install pygame")
    from pettingzoo.classic import rps_v2

    make: Any = rps_v2.env
    return make(**options)


# --- by the payoff table


def test_the_table_of_pettingzoos_rock_paper_scissors_is_the_one_everybody_knows() -> None:
    game = table_of(rock_paper_scissors(max_cycles=4))
    assert np.array_equal(game.payoffs[0], [ROCK_PAPER_SCISSORS, -ROCK_PAPER_SCISSORS])
    assert game.name == "rps_v2"


def test_five_moves_beat_two_and_lose_to_two_others() -> None:
    row = table_of(rock_paper_scissors(num_actions=5)).payoffs[0, 0]
    assert np.array_equal(row, -row.T) and (row.sum(axis=0) == 0).all() and (np.abs(row).sum(axis=0) == 4).all()


@pytest.mark.parametrize("rounds", [1, 3, 50])
def test_a_foreign_game_of_one_or_more_rounds_has_its_own_table(rounds: int) -> None:
    assert np.array_equal(table_of(Dilemma(rounds)).payoffs[0], DILEMMA)


@pytest.mark.parametrize("spoilt", ["chance", "state"])
def test_payoffs_that_depend_on_chance_or_state_are_no_table(spoilt: str) -> None:
    with pytest.raises(PalaestraError, match="Use TransferStage"):
        table_of(Dilemma(8, spoilt))


def test_games_without_a_table_are_refused_with_the_reason() -> None:
    with pytest.raises(PalaestraError, match="boat_0 acts in Box"):
        table_of(Foreign(["boat_0"], spaces.Box(0, 1), spaces.Discrete(1)))
    with pytest.raises(PalaestraError, match="10000 joint actions are too many"):
        table_of(Foreign(["a", "b"], spaces.Discrete(100), spaces.Discrete(1)))
    with pytest.raises(PalaestraError, match="max_transfer=-1"):
        staged(Dilemma(), -1.0)
    with pytest.raises(PalaestraError, match="ask only for Discrete actions"):
        staged(Foreign(["boat_0"], spaces.Box(0, 1), spaces.Discrete(1)))


def test_transfers_of_a_foreign_dilemma_reach_the_greatest_welfare() -> None:
    """Transfers sheet, section 1b: two players' games are polymatrix, so a SETE sustains the optimum of welfare."""
    options = {"game": table_of(Dilemma())}
    trace = palaestra.run("TransferGame-v0", "SeteOptimum", range(3), options=options)
    told = palaestra.evaluate(trace)
    assert told["welfare"].tolist() == [6.0] * 3 and np.abs(told["agent_normal_form_gain"]).max() <= 1e-9
    alone = palaestra.evaluate(palaestra.run("TransferGame-v0", "BestResponse", range(3), options=options))
    assert (alone["welfare"] < 6.0).all()


def test_a_mediator_binds_the_players_of_a_foreign_dilemma() -> None:
    seats = {"player_0": "AcceptAll", "player_1": "AcceptAll", "mediator_0": "CorrelatedMinMax"}
    trace = palaestra.run("MediatedGame-v0", seats, range(3), options={"game": table_of(Dilemma())})
    assert palaestra.evaluate(trace)["welfare"].tolist() == [6.0] * 3


def test_learners_who_see_only_rankings_play_pettingzoos_rock_paper_scissors() -> None:
    options = {"game": table_of(rock_paper_scissors()), "horizon": 1200}
    gap = palaestra.evaluate(palaestra.run("RankingGame-v0", "RankingPGD", range(4), options=options))
    assert (gap["coarse_correlated_gap"] < 0.25).all(), "a fixed profile of this game has a gap of at least 1"


@pytest.mark.parametrize("env_id", ["TransferGame-v0", "MediatedGame-v0", "RankingGame-v0", "RepeatedGame-v0"])
def test_a_wrapped_foreign_game_keeps_the_contract_of_environments(env_id: str) -> None:
    game = table_of(Dilemma())
    check_environment(lambda: palaestra.rules(env_id, game=game, horizon=6))


# --- around the game itself


@pytest.mark.parametrize("make", [Dilemma, lambda: Dilemma(7, "chance"), Fishery])
@pytest.mark.filterwarnings("error:Live agent", "error:Agent was", "error:No agents")
def test_a_transfer_stage_around_a_foreign_game_passes_pettingzoos_test(make: Any) -> None:
    parallel_api_test(staged(make()), num_cycles=100)


def test_a_transfer_stage_around_pettingzoos_rock_paper_scissors_passes_its_test() -> None:
    from pettingzoo.utils.conversions import aec_to_parallel

    parallel_api_test(staged(aec_to_parallel(rock_paper_scissors(max_cycles=6))), num_cycles=100)


def test_transfers_leave_the_sum_of_a_foreign_games_rewards_as_it_is() -> None:
    """Budget balance: what is paid is received, whoever goes home when. Promises are eighths, so sums are exact."""
    random, paid = np.random.default_rng(0), 0
    for seed in range(20):
        plain, wrapped = Fishery(), staged(Fishery())
        plain.reset(seed=seed)
        seen, _ = wrapped.reset(seed=seed)
        while wrapped.agents:
            assert {one["stage"] for one in seen.values()} == {0}
            actions = {
                agent: {
                    "amounts": random.integers(32, size=3) / 8,
                    "targets": random.integers(4, size=3),
                    "play": int(random.integers(4)),
                }
                for agent in wrapped.agents
            }
            seen, nothing, *_ = wrapped.step(actions)
            assert set(nothing.values()) == {0.0} and {one["stage"] for one in seen.values()} == {1}
            _, base, *_ = plain.step({agent: action["play"] for agent, action in actions.items()})
            seen, rewards, *_ = wrapped.step(actions)
            assert rewards.keys() == base.keys() and plain.agents == wrapped.agents
            assert sum(rewards.values()) == pytest.approx(sum(base.values()), abs=1e-12)
            paid += rewards != base
    assert paid > 50


def test_promises_to_nobody_change_nothing_in_a_foreign_game() -> None:
    plain, wrapped = Fishery(), staged(Fishery())
    before, _ = plain.reset(seed=4)
    seen, _ = wrapped.reset(seed=4)
    while plain.agents:
        plays = {agent: i + 1 for i, agent in enumerate(plain.agents)}
        empty = {"amounts": np.zeros(3), "targets": np.zeros(3, int)}
        assert all(np.array_equal(seen[agent]["game"], before[agent]) for agent in plain.agents)
        wrapped.step({agent: empty | {"play": 0} for agent in wrapped.agents})
        before, *told = plain.step(plays)
        seen, *also = wrapped.step({agent: empty | {"play": plays[agent]} for agent in wrapped.agents})
        assert told == also


def test_a_promise_is_paid_for_the_action_it_asks_for_and_for_no_other() -> None:
    wrapped = staged(Dilemma(2))
    wrapped.reset()
    offer = {
        "cat": {"amounts": np.array([4.0, 2.5]), "targets": np.array([0, 0]), "play": 1},
        "dog": {"amounts": np.array([1.5, 0.0]), "targets": np.array([1, 1]), "play": 1},
    }
    seen, *_ = wrapped.step(offer)
    assert seen["dog"]["amounts"].tolist() == [[0.0, 2.5], [1.5, 0.0]], "nobody promises himself"
    assert seen["cat"]["targets"].tolist() == [[0, 0], [1, 1]]
    _, rewards, *_ = wrapped.step(offer)
    assert rewards == {"cat": 3 - 2.5, "dog": 3 + 2.5}, "action 1 is the foreign game's first: cooperation"
    wrapped.step(offer)
    _, rewards, *_ = wrapped.step({"cat": {"play": 2}, "dog": {"play": 2}})
    assert rewards == {"cat": 1 + 1.5, "dog": 1 - 1.5}
    wrapped.close()
    assert wrapped.env.closed
