"""Draw the random numbers of the coming steps a block at a time: the same numbers with fewer calls.

A number depends on its lane, step and stream (`core.randomness`) and on nothing else, so the steps of a block can be
drawn as if they were so many lanes. With a hundred lanes a call costs more than its numbers do, and whoever draws a
stream in one step after another saves most of it. Blocks grow with the steps that were drawn, so that at most a few
times as many numbers are drawn as are used.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

from .arrays import Array

NUMBERS = 1 << 15
"""Numbers of a block at most: they stay in the processor's cache."""

STEPS = 64
"""Steps of a block at most."""

GROWTH = 4
"""A block has at most so many times the steps of the block before."""

Blocks: TypeAlias = dict[tuple[Any, ...], tuple[int, int, Array]]
"""What was drawn ahead: what was asked for -> first step, steps, and an array (steps, lanes, ...) or None for one step,
which is not kept."""


def draw_ahead(
    blocks: Blocks,
    asked: tuple[Any, ...],
    step: int,
    size: int,
    one: Callable[[], Array],
    several: Callable[[int], Array],
    least: int = 1,
) -> Array:
    """The numbers of `step`, from a block if there is one or if it pays to draw one.

    Args:
        blocks: What earlier calls drew; changed.
        asked: What is drawn: the key in `blocks`.
        step: The step, the same in all lanes.
        size: Numbers of a step.
        one: Draws the numbers of this step.
        several: Draws as many steps as it is told, from this one on: an array (steps, lanes, ...).
        least: Steps of a block at least, even of the first.

    Returns:
        An array that is the caller's own.
    """
    first, steps, block = blocks.get(asked, (step, 0, None))
    ahead = step - first
    if block is None or not 0 <= ahead < steps:
        wanted = GROWTH * steps if steps and ahead == steps else 1
        steps = max(least, min(wanted, STEPS, NUMBERS // max(1, size)))
        ahead, block = 0, several(steps) if steps > 1 else None
        blocks[asked] = (step, steps, block)
    if block is None:
        return one()
    own = block[ahead]
    return own.clone() if hasattr(own, "clone") else own.copy()
