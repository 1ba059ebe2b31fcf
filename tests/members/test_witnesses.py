"""What witnesses name attains what metrics say: looked for once more by trying everything, in plain Python."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from itertools import combinations, product
from typing import Any

import numpy as np
import palaestra
import pytest
from palaestra.core.contract import check_metric
from palaestra.core.errors import ContractBroken
from palaestra.core.metric import Example, Metric, Witness, trace_of
from palaestra.core.traces.trace import Trace
from palaestra.leaderboards.tracks import tracks
from palaestra.metrics import metrics

LANES = 4


def proved(name: str, trace: Trace) -> tuple[list[str], np.ndarray]:
    """The words of a metric's witnesses, once their values are seen to be the metric's."""
    metric: Metric = metrics[name].load()
    assert metric.witness is not None
    found = [metric.witness(trace, lane) for lane in range(trace.lanes)]
    np.testing.assert_allclose([one.value for one in found], metric(trace), rtol=1e-9, atol=1e-9)
    return [one.text for one in found], metric(trace)


def test_the_fixed_action_of_external_regret_is_the_best_of_all() -> None:
    trace = palaestra.run("RankingBandit-v0", "RankingPGD", range(LANES), options={"horizon": 30})
    words, regret = proved("external_regret", trace)
    for lane, text in enumerate(words):
        action = int(re.findall(r"action (\d+)", text)[0])
        earned = [
            sum(trace.scoring["utility"][t, lane, a] - trace.rewards[0][t, lane] for t in range(30)) / 30  # type: ignore[index]
            for a in range(10)
        ]
        assert earned[action] == max(earned)
        assert regret[lane] == pytest.approx(max(earned))


class Against:
    """One lane of the prisoner's dilemma against maps of memory 1, round by round, in plain Python."""

    def __init__(self, trace: Trace, lane: int) -> None:
        self.payoff = trace.instance.payoffs[0, 0]
        total = [action[:, lane].sum(-1, keepdims=True) for action in trace.actions]
        maps = [
            np.where(s > 0, a[:, lane] / np.where(s > 0, s, 1), 0.5) for a, s in zip(trace.actions, total, strict=True)
        ]
        self.own, self.other = maps
        self.rounds = len(self.own)
        self.kept = [s for s in range(5) if trace.public["memory"].reachable[s]]

    def value(self, choose: Any, t: int = 0, state: int = 4) -> float:
        """Expected total payoff from a history on; `choose(t, state)` gives the chance of action 0 and of 1."""
        if t == self.rounds:
            return 0.0
        chances, total = choose(t, state), 0.0
        for mine, theirs in product(range(2), range(2)):
            chance = chances[mine] * self.other[t, state, theirs]
            if chance:
                total += chance * (self.payoff[mine, theirs] + self.value(choose, t + 1, 2 * mine + theirs))
        return total

    def earned(self) -> float:
        """By the law of histories going forwards."""
        law, total = np.eye(5)[4], 0.0
        for t in range(self.rounds):
            after = np.zeros(5)
            for state, mine, theirs in product(range(5), range(2), range(2)):
                chance = law[state] * self.own[t, state, mine] * self.other[t, state, theirs]
                total += chance * self.payoff[mine, theirs]
                after[2 * mine + theirs] += chance
            law = after
        return float(total)


def maps_played(horizon: int, opponent: str = "DrawnReactive") -> Trace:
    options = {"information": "maps", "memory": 1, "horizon": horizon}
    return palaestra.run("RepeatedGame-v0", ["StageHedge", opponent], range(LANES), options=options)


@pytest.mark.parametrize("name", ["rp_regret", "rp_regret_at_least", "policy_regret"])
def test_the_map_that_is_named_earns_most_of_all_maps(name: str) -> None:
    trace = maps_played(5)
    words, regret = proved(name, trace)
    for lane, text in enumerate(words):
        game = Against(trace, lane)
        named = re.findall(r"map (\d+)", text)[0]
        every = ["0" * 5, "1" * 5] if name == "policy_regret" else ["".join(bits) for bits in product("01", repeat=5)]
        worth = {}
        for bits in every:
            action = dict(zip(game.kept, map(int, bits), strict=True))
            worth[bits] = game.value(lambda t, s, action=action: np.eye(2)[action[s]])
        assert worth[named] == pytest.approx(max(worth.values()))
        assert regret[lane] == pytest.approx((max(worth.values()) - game.earned()) / 5)


@pytest.mark.parametrize(
    ("name", "left", "block"), [("block_rp_regret", 0, 2), ("switching_rp_regret", 4, 99), ("dynamic_rp_regret", 99, 1)]
)
def test_no_plan_of_exchanging_maps_earns_more_than_the_one_that_is_played(name: str, left: int, block: int) -> None:
    trace = maps_played(20)
    _, regret = proved(name, trace)
    maps = list(product(range(2), repeat=5))
    for lane in range(2):
        game = Against(trace, lane)

        @cache
        def best(t: int, state: int, own: int, more: int, game: Against = game) -> float:
            """With map `own` in hand before round t; at the start, and of blocks, any map may be taken up."""
            if t == 20:
                return 0.0
            free = t == 0 or (block < 99 and t % block == 0)
            held = range(32) if free else (own,)
            value = max(keep(t, state, one, more, game) for one in held)
            if not free and more and block == 99:
                value = max(value, *(keep(t, state, one, more - 1, game) for one in range(32)))
            return value

        def keep(t: int, state: int, own: int, more: int, game: Against) -> float:
            action = maps[own][game.kept.index(state)]
            chances = game.other[t, state]
            later = [best(t + 1, 2 * action + b, own, more) for b in range(2)]
            return sum(float(chances[b]) * (float(game.payoff[action, b]) + later[b]) for b in range(2))

        assert regret[lane] == pytest.approx((best(0, 4, 0, min(left, 4)) - game.earned()) / 20)


def test_the_single_deviation_that_is_named_gains_most_at_any_history() -> None:
    trace = maps_played(6)
    _, gains = proved("one_shot_deviation", trace)
    for lane in range(LANES):
        last = [np.asarray(action[-1, lane]) for action in trace.actions]
        rows = [table / table.sum(-1, keepdims=True) for table in last]
        payoffs = trace.instance.payoffs[0]

        def total(state: int, first: Sequence[Any], player: int, rows: Any = rows, payoffs: Any = payoffs) -> float:
            law, whole, now = np.eye(5)[state], 0.0, first
            for _ in range(10):
                after = np.zeros(5)
                for s, a, b in product(range(5), range(2), range(2)):
                    chance = law[s] * now[0][s][a] * now[1][s][b]
                    whole += chance * payoffs[player, a, b]
                    after[2 * a + b] += chance
                law, now = after, rows
            return whole

        best = 0.0
        for player, state, action in product(range(2), range(5), range(2)):
            once = [table.copy() for table in rows]
            once[player][state] = np.eye(2)[action]
            best = max(best, total(state, once, player) - total(state, rows, player))
        assert gains[lane] == pytest.approx(best)


@pytest.mark.parametrize("game", ["random_normal_form", "random_polymatrix"])
@pytest.mark.parametrize("name", ["base_deviation_gain", "agent_normal_form_gain", "augmented_gain"])
def test_no_deviation_from_a_contract_gains_more_than_the_one_that_is_named(game: str, name: str) -> None:
    options = {"game": game, "players": 3, "actions": 3, "horizon": 2}
    # Everybody promises at random, so that withholding is worth something.
    trace = promised_at_random(palaestra.run("TransferGame-v0", "Uniform", range(6), options=options))
    words, gains = proved(name, trace)
    withheld = 0
    for lane, text in enumerate(words):
        table = trace.instance.lane(lane).normal_form().payoffs[0]
        found = {(): 0.0, **_deviations(trace, lane, table, name)}
        assert gains[lane] == pytest.approx(max(found.values()))
        if match := re.match(r"player_(\d) gains", text):
            action = re.findall(r"action (\d)", text)
            some = re.findall(r"promised to ([\d, ]+)", text)
            group = tuple(map(int, some[0].split(", "))) if some else ()
            own = int(trace.actions[int(match[1])]["play"][-1, lane])
            named = (int(match[1]), int(action[0]) if action else own, group)
            assert found[named] == pytest.approx(gains[lane])
            withheld += bool(group)
    assert withheld or name == "base_deviation_gain"


def promised_at_random(trace: Trace) -> Trace:
    rng = np.random.default_rng(3)
    actions = []
    for action in trace.actions:
        shape = action["amounts"].shape
        amounts = np.where(rng.random(shape) < 0.7, rng.uniform(0.0, 1.0, shape), 0.0)
        # Half of the promises are for what is played in the second step.
        targets = action["targets"].copy()
        for j, other in enumerate(trace.actions):
            targets[0, ::2, j] = other["play"][-1, ::2]
        actions.append(action | {"amounts": amounts, "targets": targets})
    return replace(trace, actions=tuple(actions))


def _deviations(trace: Trace, lane: int, table: Any, name: str) -> dict[Any, float]:
    """(player, action, withheld) -> gain, each from the payoff table and the promises."""
    play = [int(action["play"][-1, lane]) for action in trace.actions]
    promise: dict[tuple[int, int], tuple[float, int]] = {}
    for i, action in enumerate(trace.actions):
        for j in range(3):
            if i != j and name != "base_deviation_gain":
                promise[i, j] = (float(action["amounts"][-2, lane, j]), int(action["targets"][-2, lane, j]))

    def worth(player: int, joint: Sequence[int], withheld: Sequence[int]) -> float:
        got = sum(
            amount for (i, j), (amount, target) in promise.items() if j == player and joint[player] == target and i != j
        )
        paid = sum(
            amount
            for (i, j), (amount, target) in promise.items()
            if i == player and j not in withheld and play[j] == target
        )
        return float(table[(player, *joint)]) + got - paid

    def threat(j: int) -> int:
        return int(np.argmax([table[(j, *play[:j], a, *play[j + 1 :])] for a in range(3)]))

    found: dict[Any, float] = {}
    for player, action in product(range(3), range(3)):
        due = [j for (i, j), (amount, target) in promise.items() if i == player and amount > 0 and play[j] == target]
        for group in (group for size in range(len(due) + 1) for group in combinations(due, size)):
            if name == "agent_normal_form_gain" and group and action != play[player]:
                continue
            joint = [threat(j) if j in group else own for j, own in enumerate(play)]
            joint[player] = action
            found[player, action, group] = worth(player, joint, group) - worth(player, play, ())
    return found


def test_the_welfare_ratio_names_profiles_that_no_profile_lies_beyond() -> None:
    options = {"game": "random_polymatrix", "players": 3, "actions": 3, "horizon": 4}
    words, _ = proved("welfare_ratio", palaestra.run("TransferGame-v0", "Uniform", range(LANES), options=options))
    trace = palaestra.run("TransferGame-v0", "Uniform", range(LANES), options=options)
    for lane, text in enumerate(words):
        table = trace.instance.lane(lane).normal_form().payoffs[0].sum(0)
        best, worst = (tuple(map(int, named.split())) for named in re.findall(r"play ([\d ]+\d)", text))
        assert table[best] == table.max()
        assert table[worst] == table.min()


def a_metric(value: float, witness: Witness | None = None, **more: Any) -> tuple[Metric, list[Example]]:
    def of(trace: Trace) -> np.ndarray:
        return np.full(trace.lanes, value)

    told = None if witness is None else lambda trace, lane: witness
    metric = Metric("made_up", of, "lower", "unit", "Made up.", witness=told, **more)
    return metric, [Example(lambda: trace_of((np.zeros((1, 2)),)), [value] * 2)]


def test_a_witness_worth_something_else_is_refused() -> None:
    check_metric(*a_metric(1.0, Witness("as it is", 1.0)))
    with pytest.raises(ContractBroken, match="does not prove the value"):
        check_metric(*a_metric(1.0, Witness("better than it is", 1.001)))


@pytest.mark.parametrize("text", ["", "two\nlines", "x" * 201])
def test_a_witness_that_is_not_one_line_is_refused(text: str) -> None:
    with pytest.raises(ContractBroken, match="not one line"):
        check_metric(*a_metric(1.0, Witness(text, 1.0)))


def test_a_score_beyond_the_optimum_is_refused_unless_the_metric_says_how() -> None:
    check_metric(*a_metric(-1.0, optimum=-1.0))
    check_metric(*a_metric(-1.0, optimum=0.0, beyond="by luck"))
    with pytest.raises(ContractBroken, match="better than the optimum"):
        check_metric(*a_metric(-1.0, optimum=0.0))


@pytest.mark.parametrize("name", list(tracks))
def test_every_headline_has_an_optimum_and_a_track_shows_gaps_to_it(name: str) -> None:
    assert metrics[tracks[name].load().metric].load().optimum is not None
