"""Draw the random numbers of the coming steps a block at a time: the same numbers with fewer calls.

A number depends on its lane, step and stream alone (`core.randomness`), so the steps of a block can be drawn as if they
were so many lanes. With a hundred lanes a call costs more than its numbers do, and a loop that knows it will go on to
the horizon saves most of it.
"""

from __future__ import annotations

from collections.abc import Callable
from math import prod
from typing import Any, TypeAlias

import numpy as np

from .arrays import Array, Backend
from .randomness import Draw

NUMBERS = 1 << 15
"""Numbers of a block at most: they stay in the processor's cache."""

STEPS = 64
"""Steps of a block at most."""

Blocks: TypeAlias = dict[tuple[Any, ...], tuple[int, Array]]
"""What was drawn ahead: what was asked for -> the first step, and an array (steps, lanes, ...)."""


class DrawAhead(Draw):
    """`Draw` for one step of an episode whose next steps will most likely draw the same streams.

    A stream that was drawn in the step before is drawn for a block of steps; any other for this step alone. Arrays are
    the caller's own.

    Args:
        keys: As `Draw`'s.
        step: The step, the same in all lanes.
        where: Backend of the keys: numpy.
        lanes: How many lanes there are.
        blocks: What earlier steps drew ahead: one dict an episode.
    """

    __slots__ = ("_blocks",)
    step: int

    def __init__(
        self, keys: Array | Callable[[], Array], step: int, where: Backend, lanes: int, blocks: Blocks
    ) -> None:
        super().__init__(keys, step, where, lanes)
        self._blocks = blocks

    def bits(self, stream: str, shape: tuple[int, ...] = ()) -> Array:
        """As `Draw.bits`."""
        return self._drawn("bits", stream, shape)

    def uniform(self, stream: str, shape: tuple[int, ...] = (), low: float = 0.0, high: float = 1.0) -> Array:
        """As `Draw.uniform`."""
        return self._drawn("uniform", stream, shape, low, high)

    def gumbel(self, stream: str, shape: tuple[int, ...] = ()) -> Array:
        """As `Draw.gumbel`."""
        return self._drawn("gumbel", stream, shape)

    def exponential(self, stream: str, shape: tuple[int, ...] = ()) -> Array:
        """As `Draw.exponential`."""
        return self._drawn("exponential", stream, shape)

    def normal(self, stream: str, shape: tuple[int, ...] = ()) -> Array:
        """As `Draw.normal`."""
        return self._drawn("normal", stream, shape)

    def _drawn(self, law: str, stream: str, shape: tuple[int, ...], *bounds: float) -> Array:
        key = (law, stream, shape, bounds)
        first, block = self._blocks.get(key) or (-2, ())
        ahead = self.step - first
        if not 0 <= ahead < len(block):
            follows = ahead == len(block)
            count = min(STEPS, NUMBERS // max(1, self.lanes * prod(shape))) if follows else 1
            block = self._block(max(1, count), law, stream, shape, bounds)
            self._blocks[key] = (self.step, block)
            ahead = 0
        return block[ahead].copy()

    def _block(self, count: int, law: str, stream: str, shape: tuple[int, ...], bounds: tuple[float, ...]) -> Array:
        if count == 1:
            return getattr(Draw(self.keys, self.step, self.where), law)(stream, shape, *bounds)[None]
        steps = np.repeat(np.arange(self.step, self.step + count), self.lanes)
        wide = Draw(np.tile(self.keys, count), steps, self.where)
        return getattr(wide, law)(stream, shape, *bounds).reshape(count, self.lanes, *shape)
