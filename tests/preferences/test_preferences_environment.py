"""PreferenceAggregation-v0: what lanes carry, what evaluators answer, and misreports."""

from __future__ import annotations

from fractions import Fraction
from itertools import permutations
from pathlib import Path
from typing import Any

import numpy as np
import palaestra
import pytest
from palaestra.agents import agents
from palaestra.core.arrays import backend
from palaestra.core.errors import PalaestraError
from palaestra.core.randomness import Draw, episode_keys, lane_keys
from palaestra.theory.preferences.cultures import mallows_mixture

ENV = "PreferenceAggregation-v0"
FLIP = [[0, 1, 2]] * 3 + [[1, 0, 2]] * 2
"""a>b>c of three and b>a>c of two: Borda elects a, and b when the two bury a (2/5 > 1/3)."""


def play(agent: Any, seeds: Any = range(4), **options: Any) -> Any:
    return palaestra.run(ENV, agent, seeds, options=options)


def duels_of(rankings: Any) -> Any:
    """P in fractions, counted ballot by ballot."""
    size = len(rankings[0])
    ahead = [[sum(r.index(i) < r.index(j) for r in rankings) for j in range(size)] for i in range(size)]
    share = [[Fraction(ahead[i][j], len(rankings)) for j in range(size)] for i in range(size)]
    return np.array([[Fraction(1, 2) if i == j else share[i][j] for j in range(size)] for i in range(size)])


def batch(lanes: int = 1, **options: Any) -> Any:
    return palaestra.make_batch(ENV, num_lanes=lanes, **options)


# --- truth


def test_a_lane_carries_the_duels_and_shares_of_the_profile_that_its_seed_draws() -> None:
    options: dict[str, Any] = {"profile": "mallows", "options": 4, "evaluators": 31, "types": 3, "horizon": 2}
    trace = play("Uniform", [5, 6], **options)
    for lane, seed in enumerate([5, 6]):
        draw = Draw(episode_keys(lane_keys([seed], backend()), 0), -1, backend())
        rankings = [tuple(np.argsort(row).tolist()) for row in mallows_mixture(4, 31, 3, 0.5, draw)[0]]
        assert np.array_equal(trace.scoring["preference"][0, lane], duels_of(rankings).astype(float))
        shares = [sum(r[0] == k for r in rankings) / 31 for k in range(4)]
        assert np.array_equal(trace.scoring["shares"][0, lane], shares)


@pytest.mark.parametrize("profile", ["plackett_luce", "mallows", "euclidean"])
def test_every_drawn_profile_keeps_the_bounds_of_the_sheet(profile: str) -> None:
    """Preferences sheet B(c) 1: w_k <= u_k and 1 <= sum u <= M/2."""
    scoring = play("Uniform", range(50), profile=profile, horizon=1, options=5).scoring
    duel, shares = scoring["preference"][0], scoring["shares"][0]
    u = np.where(np.eye(5, dtype=bool), 1.0, duel).min(-1)
    assert (shares <= u + 1e-12).all() and np.allclose(shares.sum(-1), 1)
    assert (u.sum(-1) >= 1 - 1e-12).all() and (u.sum(-1) <= 2.5 + 1e-12).all()
    assert np.allclose(duel + duel.swapaxes(1, 2), 1)
    assert len({row.tobytes() for row in shares}) > 40


def test_a_given_profile_is_the_same_in_every_lane_and_is_told_by_name(tmp_path: Path) -> None:
    trace = play("Uniform", profile=FLIP, horizon=2)
    assert (trace.scoring["preference"] == duels_of([tuple(r) for r in FLIP]).astype(float)).all()
    path = tmp_path / "small.soc"
    head = "# NUMBER ALTERNATIVES: 2\n# NUMBER VOTERS: 4\n# NUMBER UNIQUE ORDERS: 2\n"
    path.write_text(head + "# ALTERNATIVE NAME 1: tea\n# ALTERNATIVE NAME 2: milk\n3: 1,2\n1: 2,1\n")
    trace = play("FStar", profile=str(path), horizon=3)
    assert trace.public["options"] == ("tea", "milk") and (trace.scoring["shares"] == [0.75, 0.25]).all()
    trace.save(tmp_path / "trace.npz")
    again: Any = palaestra.replay(palaestra.load_trace(tmp_path / "trace.npz"))
    assert np.array_equal(again.rewards[0], trace.rewards[0])
    (tmp_path / "ratings.csv").write_text("userId,movieId,rating\n1,8,3\n1,9,2\n2,8,1\n2,9,5\n2,7,1\n")
    rated = play("Uniform", profile=str(tmp_path / "ratings.csv"), options=2, horizon=2)
    assert rated.public["options"] == ("8", "9") and (rated.scoring["shares"] == 0.5).all()


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"profile": "borda"}, r"profile='borda' is not allowed.*'plackett_luce'.*\.soc"),
        ({"profile": "none.soc"}, r"There is no profile at 'none\.soc'"),
        ({"profile": "none.csv"}, r"There are no ratings at 'none\.csv'"),
        ({"profile": FLIP, "options": 4}, r"options=4, but the profile 'given' has 3"),
        ({"options": 1}, "options=1"),
        ({"evaluators": 0}, "evaluators=0"),
        ({"types": 0}, "types=0"),
        ({"dimensions": True}, "dimensions=True"),
        ({"spread": -1.0}, "spread=-1"),
        ({"dispersion": 1.5}, "dispersion=1.5"),
        ({"queries": "all"}, r"queries='all'.*'chosen', 'batch'"),
        ({"reward": "money"}, "reward='money'"),
        ({"misreport": "always"}, "misreport='always'"),
        ({"group": 2}, "group=2"),
        ({"reveal": "all"}, "reveal='all'"),
        ({"answers": 0}, "answers=0"),
        ({"horizon": 1, "misreport": "bury"}, "horizon=1"),
    ],
)
def test_options_that_are_not_allowed_are_refused_by_name(options: dict[str, Any], message: str) -> None:
    with pytest.raises(PalaestraError, match=message):
        palaestra.rules(ENV, **options)


# --- rounds


def test_the_pair_of_greatest_priority_is_asked_and_answered() -> None:
    world = batch(horizon=9, answers=7, options=4)
    world.reset(3)
    for priorities, pair in (([0.2, 0.9, 0.1, 0.5], (1, 3)), ([0.0] * 4, (0, 1)), ([1.0, 0.3, 1.0, 0.3], (0, 2))):
        before = world.state.wins[0]
        seen = world.step([np.array([[1.0] * 4 + priorities])]).observations[0]["wins"][0]
        asked = np.argwhere((seen - before) + (seen - before).T > 0)
        assert {tuple(sorted(one)) for one in asked.tolist()} == {pair} and (seen - before).sum() == 7


def test_answers_come_at_the_rate_of_the_duels_and_unanimity_is_answered_as_such() -> None:
    world = batch(lanes=2, horizon=400, answers=100, profile=FLIP)
    world.reset(1)
    for step in range(300):
        priorities = np.eye(3)[[step % 3]] + np.eye(3)[[(step + 1) % 3]]
        wins = world.step([np.repeat(np.hstack([np.ones((1, 3)), priorities]), 2, 0)]).observations[0]["wins"]
    for lane in range(2):
        assert wins[lane, 0, 2] == 10_000 and wins[lane, 2, 0] == 0
        assert abs(wins[lane, 0, 1] / 10_000 - 0.6) < 5 * (0.24 / 10_000) ** 0.5
    assert wins[0, 0, 1] != wins[1, 0, 1]


def test_batches_compare_all_pairs_alike() -> None:
    world = batch(horizon=200, answers=50, queries="batch", profile=FLIP)
    world.reset(2)
    for _ in range(199):
        wins = world.step([np.ones((1, 3))]).observations[0]["wins"][0]
    met = wins + wins.T
    assert wins.sum() == 199 * 50 and (np.diag(met) == 0).all()
    for i, j in ((0, 1), (0, 2), (1, 2)):
        assert abs(met[i, j] / wins.sum() - 1 / 3) < 5 * (2 / 9 / wins.sum()) ** 0.5
    assert abs(wins[0, 1] / met[0, 1] - 0.6) < 5 * (0.24 / met[0, 1]) ** 0.5


def test_the_reward_is_the_level_or_the_win_rate_of_the_published_policy() -> None:
    for reward, expected in (("proportionality", [0.625, 5 / 6, 0.0]), ("win_rate", None)):
        world = batch(lanes=3, horizon=3, profile=FLIP, reward=reward, queries="batch")
        world.reset(0)
        weights = np.array([[0.75, 0.25, 0.0], [0.25, 0.25, 0.0], [0.0, 0.0, 0.0]])
        rewards = world.step([weights]).rewards[0]
        policies = np.array([[0.75, 0.25, 0.0], [0.5, 0.5, 0.0], [1 / 3] * 3])
        if expected is not None:
            expected[2] = (1 / 3) / 0.6
        else:
            mean = duels_of([tuple(r) for r in FLIP]).astype(float).mean(1)
            expected = [sum(p * m for p, m in zip(policy, mean, strict=True)) for policy in policies]
        assert np.allclose(rewards, expected, atol=1e-12)


# --- misreports


def test_a_group_that_buries_answers_so_in_the_second_half_and_the_answers_are_collected_afresh() -> None:
    """The preference function of the second half, ballot by ballot: the two members of b report b, c, a."""
    world = batch(horizon=6, profile=FLIP, misreport="bury", reveal="preference", answers=5)
    seen = world.reset(0)[0]
    true, told = (duels_of([tuple(r) for r in votes]).astype(float) for votes in (FLIP, FLIP[:3] + [[1, 2, 0]] * 2))
    for step in range(6):
        assert np.allclose(seen["preference"][0], true if step < 3 else told, atol=1e-12)
        assert seen["wins"].sum() == 5 * (step % 3)
        result = world.step([np.ones((1, 6))])
        assert result.scoring["group"][0] == 1 and result.scoring["honest"][0] == (step < 3)
        seen = result.observations[0] if step < 5 else result.final_observations[0]


def test_evaluators_of_the_second_half_are_those_of_the_first() -> None:
    """A group that says the truth in the seat answers exactly as before."""
    world = batch(horizon=8, misreport="seat", queries="batch", answers=20)
    world.reset(4)
    seen = [world.step([np.ones((1, 6)), np.full((1, 6), 0.5)]).observations[0]["wins"].copy() for _ in range(7)]
    assert all(np.array_equal(seen[step], seen[step + 4]) for step in range(3))
    assert seen[3].sum() == 0


def test_the_seat_is_given_what_the_group_may_know_and_paid_its_options_probability() -> None:
    world = batch(lanes=5, horizon=4, misreport="seat", group="random")
    seen = world.reset(9)[1]
    assert set(seen) == {"wins", "group", "policy"} and (seen["policy"] == 1 / 6).all()
    weights = np.linspace(0.1, 1.0, 6)
    result = world.step([np.hstack([np.tile(weights, (5, 1))] * 2), np.zeros((5, 6))])
    policy = weights / weights.sum()
    assert np.allclose(result.rewards[1], policy[seen["group"]]) and np.allclose(
        result.observations[1]["policy"], policy
    )
    shares = result.scoring["shares"]
    assert (shares[np.arange(5), seen["group"]] > 0).all()


def test_the_runner_up_is_second_by_borda_among_options_with_a_group() -> None:
    scoring = play("Uniform", range(40), misreport="bury", horizon=2, spread=4.0, evaluators=15).scoring
    duel, shares, group = (scoring[key][0] for key in ("preference", "shares", "group"))
    nobody = 0
    for lane in range(40):
        candidates = [k for k in range(6) if shares[lane, k] > 0]
        nobody += len(candidates) < 6
        ranked = sorted(candidates, key=lambda k, lane=lane: (-round(duel[lane, k].sum(), 9), k))  # type: ignore[misc]
        assert group[lane] == ranked[min(1, len(ranked) - 1)]
    assert nobody
    alone = play("Uniform", [0], misreport="bury", horizon=2, profile=[[2, 1, 0]]).scoring
    assert alone["group"][0, 0] == 2


@pytest.mark.parametrize(
    ("agent", "gain"), [("Borda", 1.0), ("BradleyTerry", 1.0), ("FStar", 0.0), ("FBeta5", 0.0), ("Minimax", 0.0)]
)
def test_burying_turns_borda_and_not_f_star_in_the_environment(agent: str, gain: float) -> None:
    """Preferences sheet B(c) 6: w = 2/5 > 1/3; with the duels revealed the gain is exact."""
    trace = play(agent, [0], profile=FLIP, misreport="bury", reveal="preference", horizon=4)
    assert abs(palaestra.evaluate(trace)["manipulation_gain"][0] - gain) < 1e-12


def test_a_player_in_the_seat_takes_nlhf_by_reporting_a_cycle() -> None:
    """Preferences sheet B(c) 6: w = .02, t = 1e-4: pi_b goes from 0 to (w - 2t)/(w + 2t); F* gives b no more."""
    counts = {"abc": 4801, "cba": 4799, "acb": 100, "cab": 100, "bac": 200}
    votes = [["abc".index(letter) for letter in word] for word, count in counts.items() for _ in range(count)]

    def bca(seen: Any) -> Any:
        return np.array([0.0, 1.0, 0.5])

    options = {"profile": votes, "misreport": "seat", "reveal": "preference", "horizon": 4}
    for agent, gain in (("MaximalLottery", (0.02 - 2e-4) / (0.02 + 2e-4)), ("FStar", 0.0)):
        trace = play({"player_0": agent, "group_0": bca}, [0], **options)
        assert (trace.scoring["group"] == 1).all()
        assert abs(palaestra.evaluate(trace)["manipulation_gain"][0] - gain) < 1e-6


def test_a_truthful_group_gains_nothing_and_a_burying_one_moves_borda() -> None:
    def gains(group: str) -> Any:
        trace = play({"player_0": "Borda", "group_0": group}, range(30), misreport="seat", queries="batch", answers=200)
        return palaestra.evaluate(trace)["manipulation_gain"]

    assert (gains("TruthfulGroup") == 0).all()
    assert gains("BuryingGroup").mean() > 0.2
    with pytest.raises(PalaestraError, match="report='lie'"):
        agents.spec("BuryingGroup(report='lie')").make()


def test_the_rankings_of_a_list_may_come_in_any_order() -> None:
    first = play("FStar", range(2), profile=FLIP, horizon=4)
    for order in list(permutations(range(5)))[::40]:
        other = play("FStar", range(2), profile=[FLIP[v] for v in order], horizon=4)
        assert np.array_equal(first.actions[0], other.actions[0])
