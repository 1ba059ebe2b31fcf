"""A replay gives what was played, whether anybody watches or not; numbers drawn ahead are those drawn step by step."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import palaestra
import pytest
from hypothesis import given
from hypothesis import strategies as st
from palaestra.agents import agents
from palaestra.core.arrays import backend
from palaestra.core.errors import IllegalAction, ReplayMismatch
from palaestra.core.randomness import Draw, lane_keys
from palaestra.core.replay import replay
from palaestra.envs import environments

LAWS: dict[str, tuple[Any, ...]] = {
    "bits": ((3,),),
    "uniform": ((2, 2), -1.0, 4.0),
    "gumbel": ((5,),),
    "exponential": ((),),
    "normal": ((7,),),
    "integers": (6, (4,)),
}
GAME = {"game": "prisoners_dilemma", "memory": 2, "horizon": 30}


@given(
    st.lists(st.tuples(st.integers(-1, 200), st.integers(1, 40)), min_size=1, max_size=4),
    st.sampled_from(sorted(LAWS)),
    st.sampled_from([1, 7, 3000]),
    st.sampled_from(["numpy", "torch"]),
)
def test_numbers_drawn_ahead_are_those_of_the_step_alone(
    runs: list[tuple[int, int]], law: str, lanes: int, library: str
) -> None:
    """Whatever steps are asked for, in whatever order, and whatever the caller writes into what it got."""
    where = backend(library)
    keys = lane_keys(range(lanes), where)
    for first, count in runs:
        for step in range(first, first + count):
            ahead = getattr(Draw(keys, step, where), law)("stream", *LAWS[law])
            steps = where.full((lanes,), step, "int64")  # lanes at steps of their own are never drawn ahead
            alone = getattr(Draw(keys, steps, where), law)("stream", *LAWS[law])
            assert (ahead == alone).all()
            ahead[:] = 0


@pytest.mark.parametrize("env_id", sorted(environments))
def test_what_nobody_watches_is_scored_alike(env_id: str) -> None:
    """Rules may leave out what only players would see while recorded actions are replayed."""
    trace = palaestra.run(env_id, "Uniform", range(3))
    short = palaestra.replay(trace)
    for mine, theirs in zip(short.rewards or (), trace.rewards or (), strict=True):
        np.testing.assert_array_equal(mine, theirs)
    assert short.scoring.keys() == trace.scoring.keys()
    for key, values in trace.scoring.items():
        np.testing.assert_array_equal(short.scoring[key], values)


def test_a_partner_that_plays_along_takes_its_own_actions() -> None:
    seats = {"player_0": "Uniform", "player_1": "TitForTat"}
    trace = palaestra.run("RepeatedGame-v0", seats, range(6), options=GAME)
    rules = palaestra.rules("RepeatedGame-v0", **GAME)
    assert replay(rules, trace, partners={1: agents.spec("TitForTat").make()}).lanes == 6
    with pytest.raises(ReplayMismatch, match=r"player_1, lane \d, step \d+: the trace claims the action"):
        replay(rules, trace, partners={1: agents.spec("Grim").make()})


def test_the_first_wrong_reward_is_named_by_step_and_an_illegal_action_too() -> None:
    trace = palaestra.run("RepeatedGame-v0", "Uniform", range(6), options={**GAME, "information": "actions"})
    rewards = [np.array(one) for one in trace.rewards or ()]
    rewards[1][4, 2] += 1e-3
    rewards[0][9, 1] += 1.0
    rules = palaestra.rules("RepeatedGame-v0", **trace.options)
    wrong = replace(trace, rewards=tuple(rewards))
    with pytest.raises(ReplayMismatch, match="player_1, lane 2, step 4"):
        replay(rules, wrong, 1e-9)
    actions = [np.array(one) for one in trace.actions]
    actions[0][6, 3] = 9
    with pytest.raises(IllegalAction, match="Step 6: player_0, lane 3"):
        replay(rules, replace(trace, actions=tuple(actions)))
