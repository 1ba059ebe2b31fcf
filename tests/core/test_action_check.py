"""Actions are checked in one pass over a batch and in one go for a lane: both must say what the space itself says."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from gymnasium import spaces
from hypothesis import given, settings
from hypothesis import strategies as st
from palaestra.core.arrays import backend
from palaestra.core.errors import IllegalAction
from palaestra.core.spaces import ActionCheck, LaneReader, lane_of

SPACES: dict[str, Any] = {
    "amounts from 0": spaces.Box(0.0, 1.5, (2,), np.float64),
    "amounts without end": spaces.Box(0.0, np.inf, (2,), np.float64),
    "amounts around 0": spaces.Box(-1.0, 1.0, (3,), np.float64),
    "amounts of unequal bounds": spaces.Box(np.array([0.0, -1.0]), np.array([1.0, 2.0]), dtype=np.float64),
    "one of three": spaces.Discrete(3),
    "one of three from -1": spaces.Discrete(3, start=-1),
    "several alike": spaces.MultiDiscrete([3, 3]),
    "several": spaces.MultiDiscrete([3, 2]),
}
FLOATS = [-0.0, 0.0, 5e-324, 1.0, 1.5, 1.5000000000000002, -5e-324, -1.0, 2.0, np.inf, -np.inf, np.nan, -np.nan]
INTEGERS = [0, 1, 2, 3, -1, -2, 2**40, -(2**63), 2**63 - 1]


def kind(space: Any) -> Any:
    return np.float64 if isinstance(space, spaces.Box) else np.int64


def is_legal(space: Any, value: Any) -> bool:
    """By the definition of the space, one number at a time."""
    if isinstance(space, spaces.Discrete):
        return bool(space.start <= value < space.start + space.n)
    pairs = (
        zip(space.low, space.high, strict=True) if isinstance(space, spaces.Box) else ((0, n - 1) for n in space.nvec)
    )
    return all(low <= number <= high for (low, high), number in zip(pairs, value, strict=True))


@pytest.mark.parametrize("name", SPACES)
@settings(max_examples=30, deadline=None)
@given(data=st.data())
def test_a_batch_is_legal_exactly_if_every_lane_is(name: str, data: st.DataObject) -> None:
    space = SPACES[name]
    lanes = data.draw(st.sampled_from([1, 2, 9, 40]))
    numbers = st.sampled_from(FLOATS if isinstance(space, spaces.Box) else INTEGERS)
    action = np.full((lanes, *space.shape), 1, kind(space))
    lane = data.draw(st.integers(0, lanes - 1))
    action[lane] = data.draw(numbers) if not space.shape else [data.draw(numbers) for _ in range(space.shape[0])]
    for where in (backend(), backend("torch")):
        check = ActionCheck(space, "player_0", where)
        if is_legal(space, action[lane]):
            assert (np.asarray(check(where.asarray(action), lanes)) == action).all()
        else:
            with pytest.raises(IllegalAction, match=f"lane {lane}:"):
                check(where.asarray(action), lanes)


@pytest.mark.parametrize("name", SPACES)
def test_one_lanes_action_is_judged_as_a_batch_of_one(name: str) -> None:
    space = SPACES[name]
    check = ActionCheck(space, "player_0", backend())
    for number in FLOATS if isinstance(space, spaces.Box) else INTEGERS:
        for action in (
            np.full(space.shape, number, kind(space))[()],
            np.full(space.shape, number, kind(space)).tolist(),
        ):
            if is_legal(space, np.full(space.shape, number, kind(space))):
                batch = check.one(action)
                assert batch.shape == (1, *space.shape) and batch.dtype == kind(space) and (batch == number).all()
            else:
                with pytest.raises(IllegalAction, match="lane 0:"):
                    check.one(action)


@pytest.mark.parametrize("wrong", ["left", None, [[1], [1, 2]], 1.0, np.nan, np.array([1]), {"play": 1}])
def test_what_is_no_integer_is_no_discrete_action(wrong: Any) -> None:
    with pytest.raises(IllegalAction, match="player_0"):
        ActionCheck(spaces.Discrete(3), "player_0", backend()).one(wrong)


def test_a_dict_needs_its_keys_and_names_the_part_that_is_wrong() -> None:
    check = ActionCheck(spaces.Dict({"play": spaces.Discrete(3)}), "player_1", backend())
    assert check.one({"play": np.int32(2)})["play"].dtype == np.int64
    with pytest.raises(IllegalAction, match=r"player_1\['play'\], lane 0: the action 3"):
        check.one({"play": 3})
    with pytest.raises(IllegalAction, match=r"keys \['play'\], not \['plays'\]"):
        check.one({"plays": 1})


def test_the_reader_of_one_lane_gives_fresh_values_in_the_dtype_of_the_space() -> None:
    space = spaces.Dict(
        {
            "stage": spaces.Discrete(2),
            "amounts": spaces.Box(0.0, 1.0, (2, 2), np.float32),
            "last": spaces.MultiDiscrete([3, 3]),
        }
    )
    batch = {"stage": np.array([1]), "amounts": np.full((1, 2, 2), 0.5), "last": np.array([[2, 0]])}
    seen = LaneReader(space)(batch)
    assert space.contains(seen)
    other = lane_of(batch, 0, space)
    assert all(type(seen[key]) is type(other[key]) and (seen[key] == other[key]).all() for key in batch)
    seen["last"][:] = 9
    assert (batch["last"] == [[2, 0]]).all()
