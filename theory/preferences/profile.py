"""A profile: rankings of the options, with the number of evaluators who have each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from math import lcm
from typing import Any

import numpy as np

from ...core.arrays import Array
from ...core.errors import PalaestraError
from .pairwise import pair_tally

_EXACT = 2**53
"""Whole numbers below this are exact as float64."""


@dataclass(frozen=True, eq=False)
class Profile:
    """Rankings of options with their counts; ties are allowed.

    The group of an option consists of the evaluators who rank it first; one who ranks t options first counts for 1/t in
    each of their groups. One who is indifferent between two options counts for 1/2 on each side. So, as without ties,
    no group's share exceeds the share that prefers its option to any other.

    Attributes:
        name: For messages.
        options: M names.
        ranks: int64 (V, M): the rank of each option in each ranking; smaller is better, equal is a tie.
        counts: int64 (V,): the number of evaluators with each ranking, above 0.
    """

    name: str
    options: tuple[str, ...]
    ranks: Array
    counts: Array

    def __post_init__(self) -> None:
        shape, counts = np.shape(self.ranks), np.asarray(self.counts)
        if len(shape) != 2 or shape[1] != len(self.options) or shape[1] < 2 or counts.shape != shape[:1]:
            raise PalaestraError(
                f"The profile {self.name!r} has ranks of shape {shape} and counts of shape {counts.shape} for "
                f"{len(self.options)} options. It needs (rankings, options), (rankings,), and 2 options or more."
            )
        if not shape[0] or counts.dtype.kind not in "iu" or (counts < 1).any():
            raise PalaestraError(f"The profile {self.name!r} needs one ranking or more, each with a count from 1.")
        if 2 * self._parts * self.evaluators >= _EXACT:
            raise PalaestraError(f"The profile {self.name!r} has {self.evaluators:,} evaluators: too many to count.")

    @staticmethod
    def of(rankings: Sequence[Sequence[int]], counts: Sequence[int] | None = None, name: str = "given") -> Profile:
        """A profile of strict rankings, each a list of option numbers from 0, best first.

        Raises:
            PalaestraError: No rankings, one that repeats or lacks an option, or a wrong number of counts.
        """
        size = len(rankings[0]) if len(rankings) else 0
        ranks = np.zeros((len(rankings), size), np.int64)
        for v, ranking in enumerate(rankings):
            if sorted(ranking) != list(range(size)):
                raise PalaestraError(
                    f"Ranking {v} of the profile {name!r} is {list(ranking)}; each must hold every number from 0 to "
                    f"{size - 1} once."
                )
            ranks[v, list(ranking)] = np.arange(size)
        number = np.ones(len(rankings), np.int64) if counts is None else np.asarray(counts)
        return Profile(name, tuple(str(i) for i in range(size)), ranks, number)

    @cached_property
    def evaluators(self) -> int:
        """The number of evaluators."""
        return sum(int(count) for count in self.counts)

    @property
    def strict(self) -> bool:
        """Whether no ranking has a tie."""
        ordered = np.sort(self.ranks, axis=1)
        return bool((ordered[:, 1:] > ordered[:, :-1]).all())

    @cached_property
    def _first(self) -> Array:
        """Boolean (V, M): who ranks what first."""
        return self.ranks == self.ranks.min(axis=1, keepdims=True)

    @cached_property
    def _parts(self) -> int:
        """Into how many parts an evaluator must be cut so that each group gets whole ones."""
        return lcm(*{int(ties) for ties in self._first.sum(1)})

    @cached_property
    def tally(self) -> tuple[Array, int]:
        """Whole numbers (M, M, M) as from `pair_tally`, and what to divide them by to get shares."""
        weight = self.counts * self._parts // self._first.sum(1)
        tops = (self._first * weight[:, None]).astype(np.float64)
        counted = pair_tally(tops[None], self.ranks[None], np)[0].astype(np.int64)
        return counted, 2 * self._parts * self.evaluators

    def group_preference(self, exact: bool = False) -> Array:
        """(M, M, M): [k, i, j] is the share of evaluators who are in group k and prefer i to j.

        Args:
            exact: Whether to return fractions instead of float64.
        """
        counted, whole = self.tally
        return _shares(counted, whole, exact)

    def preference(self, exact: bool = False) -> Array:
        """The preference function P, (M, M)."""
        counted, whole = self.tally
        return _shares(counted.sum(0), whole, exact)

    def shares(self, exact: bool = False) -> Array:
        """The groups' shares w, (M,), which sum to 1."""
        counted, whole = self.tally
        return _shares(2 * counted[:, 0, 0], whole, exact)


def _shares(counted: Array, whole: int, exact: bool) -> Array:
    if not exact:
        shares: Array = counted / whole
        return shares
    fractions: Any = np.empty(counted.shape, object)
    fractions.ravel()[:] = [Fraction(int(number), whole) for number in counted.ravel()]
    return fractions
