"""The best blind agent: a short repeated sequence of constant actions, found on separate search seeds."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from ...core.arrays import Array
from .random_search import search

PERIODS = (2, 3, 4, 6)
SHORT = 12
"""Episodes of at most so many steps are also searched as a whole, one action a step."""


def best_open_loop(
    score: Callable[[Sequence[tuple[int, ...]]], Array], constants: int, horizon: int, generations: int, children: int
) -> tuple[int, ...]:
    """The best sequence found, by the numbers of its actions.

    The first generation holds every constant action and sequences drawn of each period. A change replaces one action,
    turns the sequence, or repeats it twice so that it can grow.

    Args:
        score: Sequences -> (sequences, seeds), greater is better.
        constants: How many constant actions there are.
        horizon: Steps of an episode; no sequence is longer.
        generations: Of the search.
        children: Of each generation.
    """
    rng = np.random.default_rng(1)
    periods = sorted({p for p in (*PERIODS, *((horizon,) if horizon <= SHORT else ())) if p <= horizon}) or [1]
    drawn = [tuple(rng.integers(constants, size=p).tolist()) for p in periods for _ in range(max(2, children // 4))]
    longest = periods[-1]

    def change(own: tuple[int, ...], dice: np.random.Generator) -> tuple[int, ...]:
        turn = int(dice.integers(4))
        if turn == 0 and 2 * len(own) <= longest:
            own = own * 2
        if turn == 1 and len(own) > 1:
            return own[1:] + own[:1]
        at = int(dice.integers(len(own)))
        return (*own[:at], int(dice.integers(constants)), *own[at + 1 :])

    return search(score, [*((k,) for k in range(constants)), *drawn], change, generations, children)
