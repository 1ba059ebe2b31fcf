"""Decision loss: what a decision and the data for it cost, above what the best decision costs.

The metrics of this family differ in the parts that they add up, for the lane's true cost vector:

- `decision_regret`: the cost of the decision minus the cost of the best one.
- `acquisition_cost`: the prices of all measurements that were bought.
- `total_loss`: the regret of the decision plus the prices of the measurements that were bought.
"""

from __future__ import annotations

from typing import Literal, NamedTuple

import numpy as np

from ...core.arrays import Array, ordered_sum
from ...core.errors import PalaestraError, UnknownName
from ...core.metric import Example, Metric, Witness, trace_of
from ...core.traces.trace import Trace
from ...theory.acquisition.linear_program import LinearProgram


def decision_loss(of: Literal["decision", "data", "both"] = "both") -> Metric:
    """A metric of the family.

    Args:
        of: Which part counts: the regret of the decision, the price of the data, or both.
    """
    if of == "data":
        return Metric(
            "acquisition_cost",
            lambda trace: ordered_sum(trace.scoring["paid"], 0),
            better="lower",
            unit="price",
            meaning="The prices of all measurements that were bought.",
            optimum=0.0,
            examples=(Example(_two_lanes_bought, [0.75, 0.0]),),
        )
    if of == "decision":
        return Metric(
            "decision_regret",
            lambda trace: ordered_sum(trace.scoring["regret"], 0),
            better="lower",
            unit="cost",
            meaning="The cost of the decision minus that of the best one, for the lane's true cost vector.",
            optimum=0.0,
            witness=_regret_witness,
            examples=(Example(lambda: _hired(1), [0.25]), Example(lambda: _hired(0), [0.0])),
        )
    if of != "both":
        raise UnknownName("part of decision_loss", of, ("decision", "data", "both"))
    return Metric(
        "total_loss",
        lambda trace: ordered_sum(trace.scoring["regret"] + trace.scoring["paid"], 0),
        better="lower",
        unit="cost",
        meaning="The regret of the decision plus the prices of the measurements that were bought.",
        optimum=0.0,
        witness=_total_witness,
        examples=(Example(lambda: _hired(1), [0.875]), Example(lambda: _hired(0), [0.625])),
    )


class Better(NamedTuple):
    """A decision to compare with.

    Attributes:
        words: Which it is.
        regret: How much more the decision that was made costs, at the true costs; at least 0.
    """

    words: str
    regret: float


def better_decision(trace: Trace, lane: int) -> Better:
    """A decision of least cost, and how much more the decision that was made in this lane costs.

    Cost: one linear program, the same that the rules solved for the lane's regret.

    Raises:
        PalaestraError: A trace without the lanes' problems.
    """
    if trace.instance is None or "decision" not in trace.scoring:
        raise PalaestraError("This witness needs the lanes' costs and decisions: replay the trace first.")
    cost, made = trace.instance["cost"][lane], trace.scoring["decision"][-1, lane]
    best = program_of(trace, lane).minimiser(cost)
    regret = max(float(cost @ made) - float(cost @ best), 0.0)
    return Better(_support(best) if regret > 0 else "what was decided", regret)


def program_of(trace: Trace, lane: int) -> LinearProgram:
    """The feasible set of a lane: the one that all lanes share, or its own."""
    shared: LinearProgram | None = trace.public["program"]
    if shared is not None:
        return shared
    return LinearProgram(trace.instance["matrix"][lane], trace.instance["rhs"][lane], checked=True)


def _support(decision: Array) -> str:
    """The variables that a decision uses."""
    used = np.flatnonzero(np.abs(decision) > 1e-9).tolist()
    return f"using x[{', '.join(map(str, used[:24]))}{', ...' if len(used) > 24 else ''}]"


def _regret_witness(trace: Trace, lane: int) -> Witness:
    better = better_decision(trace, lane)
    return Witness(f"{better.words} costs {better.regret:.4g} less", better.regret)


def _total_witness(trace: Trace, lane: int) -> Witness:
    """The better decision, and the sum of what was paid."""
    better, paid = better_decision(trace, lane), float(trace.scoring["paid"][:, lane].sum())
    return Witness(f"{better.words} costs {better.regret:.4g} less; data cost {paid:.4g}", better.regret + paid)


def _two_lanes_bought() -> Trace:
    return trace_of((np.zeros((2, 2)),), scoring={"paid": np.array([[0.5, 0.0], [0.25, 0.0]])})


def _hired(chosen: int) -> Trace:
    """One of two candidates was hired: the first costs 0.5, the second 0.75. The data cost 0.5 and 0.125."""
    made = np.tile(np.eye(2)[chosen], (2, 1, 1))
    costs = np.tile([0.5, 0.75], (1, 1))
    scoring = {"regret": np.array([[0.0], [0.25 * chosen]]), "paid": np.array([[0.5], [0.125]]), "decision": made}
    public = {"program": LinearProgram([[1.0, 1.0]], [1.0], [1.0, 1.0], binary=True)}
    return trace_of((np.zeros((2, 1)),), scoring=scoring, instance={"cost": costs}, public=public)
