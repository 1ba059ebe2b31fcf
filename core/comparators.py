"""Best strategies in hindsight against the maps that opponents played: fixed, in blocks, with few switches, unbounded.

Section 2b of our reconstruction of arXiv 2606.06486: RP-Regret compares with the best sequence of m-recall maps of
bounded variation, where opponents answer the history the comparator makes. Comparators here are deterministic maps.
A comparator that changes its map may choose the change by the history it finds itself in; where play is deterministic
that is no more than a sequence fixed beforehand, elsewhere it makes the comparator (and so the regret) larger, never
smaller. Without a bound on changes it is the dynamic programming optimum over all strategies, mixed ones included.
"""

from __future__ import annotations

import numpy as np

from .arrays import Array, ordered_sum
from .interaction import Interaction


def fixed_payoffs(problem: Interaction, others: Array) -> Array:
    """What every deterministic map earns in every round if it is played throughout.

    Args:
        problem: Whose problem it is; its payoffs of one or of all lanes.
        others: (rounds, lanes, states, O).

    Returns:
        (rounds, lanes, maps), expectations.
    """
    candidates = problem.pure_maps()
    count, (rounds, lanes) = len(candidates), others.shape[:2]
    wide = Interaction(problem.memory, problem.player, _spread(problem.payoff, lanes, count))
    own = np.tile(candidates, (lanes, 1, 1))
    law, earned = wide.start(lanes * count), np.empty((rounds, lanes, count))
    for t in range(rounds):
        theirs = np.repeat(others[t], count, axis=0)
        now = ordered_sum(theirs[..., None, :] * wide.payoff[:, None])
        earned[t] = ordered_sum(law * ordered_sum(own * now)).reshape(lanes, count)
        law = wide.next_occupancy(law, own, theirs)
    return earned


def best_with_switches(problem: Interaction, others: Array, switches: int) -> Array:
    """The most a deterministic map earns in total if it may be exchanged at most `switches` times: (lanes,)."""
    return _switching(problem, others, switches, 1)


def best_in_blocks(problem: Interaction, others: Array, block: int) -> Array:
    """The most a deterministic map earns in total if it may be exchanged every `block` rounds: (lanes,)."""
    return _switching(problem, others, None, block)


def _switching(problem: Interaction, others: Array, switches: int | None, block: int) -> Array:
    """Dynamic programming over (switches left, map held, history)."""
    candidates = problem.pure_maps()
    count, (rounds, lanes) = len(candidates), others.shape[:2]
    left = 1 if switches is None else switches + 1
    wide = Interaction(problem.memory, problem.player, _spread(problem.payoff, lanes, left * count))
    own = np.tile(candidates, (lanes * left, 1, 1))
    states = problem.memory.states
    value = np.zeros((lanes, left, count, states))
    for t in reversed(range(rounds)):
        theirs = np.repeat(others[t], left * count, axis=0)
        values = wide.action_values(theirs, value.reshape(-1, states))
        value = ordered_sum(own * values).reshape(lanes, left, count, states)
        best = value.max(2, keepdims=True)
        if t == 0 or (switches is None and t % block == 0):
            value = np.broadcast_to(best, value.shape).copy()
        elif switches is not None:
            value[:, 1:] = np.maximum(value[:, 1:], best[:, :-1])
    return np.asarray(value[:, -1, 0, problem.memory.start])


def _spread(payoff: Array, lanes: int, count: int) -> Array:
    """The payoff tables of lanes x count problems."""
    return payoff if payoff.shape[0] == 1 else np.repeat(payoff, count, axis=0)
