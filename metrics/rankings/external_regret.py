"""External regret: what the best fixed action in hindsight would have earned more than the learner, per round.

With a single learner, it uses the utilities of all actions, which the environment records for metrics only. In a
repeated game player_0 is the learner, and the others' actions are taken as played, as if they did not depend on the
learner's. RP-Regret and policy regret do not make this assumption.
"""

from __future__ import annotations

import numpy as np

from ...core.arrays import Array, ordered_sum
from ...core.errors import PalaestraError
from ...core.metric import Example, Metric, Witness, trace_of
from ...core.traces.trace import Trace
from ..one_lane import one_lane
from ..repeated.repeated_trace import utility_of

FAILURE = 0.05
"""delta: the probability with which the bound may fail."""


def _utility(trace: Trace) -> Array:
    """What every action would have earned: (steps, lanes, actions)."""
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
    """(max_a sum_{s <= t} u^s(a) - sum_{s <= t} reward^s) / t: (steps, lanes). Sums run left to right in each lane."""
    utility = _utility(trace)
    assert trace.rewards is not None
    # One action at a time: two arrays of (steps, lanes) instead of a second copy of all utilities.
    best = np.cumsum(utility[:, :, 0], axis=0)
    for action in range(1, utility.shape[2]):
        np.maximum(best, np.cumsum(utility[:, :, action], axis=0), out=best)
    running: Array = best - np.cumsum(trace.rewards[0], axis=0)
    return running / np.minimum(np.arange(1, trace.steps + 1)[:, None], trace.lengths)


def _witness(trace: Trace, lane: int) -> Witness:
    """The best fixed action, the first of several, played against the utilities."""
    alone = one_lane(trace, lane)
    utility = _utility(alone)[:, 0]
    assert alone.rewards is not None
    action = int(np.argmax(np.cumsum(utility, axis=0)[-1]))
    value = float(ordered_sum(utility[:, action] - alone.rewards[0][:, 0]) / trace.lengths[lane])
    return Witness(f"always playing action {action} would have earned {value:.4g} a round more", value)


def ranking_bound(trace: Trace) -> Array:
    """The upper bound on external regret per round, for instantaneous rankings and full information: (rounds, lanes).

    Source: arXiv 2603.19221, Theorem 5.2 with the constants of its proof (section 3c of the sheet). With temperature
    tau, A actions, l = log(4 A T / delta) and P the variation of utilities up to T, of the entry that moves most:

        R(T) <= R(Alg) + (2 tau (e^(1/tau) + 1)^2 P^(1/3) + 2 P^(1/3) + 4 P^(-2/3)) T^(2/3) l^(1/3),

    where R(Alg) = sqrt(T) (1 + A / 2) is the regret of projected gradient ascent at rate 1 / sqrt(T) (Zinkevich 2003).
    Each round is taken as the end of an episode. P is at least 1 here, so that constant utilities do not divide by 0.
    The constant is large: at tau = 0.5 the bound exceeds the range of utilities at any horizon that is played.

    Returns:
        Utility per round; NaN for traces of another kind of feedback or of another environment.
    """
    public, utility = trace.public, trace.scoring.get("utility")
    told = public.get("feedback") == "instantaneous" and public.get("information") == "full"
    tau = public.get("temperature")
    if utility is None or not told or not tau:
        return np.full((trace.steps, trace.lanes), np.nan)
    moves = np.abs(np.diff(utility, axis=0, prepend=utility[:1])).max(-1)
    variation = np.maximum(np.cumsum(moves, axis=0), 1.0)
    rounds, actions = np.arange(1, trace.steps + 1)[:, None], utility.shape[-1]
    length = np.log(4.0 * actions * rounds / FAILURE)
    factor = (2.0 * tau * (np.exp(1.0 / tau) + 1.0) ** 2 + 2.0) * np.cbrt(variation) + 4.0 / np.cbrt(variation) ** 2
    learner = np.sqrt(rounds) * (1.0 + actions / 2.0)
    return np.asarray((learner + factor * np.cbrt(rounds**2 * length)) / rounds)


_UTILITY = np.array([[[1.0, 0.0]], [[0.0, 0.5]], [[0.0, 1.0]]])


def _cooperator_against_cooperator() -> Trace:
    """Four rounds of the prisoner's dilemma in which both cooperate: defecting would have earned 5, not 3."""
    from ...theory.games.classics import CLASSICS
    from ...theory.repeated.memory import Memory

    both = (np.zeros((4, 1), np.int64),) * 2
    public = {"memory": Memory((2, 2), 1)}
    return trace_of(both, (np.full((4, 1), 3.0),) * 2, None, CLASSICS["prisoners_dilemma"].game, public)


external_regret = Metric(
    "external_regret",
    None,
    better="lower",
    unit="utility a round",
    meaning="What the best fixed action in hindsight would have earned more than the learner, per round.",
    curve=_curve,
    bound=ranking_bound,
    bound_meaning="the explicit bound of Theorem 5.2 for projected gradient ascent, had the episode ended there; for "
    "instantaneous rankings under full information, elsewhere its constants are not explicit and nothing is drawn",
    optimum=0.0,
    beyond="a learner that changes its action at the right time may earn more than any fixed one",
    witness=_witness,
    examples=(
        Example(_cooperator_against_cooperator, [2.0]),
        Example(
            lambda: trace_of((np.zeros((3, 1)),), (np.array([[1.0], [0.0], [0.0]]),), {"utility": _UTILITY}), [1 / 6]
        ),
        Example(
            lambda: trace_of((np.zeros((3, 1)),), (np.array([[1.0], [0.5], [1.0]]),), {"utility": _UTILITY}), [-1 / 3]
        ),
    ),
)
