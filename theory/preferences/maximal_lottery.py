"""Maximal lotteries: the mixed policy that no other policy beats in expectation."""

from __future__ import annotations

import numpy as np

from ...core.arrays import Array
from ..games.matrix_game import punishing_mixture


def maximal_lottery(preference: Array) -> Array:
    """A von Neumann winner of a preference function: NLHF without regularisation.

    Source: Kreweras 1965; Fishburn, "Probabilistic social choice based on simple voting comparisons", 1984; as NLHF:
    Munos et al., arXiv 2312.00886. The symmetric zero-sum game with payoffs P(i > j) - P(j > i) has value 0; the
    policy is an optimal strategy of it, found by the certified solver `punishing_mixture` lane by lane. Where several
    are optimal (even numbers of evaluators) it is one of them, always the same for the same P.

    Args:
        preference: P, (..., M, M).

    Raises:
        PalaestraError: No solver finished.
    """
    given = np.asarray(preference, np.float64)
    margins = given - np.swapaxes(given, -1, -2)
    flat = margins.reshape((-1, *margins.shape[-2:]))
    mixtures = [punishing_mixture(lane) for lane in flat]
    return np.stack(mixtures).reshape(margins.shape[:-1])
