"""Condorcet probability: the probability of the Condorcet winner in the last policy from honest answers.

The Condorcet winner beats every other option in a majority vote. Where there is none, the probability of the minimax
options counts: those whose worst duel is best. A Condorcet winner is always the only minimax option.
"""

from __future__ import annotations

import numpy as np

from ...core.arrays import Array, ordered_sum
from ...core.metric import Example, Metric, Witness, trace_of
from ...core.traces.trace import Trace
from ...theory.preferences.pairwise import condorcet_winner
from ...theory.preferences.voting_rules import minimax_policy
from ..one_lane import one_lane
from .last_honest_round import at_last_honest_round


def _options(trace: Trace) -> Array:
    """The options whose probability counts: boolean (lanes, options)."""
    preference = at_last_honest_round(trace, "preference")
    winner = condorcet_winner(preference)
    alone = winner[:, None] == np.arange(preference.shape[-1])
    return np.where((winner >= 0)[:, None], alone, minimax_policy(preference) > 0)


def _compute(trace: Trace) -> Array:
    return ordered_sum(np.where(_options(trace), at_last_honest_round(trace, "policy"), 0.0))


def _witness(trace: Trace, lane: int) -> Witness:
    alone = one_lane(trace, lane)
    named, policy = np.flatnonzero(_options(alone)[0]).tolist(), at_last_honest_round(alone, "policy")[0]
    value = sum(float(policy[option]) for option in named)
    text = f"option {named[0]} has" if len(named) == 1 else f"options {', '.join(map(str, named[:30]))} have"
    return Witness(f"{text} probability {value:.4g}", value)


def _published(duels: list[float]) -> Trace:
    """Three options and the policy (0.2, 0.3, 0.5); the shares that prefer 0 to 1, 0 to 2 and 1 to 2."""
    preference = np.full((3, 3), 0.5)
    for (i, j), share in zip(((0, 1), (0, 2), (1, 2)), duels, strict=True):
        preference[i, j], preference[j, i] = share, 1.0 - share
    policy = np.array([[[0.2, 0.3, 0.5]]])
    scoring = {"policy": policy, "preference": preference[None, None], "honest": np.ones((1, 1))}
    return trace_of((policy,), scoring=scoring)


condorcet_probability = Metric(
    "condorcet_probability",
    _compute,
    better="higher",
    unit="probability",
    meaning="The probability of the Condorcet winner in the last policy from honest answers; of the minimax options "
    "where there is none.",
    optimum=1.0,
    witness=_witness,
    examples=(
        Example(lambda: _published([0.4, 0.75, 0.7]), [0.3]),
        Example(lambda: _published([0.75, 0.375, 0.75]), [0.2]),  # a cycle: the worst duels are 0.375, 0.25 and 0.25
    ),
)
