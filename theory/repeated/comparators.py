"""Best strategies in hindsight against the maps that opponents played: fixed, in blocks, with few switches, or free.

Section 2b of our reconstruction of arXiv 2606.06486: RP-Regret compares with the best sequence of m-recall maps of
bounded variation, where opponents answer the comparator's own history. Comparators here are deterministic maps.

A fixed map faces a process whose transitions change with the round, which it does not see. The best one is the best
memoryless policy of a partially observed process (the round is hidden), which is NP-hard to find in general
(Littman, "Memoryless policies: theoretical limitations and practical results", 1994). So the exact
fixed comparator evaluates every deterministic map with one forward recursion over the rounds. There are A_i to the
power of the number of reachable histories (32 for memory 1 in a 2x2 game), and at most 4,096 are tried. For more, the
value is enclosed: from above by dynamic programming without a bound on changes (`Interaction.best_reply`), from below
by `improved_fixed`.

A comparator that changes its map may choose the change by the history it is in. Where play is deterministic, this is
the same as a sequence fixed beforehand; elsewhere it makes the comparator, and so the regret, larger and never smaller.
Without a bound on changes it is the dynamic programming optimum over all strategies, mixed ones included.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from ...core.arrays import Array, ordered_sum
from .interaction import Interaction

_NUMBERS = 1 << 18
"""Numbers of a block of rounds that are worked on together: they stay in the cache."""


def fixed_payoffs(problem: Interaction, others: Array) -> Array:
    """The payoff of every deterministic map in every round if it is played throughout.

    Args:
        problem: Whose problem it is; its payoffs of one or of all lanes.
        others: (rounds, lanes, states, O).

    Returns:
        (rounds, lanes, maps), expectations.
    """
    return np.concatenate(list(_fixed_payoffs(problem, others)))


def best_fixed(problem: Interaction, others: Array) -> Array:
    """The greatest total payoff up to each round of one deterministic map played throughout: (rounds, lanes)."""
    total, best = np.zeros(1), []
    for block in _fixed_payoffs(problem, others):
        block[0] += total
        running = np.cumsum(block, axis=0)
        total = running[-1]
        best.append(running.max(-1))
    return np.concatenate(best)


def _fixed_payoffs(problem: Interaction, others: Array) -> Iterator[Array]:
    """`fixed_payoffs` in blocks of rounds: laws go from round to round, everything else is done for a block at once."""
    own = problem.pure_maps()
    lanes, memory = others.shape[1], problem.memory
    law = np.repeat(problem.start(lanes)[:, None], len(own), axis=1)
    rounds = max(1, _NUMBERS // (lanes * len(own) * memory.states * memory.joint))
    for t in range(0, len(others), rounds):
        theirs = others[t : t + rounds]
        laws, law = problem.laws(law, problem.chances(own, theirs[:, :, None]))
        yield ordered_sum(laws * ordered_sum(own * problem.stage(theirs)[:, :, None]))


def best_with_switches(problem: Interaction, others: Array, switches: int) -> Array:
    """The greatest total payoff of deterministic maps that change at most `switches` times: (lanes,)."""
    return _switching(problem, others, switches, 1)


def best_in_blocks(problem: Interaction, others: Array, block: int) -> Array:
    """The greatest total payoff of deterministic maps that may change every `block` rounds: (lanes,)."""
    return _switching(problem, others, None, block)


def _switching(problem: Interaction, others: Array, switches: int | None, block: int) -> Array:
    """Dynamic programming over (switches left, map held, history)."""
    own, (rounds, lanes) = problem.pure_maps(), others.shape[:2]
    left = 1 if switches is None else switches + 1
    value = np.zeros((lanes, left, len(own), problem.memory.states))
    for t in reversed(range(rounds)):
        chances = problem.chances(own, others[t, :, None])
        now = ordered_sum(own * problem.stage(others[t])[:, None])
        value = now[:, None] + ordered_sum(chances[:, None] * problem.following(value))
        best = value.max(2, keepdims=True)
        if t == 0 or (switches is None and t % block == 0):
            value = np.broadcast_to(best, value.shape).copy()
        elif switches is not None:
            value[:, 1:] = np.maximum(value[:, 1:], best[:, :-1])
    return np.asarray(value[:, -1, 0, problem.memory.start])


def improved_fixed(problem: Interaction, others: Array, rounds: int = 30) -> tuple[Array, Array]:
    """A good fixed deterministic map where there are too many to try: a lower bound on the best one.

    Starting from every constant map, and from the actions that the free comparator takes most often at each history:
    1. g[s, a] = sum_t d_t(s) Q_t(s, a), the gradient of total payoff in the fixed map.
    2. Take the best action of every row of g. If that does not earn more, change only the row that gains most by g.
    3. Stop when neither earns more.

    Args:
        problem: Whose problem it is.
        others: (rounds, lanes, states, O).
        rounds: The most improvements from each start.

    Returns:
        Actions int64 (lanes, states), and their total payoff (lanes,). Often the best map, but only
        the payoff is guaranteed.
    """
    chosen, _ = problem.best_reply(others)
    lanes, count = others.shape[1], problem.memory.num_actions[problem.player]
    often = np.stack([(chosen == a).sum(0) for a in range(count)], axis=-1).argmax(-1)
    best, most = often, np.full(lanes, -np.inf)
    for first in [often, *(np.full_like(often, a) for a in range(count))]:
        found, total = _improve(problem, others, first, rounds)
        best = np.where((total > most)[:, None], found, best)
        most = np.maximum(total, most)
    return best, most


def _improve(problem: Interaction, others: Array, actions: Array, rounds: int) -> tuple[Array, Array]:
    """Steps 1 to 3 from one beginning."""
    pure = np.eye(problem.memory.num_actions[problem.player])

    def total_of(chosen: Array) -> Array:
        own = np.broadcast_to(pure[chosen], (len(others), *chosen.shape, len(pure)))
        return np.cumsum(problem.payoffs_of(own, others), axis=0)[-1]

    lane, total = np.arange(len(actions)), total_of(actions)
    for _ in range(rounds):
        own = np.broadcast_to(pure[actions], (len(others), *actions.shape, len(pure)))
        gradient = np.cumsum(problem.gradients(own, others), axis=0)[-1]
        greedy = gradient.argmax(-1)
        gain = gradient.max(-1) - np.take_along_axis(gradient, actions[..., None], -1)[..., 0]
        row = gain.argmax(-1)
        single = actions.copy()
        single[lane, row] = greedy[lane, row]
        all_total, one_total = total_of(greedy), total_of(single)
        better = np.maximum(all_total, one_total) > total + 1e-9
        if not better.any():
            break
        step = np.where((all_total >= one_total)[:, None], greedy, single)
        actions = np.where(better[:, None], step, actions)
        total = np.where(better, np.maximum(all_total, one_total), total)
    return actions, total
