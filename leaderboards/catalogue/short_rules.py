"""Rules with short episodes, for contract checks, which play dozens of them."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from ...core.registry import options_of
from ...core.rules import Rules

HORIZON = 24
"""Steps of the episodes that are played, where the rules take a horizon and their own is longer: a multiple of the
steps of a round of every game here, and long enough to learn something."""


def short_rules(make: Callable[..., Rules[Any]], maker: Any) -> Callable[..., Rules[Any]]:
    """`make` with a short horizon, if its rules take one.

    Args:
        make: Makes the rules.
        maker: The class or function behind it, whose parameters are the rules' options.
    """
    if "horizon" not in options_of(maker) or make().facts.horizon <= HORIZON:
        return make
    return partial(make, horizon=HORIZON)
