"""Whether float actions are as coarse as a track plays them."""

from __future__ import annotations

import numpy as np

from ...core.errors import PalaestraError
from ...core.traces.trace import Trace, flat

_STEPS = 256
"""Looked at together: a trace may hold a hundred million numbers."""


def check_grid(trace: Trace, bits: int) -> None:
    """Refuse a float action that is no multiple of 2^-bits; with bits = 0 every action is let pass.

    Whoever runs on the track has actions rounded before they are played. Finer ones, written into a trace, would be
    another task; and a partner's action could be moved by what the comparison of floats lets pass.

    Raises:
        PalaestraError: The first such action of a player.
    """
    if not bits:
        return
    for name, column in flat(trace.actions).items():
        if column.dtype.kind != "f":
            continue
        for first in range(0, len(column), _STEPS):
            scaled = column[first : first + _STEPS] * 2.0**bits
            wrong = (scaled != np.rint(scaled)).reshape(*scaled.shape[:2], -1).any(axis=2)
            if wrong.any():
                step, lane = divmod(int(np.argmax(wrong)), trace.lanes)
                raise PalaestraError(
                    f"{name}, lane {lane}, step {first + step}: the action {column[first + step, lane]!s} is not made "
                    f"of multiples of 2^-{bits}, to which this track rounds."
                )
