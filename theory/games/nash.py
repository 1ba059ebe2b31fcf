"""One Nash equilibrium of a small game, with a certificate of its distance from equilibrium."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations, product
from math import prod

import numpy as np

from ...core.arrays import Array
from .normal_form import NormalFormGame

Supports = tuple[tuple[int, ...], ...]


@dataclass(frozen=True, eq=False)
class Equilibrium:
    """A strategy profile and its distance from equilibrium.

    Attributes:
        strategies: (players, actions), padded with zeros.
        gap: The most that any player gains by its best reply, computed from the strategies (0 in an exact equilibrium).
        method: "pure", "support enumeration" or "regret matching".
    """

    strategies: Array
    gap: float
    method: str


def nash_equilibrium(game: NormalFormGame, most_supports: int = 4096) -> Equilibrium:
    """Find one Nash equilibrium.

    1. Among the pure equilibria, the one of greatest welfare (the first in lexicographic order).
    2. Otherwise supports in the order of Porter, Nudelman and Shoham ("Simple search methods for finding a Nash
       equilibrium", GEB 2008, algorithms 1 and 2), without those that hold a conditionally dominated action. For each,
       Newton's method on the indifference equations (linear, so one step, for two players; for more from the
       barycentre and two fixed points beside it).
    3. Otherwise the average play of regret matching+ (Tammelin 2014), which need not be an equilibrium: `gap` says how
       far from one it is.

    Assumptions: supports can be enumerated (at most `most_supports` are tried). A degenerate support, whose equations
    are singular, may be missed; the search then goes on to others.

    Args:
        game: One game (one lane).
        most_supports: Supports tried before step 3. Cost: each about n^2 contractions of the payoff tensor per step.
    """
    payoffs = np.asarray(game.payoffs[0], np.float64)
    pure = _pure(payoffs)
    if pure is not None:
        return _certified(payoffs, [np.eye(count)[a] for count, a in zip(payoffs.shape[1:], pure, strict=True)], "pure")
    for tried, supports in enumerate(_supports(payoffs.shape[1:], most_supports)):
        if tried >= most_supports:
            break
        if _dominated(payoffs, supports):
            continue
        for start in range(1 if len(supports) == 2 else 3):
            found = _indifferent(payoffs, supports, start)
            if found is not None:
                equilibrium = _certified(payoffs, found, "support enumeration")
                if equilibrium.gap <= 1e-10 * max(1.0, float(np.abs(payoffs).max())):
                    return equilibrium
    return _certified(payoffs, _regret_matching(payoffs), "regret matching")


def _values(payoffs: Array, strategies: list[Array], player: int) -> Array:
    """u_i(a, x_-i) for every action a of `player`."""
    return _contracted(payoffs[player], strategies, (player,))


def _contracted(tensor: Array, strategies: list[Array], keep: tuple[int, ...]) -> Array:
    for k in reversed(range(len(strategies))):
        if k not in keep:
            tensor = np.tensordot(tensor, strategies[k], axes=(k, 0))
    return tensor


def _certified(payoffs: Array, strategies: list[Array], method: str) -> Equilibrium:
    padded = np.zeros((len(strategies), max(payoffs.shape[1:])))
    gap = 0.0
    for i, strategy in enumerate(strategies):
        padded[i, : len(strategy)] = strategy
        values = _values(payoffs, strategies, i)
        gap = max(gap, float(values.max() - values @ strategy))
    return Equilibrium(padded, gap, method)


def _pure(payoffs: Array) -> tuple[int, ...] | None:
    stable = np.ones(payoffs.shape[1:], bool)
    for i in range(payoffs.shape[0]):
        stable &= payoffs[i] >= payoffs[i].max(axis=i, keepdims=True)
    if not stable.any():
        return None
    welfare = np.where(stable, payoffs.sum(axis=0), -np.inf)
    return tuple(int(a) for a in np.unravel_index(int(welfare.argmax()), welfare.shape))


def _supports(counts: tuple[int, ...], most: int) -> Iterator[Supports]:
    """Supports with more than one action somewhere: for two players balanced ones first, for more small ones first."""
    if prod(counts) > most:  # sorting the sizes alone would take too long
        return
    sizes = [size for size in product(*(range(1, count + 1) for count in counts)) if max(size) > 1]
    if len(counts) == 2:
        sizes.sort(key=lambda size: (abs(size[0] - size[1]), sum(size)))
    else:
        sizes.sort(key=lambda size: (sum(size), max(size) - min(size)))
    for size in sizes:
        yield from product(*(combinations(range(count), k) for count, k in zip(counts, size, strict=True)))


def _dominated(payoffs: Array, supports: Supports) -> bool:
    """Whether some supported action earns less than another action against every profile of the others' supports."""
    for i, support in enumerate(supports):
        reach = [range(payoffs.shape[i + 1]) if j == i else other for j, other in enumerate(supports)]
        rows = np.moveaxis(payoffs[i][np.ix_(*reach)], i, 0).reshape(payoffs.shape[i + 1], -1)
        if (rows[:, None] > rows[None, list(support)]).all(axis=2).any():
            return True
    return False


def _indifferent(payoffs: Array, supports: Supports, start: int) -> list[Array] | None:
    """Strategies on the supports at which every supported action of a player earns the same, or None."""
    n, sizes = len(supports), [len(support) for support in supports]
    ends = np.cumsum(sizes)
    small = payoffs[np.ix_(range(n), *supports)]
    noise = np.random.default_rng(start)
    mixed = [np.full(k, 1.0 / k) if start == 0 else noise.dirichlet(np.ones(k)) for k in sizes]
    point = np.concatenate([*mixed, [_contracted(small[i], mixed, ()) for i in range(n)]])
    for _ in range(2 if n == 2 else 25):
        mixed = np.split(point[: ends[-1]], ends[:-1])
        residual, slope = _equations(small, mixed, point[ends[-1] :])
        if not np.isfinite(residual).all() or float(np.abs(point).max()) > 1e6:
            return None
        if float(np.abs(residual).max()) < 1e-13:
            break
        point = point - np.linalg.lstsq(slope, residual, rcond=None)[0]
    mixed = np.split(point[: ends[-1]], ends[:-1])
    if min(float(strategy.min()) for strategy in mixed) < -1e-9:
        return None
    strategies = []
    for strategy, support, count in zip(mixed, supports, payoffs.shape[1:], strict=True):
        whole = np.zeros(count)
        whole[list(support)] = np.maximum(strategy, 0.0)
        strategies.append(whole / whole.sum())
    return strategies


def _equations(small: Array, mixed: list[Array], values: Array) -> tuple[Array, Array]:
    """Residuals u_i(a, x_-i) - v_i and sum x_i - 1, and their derivatives by (x, v)."""
    n, sizes = len(mixed), [len(strategy) for strategy in mixed]
    ends = np.concatenate([[0], np.cumsum(sizes)])
    total = int(ends[-1])
    residual, slope = np.zeros(total + n), np.zeros((total + n, total + n))
    for i in range(n):
        rows = slice(int(ends[i]), int(ends[i + 1]))
        residual[rows] = _contracted(small[i], mixed, (i,)) - values[i]
        residual[total + i] = mixed[i].sum() - 1.0
        slope[rows, total + i] = -1.0
        slope[total + i, rows] = 1.0
        for j in range(n):
            if j != i:
                pair = _contracted(small[i], mixed, (i, j))
                slope[rows, int(ends[j]) : int(ends[j + 1])] = pair if i < j else pair.T
    return residual, slope


def _regret_matching(payoffs: Array, rounds: int = 4000) -> list[Array]:
    """Average strategies of regret matching+ with linear weights."""
    n, counts = payoffs.shape[0], payoffs.shape[1:]
    regret = [np.zeros(count) for count in counts]
    average = [np.zeros(count) for count in counts]
    strategies = [np.full(count, 1.0 / count) for count in counts]
    for t in range(1, rounds + 1):
        values = [_values(payoffs, strategies, i) for i in range(n)]
        for i in range(n):
            average[i] = average[i] + t * strategies[i]
            regret[i] = np.maximum(regret[i] + values[i] - values[i] @ strategies[i], 0.0)
        strategies = [r / r.sum() if r.sum() > 0 else np.full(len(r), 1.0 / len(r)) for r in regret]
    return [total / total.sum() for total in average]
