"""Monotonicity: an option must not lose probability when an evaluator moves it up.

Offered to users; no member of the package calls it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from ...core.arrays import Array
from .profile import Profile


@dataclass(frozen=True, eq=False)
class MonotonicityViolation:
    """An improvement that hurts.

    Attributes:
        profile: Before.
        improved: After one evaluator moved the option up one place.
        option: Which.
        before: Its probability before.
        after: Its probability after, which is lower.
    """

    profile: Profile
    improved: Profile
    option: int
    before: Any
    after: Any


def monotonicity_violation(
    rule: Callable[[Array], Array], profiles: Iterable[Profile], exact: bool = True, tolerance: float = 0.0
) -> MonotonicityViolation | None:
    """The first profile in which improving an option lowers its probability (axiom 1 of arXiv 2506.05619), or None.

    In every profile and for each distinct ranking, one evaluator moves each option up past the one just above it (with
    ties, past all that are level with that one). Other improvements are sequences of these.

    Args:
        rule: Preference function (M, M) -> policy (M,).
        profiles: The profiles to search.
        exact: Whether to give the rule fractions.
        tolerance: Smallest loss that counts, for rules that compute in floats.
    """
    for profile in profiles:
        policy = rule(profile.preference(exact))
        for improved, option in _improvements(profile):
            after = rule(improved.preference(exact))[option]
            if policy[option] - after > tolerance:
                return MonotonicityViolation(profile, improved, option, policy[option], after)
    return None


def _improvements(profile: Profile) -> Iterator[tuple[Profile, int]]:
    for v, ranks in enumerate(profile.ranks):
        for option in np.flatnonzero(ranks > ranks.min()):
            moved = 2 * ranks
            moved[option] = 2 * ranks[ranks < ranks[option]].max() - 1
            counts = profile.counts.copy()
            counts[v] -= 1
            kept = counts > 0
            yield (
                Profile(
                    f"{profile.name}, improved",
                    profile.options,
                    np.vstack([profile.ranks[kept] * 2, moved]),
                    np.append(counts[kept], 1),
                ),
                int(option),
            )
