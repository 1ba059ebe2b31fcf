"""Pareto: an option that all evaluators like less than another must not have more probability.

Offered to users; no member of the package calls it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np

from ...core.arrays import Array
from .profile import Profile


@dataclass(frozen=True, eq=False)
class ParetoViolation:
    """An option that all evaluators prefer to another with more probability.

    Attributes:
        profile: The profile in which it happens.
        better: The option that all prefer.
        worse: The other option.
        probability: Of the better option and of the worse one; the second is greater.
    """

    profile: Profile
    better: int
    worse: int
    probability: tuple[Any, Any]


def pareto_violation(
    rule: Callable[[Array], Array], profiles: Iterable[Profile], exact: bool = True, tolerance: float = 0.0
) -> ParetoViolation | None:
    """The first profile with P(i > j) = 1 and pi(i) < pi(j) (axiom 2 of arXiv 2506.05619), or None.

    Args:
        rule: Preference function (M, M) -> policy (M,).
        profiles: The profiles to search.
        exact: Whether to give the rule fractions.
        tolerance: Smallest difference that counts, for rules that compute in floats.
    """
    for profile in profiles:
        preference = profile.preference(exact)
        policy = rule(preference)
        for better, worse in np.argwhere(preference == 1):
            if policy[worse] - policy[better] > tolerance:
                return ParetoViolation(profile, int(better), int(worse), (policy[better], policy[worse]))
    return None
