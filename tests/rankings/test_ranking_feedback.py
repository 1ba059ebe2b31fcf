"""The ranking sheet's lemmas on rankings (section 3c), and the rules of ranking feedback (sections 3a, 3d)."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from itertools import permutations
from math import exp, prod
from typing import Any

import numpy as np
import palaestra
import pytest
from gymnasium.utils.env_checker import check_env
from palaestra.agents.rankings.ranking_estimate import pair_shares
from palaestra.core.arrays import backend
from palaestra.core.batch import Batch
from palaestra.core.errors import PalaestraError
from palaestra.core.randomness import Draw, lane_keys
from palaestra.theory.rankings import IndependentShifts
from palaestra.theory.rankings.plackett_luce import sample_rankings
from palaestra.wrappers.ranking_feedback import RankingFeedback
from scipy.stats import chisquare


def sigmoid(x: float) -> float:
    return 1.0 / (1.0 + exp(-x))


def law_of_rankings(utilities: Sequence[float], items: Sequence[int], tau: float) -> dict[tuple[int, ...], float]:
    """Plackett-Luce by its formula (section 3a), summed over the orders of the items' copies."""
    law: dict[tuple[int, ...], float] = {}
    for order in permutations(range(len(items))):
        weights = [exp(utilities[items[k]] / tau) for k in order]
        ranking = tuple(items[k] for k in order)
        law[ranking] = law.get(ranking, 0.0) + prod(w / sum(weights[k:]) for k, w in enumerate(weights))
    return law


def sampled(utilities: Sequence[float], items: Sequence[int] | None, tau: float, lanes: int) -> Any:
    where = backend()
    draw = Draw(lane_keys(range(lanes), where), 0, where)
    drawn = None if items is None else np.tile(items, (lanes, 1))
    return sample_rankings(np.tile(utilities, (lanes, 1)), tau, draw, drawn)


MULTISETS = [
    ((0.3, -0.4, 0.0), (0, 0, 1, 2, 2), 0.8),
    ((0.9, 0.2, 0.0), (0, 1, 2), 0.5),
    ((-0.7, 0.0), (0, 0, 0, 1), 1.0),
    ((0.5, -0.1, 0.4, 0.0), (0, 1, 1, 2, 3), 0.3),
]


@pytest.mark.parametrize(("utilities", "items", "tau"), MULTISETS)
def test_lemma_e1_the_expected_share_of_pairs_is_the_sigmoid_of_the_difference(
    utilities: Sequence[float], items: Sequence[int], tau: float
) -> None:
    """Section 3c, Lemma E.1, with the shares of Algorithm 1 counted by the package."""
    law = law_of_rankings(utilities, items, tau)
    shares, counts = pair_shares(np.array(list(law)), np.arange(len(utilities)))
    expected = np.array(list(law.values())) @ shares
    for action in set(items) - {len(utilities) - 1}:
        assert counts[:, action].all()
        assert expected[action] == pytest.approx(sigmoid((utilities[action] - utilities[-1]) / tau), abs=1e-12)


@pytest.mark.parametrize(("utilities", "items", "tau"), MULTISETS)
def test_lemma_e4_the_first_place_has_the_softmax_law(
    utilities: Sequence[float], items: tuple[int, ...], tau: float
) -> None:
    """Section 3c, Lemma E.4: the law of the first, by the formula and as sampled (chi-square, one in a million)."""
    weights = {a: items.count(a) * exp(utilities[a] / tau) for a in sorted(set(items))}
    law = law_of_rankings(utilities, items, tau)
    first = sampled(utilities, items, tau, 20_000)[:, 0]
    for action, weight in weights.items():
        share = weight / sum(weights.values())
        assert sum(p for ranking, p in law.items() if ranking[0] == action) == pytest.approx(share, abs=1e-12)
    observed = [int((first == action).sum()) for action in weights]
    assert chisquare(observed, [20_000 * w / sum(weights.values()) for w in weights.values()]).pvalue > 1e-6


@pytest.mark.parametrize(("utilities", "items", "tau"), MULTISETS)
def test_the_sampler_has_exactly_the_plackett_luce_law(
    utilities: Sequence[float], items: Sequence[int], tau: float
) -> None:
    """Section 3b's Gumbel sorting has section 3a's law, repeated items included (chi-square, one in a million)."""
    law = {ranking: p for ranking, p in law_of_rankings(utilities, items, tau).items()}
    rankings, counts = np.unique(sampled(utilities, items, tau, 20_000), axis=0, return_counts=True)
    seen = dict(zip(map(tuple, rankings.tolist()), counts.tolist(), strict=True))
    assert seen.keys() <= law.keys()
    often = [ranking for ranking, p in law.items() if p * 20_000 >= 5]
    rest = 1 - sum(law[r] for r in often)
    observed = [seen.get(r, 0) for r in often] + [20_000 - sum(seen.get(r, 0) for r in often)]
    expected = [20_000 * law[r] for r in often] + [20_000 * rest]
    if rest * 20_000 < 1:
        observed, expected = observed[:-1], [e * sum(observed[:-1]) / sum(expected[:-1]) for e in expected[:-1]]
    assert chisquare(observed, expected).pvalue > 1e-6


def test_temperature_zero_sorts_and_gives_ties_to_the_smaller_index() -> None:
    """Section 3a."""
    assert sampled((0.2, 0.5, 0.2, 0.5), None, 0.0, 2).tolist() == [[1, 3, 0, 2]] * 2
    rules = RankingFeedback(IndependentShifts(3), information="bandit", proposals=4, temperature=0.0, horizon=4)
    batch: Batch[Any] = Batch(rules, 3, autoreset=False)
    batch.reset(0)
    result = batch.step((np.array([[2, 0, 0, 1]] * 3),))
    for lane in range(3):
        utility = result.scoring["utility"][lane]
        expected = sorted([0, 0, 1, 2], key=lambda a, u=utility: (-u[a], a))  # type: ignore[misc]
        assert result.observations[0]["ranking"][lane].tolist() == expected


def test_bandit_averages_are_over_the_rounds_that_proposed_an_action() -> None:
    """Section 3a, AvgUtil Rank: u_empirical(a) = sum_s u^s(a) #o^s(a) / sum_s #o^s(a), by fractions from scratch."""
    rules = RankingFeedback(IndependentShifts(4), "average", "bandit", 3, 0.0, 12)
    batch: Batch[Any] = Batch(rules, 2, autoreset=False)
    batch.reset(5)
    chooser = np.random.default_rng(0)
    total = [[Fraction(0)] * 4 for _ in range(2)]
    count = [[0] * 4 for _ in range(2)]
    for _ in range(12):
        proposals = chooser.integers(0, 4, (2, 3))
        result = batch.step((proposals,))
        for lane in range(2):
            for action in proposals[lane]:
                total[lane][action] += Fraction(float(result.scoring["utility"][lane, action]))
                count[lane][action] += 1
            mean = [t / max(c, 1) for t, c in zip(total[lane], count[lane], strict=True)]
            expected = sorted(proposals[lane].tolist(), key=lambda a, m=mean: (-m[a], a))  # type: ignore[misc]
            assert result.observations[0]["ranking"][lane].tolist() == expected


def test_full_information_averages_are_over_all_rounds() -> None:
    """Section 3a, AvgUtil Rank with full information."""
    trace = palaestra.run("RankingBandit-v0", "Uniform", range(2), horizon=9, options={"feedback": "average"})
    rules = palaestra.rules("RankingBandit-v0", feedback="average", temperature=0.0, horizon=9)
    batch: Batch[Any] = Batch(rules, 2, autoreset=False)
    batch.reset([0, 1])
    for step in range(9):
        result = batch.step((np.full((2, 10), 0.1),))
        mean = trace.scoring["utility"][: step + 1].mean(0)
        for lane in range(2):
            order = result.observations[0]["ranking"][lane]
            assert (np.diff(mean[lane][order]) <= 1e-15).all()


def test_the_reward_is_the_expected_utility_of_the_normalised_strategy() -> None:
    rules = palaestra.rules("RankingBandit-v0", horizon=3)
    batch: Batch[Any] = Batch(rules, 2, autoreset=False)
    batch.reset(0)
    weights = np.zeros((2, 10))
    weights[0, 3], weights[0, 4] = 0.5, 0.25
    result = batch.step((weights,))
    utility = result.scoring["utility"]
    assert result.rewards[0][0] == pytest.approx((2 * utility[0, 3] + utility[0, 4]) / 3)
    assert result.rewards[0][1] == pytest.approx(utility[1].mean())


def test_a_learner_never_sees_the_reward_or_the_utilities() -> None:
    seen: list[Any] = []

    class Spy:
        def reset(self, task: Any, lanes: int, seed: Any) -> None:
            assert "utility" not in task.public

        def act(self, observation: Any) -> Any:
            return np.full((2, 10), 0.1)

        def learn(self, transition: Any) -> None:
            seen.append((transition.reward, set(transition.next_observation)))

    palaestra.run("RankingBandit-v0", Spy(), range(2), horizon=3)
    assert seen == [(None, {"ranking"})] * 3


@pytest.mark.parametrize(
    ("option", "value"),
    [
        ("feedback", "ordinal"),
        ("information", "partial"),
        ("proposals", 1),
        ("temperature", -0.1),
        ("temperature", float("nan")),
        ("horizon", 0),
        ("q", 1.5),
        ("actions", 1),
        ("noise", "cauchy"),
        ("spread", 0.0),
        ("instance", 3),
        ("utility", "walc"),
    ],
)
def test_a_bad_option_is_named_with_its_value(option: str, value: Any) -> None:
    chosen: dict[str, Any] = {"information": "bandit"} if option == "proposals" else {}
    chosen |= {"utility": "iid"} if option in ("noise", "spread") else {}
    chosen |= {"utility": "theorem_4_4"} if option == "instance" else {}
    with pytest.raises(PalaestraError, match=r"walc" if option == "utility" else f"{option}={value!r}"):
        palaestra.rules("RankingBandit-v0", **chosen, **{option: value})


@pytest.mark.parametrize("information", ["full", "bandit"])
def test_gymnasium_and_stable_baselines3_accept_it(information: str) -> None:
    torch, sb3 = pytest.importorskip("torch"), pytest.importorskip("stable_baselines3")
    torch.set_num_threads(1)  # a network this small spends longer sharing work than working
    from stable_baselines3.common.env_checker import check_env as check_for_sb3

    check_env(palaestra.make("RankingBandit-v0", information=information, horizon=20), skip_render_check=True)
    check_for_sb3(palaestra.make("RankingBandit-v0", information=information, horizon=20), warn=False)
    env = palaestra.make("RankingBandit-v0", information=information, actions=4, horizon=50)
    model = sb3.PPO("MultiInputPolicy", env, n_steps=64, batch_size=32, n_epochs=2, seed=0, device="cpu")
    before = [p.detach().clone() for p in model.policy.parameters()]
    model.learn(320)
    assert model.num_timesteps >= 320
    assert any((p != q).any() for p, q in zip(model.policy.parameters(), before, strict=True))
    trace = palaestra.run(
        "RankingBandit-v0", model, range(2), horizon=50, options={"information": information, "actions": 4}
    )
    assert np.isfinite(palaestra.evaluate(trace)["external_regret"]).all()
