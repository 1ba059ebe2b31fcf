"""The witness of a decision of a linear program: the decision that was better, at the lane's true costs."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from ...core.arrays import Array
from ...core.errors import PalaestraError
from ...core.traces.trace import Trace
from ...theory.acquisition.linear_program import LinearProgram


class Better(NamedTuple):
    """A decision to compare with.

    Attributes:
        words: Which it is.
        regret: What the decision that was made costs more at the true costs, 0 at least.
    """

    words: str
    regret: float


def better_decision(trace: Trace, lane: int) -> Better:
    """A decision of least cost, and how far the one that was made in this lane is above it.

    Cost: one linear program, as the rules solved when the lane decided.

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
    """The feasible set of a lane: that of all lanes, or its own."""
    shared: LinearProgram | None = trace.public["program"]
    if shared is not None:
        return shared
    return LinearProgram(trace.instance["matrix"][lane], trace.instance["rhs"][lane], checked=True)


def _support(decision: Array) -> str:
    """Which variables a decision uses."""
    used = np.flatnonzero(np.abs(decision) > 1e-9).tolist()
    return f"using x[{', '.join(map(str, used[:24]))}{', ...' if len(used) > 24 else ''}]"
