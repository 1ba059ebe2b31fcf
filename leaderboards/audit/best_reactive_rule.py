"""The best memoryless rule: an action for each cell of one observed number, found on separate search seeds."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from ...core.arrays import Array
from .random_search import search
from .reactive_rule import Rule

CELLS = 12
"""Values of a number of which each is a cell of its own; above, cells are ranges."""
RANGES = (2, 3)
NUMBERS = 16
"""Numbers of an observation that are looked at, drawn where there are more."""


def best_reactive_rule(
    score: Callable[[Sequence[Rule]], Array], seen: Array, constants: int, generations: int, children: int
) -> Rule:
    """The best rule found.

    The first generation holds every constant action, and for each number that varies: cell k plays action k, cell k
    plays action k - 1, and two draws. A change gives one cell another action, or moves the rule to another number.

    Args:
        score: Rules -> (rules, seeds), greater is better.
        seen: Observations of random play, (steps, lanes, numbers): where cells are cut.
        constants: How many constant actions there are.
        generations: Of the search.
        children: Of each generation.
    """
    rng, flat = np.random.default_rng(2), seen.reshape(-1, seen.shape[-1])
    varies = np.flatnonzero((flat != flat[:1]).any(axis=0))
    looked = np.sort(rng.choice(varies, min(NUMBERS, len(varies)), replace=False))
    cuts = {int(number): _cuts(flat[:, number]) for number in looked}
    first = [Rule(0, (), (k,)) for k in range(constants)]
    for number, ways in cuts.items():
        for edges in ways:
            cells = np.arange(len(edges) + 1)
            for choices in (cells, cells - 1, *rng.integers(constants, size=(2, len(cells)))):
                first.append(Rule(number, edges, tuple((choices % constants).tolist())))

    def change(own: Rule, dice: np.random.Generator) -> Rule:
        if cuts and (not own.edges or dice.random() < 0.2):
            number = int(dice.choice(list(cuts)))
            edges = cuts[number][int(dice.integers(len(cuts[number])))]
            kept = [own.choices[k % len(own.choices)] for k in range(len(edges) + 1)]
            own = Rule(number, edges, tuple(kept))
        at = int(dice.integers(len(own.choices)))
        return own._replace(choices=(*own.choices[:at], int(dice.integers(constants)), *own.choices[at + 1 :]))

    return search(score, first, change, generations, children)


def _cuts(values: Array) -> list[tuple[float, ...]]:
    """Ways to cut one number into cells: between its values where they are few, else at quantiles."""
    distinct = np.unique(values)
    if len(distinct) <= CELLS:
        return [tuple(((distinct[1:] + distinct[:-1]) / 2).tolist())]
    ways = (np.unique(np.quantile(values, np.arange(1, k) / k)) for k in RANGES)
    return [tuple(edges.tolist()) for edges in ways]
