"""The transfer game: budgets, promises, metrics of what was played, options, and the track."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np
import palaestra
import pytest
from palaestra.agents import agents
from palaestra.core.arrays import backend
from palaestra.core.batch import Batch
from palaestra.core.errors import PalaestraError
from palaestra.core.randomness import Draw, lane_keys
from palaestra.envs.transfer_game import VARIANTS
from palaestra.leaderboards.tracks import tracks
from palaestra.metrics import metrics
from palaestra.metrics.transfers.deviation_gain import played_contract
from palaestra.theory.games import NormalFormGame, PolymatrixGame
from palaestra.theory.games.deviation import agent_normal_form_gain
from palaestra.theory.games.game_source import GameSource
from palaestra.wrappers.transfers import Transfers, TransferState

ENV = "TransferGame-v0"
PLAYERS = [name for name in agents if ENV in getattr(agents[name].load(), "plays", ())]


class Promising:
    """One lane: random promises and play, by a generator seeded at reset."""

    batched = False

    def reset(self, task: Any, lanes: int, seed: Any) -> None:
        self.space = task.action_space
        self.space.seed(seed % 2**31)

    def act(self, observation: Any) -> Any:
        return self.space.sample()


@pytest.mark.parametrize("variant", ["the default", *VARIANTS])
def test_the_rewards_of_a_round_add_up_to_the_welfare_of_the_play(variant: str) -> None:
    """Transfers sheet 1e: sum of rewards = W(a) in every mode, to 1e-12 in floats."""
    trace = palaestra.run(ENV, Promising, seeds=range(20), options=VARIANTS.get(variant, {}))
    total = sum(rewards_of(trace), np.zeros(()))
    assert not total[0::2].any()
    assert any((trace.actions[0]["amounts"] > 0).ravel())
    for last in range(1, trace.steps, 2):
        for lane in range(20):
            joint = [int(action["play"][last, lane]) for action in trace.actions]
            assert total[last, lane] == pytest.approx(welfare_of(trace.instance.lane(lane), joint), abs=1e-12)
    assert palaestra.evaluate(trace, ["budget_balance"])["budget_balance"].max() <= 1e-12


def rewards_of(trace: Any) -> Any:
    return trace.rewards


def welfare_of(game: Any, joint: Any) -> Any:
    if isinstance(game, PolymatrixGame):
        edges = zip(game.edges.tolist(), game.blocks[0], strict=True)
        return sum(block[end, joint[i], joint[j]] for (i, j), block in edges for end in range(2))
    return sum(game.payoffs[(0, i, *joint)] for i in range(game.num_players))


@pytest.mark.parametrize("conditioning", ["realised", "contingent"])
def test_what_is_received_is_what_is_paid_exactly_in_rationals(conditioning: str) -> None:
    """Budgets balance exactly in rationals, and each promise is paid to the right player for the right action."""
    rng, lanes, n, actions = np.random.default_rng(0), 30, 4, 3
    rules: Any = palaestra.rules(ENV, game="random_polymatrix", players=n, actions=actions, conditioning=conditioning)
    rules.place(backend())
    shape = (lanes, n, n, actions) if conditioning == "contingent" else (lanes, n, n)
    amounts = fractions(rng, shape)
    targets = None if conditioning == "contingent" else rng.integers(0, actions, shape)
    joint = rng.integers(0, actions, (lanes, n))
    received, paid = rules.settle(amounts, targets, tuple(joint.T))
    for lane in range(lanes):
        assert sum(received[lane]) == sum(paid[lane]) != 0
        for i in range(n):
            if targets is None:
                due = [amounts[lane, j, i, joint[lane, i]] for j in range(n)]
            else:
                due = [amounts[lane, j, i] for j in range(n) if targets[lane, j, i] == joint[lane, i]]
            assert received[lane, i] == sum(due)


@pytest.mark.parametrize("conditioning", ["realised", "contingent"])
def test_rewards_add_up_to_the_welfare_exactly_in_rationals(conditioning: Any) -> None:
    """Transfers sheet 1a, 1e: the rules themselves, run on payoffs and promises that are fractions."""
    rng, lanes, n, actions = np.random.default_rng(1), 30, 3, 2
    edges = np.array([[0, 1], [0, 2], [1, 2]])
    game = PolymatrixGame(edges, fractions(rng, (1, 3, 2, actions, actions)), n)
    rules = Transfers(GameSource(game, None, (0.0, 50.0)), conditioning)
    rules.place(backend())
    promises = fractions(rng, (lanes, n, n, actions) if conditioning == "contingent" else (lanes, n, n))
    targets = None if conditioning == "contingent" else rng.integers(0, actions, (lanes, n, n))
    joint = rng.integers(0, actions, (lanes, n))
    state = TransferState(None, promises, targets, np.full((lanes, n), actions))
    acts = tuple({"play": joint[:, i]} for i in range(n))
    rewards = rules.step(state, acts, 1, Draw(lane_keys(range(lanes), backend()), 1, backend()))[1].rewards
    assert all(isinstance(reward, Fraction) for reward in np.ravel(rewards))
    for lane in range(lanes):
        assert sum(reward[lane] for reward in rewards) == welfare_of(game, joint[lane])


def fractions(rng: np.random.Generator, shape: tuple[int, ...]) -> Any:
    pairs = rng.integers(1, 50, (int(np.prod(shape)), 2))
    return np.array([Fraction(int(a), int(b)) for a, b in pairs], object).reshape(shape)


@pytest.mark.parametrize("conditioning", ["realised", "contingent"])
def test_gains_are_measured_whatever_was_promised(conditioning: str) -> None:
    """The whole player can do what either of its agents can; promises to oneself count for nothing."""
    options = {"game": "random_polymatrix", "players": 3, "conditioning": conditioning}
    trace = palaestra.run(ENV, Promising, seeds=range(30), options=options)
    assert all((action["amounts"][:, :, i] > 0).any() for i, action in enumerate(trace.actions))
    scores = palaestra.evaluate(trace)
    assert (scores["augmented_gain"] >= scores["agent_normal_form_gain"] - 1e-12).all()
    assert (scores["agent_normal_form_gain"] > 0.1).any()


def test_promises_to_oneself_are_void() -> None:
    batch = Batch(palaestra.rules(ENV), 1)
    batch.reset(0)
    promise = {"amounts": np.array([[2.0, 0.0]]), "targets": np.zeros((1, 2), int), "play": np.zeros(1, int)}
    seen = batch.step((promise, promise)).observations[0]
    assert seen["amounts"][0].tolist() == [[0.0, 0.0], [2.0, 0.0]]
    result = batch.step((promise, promise))
    assert [reward[0] for reward in result.rewards] == [5.0, 1.0]


def test_the_contract_metrics_refuse_a_trace_of_another_game() -> None:
    trace = palaestra.run(ENV, "Uniform", seeds=[0])
    with pytest.raises(PalaestraError, match="no whole trace of a transfer game"):
        metrics["agent_normal_form_gain"].load()(trace.bare())
    with pytest.raises(PalaestraError, match="replay"):
        metrics["welfare_ratio"].load()(trace.bare())


def test_a_tampered_reward_shows_in_the_budget() -> None:
    trace = palaestra.run(ENV, "Sete", seeds=range(3))
    rewards_of(trace)[0][1, 1] += 0.25
    assert palaestra.evaluate(trace, ["budget_balance"])["budget_balance"].tolist() == [0.0, 0.25, 0.0]


@pytest.mark.parametrize("game", [[[[0, 0], [0, -4]], [[0, -2], [-2, -4]]], "matching_pennies"])
def test_the_welfare_ratio_is_defined_where_the_optimum_is_not_positive(game: Any) -> None:
    trace = palaestra.run(ENV, "SocialOptimum", seeds=range(3), options={"game": game})
    assert palaestra.evaluate(trace)["welfare_ratio"].tolist() == [1.0, 1.0, 1.0]
    trace = palaestra.run(ENV, "Uniform", seeds=range(40), options={"game": game, "horizon": 20})
    ratio = palaestra.evaluate(trace)["welfare_ratio"]
    assert ((ratio >= 0) & (ratio <= 1)).all()


def test_metrics_of_contracts_are_exact_where_payoffs_are_rational() -> None:
    """The trace's own numbers are floats; the same gains in fractions agree to rounding."""
    trace = palaestra.run(ENV, "SeteOptimum", seeds=[0], options={"game": "not_polymatrix"})
    game, contract = played_contract(trace)
    rational = NormalFormGame(np.vectorize(lambda v: Fraction(str(v)), otypes=[object])(game.payoffs))
    prices = np.vectorize(lambda v: Fraction(v).limit_denominator(1000), otypes=[object])(contract.prices)
    kept = type(contract)(contract.profile.astype(int).astype(object), prices, contract.threats)
    assert agent_normal_form_gain(rational, kept)[0] == Fraction(3, 5)
    assert palaestra.evaluate(trace)["agent_normal_form_gain"][0] == pytest.approx(0.6)


@pytest.mark.parametrize(("game", "match"), [("poker", "There is no game"), ([[1, 2], [3, 4]], "is no game")])
def test_a_wrong_base_game_is_named(game: Any, match: str) -> None:
    with pytest.raises(PalaestraError, match=match):
        palaestra.rules(ENV, game=game)


def test_wrong_options_are_named() -> None:
    wrong: list[tuple[Any, str]] = [
        ({"horizon": 3}, "even"),
        ({"conditioning": "maybe"}, "contingent"),
        ({"max_transfer": -1}, "from 0"),
    ]
    for options, match in wrong:
        with pytest.raises(PalaestraError, match=match):
            palaestra.rules(ENV, **options)
    with pytest.raises(PalaestraError, match="projected_gradient"):
        agents["Sete"].make(solver="luck")


def test_every_scenario_of_the_track_is_played_and_scored() -> None:
    track = tracks["transfer-welfare-v0"].load()
    assert set(PLAYERS) | {"Uniform"} == set(track.references)
    for options in track.scenarios.values():
        trace = palaestra.run(track.env_id, "Sete", seeds=range(3), options={**options, "horizon": 4})
        scores = palaestra.evaluate(trace, track.metrics)
        assert all(np.isfinite(values).all() for values in scores.values())
        assert scores[track.metric].min() > 0.5
