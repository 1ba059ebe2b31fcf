"""Manipulation gain: how much a group gains for its option when all members report the same false ranking.

Offered to users; no member of the package calls it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import permutations
from typing import Any, Literal

import numpy as np

from ...core.arrays import Array, ordered_sum
from ...core.errors import PalaestraError
from .profile import Profile
from .voting_rules import greatest_shares

Rule = Callable[[Array], Array]
"""Preference function (M, M) -> policy (M,)."""

EXHAUSTIVE_OPTIONS = 7
"""Up to so many options all M! reports are tried; 5,040 of them."""


@dataclass(frozen=True)
class Misreport:
    """The best false report that was found for one group.

    Attributes:
        group: k, the option that its members rank first.
        ranking: What all members report, option numbers best first; None where no report is better than the truth.
        truthful: pi(y_k) under the truth.
        reached: pi(y_k) after the report.
        gain: reached - truthful, never below 0.
        method: "exhaustive" (all M! rankings) or "best found" (a lower bound: see `best_misreport`).
    """

    group: int
    ranking: tuple[int, ...] | None
    truthful: Any
    reached: Any
    gain: Any
    method: Literal["exhaustive", "best found"]


def best_misreport(
    rule: Rule,
    profile: Profile,
    group: int,
    reports: Iterable[Sequence[int]] | None = None,
    sweeps: int = 3,
    exact: bool = False,
) -> Misreport:
    """The ranking with which a group gains most for its option.

    Source: the manipulation of arXiv 2506.05619 (ICLR 2026), axiom 4. The paper does not state
    which reports it tries; that all members report the same ranking is our choice.

    1. The others' part of P is unchanged; the group's part becomes w_k times the reported ranking.
    2. Up to 7 options, every ranking is tried. For more, a local search starts from k first and the others from weakest
       to strongest (burying), by Borda and by greatest share. It moves one option at a time while that gains, in at
       most `sweeps` passes through all moves. The result is then a lower bound on the gain.

    Cost: M! calls of the rule, or O(sweeps M^2).

    Args:
        rule: Preference function -> policy.
        profile: The truth.
        group: k.
        reports: Rankings to try instead of step 2.
        sweeps: See step 2.
        exact: Give the rule fractions, and compare without rounding.

    Raises:
        PalaestraError: No such option, or one that no evaluator ranks first.
    """
    size = len(profile.options)
    if not 0 <= group < size:
        raise PalaestraError(f"group={group!r} is not an option of {profile.name!r}: they are 0 to {size - 1}.")
    parts = profile.group_preference(exact)
    share = profile.shares(exact)[group]
    if share == 0:
        raise PalaestraError(f"Nobody ranks option {group} ({profile.options[group]!r}) first: it has no group.")
    truth = ordered_sum(parts, 0)
    others = truth - parts[group]

    def reached(ranking: Sequence[int]) -> Any:
        return rule(others + share * _as_preference(ranking, exact))[group]

    truthful = rule(truth)[group]
    found: tuple[Any, tuple[int, ...] | None] = (truthful, None)
    if reports is not None or size <= EXHAUSTIVE_OPTIONS:
        for ranking in permutations(range(size)) if reports is None else reports:
            found = _better(found, reached(ranking), ranking)
    else:
        for start in _buried(truth, group):
            found = _climb(reached, _better(found, reached(start), start), start, sweeps)
    thorough = reports is None and size <= EXHAUSTIVE_OPTIONS
    method: Literal["exhaustive", "best found"] = "exhaustive" if thorough else "best found"
    return Misreport(group, found[1], truthful, found[0], found[0] - truthful, method)


def _better(found: tuple[Any, Any], value: Any, ranking: Sequence[int]) -> tuple[Any, Any]:
    return (value, tuple(ranking)) if value > found[0] else found


def _as_preference(ranking: Sequence[int], exact: bool) -> Array:
    """The preference function of one evaluator: 1 above, 0 below, 1/2 on the diagonal."""
    place = np.argsort(np.asarray(ranking))
    twice = (place[:, None] < place).astype(np.int64) + (place[:, None] <= place)
    if not exact:
        return twice / 2.0
    halves: Array = twice * np.array(Fraction(1, 2), dtype=object)
    return halves


def _buried(truth: Array, group: int) -> Iterator[tuple[int, ...]]:
    """The group's option first, then the others with the strongest last."""
    for strength in (ordered_sum(truth), greatest_shares(truth)):
        order = np.argsort(np.asarray(strength, np.float64), kind="stable")
        yield (group, *(int(option) for option in order if option != group))


def _climb(
    reached: Callable[[Sequence[int]], Any], found: tuple[Any, Any], start: tuple[int, ...], sweeps: int
) -> tuple[Any, Any]:
    for _ in range(sweeps):
        before = found[0]
        for taken in range(len(start)):
            base = start if found[1] is None else found[1]
            left = [option for option in base if option != taken]
            for place in range(len(start)):
                ranking = (*left[:place], taken, *left[place:])
                found = _better(found, reached(ranking), ranking)
        if found[0] == before:
            break
    return found
