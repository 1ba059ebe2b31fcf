"""Comparators in hindsight (sheet 2b) against brute force that shares no code with them."""

from __future__ import annotations

from itertools import pairwise, product
from typing import Any

import numpy as np
import palaestra
import pytest
from palaestra.agents.repeated.map_player import MapPlayer
from palaestra.core.errors import PalaestraError
from palaestra.core.randomness import Draw
from palaestra.metrics import metrics
from palaestra.theory.games import NormalFormGame
from palaestra.theory.games.classics import CLASSICS
from palaestra.theory.repeated.comparators import (
    best_fixed,
    best_in_blocks,
    best_with_switches,
    fixed_payoffs,
    improved_fixed,
)
from palaestra.theory.repeated.interaction import Interaction
from palaestra.theory.repeated.memory import Memory

MEMORY = Memory((2, 2), 1)
DILEMMA = np.array([[3.0, 0.0], [5.0, 1.0]])
PROBLEM = Interaction.of(CLASSICS["prisoners_dilemma"].game, MEMORY, 0)
PURE = [np.eye(2)[list(rows)] for rows in product((0, 1), repeat=5)]


class Erratic(MapPlayer):
    """Another random map every round."""

    def maps(self, observation: Any) -> Any:
        shape = (self.memory.states, self.memory.num_actions[self.task.player])
        return Draw(self._keys, self.step, self._where).uniform("map", shape)


def earned(maps: Any, others: Any) -> list[float]:
    """Expected payoff of every round, by a plain chain over the last joint action (row 4: nothing yet)."""
    law, found = {4: 1.0}, []
    for own, theirs in zip(maps, others, strict=True):
        after: dict[int, float] = {}
        payoff = 0.0
        for row, chance in law.items():
            for a, b in product((0, 1), repeat=2):
                p = chance * own[row][a] * theirs[row][b]
                payoff += p * DILEMMA[a, b]
                after[2 * a + b] = after.get(2 * a + b, 0.0) + p
        law = after
        found.append(payoff)
    return found


def drawn(seed: int, rounds: int, lanes: int = 2) -> Any:
    return np.random.default_rng(seed).dirichlet((0.5, 0.5), (rounds, lanes, 5))


def test_histories_are_numbered_as_the_page_says() -> None:
    memory = Memory((2, 3), 2)
    nothing = [2, 3]
    history = np.array([[nothing, nothing], [nothing, [1, 2]], [[0, 1], [1, 0]]])
    assert memory.encode(history).tolist() == [6 * 7 + 6, 6 * 7 + 5, 1 * 7 + 3]
    assert memory.histories[6 * 7 + 5].tolist() == [[-1, -1], [1, 2]]
    assert memory.start == 48 and memory.reachable.sum() == memory.reachable_count == 1 + 6 + 36
    assert memory.successors[6 * 7 + 5, 3] == 5 * 7 + 3


@pytest.mark.parametrize("seed", range(3))
def test_rp_regret_agrees_with_all_deterministic_maps_of_memory_one(seed: int) -> None:
    """Exact RP-Regret is the maximum over all 32 maps, one by one."""
    rounds, lanes = 12, 2
    trace = palaestra.run(
        "RepeatedGame-v0", Erratic, range(seed, seed + lanes), horizon=rounds, options={"information": "maps"}
    )
    own, theirs = (action / action.sum(-1, keepdims=True) for action in trace.actions)
    for lane in range(lanes):
        totals = np.array([np.cumsum(earned([pure] * rounds, theirs[:, lane])) for pure in PURE])
        regret = (totals.max(0) - np.cumsum(earned(own[:, lane], theirs[:, lane]))) / np.arange(1, rounds + 1)
        rp_regret = metrics["rp_regret"].load()
        assert rp_regret(trace)[lane] == pytest.approx(regret[-1], abs=1e-12)
        assert rp_regret.curve is not None
        assert rp_regret.curve(trace)[:, lane] == pytest.approx(regret, abs=1e-12)


@pytest.mark.parametrize("rounds", [1, 2, 500])
def test_blocks_of_rounds_do_not_change_what_maps_earn(rounds: int) -> None:
    others = drawn(5, rounds, 3)
    ours = fixed_payoffs(PROBLEM, others)
    one_by_one = np.concatenate([fixed_payoffs(PROBLEM, others[:, [lane]]) for lane in range(3)], axis=1)
    assert (ours == one_by_one).all(), "a lane alone gives the same bits"
    by_hand = np.array([earned([pure] * rounds, others[:, 1]) for pure in PURE]).T
    order = [[tuple(p.argmax(-1)) for p in PURE].index(tuple(m.argmax(-1))) for m in PROBLEM.pure_maps()]
    assert np.allclose(ours[:, 1], by_hand[:, order], atol=1e-12)
    assert np.allclose(best_fixed(PROBLEM, others), np.cumsum(ours, 0).max(-1))


@pytest.mark.parametrize("seed", range(2))
def test_changing_comparators_against_deterministic_opponents(seed: int) -> None:
    """Where play is deterministic a comparator gains nothing by looking, so sequences of maps are the brute force."""
    rounds = 3
    rows = np.random.default_rng(seed).integers(2, size=(rounds, 1, 5))
    others = np.eye(2)[rows]
    picks = [[int(row) for row in pure.argmax(-1)] for pure in PURE]

    def played(maps: tuple[int, ...]) -> float:
        state, total = 4, 0.0
        for t, k in enumerate(maps):
            a, b = picks[k][state], int(rows[t, 0, state])
            state, total = 2 * a + b, total + DILEMMA[a, b]
        return total

    totals = {maps: played(maps) for maps in product(range(32), repeat=rounds)}
    changes = {p: sum(x != y for x, y in pairwise(p)) for p in totals}
    for most in range(rounds):
        best = max(total for p, total in totals.items() if changes[p] <= most)
        assert best_with_switches(PROBLEM, others, most)[0] == pytest.approx(best)
    assert best_in_blocks(PROBLEM, others, 2)[0] == pytest.approx(max(t for p, t in totals.items() if p[0] == p[1]))
    assert PROBLEM.best_reply(others)[1][0] == pytest.approx(max(totals.values()))


def test_comparators_are_ordered_by_their_freedom() -> None:
    others = drawn(8, 60)
    fixed = best_fixed(PROBLEM, others)[-1]
    assert np.allclose(best_with_switches(PROBLEM, others, 0), fixed)
    few, blocks = best_with_switches(PROBLEM, others, 3), best_in_blocks(PROBLEM, others, 15)
    best = PROBLEM.best_reply(others)[1]
    assert (fixed <= blocks).all() and (blocks <= few + 1e-12).all() and (few <= best + 1e-12).all()


@pytest.mark.parametrize("player", [0, 1])
def test_what_is_found_without_enumeration_is_a_map_and_mostly_the_best(player: int) -> None:
    """`improved_fixed`: its map earns what it says, never more than the best, and here the best in most lanes."""
    problem = Interaction.of(CLASSICS["prisoners_dilemma"].game, MEMORY, player)
    others = drawn(9, 40, 30)
    actions, total = improved_fixed(problem, others)
    own = np.broadcast_to(np.eye(2)[actions], (40, 30, 5, 2))
    assert np.allclose(problem.payoffs_of(own, others).sum(0), total)
    best = best_fixed(problem, others)[-1]
    assert (total <= best + 1e-9).all()
    assert (total >= best - 1e-9).mean() >= 0.9


def test_memory_three_is_enclosed_though_it_cannot_be_enumerated() -> None:
    """Memory 3 is feasible: 125 states, 2**85 maps; bounds from both sides, no matrix of states."""
    options = {"information": "maps", "memory": 3}
    trace = palaestra.run("RepeatedGame-v0", ["AlwaysDefect", "DecayingMemory"], [0, 1], horizon=200, options=options)
    with pytest.raises(PalaestraError, match=r"2\*\*85 deterministic maps.*rp_regret_at_least"):
        metrics["rp_regret"].load()(trace)
    least, most = metrics["rp_regret_at_least"].load()(trace), metrics["dynamic_rp_regret"].load()(trace)
    assert (least > 0.5).all() and (least <= most + 1e-12).all() and (most - least < 0.2).all()
    assert "rp_regret_at_least" in palaestra.evaluate(trace)


def test_three_players_and_a_game_for_each_lane() -> None:
    """The best fixed map against two opponents at once, by a chain over all joint actions."""
    options = {"game": "random_normal_form", "players": 3, "information": "maps"}
    trace = palaestra.run("RepeatedGame-v0", Erratic, [3, 4], horizon=5, options=options)
    maps = [action / action.sum(-1, keepdims=True) for action in trace.actions]
    for lane in range(2):
        payoff, best = trace.instance.payoffs[lane, 0], -np.inf
        for rows in product((0, 1), repeat=9):
            law, total = np.eye(9)[8], 0.0
            for t in range(5):
                own = np.eye(2)[list(rows)]
                joint = np.einsum("s,sa,sb,sc->abc", law, own, maps[1][t, lane], maps[2][t, lane])
                total += float((joint * payoff).sum())
                law = np.append(joint.ravel(), 0.0)
            best = max(best, total)
        problem = Interaction.of(trace.instance, Memory((2, 2, 2), 1), 0)
        others = problem.others(maps)
        assert best_fixed(problem, others)[-1, lane] == pytest.approx(best)


def test_external_regret_counts_what_the_others_did() -> None:
    """Against the actions as they were played, by a loop; a game of one's own in every lane too."""
    for options in ({"game": "shapley", "memory": 0}, {"game": "random_normal_form", "players": 3, "memory": 1}):
        trace = palaestra.run("RepeatedGame-v0", "Uniform", [1, 2, 3], horizon=9, options=options)
        game = trace.instance
        for lane in range(3):
            payoff = game.payoffs[lane if len(game.payoffs) > 1 else 0, 0]
            play = [tuple(int(action[t, lane]) for action in trace.actions) for t in range(9)]
            best = max(sum(payoff[(a, *joint[1:])] for joint in play) for a in range(payoff.shape[0]))
            regret = (best - sum(payoff[joint] for joint in play)) / 9
            assert metrics["external_regret"].load()(trace)[lane] == pytest.approx(regret)


def test_payoffs_of_a_game_may_be_given_as_lists() -> None:
    problem = Interaction.of(NormalFormGame.of([[[1, 2], [3, 4]], [[0, 0], [0, 0]]]), Memory((2, 2), 0), 0)
    assert problem.stage(np.array([[[0.5, 0.5]]])).tolist() == [[[1.5, 3.5]]]
