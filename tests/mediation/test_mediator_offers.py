"""M-SETE by its statements (transfers sheet, section 1c), with checks that share no code with the solvers."""

from fractions import Fraction
from itertools import product
from typing import Any

import numpy as np
import palaestra
import pytest
from palaestra.core.agent import Agent
from palaestra.core.contract import check_metric
from palaestra.core.errors import PalaestraError
from palaestra.metrics.mediation.rejection_gain import rejection_gain
from palaestra.theory.games import NormalFormGame
from palaestra.theory.games.binding_offer import binding_offer
from palaestra.theory.games.classics import CLASSICS
from palaestra.theory.games.min_max import correlated_min_max
from palaestra.theory.games.rejection import gain_of_rejecting

PLAYERS = {"player_0": "BestResponder", "player_1": "BestResponder", "player_2": "BestResponder"}
MEDIATORS = [
    outside + split
    for outside in ("VoidOffer", "IndependentMinMax", "CorrelatedMinMax")
    for split in ("", "Proportional")
]


def exactly(values: Any) -> Any:
    """Floats (or ints) as the fractions they are."""
    given: Any = np.asarray(values, object)
    exact = np.empty(given.shape, object)
    for at in np.ndindex(*exact.shape):
        exact[at] = Fraction(given[at])
    return exact


def gains_by_hand(payoffs: Any, profile: Any, transfers: Any, punishments: Any) -> Any:
    """Best payoff after rejecting alone less the payoff of accepting, by loops over profiles; exact for fractions."""
    n, counts = payoffs.shape[0], payoffs.shape[1:]
    gains = []
    for i in range(n):
        others = list(product(*(range(count) for j, count in enumerate(counts) if j != i)))
        best = max(
            sum(punishments[i][k] * payoffs[(i, *rest[:i], a, *rest[i:])] for k, rest in enumerate(others))
            for a in range(counts[i])
        )
        gains.append(best - payoffs[(i, *profile)] - transfers[i])
    return gains


def offers_of(mediator: Any, options: Any, seeds: Any) -> Any:
    """The offers as they bind in each lane, the lanes' games, and the whole trace."""
    trace = palaestra.run("MediatedGame-v0", {**PLAYERS, "mediator_0": mediator}, seeds, options=options)
    assert (trace.scoring["transfers"][0] == trace.scoring["transfers"][2]).all()
    return trace, trace.instance.normal_form()


def test_correlated_min_max_supports_the_optimum_of_200_random_games() -> None:
    """Sheet 1c: M-SETE, 200/200 random 3 x 3 x 3 games, correlated min-max outside options, sum tau = 0."""
    options = {"game": "random_normal_form", "players": 3, "actions": 3}
    trace, game = offers_of("CorrelatedMinMax", options, range(200))
    profile, transfers, punishments = (trace.scoring[key][0] for key in ("profile", "transfers", "punishments"))
    for lane in range(200):
        payoffs = game.payoffs[lane]
        assert payoffs[(slice(None), *profile[lane])].sum() >= payoffs.sum(0).max() - 1e-15
        assert sum(map(Fraction, transfers[lane].tolist())) == 0
        assert max(gains_by_hand(payoffs, profile[lane], transfers[lane], punishments[lane])) <= 1e-9
    scores = palaestra.evaluate(trace)
    assert np.abs(scores["welfare_ratio"] - 1).max() <= 1e-12
    assert (scores["acceptance"] == 1).all() and (scores["rejection_gain"] <= 1e-9).all()


@pytest.mark.parametrize("mediator", MEDIATORS)
def test_every_mediator_brings_everybody_to_the_optimum(mediator: Any) -> None:
    """Sheet 1b: choices (A) and (B), any split of the surplus."""
    for options in (
        {"game": "random_normal_form", "players": 3, "actions": 3},
        {"game": "random_polymatrix", "players": 3, "actions": 2},
        {"game": "not_polymatrix"},
        {"game": [[[[1], [0], [4]], [[2], [2], [0]]]] * 3},
    ):
        trace, game = offers_of(mediator, options, range(6))
        scores = palaestra.evaluate(trace)
        assert np.abs(scores["welfare_ratio"] - 1).max() <= 1e-12 and (scores["acceptance"] == 1).all()
        offer = [trace.scoring[key][0] for key in ("profile", "transfers", "punishments")]
        for lane in range(6):
            payoffs = game.payoffs[lane % game.lanes]
            gains = gains_by_hand(payoffs, *(part[lane] for part in offer))
            assert max(gains) <= 1e-9


def test_on_rational_games_no_player_gains_by_rejecting_in_exact_arithmetic() -> None:
    """Sheet 1b: every offer that binds is a rational witness; where W* > sum v_i its gains are below 0 exactly."""
    rng = np.random.default_rng(3)
    strict = 0
    for _ in range(30):
        tensor = rng.integers(-9, 10, (3, 3, 2, 3))
        game, exact = NormalFormGame.of(tensor), exactly(tensor)
        outside = correlated_min_max(game)
        offer = binding_offer(game, outside)
        # The punishments are whatever the solver found, taken exactly as the rationals they are.
        punishments = exactly(outside.punishments)
        punishments = punishments / punishments.sum(-1, keepdims=True)
        nothing = np.array([Fraction(0)] * 3, object)
        profile = offer.profile.tolist()
        values = [
            gain + exact[(i, *profile)] for i, gain in enumerate(gains_by_hand(exact, profile, nothing, punishments))
        ]
        surplus = exact.sum(0).max() - sum(values)
        assert surplus >= -Fraction(1, 10**12)
        transfers = np.array([values[i] - exact[(i, *profile)] + surplus / 3 for i in range(3)], object)
        assert sum(transfers) == 0
        gains = gain_of_rejecting(NormalFormGame(exact[None]), offer.profile[None], transfers[None], punishments[None])
        assert (gains[0] == [-surplus / 3] * 3).all()
        strict += surplus > 0
    assert strict >= 25


def test_the_checker_agrees_with_loops_exactly() -> None:
    rng = np.random.default_rng(5)
    for counts in ((2, 2), (3, 2), (2, 3, 2), (1, 2, 2), (2, 2, 2, 2)):
        n, width = len(counts), max(int(np.prod(counts)) // count for count in counts)
        payoffs = exactly(rng.integers(-9, 10, (4, n, *counts)))
        profile = np.stack([rng.integers(0, count, 4) for count in counts], axis=1)
        transfers = exactly(rng.integers(-5, 6, (4, n)))
        transfers[:, -1] = -transfers[:, :-1].sum(1)
        punishments = np.full((4, n, width), Fraction(0), object)
        for i, count in enumerate(counts):
            weights = exactly(rng.integers(0, 9, (4, int(np.prod(counts)) // count)) + 1)
            punishments[:, i, : weights.shape[1]] = weights / weights.sum(-1, keepdims=True)
        found = gain_of_rejecting(NormalFormGame(payoffs), profile, transfers, punishments)
        for lane in range(4):
            own = [punishments[lane, i] for i in range(n)]
            assert found[lane].tolist() == gains_by_hand(payoffs[lane], profile[lane], transfers[lane], own)


def test_the_interval_of_payments_that_support_the_withholding_game() -> None:
    """Sheet 1c: SETE fails in the full game; M-SETE: P2 gives P1 any tau in [0, 0.417], which is [0, 5/12]."""
    payoffs = np.array([[[0, 0], [1, -1]], [[3, Fraction(5, 2)], [1, Fraction(29, 10)]]], object) + Fraction(0)
    game = NormalFormGame(payoffs[None])
    # Player 0 is held to 0 by R; player 1 to 31/12 by C with 19/24, which makes L and R equal.
    punishments = exactly([[[0, 1], [0, 0]]])
    punishments[0, 1] = [Fraction(19, 24), Fraction(5, 24)]
    for numerator in range(-12, 73):
        tau = Fraction(numerator, 120)
        transfers = np.array([[tau, -tau]], object)
        gain = gain_of_rejecting(game, np.array([[0, 0]]), transfers, punishments).max()
        assert (gain <= 0) == (0 <= tau <= Fraction(5, 12))
    values = correlated_min_max(CLASSICS["withholding"].game).values
    assert values == pytest.approx([0, 31 / 12], abs=1e-12)
    assert pytest.approx(2.583, abs=5e-4) == 31 / 12 and pytest.approx(0.417, abs=5e-4) == 5 / 12


@pytest.mark.parametrize("mediator", MEDIATORS)
def test_the_offers_of_the_withholding_game_lie_in_the_interval(mediator: Any) -> None:
    two = {"player_0": "BestResponder", "player_1": "BestResponder", "mediator_0": mediator}
    trace = palaestra.run("MediatedGame-v0", two, range(2), options={"game": "withholding"})
    assert (trace.scoring["profile"][0] == 0).all()
    to_first = trace.scoring["transfers"][0, :, 0]
    assert (to_first >= 0).all() and (to_first <= 5 / 12 + 1e-12).all()
    assert (palaestra.evaluate(trace)["acceptance"] == 1).all()


def test_the_void_offer_of_the_game_that_is_not_polymatrix_is_that_of_the_sheet() -> None:
    """Sheet 1c: tau = (-.733, .367, .367), payoffs (.267, .367, .367) >= NE (0, .1, .1)."""
    trace, _ = offers_of("VoidOffer", {"game": "not_polymatrix"}, [0])
    expected = [Fraction(-11, 15), Fraction(11, 30), Fraction(11, 30)]
    assert trace.scoring["transfers"][0, 0] == pytest.approx([float(tau) for tau in expected], abs=1e-11)
    payoffs = [float(reward[2, 0]) for reward in trace.rewards[:3]]
    assert payoffs == pytest.approx([0.267, 0.367, 0.367], abs=5e-4)
    assert all(payoff >= outside for payoff, outside in zip(payoffs, (0, 0.1, 0.1), strict=True))


def test_a_tampered_offer_is_refused() -> None:
    game = CLASSICS["public_goods"].game
    offer = binding_offer(game, correlated_min_max(game))
    good = [offer.profile[None], offer.transfers[None], offer.punishments[None]]
    assert gain_of_rejecting(game, *good).max() <= 1e-12

    def with_part(index: Any, change: Any) -> Any:
        parts = [part.copy() for part in good]
        change(parts[index])
        return parts

    def pay_more(part: Any) -> Any:
        part[0, 0] += 1e-6

    def weigh_more(part: Any) -> Any:
        part[0, 1, 2] += 1e-6

    def weigh_below_zero(part: Any) -> Any:
        part[0, 1, :2] += (-2.0, 2.0)

    def play_nothing(part: Any) -> Any:
        part[0, 2] = 2

    for parts, words in (
        (with_part(1, pay_more), "add up to"),
        (with_part(2, weigh_more), "player_1: a punishment must be a distribution"),
        (with_part(2, weigh_below_zero), "player_1: a punishment must be a distribution"),
        (with_part(0, play_nothing), "profile"),
        ([good[0], good[1], good[2][:, :, :2]], "names 4 joint actions"),
        ([good[0][:, :2], good[1], good[2]], "No offer to 3 players"),
    ):
        with pytest.raises(PalaestraError, match=words):
            gain_of_rejecting(game, *parts)


@pytest.mark.parametrize(("term", "change"), [("transfers", 1e-6), ("punishments", 1e-6), ("profile", 5)])
def test_the_metric_refuses_a_trace_with_a_tampered_offer(term: str, change: float) -> None:
    """DESIGN, section 2: a tampered witness is refused."""
    options = {"game": "random_normal_form", "players": 3, "actions": 3}
    trace, _ = offers_of("VoidOffer", options, range(4))
    check_metric(rejection_gain)
    trace.scoring[term][0, 2, 0] += change
    with pytest.raises(PalaestraError):
        rejection_gain(trace)


def test_an_exact_offer_must_balance_exactly() -> None:
    game = NormalFormGame(exactly(CLASSICS["prisoners_dilemma"].game.payoffs))
    punishments = exactly([[[0, 1], [0, 1]]])
    almost = np.array([[Fraction(1, 10**30), Fraction(0)]], object)
    with pytest.raises(PalaestraError, match="add up to"):
        gain_of_rejecting(game, np.array([[0, 0]]), almost, punishments)


def test_a_wrong_split_is_refused() -> None:
    game = CLASSICS["public_goods"].game
    half: Any = "half"
    with pytest.raises(PalaestraError, match="'equal', 'proportional', 'none'"):
        binding_offer(game, correlated_min_max(game), split=half)


class AlwaysRejects(Agent):
    """Rejects and plays one action."""

    def __init__(self, action: int) -> None:
        self.action = action

    def reset(self, task: Any, lanes: int, seed: Any) -> None:
        """Remember the lanes."""
        self.lanes = lanes

    def act(self, observation: Any) -> Any:
        """Reject in every lane."""
        return {"accept": np.zeros(self.lanes, np.int64), "play": np.full(self.lanes, self.action)}


@pytest.mark.parametrize("mediator", ["IndependentMinMax", "CorrelatedMinMax"])
def test_playing_it_out_no_lone_rejection_pays(mediator: str) -> None:
    """Transfers sheet 1b, M-SETE is a Nash equilibrium of the game itself: every way to reject alone, over 4,000 lanes.

    Means lie within 5 standard errors of what the published punishment says, and never that far above accepting.
    """
    lanes = 4000
    game = np.random.default_rng(11).uniform(-1, 1, (3, 2, 3, 2))
    for i, count in enumerate((2, 3, 2)):
        others = list(product(*(range(c) for j, c in enumerate((2, 3, 2)) if j != i)))
        for action in range(count):
            seats: dict[str, Any] = dict.fromkeys(PLAYERS, "AcceptAll")
            seats |= {f"player_{i}": AlwaysRejects(action), "mediator_0": mediator}
            trace: Any = palaestra.run("MediatedGame-v0", seats, range(lanes), options={"game": game.tolist()})
            law, profile = trace.scoring["punishments"][0, 0, i], trace.scoring["profile"][0, 0]
            said = sum(law[k] * game[(i, *rest[:i], action, *rest[i:])] for k, rest in enumerate(others))
            earned = trace.rewards[i][2]
            error = 5 * earned.std() / np.sqrt(lanes) + 1e-9
            assert abs(earned.mean() - said) <= error
            assert earned.mean() <= game[(i, *profile)] + trace.scoring["transfers"][0, 0, i] + error
