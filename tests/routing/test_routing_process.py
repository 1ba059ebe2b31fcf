"""Prompts become features and utilities: hashing, orders of prompts, drift, costs, lanes."""

from __future__ import annotations

import os
import subprocess
import sys
from collections import Counter
from hashlib import blake2b
from typing import Any

import numpy as np
import palaestra
import pytest
from palaestra.core.arrays import backend, to_numpy
from palaestra.core.errors import PalaestraError
from palaestra.core.randomness import Draw, lane_keys
from palaestra.envs.routing.prompt_features import prompt_features
from palaestra.envs.routing.routing_settings import PromptSettings
from palaestra.envs.routing.routing_table import RoutingTable
from palaestra.envs.routing.synthetic_routing_table import synthetic_routing_table
from palaestra.envs.routing.table_utilities import TableUtilities

SYNTHETIC = synthetic_routing_table(rows=120)


def table_of(quality: Any, cost: Any = None, category: Any = None, prompts: Any = None) -> RoutingTable:
    quality = np.array(quality, np.float64)
    n, models = quality.shape
    labels = list(category or [])
    names = tuple(sorted(set(labels)))
    return RoutingTable(
        "by hand",
        tuple(prompts or [f"prompt {i}" for i in range(n)]),
        tuple(f"model {a}" for a in range(models)),
        quality,
        np.zeros_like(quality) if cost is None else np.array(cost, np.float64),
        "total_cost",
        names,
        np.array([names.index(label) for label in labels] or [0] * n),
    )


def orders(process: TableUtilities, horizon: int, seeds: Any = range(50), name: str = "numpy") -> Any:
    """The rows met in every lane, (lanes, horizon)."""
    where = backend(name)
    process.place(where)
    return to_numpy(process.start(Draw(lane_keys(seeds, where), -1, where), horizon).order)


def by_hand(prompt: str, dimension: int) -> list[float]:
    """The features of one prompt, written out from the docstring's three steps."""
    total = [0] * dimension
    for word in set(prompt.lower().split()):
        padded = f"<{word}>"
        for gram in [word] + [padded[j : j + 3] for j in range(len(padded) - 2)]:
            code = int.from_bytes(blake2b(gram.encode(), digest_size=8).digest(), "little")
            total[(code // 2) % dimension] += 1 if code % 2 else -1
    norm = sum(x * x for x in total) ** 0.5
    return [x / norm if norm else 0.0 for x in total]


def test_features_are_the_signed_hashes_of_distinct_words_and_their_trigrams() -> None:
    prompts = ("Solve the equation", "the the THE", "", "a poem of a kind", "Ärger über 東京 snake_case привет x2")
    found = prompt_features(prompts, 8)
    assert np.abs(found - np.array([by_hand(prompt, 8) for prompt in prompts])).max() < 1e-15
    assert found[2].tolist() == [0.0] * 8
    punctuated = prompt_features(("(Solve)\n«the», equation?!",), 8)
    assert (punctuated[0] == found[0]).all()
    assert prompt_features((), 8).shape == (0, 8)


def test_features_have_norm_one_and_ignore_case_order_and_repetition() -> None:
    found = prompt_features(("Sort the list", "list SORT the the sort"), 32)
    assert (found[0] == found[1]).all() and abs((found[0] ** 2).sum() - 1) < 1e-12


def test_features_of_many_prompts_are_those_of_each_alone() -> None:
    prompts = tuple(f"{'word ' * (i % 7)}number {i} of {i * i}" for i in range(20_000))
    whole = prompt_features(prompts, 4)
    assert all((prompt_features((prompts[i],), 4)[0] == whole[i]).all() for i in (0, 1, 7_777, 19_999))


def test_features_do_not_depend_on_the_process() -> None:
    """Python salts its own hash by process; two processes with different salts must agree."""
    code = (
        "from palaestra.envs.routing.prompt_features import prompt_features as f;"
        "print(f(('Which river is longest?', 'sort a list of words in python'), 16).tobytes().hex())"
    )
    runs = [
        subprocess.run(
            [sys.executable, "-c", code],
            capture_output=True,
            text=True,
            check=True,
            env=os.environ | {"PYTHONHASHSEED": s},
        ).stdout
        for s in ("1", "2")
    ]
    assert runs[0] == runs[1]
    here = prompt_features(("Which river is longest?", "sort a list of words in python"), 16)
    assert runs[0].strip() == here.tobytes().hex()


@pytest.mark.parametrize("dimension", [-1, 2.5, True, "many"])
def test_a_dimension_that_is_no_count_is_refused(dimension: Any) -> None:
    with pytest.raises(PalaestraError, match=r"features=.*positive integer"):
        TableUtilities(SYNTHETIC, PromptSettings(features=dimension))


def test_without_replacement_no_prompt_comes_twice_and_every_lane_has_its_own_order() -> None:
    found = orders(TableUtilities(SYNTHETIC), 120)
    assert (np.sort(found, axis=1) == np.arange(120)).all()
    assert len({tuple(row) for row in found}) == 50


def test_every_prompt_is_equally_likely_in_every_round() -> None:
    """Counts of a uniform permutation matrix: 4 / 5 of the statistic is chi-square with 4 x 4 degrees of freedom."""
    found = orders(TableUtilities(table_of(np.eye(5)), PromptSettings(features=0)), 5, range(20_000))
    counts = np.array([np.bincount(found[:, t], minlength=5) for t in range(5)])
    assert 0.8 * ((counts - 4000) ** 2 / 4000).sum() < 58.4  # the 1 - 1e-6 quantile of 16 degrees


def test_a_horizon_longer_than_the_table_meets_prompts_again() -> None:
    found = orders(TableUtilities(table_of(np.eye(4)), PromptSettings(features=0)), 4000, range(20))
    counts = np.bincount(found.ravel(), minlength=4)
    assert ((counts - 20_000) ** 2 / 20_000).sum() < 30.7  # the 1 - 1e-6 quantile of chi-square with 3 degrees


def test_without_replacement_a_longer_horizon_is_refused_with_the_way_out() -> None:
    with pytest.raises(PalaestraError, match=r"horizon=801 .* 800 rows.*replacement=True"):
        palaestra.rules("ModelRouting-v0", horizon=801, replacement=False)


@pytest.mark.parametrize("drift", ["category", "auto"])
def test_drift_by_category_keeps_categories_together_in_an_order_drawn_by_lane(drift: str) -> None:
    found = SYNTHETIC.category[orders(TableUtilities(SYNTHETIC, PromptSettings(drift=drift)), 60)]
    firsts = [tuple(dict.fromkeys(lane.tolist())) for lane in found]
    assert all(len(first) == (lane[1:] != lane[:-1]).sum() + 1 for first, lane in zip(firsts, found, strict=True))
    assert len(set(firsts)) > 10  # of 24 orders of the four categories, in 50 lanes


def test_drift_takes_categories_in_proportion_when_the_episode_is_shorter_than_the_table() -> None:
    found = SYNTHETIC.category[orders(TableUtilities(SYNTHETIC, PromptSettings(drift="category")), 60, range(400))]
    share = np.bincount(found.ravel(), minlength=4) / found.size
    assert np.abs(share - np.bincount(SYNTHETIC.category) / 120).max() < 0.02  # six standard errors are 0.016


@pytest.mark.parametrize("drift", ["length", "auto"])
def test_a_table_without_categories_can_drift_by_the_length_of_prompts(drift: str) -> None:
    prompts = ["x" * (7 * i % 40) for i in range(40)]
    lengths = np.array([len(prompt) for prompt in prompts])
    met = lengths[
        orders(TableUtilities(table_of(np.eye(40), prompts=prompts), PromptSettings(drift=drift, features=0)), 40)
    ]
    assert all(set(block // 10) == {block[0] // 10} for lane in met for block in lane.reshape(4, 10))


def test_drift_by_categories_that_are_not_there_is_refused() -> None:
    with pytest.raises(PalaestraError, match=r"no column of categories.*category=COLUMN.*drift='length'"):
        TableUtilities(table_of(np.eye(3)), PromptSettings(drift="category"))
    with pytest.raises(PalaestraError, match=r"drift='season' is not allowed.*'category'"):
        TableUtilities(SYNTHETIC, PromptSettings(drift="season"))
    with pytest.raises(PalaestraError, match="drift=True does not say by what"):
        PromptSettings(drift=True)


def test_utility_is_quality_minus_weighted_cost_in_units_of_the_greatest_cost() -> None:
    process = TableUtilities(table_of([[1.0, 0.5]], [[8.0, 2.0]]), PromptSettings(cost_weight=0.5, features=0))
    state = orders(process, 3, [1])
    assert state.tolist() == [[0, 0, 0]]
    where = backend()
    begun = process.start(Draw(lane_keys([1], where), -1, where), 3)
    assert process.advance(begun, 0, Draw(lane_keys([1], where), 0, where))[1].tolist() == [[0.5, 0.375]]
    assert process.utility_range == (-0.5, 1.0)
    assert {key: value.tolist() for key, value in process.scoring(begun, 0).items()} == {
        "quality": [[1.0, 0.5]],
        "cost": [[8.0, 2.0]],
        "row": [0],
    }


@pytest.mark.parametrize("weight", [-0.1, float("inf"), float("nan")])
def test_a_cost_weight_that_is_no_weight_is_refused(weight: float) -> None:
    with pytest.raises(PalaestraError, match="cost_weight="):
        PromptSettings(cost_weight=weight)


@pytest.mark.parametrize("options", [{}, {"replacement": True}, {"drift": "category"}])
def test_a_lane_alone_meets_the_prompts_it_meets_in_a_batch_and_torch_agrees(options: dict[str, Any]) -> None:
    process = TableUtilities(SYNTHETIC, PromptSettings(**options))
    whole = orders(process, 50, range(9))
    assert all((orders(process, 50, [seed])[0] == whole[seed]).all() for seed in range(9))
    pytest.importorskip("torch")
    assert (orders(process, 50, range(9), "torch") == whole).all()


def test_the_context_is_of_the_coming_prompt_and_zero_after_the_last() -> None:
    env = palaestra.make("ModelRouting-v0", horizon=5, features=16)
    features, table = prompt_features(synthetic_routing_table().prompts, 16), synthetic_routing_table()
    seen = [env.reset(seed=4)[0]["context"]]
    rows = []
    for _ in range(5):
        observation, _, _, _, info = env.step(np.array([0, 1]))
        seen.append(observation["context"])
        rows.append(int(info["row"]))
        assert (info["quality"] == table.quality[info["row"]]).all()
    assert (np.array(seen[:5]) == features[rows]).all() and not seen[5].any()
    assert Counter(rows).most_common(1)[0][1] == 1


def test_anonymous_models_hide_which_action_is_the_best_and_nothing_else() -> None:
    """The same rows with their columns in an order of the lane's own: every constant is as bad as a random one."""
    plain, hidden = (TableUtilities(SYNTHETIC, PromptSettings(anonymous=anonymous)) for anonymous in (False, True))
    assert "models" in plain.public(3) and "models" not in hidden.public(3)
    where = backend("numpy")
    for process in (plain, hidden):
        process.place(where)
    draw = Draw(lane_keys(range(1200), where), 0, where)
    states = [process.start(draw, 3) for process in (plain, hidden)]
    known, drawn = (one.scoring(state, 1) for one, state in zip((plain, hidden), states, strict=True))
    np.testing.assert_array_equal(known["row"], drawn["row"])
    for key in ("quality", "cost"):
        np.testing.assert_array_equal(np.sort(known[key]), np.sort(drawn[key]))
    utilities = hidden.advance(states[1], 1, draw)[1]
    np.testing.assert_array_equal(utilities, drawn["quality"])  # no weight on cost
    share = np.bincount(utilities.argmax(axis=1), minlength=5) / 1200
    assert (abs(share - 0.2) < 0.05).all()  # 4 standard deviations of a share of 1,200
