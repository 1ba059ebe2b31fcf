"""Who plays the transfer game: contracts kept and withheld, prices, and learning without contracts."""

from __future__ import annotations

from itertools import product
from typing import Any

import numpy as np
import palaestra
import pytest
from palaestra.agents.transfers.price_messages import PriceMessages
from palaestra.agents.transfers.sete import Sete
from palaestra.core.arena import play, task_of
from palaestra.core.batch import Batch
from palaestra.core.errors import PalaestraError
from palaestra.metrics import metrics
from palaestra.metrics.transfers.deviation_gain import played_contract
from palaestra.theory.games import PolymatrixGame
from palaestra.theory.games.strategies import sample_actions

ENV = "TransferGame-v0"
CONTRACTS = ("Sete", "SeteMultiplicativeWeights", "SeteBestResponse", "SeteOptimum")
POLYMATRIX = {"game": "random_polymatrix", "players": 4, "actions": 3}


class Promising:
    """One lane: random promises and play, by a generator seeded at reset."""

    batched = False

    def reset(self, task: Any, lanes: int, seed: Any) -> None:
        self.space = task.action_space
        self.space.seed(seed % 2**31)

    def act(self, observation: Any) -> Any:
        return self.space.sample()


def rewards_of(trace: Any) -> Any:
    return trace.rewards


def welfare_of(game: Any, joint: Any) -> Any:
    if isinstance(game, PolymatrixGame):
        edges = zip(game.edges.tolist(), game.blocks[0], strict=True)
        return sum(block[end, joint[i], joint[j]] for (i, j), block in edges for end in range(2))
    return sum(game.payoffs[(0, i, *joint)] for i in range(game.num_players))


@pytest.mark.parametrize("conditioning", ["realised", "contingent"])
@pytest.mark.parametrize("name", CONTRACTS)
def test_contracts_in_play_are_equilibria_of_the_agent_normal_form(name: str, conditioning: str) -> None:
    """Transfers sheet 1b, 1c: through the environment, promises and all, at most 1e-9; some are none without."""
    options = {**POLYMATRIX, "conditioning": conditioning}
    trace = palaestra.run(ENV, name, seeds=range(30), options=options)
    scores = palaestra.evaluate(trace)
    assert scores["agent_normal_form_gain"].max() <= 1e-9
    assert (scores["base_deviation_gain"] > 1e-9).sum() >= 8
    assert scores["welfare_ratio"].min() > 0.5
    if name == "SeteOptimum":
        assert scores["welfare_ratio"].min() >= 1 - 1e-12


class Withholding(Sete):
    """Promises nothing, and plays its own last action against whatever happens."""

    def promise(self, observation: Any, nothing: Any) -> Any:
        """Keep everything."""
        return nothing, None

    def choose(self, observation: Any) -> Any:
        """The deviation of the sheet: R."""
        return np.ones(self.lanes, np.int64)


@pytest.mark.parametrize("conditioning", ["realised", "contingent"])
def test_a_withheld_promise_is_answered_by_the_threat(conditioning: str) -> None:
    """Transfers sheet 1c: on path player 2 nets 2; withholding, R against the threat D gives it 2.9."""
    rules = palaestra.rules(ENV, game="withholding", conditioning=conditioning)
    kept = play(rules, [Sete(), Sete()], [0])
    assert [float(reward[1, 0]) for reward in rewards_of(kept)] == [1.0, 2.0]
    withheld = play(rules, [Sete(), Withholding()], [0])
    assert [int(action["play"][1, 0]) for action in withheld.actions] == [1, 1]
    assert rewards_of(withheld)[1][1, 0] == 2.9
    gain = metrics["augmented_gain"].load()(kept)
    assert gain[0] == pytest.approx(rewards_of(withheld)[1][1, 0] - rewards_of(kept)[1][1, 0])
    assert metrics["agent_normal_form_gain"].load()(kept)[0] == 0


def test_a_promise_for_another_action_is_no_promise() -> None:
    """A contract is kept only if the target is the prescribed action."""

    class WrongTarget(Sete):
        def promise(self, observation: Any, nothing: Any) -> Any:
            amounts, targets = super().promise(observation, nothing)
            return amounts, 1 - np.asarray(targets)

    trace = play(palaestra.rules(ENV), [Sete(), WrongTarget()], [0])
    assert int(trace.actions[0]["play"][1, 0]) == 1


def test_contracts_and_learners_play_games_that_are_not_polymatrix() -> None:
    """In normal forms of three players recipients are content; payers may not be (transfers sheet 1c)."""
    options = {"game": "random_normal_form", "players": 3, "actions": 3}
    trace = palaestra.run(ENV, "SeteOptimum", seeds=range(40), options=options)
    game, contract = played_contract(trace)
    values = game.action_values(contract.profile) + contract.prices.sum(1)
    assert (values.max(-1) - (values * contract.profile).sum(-1)).max() <= 1e-12
    assert palaestra.evaluate(trace)["welfare_ratio"].min() >= 1 - 1e-12


def test_without_contracts_learners_defect_and_with_them_cooperate() -> None:
    """The dilemma: dominated play dies out for every learner, and transfers make cooperation the equilibrium."""
    for name in ("BestResponse", "FictitiousPlay", "Hedge", "RegretMatchingPlus"):
        trace = palaestra.run(ENV, name, seeds=range(10), horizon=400)
        assert np.mean([action["play"][-40:][1::2] for action in trace.actions]) > 0.95
    trace = palaestra.run(ENV, "Sete", seeds=[0])
    assert [int(action["play"][1, 0]) for action in trace.actions] == [0, 0]
    assert [float(reward[1, 0]) for reward in rewards_of(trace)] == [3.0, 3.0]


def test_hedge_and_regret_matching_keep_their_regret_bounds() -> None:
    """Freund and Schapire 1997: range sqrt(T log A / 2); Tammelin et al. 2015: range sqrt(A T); of expected play."""
    rounds, lanes, options = 400, 12, {"game": "shapley", "horizon": 800}
    for name, bound in (("Hedge", np.sqrt(rounds * np.log(3) / 2)), ("RegretMatchingPlus", np.sqrt(3 * rounds))):
        trace = palaestra.run(ENV, name, seeds=range(lanes), options=options)
        table = trace.instance.payoffs[0]
        first, second = (action["play"][1::2] for action in trace.actions)
        for lane in range(lanes):
            earned = table[0][first[:, lane], second[:, lane]].sum()
            fixed = max(table[0][action, second[:, lane]].sum() for action in range(3))
            # Sampling adds noise of standard deviation at most sqrt(T) / 2.
            assert fixed - earned <= bound + 4 * np.sqrt(rounds) / 2


def test_fictitious_play_finds_equilibrium_frequencies_of_a_zero_sum_game() -> None:
    """Robinson 1951: empirical frequencies converge; in rock-paper-scissors to one third each."""
    trace = palaestra.run(ENV, "FictitiousPlay", seeds=[0], options={"game": "rock_paper_scissors", "horizon": 2000})
    for action in trace.actions:
        assert np.bincount(action["play"][1::2, 0], minlength=3) / 1000 == pytest.approx(np.full(3, 1 / 3), abs=0.08)


def test_learners_take_the_promises_they_get_into_account() -> None:
    """Best response with transfers received: a promise of 2.5 for cooperation beats the 2 that defection gains."""

    class Paying(Promising):
        def act(self, observation: Any) -> Any:
            return {"amounts": np.array([2.5, 2.5]), "targets": np.zeros(2, np.int64), "play": np.int64(1)}

    for name, share in (("BestResponse", 1.0), ("FictitiousPlay", 1.0), ("Hedge", 0.8), ("RegretMatchingPlus", 0.8)):
        trace = palaestra.run(ENV, [name, Paying], seeds=range(5), horizon=200)
        assert (trace.actions[0]["play"][101::2] == 0).mean() >= share


@pytest.mark.parametrize(("game", "width"), [("random_polymatrix", 4.0), ("random_normal_form", 2.0)])
def test_a_round_of_price_messages_is_a_gradient_step_on_welfare(game: str, width: float) -> None:
    """Transfers sheet 1b', algorithm 2: when everybody plays what it is, the step is Proj(x + eta dW / dx)."""
    rules = palaestra.rules(ENV, game=game, players=3, actions=3, conditioning="contingent", horizon=4)
    batch, lanes = Batch(rules, 6), 6
    seen = batch.reset(0)
    joint = np.random.default_rng(0).integers(0, 3, (lanes, 3))
    pure = np.eye(3)[joint]
    seats = [PriceMessages(rate=0.7) for _ in range(3)]
    for i, seat in enumerate(seats):
        seat.reset(task_of(rules, ENV, i), lanes, range(lanes))
        seat.act(seen[i])
        seat.strategy, seat.believed = pure[:, i], pure.copy()
        seat.believed[:, i] = 1 / 3  # what it believes of itself does not count
    seen = batch.step([seat.act(one) for seat, one in zip(seats, seen, strict=True)]).observations
    actions = [seat.act(one) for seat, one in zip(seats, seen, strict=True)]
    assert np.array_equal(np.stack([action["play"] for action in actions], 1), joint)
    result = batch.step(actions)
    base = rules.instance(batch.state)
    for i, seat in enumerate(seats):
        following = result.observations[i]
        seat.learn(palaestra.core.agent.Transition(seen[i], actions[i], None, following, result.terminated, 1))
        for lane in range(lanes):
            gradient = np.array([welfare_of(base.lane(lane), replaced(joint[lane], i, a)) for a in range(3)])
            step = seat.strategy[lane] - (pure[lane, i] + 0.7 / width * gradient)
            support = seat.strategy[lane] > 1e-12
            assert seat.strategy[lane].sum() == pytest.approx(1)
            assert np.ptp(step[support]) <= 1e-12 and (step[~support] >= step[support].max() - 1e-12).all()
    # The next prices are for the strategy after the step, and the play that was seen last.
    moved = (joint + 1) % 3
    for seat in seats:
        seat.update(moved, np.zeros((lanes, 3)))
    prices = [seat.act(one)["amounts"] for seat, one in zip(seats, result.observations, strict=True)]
    for lane, j, i in product(range(lanes), range(3), range(3)):
        if j != i:
            worth = np.zeros(3)
            for a, own in product(range(3), range(3)):
                play = tuple(replaced(replaced(moved[lane], i, a), j, own))
                tensor = base.lane(lane).normal_form() if isinstance(base, PolymatrixGame) else base.lane(lane)
                worth[a] += seats[j].strategy[lane, own] * tensor.payoffs[(0, j, *play)]
            # In a polymatrix game the rest of u_j, which does not depend on i, cancels in the difference.
            assert prices[j][lane, i] == pytest.approx(worth - worth.min(), abs=1e-12)


def replaced(play: Any, player: int, action: int) -> Any:
    other = play.copy()
    other[player] = action
    return other


@pytest.mark.parametrize("conditioning", ["realised", "contingent"])
def test_price_messages_raise_welfare_over_learning_without_them(conditioning: str) -> None:
    options = {**POLYMATRIX, "conditioning": conditioning, "horizon": 200}
    ratio = {
        name: palaestra.evaluate(palaestra.run(ENV, name, seeds=range(20), options=options))["welfare_ratio"].mean()
        for name in ("PriceMessages", "BestResponse", "Hedge", "RegretMatchingPlus", "FictitiousPlay")
    }
    assert ratio.pop("PriceMessages") > max(ratio.values())


def test_price_messages_end_at_stationary_points_of_welfare() -> None:
    """Contingent prices: after 400 rounds nearly every lane plays a pure profile nobody can improve for all."""
    options = {**POLYMATRIX, "conditioning": "contingent", "horizon": 800}
    trace = palaestra.run(ENV, "PriceMessages", seeds=range(20), options=options)
    last = np.stack([action["play"][-1] for action in trace.actions], axis=1)
    stable = 0
    for lane, joint in enumerate(last):
        game = trace.instance.lane(lane)
        around = [[*joint[:i], a, *joint[i + 1 :]] for i in range(4) for a in range(3)]
        stable += max(welfare_of(game, other) for other in around) <= welfare_of(game, joint) + 1e-12
    assert stable >= 17


def test_mixed_strategies_are_sampled_with_their_probabilities() -> None:
    """Inversion of an even grid gives each action its share, and an action of probability 0 nothing."""
    strategies = np.array([[0.2, 0.0, 0.5, 0.3], [0.0, 1.0, 0.0, 0.0], [0.25, 0.25, 0.5, 0.0]])
    for strategy in strategies:
        unit = (np.arange(1000) + 0.5) / 1000
        drawn = sample_actions(np.tile(strategy, (1000, 1)), unit)
        assert np.bincount(drawn, minlength=4) / 1000 == pytest.approx(strategy, abs=1e-3)


@pytest.mark.parametrize("make", [lambda: PriceMessages(rate=-1.0), lambda: Sete(most_steps=-1)])
def test_meaningless_numbers_are_refused_by_name(make: Any) -> None:
    with pytest.raises(PalaestraError, match="is not allowed"):
        make()


def test_no_more_proposals_than_memory_can_hold() -> None:
    with pytest.raises(PalaestraError, match="proposals=1000000000000"):
        palaestra.rules("RankingBandit-v0", information="bandit", proposals=10**12)
