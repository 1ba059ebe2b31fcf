"""The rules of the mediated game: what binds, who is punished, who is paid."""

from collections import Counter
from fractions import Fraction
from itertools import product
from typing import Any

import numpy as np
import palaestra
import pytest
from palaestra.core.arrays import ordered_sum
from palaestra.core.errors import IllegalAction, PalaestraError, ReplayMismatch

THREE: dict[str, Any] = {"game": "random_normal_form", "players": 3, "actions": 3}


def random_actions(rules: Any, lanes: Any, rng: Any, accept: Any = None) -> Any:
    """Legal actions of every seat; `accept` fixes the answers of the players."""
    n, counts = len(rules.action_spaces) - 1, [int(space["play"].n) for space in rules.action_spaces[:-1]]
    actions = [{"accept": rng.integers(0, 2, lanes), "play": rng.integers(0, count, lanes)} for count in counts]
    bound = rules.action_spaces[n]["transfers"].high[0]
    offer = {"profile": np.stack([rng.integers(0, count, lanes) for count in counts], axis=1)}
    offer["transfers"] = rng.uniform(-bound, bound, (lanes, n))
    offer["punishments"] = rng.uniform(0, 1, (lanes, *rules.action_spaces[n]["punishments"].shape))
    actions.append(offer)
    if accept is not None:
        for action, answer in zip(actions[:-1], accept, strict=True):
            action["accept"] = np.full(lanes, answer)
    return tuple(actions)


def one_round(accept: Any, options: Any = THREE, lanes: Any = 40, seed: Any = 0) -> Any:
    """The batch after a round of random offers and plays under the given answers, with what was done in it."""
    batch = palaestra.make_batch("MediatedGame-v0", lanes, autoreset=False, **options)
    batch.reset(seed)
    rng = np.random.default_rng(seed)
    steps, actions = [], []
    for _ in range(3):
        actions.append(random_actions(batch.rules, lanes, rng, accept))
        steps.append(batch.step(actions[-1]))
    return batch, actions, steps


def base_payoffs(batch: Any, play: Any) -> Any:
    tensor = batch.rules.instance(batch.state).normal_form().payoffs
    lane = np.arange(len(play)) % len(tensor)
    return np.stack([tensor[(lane, i, *play.T)] for i in range(play.shape[1])], axis=1)


@pytest.mark.parametrize("accept", list(product((0, 1), repeat=3)))
def test_the_players_rewards_add_up_to_the_base_welfare_which_is_the_mediators(accept: Any) -> None:
    """Transfers sheet 1b, M-SETE: sum tau = 0, whatever was offered and answered."""
    batch, _, steps = one_round(accept)
    welfare = base_payoffs(batch, batch.state.last_play).sum(1)
    assert np.abs(sum(steps[2].rewards[:3]) - welfare).max() <= 1e-12
    assert np.abs(steps[2].rewards[3] - welfare).max() <= 1e-12
    for early in steps[:2]:
        assert all((reward == 0).all() for reward in early.rewards)


@pytest.mark.parametrize("max_transfer", [None, 0.0, 1e-3, 1e6, 0.1])
def test_payments_that_bind_add_up_to_exactly_zero(max_transfer: Any) -> None:
    """Transfers sheet 1b, M-SETE: sum tau = 0, here in rational arithmetic over the floats themselves."""
    batch, actions, steps = one_round((1, 1, 1), {**THREE, "max_transfer": max_transfer}, lanes=200)
    offered = steps[0].observations[0]["transfers"]
    for lane in range(200):
        assert sum(map(Fraction, offered[lane].tolist())) == 0
    announced = actions[0][3]["transfers"]
    bound = batch.rules.action_spaces[3]["transfers"].high[0]
    centred = announced - announced.mean(axis=1, keepdims=True)
    assert np.abs(offered - centred).max() <= 4e-12 * bound


def test_when_all_accept_the_profile_is_played_and_the_payments_are_made() -> None:
    batch, actions, steps = one_round((1, 1, 1))
    profile = actions[0][3]["profile"]
    assert (batch.state.last_play == profile).all()
    earned = base_payoffs(batch, profile) + steps[0].observations[0]["transfers"]
    assert (np.stack(steps[2].rewards[:3], axis=1) == earned).all()


@pytest.mark.parametrize("accept", [(0, 1, 1), (1, 0, 1), (1, 1, 0), (0, 0, 1), (1, 0, 0), (0, 0, 0)])
def test_rejectors_play_freely_and_nobody_is_paid(accept: Any) -> None:
    """Where all reject, this is the base game itself: the mediator changes nothing."""
    batch, actions, steps = one_round(accept)
    for i in np.flatnonzero(np.array(accept) == 0):
        assert (batch.state.last_play[:, i] == actions[2][i]["play"]).all()
    assert (np.stack(steps[2].rewards[:3], axis=1) == base_payoffs(batch, batch.state.last_play)).all()


def test_acceptors_play_the_punishment_of_the_first_rejector() -> None:
    lanes, rng = 60, np.random.default_rng(1)
    batch = palaestra.make_batch("MediatedGame-v0", lanes, autoreset=False, game=np.zeros((3, 2, 3, 2)).tolist())
    others = [[p for p in product(*(range(c) for j, c in enumerate((2, 3, 2)) if j != i))] for i in range(3)]
    for accept in product((0, 1), repeat=3):
        if all(accept):
            continue
        batch.reset(0)
        chosen = np.stack([rng.integers(0, len(own), lanes) for own in others], axis=1)
        offer = random_actions(batch.rules, lanes, rng, accept)
        offer[3]["punishments"] = np.zeros((lanes, 3, 6))
        np.put_along_axis(offer[3]["punishments"], chosen[:, :, None], 0.7, axis=2)
        for _ in range(3):
            batch.step(offer)
        first = accept.index(0)
        for lane in range(lanes):
            named = list(others[first][chosen[lane, first]])
            named.insert(first, None)
            for i in range(3):
                free = offer[i]["play"][lane]
                assert batch.state.last_play[lane, i] == (named[i] if accept[i] else free)


def test_a_correlated_punishment_is_drawn_with_its_probabilities() -> None:
    """20,000 lanes: each cell's count within 5 standard deviations of its mean."""
    lanes, law = 20_000, np.array([0.5, 0.0, 0.0, 0.3, 0.2, 0.0])
    batch = palaestra.make_batch("MediatedGame-v0", lanes, autoreset=False, game=np.zeros((3, 2, 3, 2)).tolist())
    batch.reset(0)
    rules: Any = batch.rules
    accept = (0, 1, 1)
    actions = [{"accept": np.full(lanes, answer), "play": np.zeros(lanes, np.int64)} for answer in accept]
    punishments = np.tile(law * 0.4, (lanes, 3, 1))
    offer = {"profile": np.zeros((lanes, 3), int), "transfers": np.zeros((lanes, 3)), "punishments": punishments}
    for _ in range(3):
        batch.step((*actions, offer))
    assert rules.action_spaces[3]["punishments"].shape == (3, 6)
    counts = Counter(map(tuple, batch.state.last_play[:, 1:].tolist()))
    for k, profile in enumerate(product(range(3), range(2))):
        spread = np.sqrt(lanes * law[k] * (1 - law[k]))
        assert abs(counts[profile] - lanes * law[k]) <= 5 * spread


def test_the_least_weights_that_count_are_drawn_with_equal_chance() -> None:
    """Two joint actions of one part (2**-44) each: within 5 standard deviations of a half over 2,000 lanes."""
    lanes = 2000
    batch = palaestra.make_batch("MediatedGame-v0", lanes, autoreset=False, game="prisoners_dilemma")
    batch.reset(0)
    actions = [{"accept": np.full(lanes, answer), "play": np.zeros(lanes, np.int64)} for answer in (0, 1)]
    offer = {"profile": np.zeros((lanes, 2), int), "transfers": np.zeros((lanes, 2))}
    for _ in range(3):
        batch.step((*actions, offer | {"punishments": np.full((lanes, 2, 2), 2.0**-44)}))
    assert abs(batch.state.last_play[:, 1].sum() - lanes / 2) <= 5 * np.sqrt(lanes) / 2


def test_an_empty_punishment_is_uniform_and_padding_never_binds() -> None:
    batch = palaestra.make_batch("MediatedGame-v0", 1, game=np.zeros((3, 2, 3, 2)).tolist())
    batch.reset(0)
    offer = random_actions(batch.rules, 1, np.random.default_rng(0))
    offer[3]["punishments"] = np.zeros((1, 3, 6))
    offer[3]["punishments"][0, 1, 4:] = 1.0  # beyond the four joint actions of the others of player_1
    seen = batch.step(offer).observations[0]["punishments"][0]
    assert np.allclose(seen[0], 1 / 6) and np.allclose(seen[2], 1 / 6)
    assert seen[1].tolist() == [0.25] * 4 + [0, 0]


def test_punishments_that_bind_are_distributions() -> None:
    _, actions, steps = one_round((1, 1, 1))
    seen = steps[0].observations[0]["punishments"]
    assert np.abs(seen.sum(-1) - 1).max() <= 1e-15 * 9
    announced = actions[0][3]["punishments"]
    assert np.abs(seen - announced / announced.sum(-1, keepdims=True)).max() <= 1e-12


def test_answers_are_seen_before_play_and_a_new_offer_clears_them() -> None:
    batch, _, steps = one_round((1, 0, 1), {**THREE, "horizon": 6}, lanes=3)
    assert (steps[0].observations[0]["answers"] == 2).all()
    assert (steps[1].observations[3]["answers"] == [1, 0, 1]).all()
    assert (steps[2].observations[1]["answers"] == [1, 0, 1]).all()
    again = batch.step(random_actions(batch.rules, 3, np.random.default_rng(0)))
    assert (again.observations[0]["answers"] == 2).all()
    assert [int(step.observations[0]["stage"][0]) for step in (*steps, again)] == [1, 2, 0, 1]


def test_a_tampered_reward_does_not_replay() -> None:
    trace: Any = palaestra.run("MediatedGame-v0", "Uniform", range(5), options={**THREE, "horizon": 6})
    again: Any = palaestra.replay(trace.bare())
    assert all((mine == theirs).all() for mine, theirs in zip(again.rewards, trace.rewards, strict=True))
    trace.rewards[1][5, 3] += 1e-9
    with pytest.raises(ReplayMismatch, match="player_1, lane 3, step 5"):
        palaestra.replay(trace)


def test_a_trace_on_disk_replays_to_the_bit(tmp_path: Any) -> None:
    trace: Any = palaestra.run("MediatedGame-v0", "Uniform", range(5), options={**THREE, "horizon": 6})
    loaded = palaestra.load_trace(trace.save(tmp_path / "trace.parquet"))
    for name, values in palaestra.evaluate(loaded).items():
        assert (values == palaestra.evaluate(trace)[name]).all()


def test_welfare_counts_the_players_and_not_the_mediator() -> None:
    trace: Any = palaestra.run("MediatedGame-v0", "Uniform", range(9), options={**THREE, "horizon": 6})
    earned = ordered_sum(np.stack(trace.rewards[:3]), 0).sum(0) / 2
    assert np.allclose(palaestra.evaluate(trace, ["welfare"])["welfare"], earned, atol=1e-12)
    assert np.allclose(trace.rewards[3].sum(0) / 2, earned, atol=1e-12)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"horizon": 4}, "three steps"),
        ({"horizon": 0}, "three steps"),
        ({"max_transfer": -1.0}, "from 0"),
        ({"max_transfer": float("inf")}, "from 0"),
        ({"game": "random_polymatrix", "players": 11, "actions": 4}, "4194304 pure profiles"),
        ({"game": "no such game"}, "There is no game"),
    ],
)
def test_wrong_options_are_refused(options: Any, words: Any) -> None:
    with pytest.raises(PalaestraError, match=words):
        palaestra.rules("MediatedGame-v0", **options)


@pytest.mark.parametrize(
    ("key", "value"), [("punishments", -0.1), ("punishments", float("nan")), ("transfers", 1e9), ("profile", 3)]
)
def test_an_offer_outside_its_space_is_refused(key: Any, value: Any) -> None:
    batch = palaestra.make_batch("MediatedGame-v0", 2, **THREE)
    batch.reset(0)
    actions = random_actions(batch.rules, 2, np.random.default_rng(0))
    actions[3][key][(1,) + (0,) * (actions[3][key].ndim - 1)] = value
    with pytest.raises(IllegalAction, match=r"mediator_0.*lane 1"):
        batch.step(actions)
