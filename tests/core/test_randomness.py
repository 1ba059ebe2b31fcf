"""Counter-based randomness: uniform, independent over every coordinate, equal on numpy and torch.

The statistical tests are deterministic (the seeds are fixed). Each rejects a good generator with probability 1e-4 at
most, and every one of them is shown to reject a bad one.
"""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from palaestra.core.arrays import backend
from palaestra.core.errors import PalaestraError
from palaestra.core.randomness import Draw, LaneKeys, as_seeds, derive_seeds, episode_keys, lane_keys
from scipy import stats

NUMPY = backend()
LEVEL = 1e-4
GREATEST = (1 << 256) - 1


def _draw(seeds: Any, step: int = 0, where: Any = NUMPY) -> Draw:
    return Draw(episode_keys(lane_keys(seeds, where), 0), step, where)


COORDINATES: dict[str, Callable[[int], Any]] = {
    "index": lambda n: _draw([5]).bits("x", (n,))[0],
    "lane, consecutive seeds": lambda n: _draw(range(n)).bits("x"),
    "lane, seeds a power of two apart": lambda n: _draw([k << 40 for k in range(n)]).bits("x"),
    "step": lambda n: np.concatenate([_draw([5], step).bits("x") for step in range(n)]),
    "stream": lambda n: np.concatenate([_draw([5]).bits(f"x{k}") for k in range(n)]),
    "episode": lambda n: np.concatenate(
        [Draw(episode_keys(lane_keys([5], NUMPY), k), 0, NUMPY).bits("x") for k in range(n)]
    ),
}
"""Numbers along one coordinate, the others fixed: each must look like independent random bits."""


@pytest.fixture(params=COORDINATES, scope="module")
def bits(request: Any) -> Any:
    few = request.param in ("step", "stream", "episode")
    return COORDINATES[request.param](10_000 if few else 400_000).view(np.uint64)


def _chi_square(values: Any, cells: int) -> float:
    """Two-sided: a sequence that is too even is not random either."""
    counts = np.bincount(values, minlength=cells)
    high = float(stats.chisquare(counts).pvalue)
    return 2 * min(high, 1 - high)


def _bit_balance(values: Any) -> float:
    ones = np.array([int(((values >> np.uint64(k)) & np.uint64(1)).sum()) for k in range(64)])
    z = (2 * ones - len(values)) / np.sqrt(len(values))
    return float(min(1.0, 64 * 2 * stats.norm.sf(np.abs(z).max())))


def _serial_pairs(values: Any) -> float:
    top = (values >> np.uint64(60)).astype(np.int64)
    pairs = top[: len(top) // 2 * 2].reshape(-1, 2)
    return _chi_square(pairs[:, 0] * 16 + pairs[:, 1], 256)


def _neighbours_bits(values: Any) -> float:
    """Each bit against the same bit of the next number (what a weak mixing of a counter fails)."""
    equal = ~(values[1:] ^ values[:-1])
    return _bit_balance(equal)


def _birthdays(values: Any) -> float:
    """Marsaglia's birthday spacings: repeated spacings of m birthdays in a year of 2^24 days are about Poisson."""
    m, year_bits = 512, 24
    groups = (values[: len(values) // m * m] >> np.uint64(64 - year_bits)).reshape(-1, m)
    spacings = np.sort(np.diff(np.sort(groups, axis=1), axis=1), axis=1)
    repeats = int((np.diff(spacings, axis=1) == 0).sum())
    expected = len(groups) * m**3 / 2 ** (year_bits + 2)
    low, high = stats.poisson.cdf(repeats, expected), stats.poisson.sf(repeats - 1, expected)
    return float(min(1.0, 2 * min(low, high)))


STATISTICS = {
    "top byte": lambda values: _chi_square((values >> np.uint64(56)).astype(np.int64), 256),
    "low byte": lambda values: _chi_square((values & np.uint64(255)).astype(np.int64), 256),
    "bit balance": _bit_balance,
    "serial pairs": _serial_pairs,
    "bits of neighbours": _neighbours_bits,
    "birthday spacings": _birthdays,
}


@pytest.mark.parametrize("statistic", STATISTICS)
def test_bits_along_every_coordinate_look_random(bits: Any, statistic: str) -> None:
    assert STATISTICS[statistic](bits) > LEVEL


@pytest.mark.parametrize("statistic", STATISTICS)
def test_each_statistic_rejects_some_bad_generator(statistic: str) -> None:
    count = np.arange(1, 400_001, dtype=np.uint64)
    weyl = count * np.uint64(0x9E3779B97F4A7C15)  # the counter that is not mixed
    halved = (count * count) * np.uint64(0x2545F4914F6CDD1D)  # low bits of squares
    assert min(STATISTICS[statistic](weyl), STATISTICS[statistic](halved)) < LEVEL


@pytest.mark.parametrize(
    ("name", "law"),
    [
        ("uniform", stats.uniform()),
        ("gumbel", stats.gumbel_r()),
        ("exponential", stats.expon()),
        ("normal", stats.norm()),
    ],
)
@pytest.mark.parametrize("along", ["index", "lane"])
def test_floats_follow_their_law(name: str, law: Any, along: str) -> None:
    n = 200_000
    values = getattr(_draw([9]), name)("x", (n,))[0] if along == "index" else getattr(_draw(range(n)), name)("x")
    assert stats.kstest(values, law.cdf).pvalue > LEVEL
    assert stats.pearsonr(values[:-1], values[1:]).pvalue > LEVEL
    assert stats.kstest(values + 0.02, law.cdf).pvalue < LEVEL, "the test can fail"


def test_coordinates_do_not_correlate_with_each_other() -> None:
    """Two streams, two steps, two seeds, two purposes: uncorrelated uniform numbers."""
    n = 100_000
    base = _draw(range(n)).uniform("x")
    others = {
        "stream": _draw(range(n)).uniform("y"),
        "step": _draw(range(n), 1).uniform("x"),
        "seed": _draw(range(1, n + 1)).uniform("x"),
        "purpose": Draw(lane_keys(derive_seeds(range(n), "agent"), NUMPY), 0, NUMPY).uniform("x"),
        "episode": Draw(episode_keys(lane_keys(range(n), NUMPY), 1), 0, NUMPY).uniform("x"),
    }
    for name, other in others.items():
        assert stats.pearsonr(base, other).pvalue > LEVEL, name
        cells = np.floor(base * 16).astype(int) * 16 + np.floor(other * 16).astype(int)
        assert _chi_square(cells, 256) > LEVEL, name


@pytest.mark.parametrize("high", [2, 3, 10, 1000])
def test_integers_are_uniform(high: int) -> None:
    values = _draw(range(100_000)).integers("x", high)
    assert values.min() >= 0
    assert values.max() < high
    assert _chi_square(values, high) > LEVEL


def test_uniform_numbers_stay_inside_the_open_interval(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of the extreme bits too: 0 and 1 never come, so logarithms are finite."""

    def extremes(*_: Any) -> Any:
        return np.array([[0], [-1], [2**63 - 1], [-(2**63)]]).repeat(2, axis=1)

    monkeypatch.setattr("palaestra.core.randomness.threefry", extremes)
    extreme = Draw(LaneKeys(np.zeros(4, np.int64), np.zeros(4, np.int64), NUMPY), 0, NUMPY)
    unit = extreme.uniform("x")
    assert unit.min() == 2.0**-53
    assert unit.max() == 1 - 2.0**-53
    assert np.isfinite(extreme.gumbel("x")).all()
    assert np.isfinite(extreme.exponential("x")).all()
    assert extreme.integers("x", 7).tolist() == [0, 6, 3, 3]


def test_torch_draws_the_same_integers_and_nearly_the_same_floats() -> None:
    torch = backend("torch")
    seeds = (0, 1, 2**63, 2**64 - 1, 2**64, GREATEST, 123456789)
    for step in (0, 1, 10**9):
        ours, theirs = _draw(seeds, step), _draw(seeds, step, torch)
        assert (ours.bits("x", (3, 5)) == theirs.bits("x", (3, 5)).numpy()).all()
        assert (ours.integers("x", 10**6, (50,)) == theirs.integers("x", 10**6, (50,)).numpy()).all()
        assert (ours.uniform("x", (50,), -2.0, 3.0) == theirs.uniform("x", (50,), -2.0, 3.0).numpy()).all()
        for name in ("gumbel", "normal", "exponential"):
            assert np.allclose(getattr(ours, name)("x", (50,)), getattr(theirs, name)("x", (50,)).numpy(), rtol=1e-13)


@given(st.lists(st.integers(0, GREATEST), min_size=1, max_size=9, unique=True), st.integers(0, 9**6), st.integers(1, 9))
def test_a_lanes_numbers_do_not_depend_on_the_batch(seeds: list[int], step: int, count: int) -> None:
    whole = _draw(seeds, step)
    for i, seed in enumerate(seeds):
        alone = _draw([seed], step)
        for name in ("bits", "uniform", "gumbel", "normal", "exponential"):
            assert (getattr(whole, name)("x", (count,))[i] == getattr(alone, name)("x", (count,))[0]).all()


def test_steps_may_differ_between_lanes() -> None:
    keys = lane_keys((3, 4), NUMPY)
    mixed = Draw(keys, np.array([5, 9]), NUMPY).bits("x", (4,))
    assert (mixed[0] == Draw(keys, 5, NUMPY).bits("x", (4,))[0]).all()
    assert (mixed[1] == Draw(keys, 9, NUMPY).bits("x", (4,))[1]).all()


def test_different_seeds_have_different_keys() -> None:
    """Seeds that differ by little, by their upper bits alone or by their purpose alone."""
    seeds = [*range(50_000), *(GREATEST - k for k in range(50_000)), *(1 << k for k in range(16, 256))]
    assert len(set(derive_seeds(seeds, "world"))) == len(seeds)
    assert not set(derive_seeds(range(1000), "a")) & set(derive_seeds(range(1000), "b"))


@pytest.mark.parametrize("bad", [[-1], [1 << 256], [1.5], [True], ["3"], [None]])
def test_seeds_that_are_no_integers_below_2_to_the_256_are_refused_by_name(bad: Any) -> None:
    with pytest.raises(PalaestraError, match="is not allowed"):
        as_seeds(bad)


def test_one_seed_seeds_lane_i_with_s_plus_i_and_a_sequence_seeds_each() -> None:
    assert as_seeds(7, 3) == (7, 8, 9)
    numpys: Any = np.int64(7)
    assert as_seeds(numpys, 2) == (7, 8)
    assert as_seeds((5, 5, 1), 3) == (5, 5, 1)
    with pytest.raises(PalaestraError, match="2 seeds were given for 3 lanes"):
        as_seeds([1, 2], 3)
    with pytest.raises(PalaestraError, match="how many lanes"):
        as_seeds(7)
