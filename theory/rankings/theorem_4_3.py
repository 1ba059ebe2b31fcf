"""Theorem 4.3: sequences whose rankings by average utility are the same until it is too late to react."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from ...core.arrays import Array
from ...core.errors import PalaestraError
from ...core.randomness import Draw
from .utility_process import UtilityProcess


class SequenceState(NamedTuple):
    """Lanes of blocks; a block is one sequence.

    Attributes:
        position: Rounds played of this block, (lanes,).
        sequence: k of this block, (lanes,).
        swapped: 1 where the actions have changed roles, (lanes,).
    """

    position: Array
    sequence: Array
    swapped: Array


class DoublingSequences(UtilityProcess[SequenceState]):
    """Blocks after u^1 = (1/2, 0) (arXiv 2603.19221, Theorem 4.3 and Lemma D.1).

    With K the least integer with 2^K >= T, block k < K is (1, 0) for 2^k - 1 rounds, (0, 1) for 2^k, (0, 0) for one;
    block K is (1, 0) for 2^K - 1 rounds and (0, 0) for one. Until the last round of a block the leader of the averages
    is the same, so a learner that sees their order (tau <= 1 / (4 T log T)) plays the same in all blocks. Its mean
    utilities in them sum to exactly K / 2, so in some block it earns less than 1/2 - 1 / (2 (K + 1)) per round. After
    block k < K the leader has changed, and the next block swaps the two actions.

    The adversary in the paper chooses each block knowing the learner. Here a block is `sequence`, or drawn uniformly,
    which by the same lemma forces the same gap in expectation (our reconstruction).

    Args:
        sequence: k of every block, or None to draw each.
    """

    num_actions = 2
    utility_range = (0.0, 1.0)

    def __init__(self, sequence: int | None = None) -> None:
        if sequence is not None and not 0 <= sequence <= 62:
            raise PalaestraError(f"sequence={sequence!r} is not allowed: give k from 0 to 62, or None to draw.")
        self.sequence, self.stochastic = sequence, sequence is None

    def public(self, horizon: int) -> Mapping[str, Any]:
        """Only the range: no action has utility 0 throughout."""
        return {}

    def start(self, draw: Draw, horizon: int) -> SequenceState:
        """Before u^1."""
        self.last = max(horizon - 1, 0).bit_length()
        if self.sequence is not None and self.sequence > self.last:
            raise PalaestraError(
                f"sequence={self.sequence} is not allowed with horizon={horizon}: give k from 0 to {self.last}."
            )
        nothing = self.where.zeros((len(draw.keys),), "int64")
        return SequenceState(nothing, nothing, nothing)

    def advance(self, state: SequenceState, step: int, draw: Draw) -> tuple[SequenceState, Array]:
        """Round 0 is u^1; then block after block."""
        xp, position = self.where.xp, state.position
        lead = xp.astype(position * 0, xp.float64)  # torch would make 0 * 0.0 a float32
        if step == 0:
            return state, xp.stack([lead + 0.5, lead], axis=1)
        fresh = draw.integers("utility/sequence", self.last + 1)
        fresh = fresh if self.sequence is None else fresh * 0 + self.sequence
        k = xp.where(position == 0, fresh, state.sequence)
        half = 2**k
        for_a = position < half - 1
        for_b = ~for_a & (position < 2 * half - 1) & (k < self.last)
        leader = xp.where(for_a, lead + 1.0, lead)
        other = xp.where(for_b, lead + 1.0, lead)
        swap = state.swapped == 1
        utility = xp.stack([xp.where(swap, other, leader), xp.where(swap, leader, other)], axis=1)
        length = xp.where(k < self.last, 2 * half, half)
        over = position + 1 == length
        swapped = xp.where(over & (k < self.last), 1 - state.swapped, state.swapped)
        return SequenceState(xp.where(over, position * 0, position + 1), k, swapped), utility
