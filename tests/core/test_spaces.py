"""Checking a batch of actions: legal is exactly what Gymnasium's own space says, lane by lane."""

from typing import Any

import numpy as np
import pytest
from gymnasium import spaces
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays_of
from palaestra.core.arrays import backend, to_numpy
from palaestra.core.errors import IllegalAction, PalaestraError
from palaestra.core.spaces import ActionCheck, cast, lane_of

SPACES: list[Any] = [
    spaces.Discrete(3),
    spaces.Discrete(4, start=-2),
    spaces.MultiDiscrete([2, 5, 3]),
    spaces.MultiDiscrete(np.array([[2, 2], [2, 2]])),
    spaces.Box(0.0, 1.0, (2,), np.float64),
    spaces.Box(np.array([0.0, -1.0]), np.array([1.0, 3.0]), dtype=np.float64),
    spaces.Box(-np.inf, np.inf, (2,), np.float64),
    spaces.Box(0.0, np.inf, (), np.float64),
]
LANES = st.sampled_from([1, 2, 5, 40])


def _lanes_legal(space: Any, batch: Any) -> bool:
    if isinstance(space, spaces.Discrete):
        return all(space.contains(np.int64(value)) for value in batch)
    return all(space.contains(np.array(value, space.dtype)) for value in batch)


@pytest.mark.parametrize("name", ["numpy", "torch"])
@pytest.mark.parametrize("space", SPACES, ids=str)
def test_a_batch_is_legal_exactly_where_every_lane_is_in_the_space(space: Any, name: str) -> None:
    check = ActionCheck(space, "player_0", backend(name))
    real = isinstance(space, spaces.Box)
    elements: Any = (
        st.floats(-4, 4) | st.sampled_from([np.nan, np.inf, -np.inf, 0.0, 1.0]) if real else st.integers(-4, 6)
    )
    seen = {True: 0, False: 0}

    @given(st.data(), LANES)
    def agrees(data: Any, lanes: int) -> None:
        shape = (lanes, *(space.shape or ()))
        inside = np.stack([np.asarray(space.sample()) for _ in range(lanes)]).reshape(shape)
        batch = inside.astype(np.float64 if real else np.int64)
        if data.draw(st.booleans()):
            lane = data.draw(st.integers(0, lanes - 1))
            batch[lane] = data.draw(arrays_of.arrays(batch.dtype, shape[1:], elements=elements))
        legal = _lanes_legal(space, batch)
        seen[legal] += 1
        if legal:
            assert np.array_equal(to_numpy(check(batch, lanes)), batch)
        else:
            with pytest.raises(IllegalAction, match="player_0, lane"):
                check(batch, lanes)

    agrees()
    assert seen[True]
    assert seen[False]


@pytest.mark.parametrize("name", ["numpy", "torch"])
def test_what_comes_back_is_int64_or_float64_whatever_was_given(name: str) -> None:
    where = backend(name)
    discrete = ActionCheck(spaces.Discrete(2), "player_0", where)
    box = ActionCheck(spaces.Box(0.0, 1.0, (1,), np.float32), "player_0", where)
    for given_actions in ([0, 1], np.array([0, 1], np.uint8), np.array([False, True]), (0, 1)):
        assert to_numpy(discrete(given_actions, 2)).dtype == np.int64
    for given_box in ([[0], [1]], [[0.5], [1.0]], np.array([[0.5], [1.0]], np.float32)):
        assert to_numpy(box(given_box, 2)).dtype == np.float64


@pytest.mark.parametrize(
    ("action", "told"),
    [
        (np.array([0.0, 1.0]), "int64, not"),
        (np.array(["a", "b"]), "player_0"),
        (np.array([None, 1], object), "player_0"),
        ([0], "shape"),
        ([[0], [1]], "shape"),
        (0, "shape"),
        ([[0, 1], [1]], "player_0"),
        ({"play": [0, 1]}, "player_0"),
        (None, "player_0"),
        ("01", "player_0"),
    ],
)
@pytest.mark.parametrize("name", ["numpy", "torch"])
def test_what_is_no_batch_of_actions_is_refused_with_the_players_name(action: Any, told: str, name: str) -> None:
    with pytest.raises(IllegalAction, match=told):
        ActionCheck(spaces.Discrete(2), "player_0", backend(name))(action, 2)


def test_a_dict_needs_exactly_its_keys() -> None:
    check = ActionCheck(spaces.Dict({"a": spaces.Discrete(2), "b": spaces.Discrete(2)}), "player_1", backend())
    assert check({"b": [1], "a": [0]}, 1).keys() == {"a", "b"}
    for wrong in ({"a": [0]}, {"a": [0], "b": [0], "c": [0]}, [0], {1: [0], "a": [0]}):
        with pytest.raises(IllegalAction, match=r"keys \['a', 'b'\]"):
            check(wrong, 1)
    with pytest.raises(IllegalAction, match=r"player_1\['b'\], lane 0: the action 7"):
        check({"a": [0], "b": [7]}, 1)


def test_a_space_of_another_kind_is_refused_when_the_game_is_made() -> None:
    with pytest.raises(PalaestraError, match="Text"):
        ActionCheck(spaces.Text(5), "player_0", backend())


def test_a_lane_is_an_element_of_its_space_and_a_copy() -> None:
    space = spaces.Dict({"n": spaces.Discrete(3), "x": spaces.Box(0, 1, (2,), np.float32)})
    batch = {"n": np.array([0, 2]), "x": np.array([[0.1, 0.2], [0.3, 0.4]])}
    lane = lane_of(batch, 1, space)
    assert space.contains(lane)
    lane["x"][:] = 0
    assert batch["x"][1, 0] == 0.3
    again = cast(batch, space)
    again["n"][:] = 9
    assert batch["n"].tolist() == [0, 2]
