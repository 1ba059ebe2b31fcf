"""Whom the agents' AIs are trained on, from options."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ...core.arrays import Array
from ...core.errors import PalaestraError
from ...theory.social.consensus import distribution
from .society import Design, SocietySettings


def training_option(
    training: Sequence[float] | None, communities: int, settings: SocietySettings, design: Design
) -> Array | None:
    """Training weights (A, K, C), or None for the communities' shares.

    Local AIs are trained on their own community alone: that of the topic, or of those who hear them.

    Raises:
        PalaestraError: Weights that are no distribution, or weights for local AIs.
    """
    names = [f"community {c}" for c in range(communities)]
    own = np.eye(communities)
    if design == "local":
        if training is not None:
            raise PalaestraError("training is for a global AI; local ones are trained on their own community.")
        if settings.informed == "community":
            return own[np.arange(settings.topics) % communities][None]
        return np.repeat(own[:, None], settings.topics, axis=1)
    if training is None:
        return None
    return np.tile(distribution("training", training, communities, names), (1, settings.topics, 1))
