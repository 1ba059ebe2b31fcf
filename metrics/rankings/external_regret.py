"""External regret: what the best fixed action in hindsight earns more than the learner, a round.

Where one learner plays, against the utilities of all actions that the environment sets aside for scorers. In a repeated
game player_0 is the learner, and the others' actions count as they were played, as if they would have been played
against any other action too: which is what RP-Regret and policy regret do not assume.
"""

from __future__ import annotations

import numpy as np

from ...core.arrays import Array, ordered_sum
from ...core.errors import PalaestraError
from ...core.metric import Example, Metric, Witness, trace_of
from ...core.traces.trace import Trace
from ..one_lane import one_lane
from ..repeated.repeated_trace import utility_of
from .ranking_bound import MEANING, ranking_bound


def _utility(trace: Trace) -> Array:
    """What every action would have earned, (steps, lanes, actions)."""
    if trace.rewards is None:
        raise PalaestraError("External regret needs rewards: replay the trace first.")
    if "utility" in trace.scoring and len(trace.rewards) == 1:
        return np.asarray(trace.scoring["utility"])
    if "memory" in trace.public:
        return utility_of(trace)
    raise PalaestraError(
        f"External regret needs one learner and utilities of all actions, or a repeated game; {trace.env_id} "
        "has neither."
    )


def _curve(trace: Trace) -> Array:
    """(max_a sum_{s <= t} u^s(a) - sum_{s <= t} reward^s) / t, (steps, lanes); sums run left to right in each lane."""
    utility = _utility(trace)
    assert trace.rewards is not None
    # Action by action: two arrays of (steps, lanes) at a time instead of a second copy of all utilities.
    best = np.cumsum(utility[:, :, 0], axis=0)
    for action in range(1, utility.shape[2]):
        np.maximum(best, np.cumsum(utility[:, :, action], axis=0), out=best)
    running: Array = best - np.cumsum(trace.rewards[0], axis=0)
    return running / np.minimum(np.arange(1, trace.steps + 1)[:, None], trace.lengths)


def _witness(trace: Trace, lane: int) -> Witness:
    """The best fixed action, the first among equals, played against the utilities."""
    alone = one_lane(trace, lane)
    utility = _utility(alone)[:, 0]
    assert alone.rewards is not None
    action = int(np.argmax(np.cumsum(utility, axis=0)[-1]))
    value = float(ordered_sum(utility[:, action] - alone.rewards[0][:, 0]) / trace.lengths[lane])
    return Witness(f"always playing action {action} would have earned {value:.4g} a round more", value)


external_regret = Metric(
    "external_regret",
    None,
    "lower",
    "utility a round",
    __doc__.partition(": ")[2].partition("\n")[0],
    _curve,
    ranking_bound,
    MEANING,
    optimum=0.0,
    beyond="a learner that changes its action in time may earn more than any fixed one",
    witness=_witness,
)

_UTILITY = np.array([[[1.0, 0.0]], [[0.0, 0.5]], [[0.0, 1.0]]])


def _cooperator_against_cooperator() -> Trace:
    """Four rounds of the prisoner's dilemma in which both cooperate: defecting would have earned 5, not 3."""
    from ...theory.games.classics import CLASSICS
    from ...theory.repeated.memory import Memory

    both = (np.zeros((4, 1), np.int64),) * 2
    public = {"memory": Memory((2, 2), 1)}
    return trace_of(both, (np.full((4, 1), 3.0),) * 2, None, CLASSICS["prisoners_dilemma"].game, public)


EXAMPLES = (
    Example(_cooperator_against_cooperator, [2.0]),
    Example(lambda: trace_of((np.zeros((3, 1)),), (np.array([[1.0], [0.0], [0.0]]),), {"utility": _UTILITY}), [1 / 6]),
    Example(lambda: trace_of((np.zeros((3, 1)),), (np.array([[1.0], [0.5], [1.0]]),), {"utility": _UTILITY}), [-1 / 3]),
)
