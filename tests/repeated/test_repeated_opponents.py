"""Scripted opponents of repeated games: their declared traits, and their play against loops written by hand."""

from __future__ import annotations

from collections.abc import Callable
from itertools import combinations_with_replacement, pairwise
from typing import Any

import numpy as np
import palaestra
import pytest
from palaestra.agents import agents
from palaestra.agents.repeated.map_player import MapPlayer
from palaestra.agents.repeated.zero_determinant import ZeroDeterminant
from palaestra.core.arena import task_of
from palaestra.core.errors import PalaestraError
from palaestra.theory.repeated.memory import START

ROUNDS = 40
MEMORY = 3


def scripted() -> list[str]:
    found = []
    for name in agents:
        agent = agents[name].make()
        if isinstance(agent, MapPlayer) and not agent.learns:
            found.append(name)
    return found


def seated(name: str, seed: int = 5, memory: int = MEMORY) -> Any:
    """The agent as player_1 of a prisoner's dilemma in which maps are announced."""
    rules = palaestra.rules("RepeatedGame-v0", memory=memory, information="maps", horizon=ROUNDS)
    agent = agents[name].make()
    agent.reset(task_of(rules, "RepeatedGame-v0", 1), 1, (seed,))
    return agent


def first_maps(name: str, rounds: int = 6, seed: int = 5) -> Any:
    agent = seated(name, seed)
    return np.stack([agent.act({"history": np.full((1, MEMORY, 2), 2)})[0] for _ in range(rounds)])


@pytest.mark.parametrize("name", scripted())
def test_declared_memory_is_true_and_no_longer_than_it_must_be(name: str) -> None:
    """Rows of histories that agree on the last `depth` rounds are equal; with one round less some differ."""
    agent = seated(name)
    table = agent.act({"history": np.full((1, MEMORY, 2), 2)})[0]
    histories = agent.memory.histories
    reachable = np.flatnonzero(agent.memory.reachable)

    def spread(depth: int) -> float:
        """The greatest difference of rows whose last `depth` rounds agree."""
        groups: dict[Any, list[Any]] = {}
        for state in reachable:
            groups.setdefault(histories[state, MEMORY - depth :].tobytes(), []).append(table[state])
        return max(float(np.ptp(rows, axis=0).max()) for rows in map(np.array, groups.values()))

    if agent.fading:
        falls = [spread(depth) for depth in range(MEMORY + 1)]
        assert all(0 <= later < earlier for earlier, later in pairwise(falls))
    else:
        assert spread(agent.depth) == 0.0
        assert agent.depth == 0 or spread(agent.depth - 1) > 0.0


@pytest.mark.parametrize("name", scripted())
def test_declared_chance_is_true(name: str) -> None:
    """It is stochastic exactly if a row is mixed somewhere, or if its maps depend on its seed."""
    mixed = ~np.isin(first_maps(name), (0.0, 1.0)).all()
    drawn = any((first_maps(name) != first_maps(name, seed=seed)).any() for seed in range(8))
    assert agents[name].make().stochastic == bool(mixed or drawn)


@pytest.mark.parametrize("name", scripted())
def test_declared_drift_is_true(name: str) -> None:
    """Its map changes with the round exactly if it says that it drifts."""
    maps = first_maps(name, ROUNDS)
    assert agents[name].make().drifting == bool((maps != maps[0]).any())


@pytest.mark.parametrize("decay", [0.0, 0.3, 0.7])
def test_decaying_memory_keeps_its_condition(decay: float) -> None:
    """2b, EDM: histories that agree on the last k rounds give laws within C rho^k, here C = 1 - noise."""
    rules = palaestra.rules("RepeatedGame-v0", memory=5, information="maps")
    agent: Any = agents["DecayingMemory"].make(decay=decay, noise=0.1)
    agent.reset(task_of(rules, "RepeatedGame-v0", 0), 1, (0,))
    cooperate = agent.maps(None)[0, :, 0]
    histories = agent.memory.histories
    full = np.flatnonzero((histories != START).all((1, 2)))
    by_hand = []
    for state in full:
        weights = [(1 - decay) * decay**k for k in range(5)]
        defections = histories[state, ::-1, 1]
        by_hand.append(0.9 * (1 - sum(w * d for w, d in zip(weights, defections, strict=True))) + 0.05)
    assert np.allclose(cooperate[full], by_hand)
    for k in range(6):
        groups: dict[Any, list[float]] = {}
        for state in full:
            groups.setdefault(histories[state, 5 - k :].tobytes(), []).append(cooperate[state])
        assert max(max(g) - min(g) for g in groups.values()) <= 0.9 * decay**k + 1e-12


Player = Callable[[list[int], list[int]], int]


def grim(own: list[int], other: list[int]) -> int:
    return int(1 in other)


def pavlov(own: list[int], other: list[int]) -> int:
    return 0 if not own or own[-1] == other[-1] else 1


LOOPS: dict[str, Player] = {
    "TitForTat": lambda own, other: other[-1] if other else 0,
    "SuspiciousTitForTat": lambda own, other: other[-1] if other else 1,
    "TitForTwoTats": lambda own, other: int(other[-2:] == [1, 1]),
    "TwoTitsForTat": lambda own, other: int(1 in other[-2:]),
    "Grim": grim,
    "WinStayLoseShift": pavlov,
    "AlwaysDefect": lambda own, other: 1,
    "AlwaysCooperate": lambda own, other: 0,
}
"""The strategies again, from the whole history and with other code; grim looks for any defection ever."""

PAYOFF = {(0, 0): (3, 3), (0, 1): (0, 5), (1, 0): (5, 0), (1, 1): (1, 1)}


@pytest.mark.parametrize(("first", "second"), [*combinations_with_replacement(sorted(LOOPS), 2)])
def test_tournament_payoffs_equal_a_hand_written_loop(first: str, second: str) -> None:
    own: list[int] = []
    other: list[int] = []
    total = np.zeros(2)
    for _ in range(ROUNDS):
        a, b = LOOPS[first](own, other), LOOPS[second](other, own)
        own.append(a)
        other.append(b)
        total += PAYOFF[a, b]
    trace = palaestra.run("RepeatedGame-v0", [first, second], [0, 1], horizon=ROUNDS, options={"memory": 2})
    assert trace.rewards is not None
    for seat in (0, 1):
        assert (trace.rewards[seat].sum(0) == total[seat]).all()
        assert trace.actions[seat][:, 0].tolist() == (own, other)[seat]


@pytest.mark.parametrize(("rule", "generosity", "noise"), [("tit_for_tat", 1 / 3, 0.0), ("grim", 0.0, 0.2)])
def test_generosity_and_noise_have_the_frequencies_they_say(rule: str, generosity: float, noise: float) -> None:
    """Against a defector: 4 standard errors of the chance of cooperating after a defection."""
    agent = f"palaestra.agents.repeated.reactive:Reactive(rule='{rule}', generosity={generosity}, noise={noise})"
    trace = palaestra.run("RepeatedGame-v0", ["AlwaysDefect", agent], range(200), horizon=50)
    chance = generosity * (1 - noise) + noise / 2
    cooperated = (trace.actions[1][1:] == 0).mean()
    assert abs(cooperated - chance) < 4 * np.sqrt(chance * (1 - chance) / (200 * 49))


@pytest.mark.parametrize("baseline", ["extort", "generous"])
@pytest.mark.parametrize("seed", range(4))
def test_zero_determinant_strategies_force_their_line(baseline: Any, seed: int) -> None:
    """Press and Dyson 2012: in the long run pi_other - l = (pi_own - l) / chi against any memory-1 opponent."""
    rules = palaestra.rules("RepeatedGame-v0", information="maps")
    agent = ZeroDeterminant(baseline=baseline, chi=3.0)
    agent.reset(task_of(rules, "RepeatedGame-v0", 0), 1, (0,))
    own, other = agent.maps(None)[0], np.random.default_rng(seed).dirichlet((1, 1), 5)
    chain = np.array([[own[s, a] * other[s, b] for a in (0, 1) for b in (0, 1)] for s in range(4)])
    law = np.linalg.lstsq(np.vstack([chain.T - np.eye(4), np.ones(4)]), [0, 0, 0, 0, 1], rcond=None)[0]
    mine, theirs = law @ [3, 0, 5, 1], law @ [3, 5, 0, 1]
    level = 1.0 if baseline == "extort" else 3.0
    assert theirs - level == pytest.approx((mine - level) / 3.0, abs=1e-9)


def test_drawn_opponents_differ_by_lane_and_keep_their_ranges() -> None:
    for name, least in (("DrawnReactive", 0.01), ("DrawnDrifting", 0.025), ("DrawnDecaying", 0.01)):
        trace = palaestra.run(
            "RepeatedGame-v0", ["TitForTat", name], range(60), horizon=9, options={"information": "maps"}
        )
        maps = trace.actions[1]
        assert len({maps[:, lane].tobytes() for lane in range(60)}) == 60
        assert maps.min() >= least and np.allclose(maps.sum(-1), 1.0)


@pytest.mark.parametrize(
    ("agent", "message"),
    [
        ("palaestra.agents.repeated.reactive:Reactive(rule='tat')", "Allowed: grim"),
        ("palaestra.agents.repeated.reactive:Reactive(noise=2.0)", "probability"),
        ("palaestra.agents.repeated.drifting_mixture:DriftingMixture(second=2)", "second is 0 or 1"),
        ("palaestra.agents.repeated.impossibility_adversaries:FirstActionJudge(theta=7)", "has 2 actions"),
        ("palaestra.agents.repeated.drawn_opponent:DrawnOpponent(family='kind')", "'decaying'"),
        ("palaestra.agents.repeated.constant_play:ConstantPlay(action=4)", "has 2 actions"),
    ],
)
def test_what_cannot_be_is_refused_with_what_is_allowed(agent: str, message: str) -> None:
    with pytest.raises(PalaestraError, match=message):
        palaestra.run("RepeatedGame-v0", [agent, "TitForTat"], [0], horizon=3)


def test_a_shorter_memory_than_a_strategy_needs_is_refused() -> None:
    with pytest.raises(PalaestraError, match="memory=2 or more"):
        palaestra.run("RepeatedGame-v0", "TitForTwoTats", [0], options={"memory": 1})
