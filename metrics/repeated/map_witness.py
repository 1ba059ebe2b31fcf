"""The witness of a regret in a repeated game: a strategy by name, and its payoff when it is played."""

from __future__ import annotations

from collections.abc import Callable
from hashlib import blake2b

import numpy as np

from ...core.arrays import Array, ordered_sum
from ...core.metric import Witness
from ...core.traces.trace import Trace
from ...theory.repeated.comparators import fixed_payoffs
from ...theory.repeated.interaction import Interaction
from ...theory.repeated.memory import Memory
from ..one_lane import one_lane
from .repeated_trace import problem_of

SHOWN = 24
"""The most histories at which a map is written out."""


def map_witness(trace: Trace, lane: int, find: Callable[[Interaction, Array], Array], words: str) -> Witness:
    """The regret against the deterministic maps that `find` returns, by playing them.

    Args:
        trace: Of a repeated game whose maps are known.
        lane: Which lane.
        find: Problem and the probability of the others' actions (rounds, lanes, states, O) -> actions, int64: (lanes,
            states) for one map throughout, or (rounds, lanes, states).
        words: The text, with {name} for the strategy and {value} for what it earns more per round.
    """
    problem, own, others = problem_of(one_lane(trace, lane))
    actions = find(problem, others)
    pure = np.eye(own.shape[-1])[actions]
    played = problem.payoffs_of(np.broadcast_to(pure, (*others.shape[:3], own.shape[-1])), others)
    value = float(ordered_sum(played - problem.payoffs_of(own, others), 0)[0]) / trace.steps
    name = strategy_name(actions[..., 0, :], problem.memory)
    return Witness(words.format(name=name, value=f"{value:.4g}"), value)


def strategy_name(actions: Array, memory: Memory) -> str:
    """The actions at reachable histories in their order; a fingerprint for longer maps and sequences of maps."""
    kept = np.ascontiguousarray(actions[..., memory.reachable], np.int64)
    if kept.ndim == 1 and len(kept) <= SHOWN:
        return "".join(map(str, kept)) if kept.max(initial=0) < 10 else " ".join(map(str, kept))
    return f"#{blake2b(kept.tobytes(), digest_size=6).hexdigest()}"


def best_fixed_map(problem: Interaction, others: Array) -> Array:
    """The deterministic map that earns most when played throughout, the first of several: (lanes, states)."""
    maps = problem.pure_maps()
    totals = np.cumsum(fixed_payoffs(problem, others), axis=0)[-1]
    # Maps whose payoffs differ only by rounding are ties, so that the order of lanes does not decide.
    return maps.argmax(-1)[np.argmax(totals >= totals.max(-1, keepdims=True) - 1e-9, axis=-1)]
