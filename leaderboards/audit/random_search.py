"""Random search with improvement, which is enough for rules this small."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

import numpy as np

from ...core.arrays import Array

T = TypeVar("T")
KEPT = 6
"""Members from which the next generation is made."""


def search(
    score: Callable[[Sequence[T]], Array],
    first: Sequence[T],
    change: Callable[[T, np.random.Generator], T],
    generations: int,
    children: int,
) -> T:
    """The best member found.

    1. Score the first generation on all seeds: the mean over seeds counts.
    2. Keep the `KEPT` best of all seen so far, change one of them at random for each child, score the children.
       The random numbers are the same in every search.
    3. Repeat step 2 `generations` times. Equal members are scored once; ties go to the one seen first.

    Nothing is promised but that no member seen was better on these seeds.

    Args:
        score: Members -> (members, seeds), greater is better; NaN counts as worst.
        first: The first generation.
        change: A member -> one near it.
        generations: How many follow the first.
        children: Members of each.
    """
    rng, seen = np.random.default_rng(0), dict[T, float]()
    born = list(dict.fromkeys(first))
    for generation in range(generations + 1):
        fresh = [member for member in dict.fromkeys(born) if member not in seen]
        if fresh:
            means = score(fresh).mean(axis=1)
            seen |= {m: float(v) if np.isfinite(v) else -np.inf for m, v in zip(fresh, means, strict=True)}
        if generation < generations:
            best = sorted(seen, key=lambda member: -seen[member])[:KEPT]
            born = [change(best[int(rng.integers(len(best)))], rng) for _ in range(children)]
    return max(seen, key=lambda member: seen[member])
