"""Witnesses of regrets in repeated games: strategies by name, and what they earn when they are played."""

from __future__ import annotations

from collections.abc import Callable
from hashlib import blake2b

import numpy as np

from ..core.arrays import Array, ordered_sum
from ..core.comparators import fixed_payoffs
from ..core.interaction import Interaction
from ..core.memory import Memory
from ..core.metric import Witness
from ..core.repeated_trace import problem_of
from ..core.trace import Trace

NUMBERS = 1 << 23
"""Payoffs of maps that are held at once."""

SHOWN = 24
"""Histories of a map that are written out."""


def map_witnesses(trace: Trace, find: Callable[[Interaction, Array], Array], words: str) -> tuple[Witness, ...]:
    """The regret against deterministic maps that were found, by playing them.

    Args:
        trace: Of a repeated game whose maps are known.
        find: Problem and the others' chances (rounds, lanes, states, O) -> actions int64, (lanes, states) of one map
            throughout or (rounds, lanes, states).
        words: What to say, with {name} for the strategy and {value} for what it earns more a round.
    """
    problem, own, others = problem_of(trace)
    actions = find(problem, others)
    pure = np.eye(own.shape[-1])[actions]
    played = problem.payoffs_of(np.broadcast_to(pure, (*others.shape[:3], own.shape[-1])), others)
    values = ordered_sum(played - problem.payoffs_of(own, others), 0) / trace.steps
    lanes = np.moveaxis(actions, -2, 0)
    names = [strategy_name(one, problem.memory) for one in lanes]
    return tuple(
        Witness(words.format(name=name, value=f"{value:.4g}"), value)
        for name, value in zip(names, values.tolist(), strict=True)
    )


def strategy_name(actions: Array, memory: Memory) -> str:
    """The actions at reachable histories in their order; longer ones, and sequences of maps, by a fingerprint."""
    kept = np.ascontiguousarray(actions[..., memory.reachable], np.int64)
    if kept.ndim == 1 and len(kept) <= SHOWN:
        return "".join(map(str, kept)) if kept.max(initial=0) < 10 else " ".join(map(str, kept))
    return f"#{blake2b(kept.tobytes(), digest_size=6).hexdigest()}"


def best_fixed_map(problem: Interaction, others: Array) -> Array:
    """The deterministic map that earns most if it is played throughout, the first among equals: (lanes, states)."""
    maps = problem.pure_maps()
    at_once, best = max(1, NUMBERS // (len(others) * len(maps))), []
    for first in range(0, others.shape[1], at_once):
        part = slice(first, first + at_once)
        payoff = problem.payoff if len(problem.payoff) == 1 else problem.payoff[part]
        mine = Interaction(problem.memory, problem.player, payoff)
        totals = np.cumsum(fixed_payoffs(mine, others[:, part]), axis=0)[-1]
        # Maps that earn the same but for rounding are equals, whatever the order in which lanes are taken.
        best.append(np.argmax(totals >= totals.max(-1, keepdims=True) - 1e-9, axis=-1))
    return maps.argmax(-1)[np.concatenate(best)]
