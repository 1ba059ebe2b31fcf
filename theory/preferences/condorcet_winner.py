"""The Condorcet winner: the option that wins every duel by majority."""

from __future__ import annotations

import numpy as np

from ...core.arrays import Array


def condorcet_winner(preference: Array) -> Array:
    """int64 (...): the option i with P(i > j) > P(j > i) for all other j, or -1 where there is none.

    Args:
        preference: P, (..., M, M), floats or fractions.
    """
    own = np.eye(preference.shape[-1], dtype=bool)
    beats = ((preference > np.swapaxes(preference, -1, -2)) | own).all(-1)
    found: Array = np.where(beats.any(-1), beats.argmax(-1), -1)
    return found
