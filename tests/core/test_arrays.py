"""Sums whose order never depends on the number of lanes (DESIGN, promise 2), and the backends."""

from fractions import Fraction
from math import fsum
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays_of
from palaestra.core.arrays import Backend, backend, ordered_sum, stack, to_numpy
from palaestra.core.errors import PalaestraError

FLOATS = st.floats(-1e6, 1e6, allow_nan=False, width=64)
SHAPES = st.tuples(st.integers(1, 7), st.integers(1, 40), st.integers(1, 4))
BATCHES = SHAPES.flatmap(lambda shape: arrays_of.arrays(np.float64, shape, elements=FLOATS))


def _by_hand(values: list[Any]) -> Any:
    """The order of the docstring in Python's own floats: by halves above 8 terms, left to right up to 8."""
    while len(values) > 8:
        half = (len(values) + 1) // 2
        values = [
            value + values[half + k] if half + k < len(values) else value + 0 for k, value in enumerate(values[:half])
        ]
    total = values[0]
    for value in values[1:]:
        total = total + value
    return total + 0 if len(values) == 1 else total


@given(BATCHES)
def test_a_lane_alone_sums_to_the_same_bits_as_in_a_batch(batch: Any) -> None:
    whole = ordered_sum(batch, 1)
    for lane in range(len(batch)):
        assert (ordered_sum(batch[lane : lane + 1], 1)[0] == whole[lane]).all()


@given(BATCHES)
def test_memory_layout_does_not_change_a_bit(batch: Any) -> None:
    expected = ordered_sum(batch, 1)
    turned = np.ascontiguousarray(batch.transpose(2, 1, 0)).transpose(2, 1, 0)
    padded = np.zeros((len(batch) * 2, batch.shape[1] * 3, batch.shape[2]))
    padded[::2, 1::3] = batch
    for other in (np.asfortranarray(batch), turned, padded[::2, 1::3], np.flip(np.flip(batch, 1).copy(), 1)):
        assert (ordered_sum(other, 1) == expected).all()
    assert (ordered_sum(np.moveaxis(batch, 1, 0), 0) == expected).all()
    assert (ordered_sum(np.moveaxis(batch, 1, -1)) == expected).all()


@given(BATCHES)
def test_the_order_is_the_one_that_is_documented(batch: Any) -> None:
    total = ordered_sum(batch, 1)
    for lane in range(batch.shape[0]):
        for column in range(batch.shape[2]):
            assert total[lane, column] == _by_hand([float(value) for value in batch[lane, :, column]])


@given(BATCHES)
def test_it_is_the_sum(batch: Any) -> None:
    """Within (terms - 1) roundings of the exactly rounded sum (Higham, Accuracy and Stability, 4.2)."""
    total = ordered_sum(batch, 1)
    for lane in range(batch.shape[0]):
        for column in range(batch.shape[2]):
            terms = [float(value) for value in batch[lane, :, column]]
            room = len(terms) * 2.0**-52 * fsum(map(abs, terms))
            assert abs(total[lane, column] - fsum(terms)) <= room


@given(BATCHES)
@settings(max_examples=40)
def test_torch_sums_to_the_same_bits(batch: Any) -> None:
    torch = pytest.importorskip("torch")
    for axis in range(3):
        assert (ordered_sum(torch.asarray(batch), axis).numpy() == ordered_sum(batch, axis)).all()


@given(st.lists(st.fractions(max_denominator=50), min_size=1, max_size=30))
def test_fractions_are_added_exactly(values: list[Fraction]) -> None:
    array = np.array([values, values[::-1]], dtype=object)
    assert list(ordered_sum(array, 1)) == [sum(values, Fraction(0))] * 2


def test_it_neither_writes_into_nor_returns_a_view_of_what_it_is_given() -> None:
    for count in (1, 5, 20):
        values = np.ones((3, count))
        ordered_sum(values, 1)[:] = 7
        assert (values == 1).all()


def test_an_empty_axis_sums_to_zero_and_integers_stay_integers() -> None:
    assert (ordered_sum(np.zeros((3, 0)), 1) == np.zeros(3)).all()
    assert ordered_sum(np.ones((2, 11), np.int64), 1).dtype == np.int64


def test_numpys_own_sum_would_not_do() -> None:
    """Why all this: for some batch numpy's sum of a lane differs in its last bits between memory layouts."""
    numbers = np.random.default_rng(0).uniform(-1, 1, (64, 200))
    assert (numbers.sum(1) != np.asfortranarray(numbers).sum(1)).any()


def test_stack_puts_the_players_on_axis_one_on_both_backends() -> None:
    parts = [np.arange(6.0).reshape(3, 2) + 10 * k for k in range(4)]
    expected = np.stack(parts, axis=1)
    assert (stack(parts, backend()) == expected).all()
    torch = backend("torch")
    assert (stack([torch.asarray(part) for part in parts], torch).numpy() == expected).all()


@pytest.mark.parametrize("name", ["numpy", "torch"])
def test_both_backends_make_the_same_arrays(name: str) -> None:
    where = backend(name)
    assert to_numpy(where.zeros((2, 3))).dtype == np.float64
    assert to_numpy(where.full((2,), 1, "bool")).tolist() == [True, True]
    assert to_numpy(where.arange(3)).dtype == np.int64
    assert to_numpy(where.asarray([[0.1, 2], [3, 4]])).dtype == np.float64
    assert to_numpy({"a": where.asarray([1, 2], "int64")})["a"].tolist() == [1, 2]


def test_a_backend_travels_by_name() -> None:
    import pickle

    for where in (backend(), backend("torch")):
        assert pickle.loads(pickle.dumps(where)) == where
        assert isinstance(where, Backend)


@pytest.mark.parametrize(("name", "device", "told"), [("jax", "cpu", "'numpy', 'torch'"), ("numpy", "cuda", "torch")])
def test_a_backend_that_does_not_exist_is_refused(name: str, device: str, told: str) -> None:
    with pytest.raises(PalaestraError, match=told):
        backend(name, device)
