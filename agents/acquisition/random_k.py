"""RandomK: buys k different measurements at random; if directions are free, it buys coordinates."""

from __future__ import annotations

from typing import ClassVar

import numpy as np

from ...core.arrays import backend
from ...core.randomness import Draw, lane_keys
from .buy_in_order import BuyInOrder


class RandomK(BuyInOrder):
    """Buys `count` different items at random.

    Args:
        count: k.
    """

    stochastic: ClassVar[bool] = True

    def __init__(self, count: int = 3) -> None:
        super().__init__(count)

    def prepare(self) -> None:
        """Draw a random order for every lane, from its seed."""
        super().prepare()
        draw = Draw(lane_keys(self.seed, backend()), 0, backend())
        self.orders = np.argsort(draw.uniform("order", (self.offered,)), axis=1)
