"""What a metric is: a pure function of a trace with a direction, a unit and examples that must hold."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from .arrays import Array
from .errors import PalaestraError
from .traces.trace import Trace


@dataclass(frozen=True)
class Witness:
    """What proves the value of a metric in one lane, for people and for a checker.

    A witness names an object: the action that would have earned more, the group that gets least, the measurements that
    suffice. Its value is the metric's own, computed once more from that object alone and by the shortest way: the named
    action is played against the utilities and what was earned is subtracted; nothing is searched. So a value that was
    made up, or a search that went wrong, shows as a difference. The metric contract holds the two equal to 1e-9 of 1 or
    of their size, and asks for the same words whenever the lane is measured.

    Attributes:
        text: One line of at most 200 characters: "always playing action 3 would have earned 0.412 a round more".
        value: What the metric must be in this lane, if the named object is what it is said to be.
    """

    text: str
    value: float


@dataclass(frozen=True)
class Metric:
    """A named pure function from a whole trace (rewards, scoring and instance at hand) to one number a lane.

    Attributes:
        name: What it is called; a registration line gives it the line's name.
        compute: Trace -> float64 (lanes,); None: the value is the last row of the curve.
        better: Which direction is better; None for a number that only describes.
        unit: For tables.
        meaning: One sentence.
        curve: Trace -> float64 (steps, lanes), the metric after each step, or None.
        bound: Trace -> float64 (steps,) or (steps, lanes), what theory says of the curve after each step, drawn beside
            it, NaN where it says nothing; or None. It depends on the environment alone, never on who played.
        bound_meaning: One sentence: whose bound it is, and of what.
        optimum: The value of who does as well as can be (0 for a regret, 1 for a share of the possible), or None where
            it differs from lane to lane or is not known. The gap of a score is its distance from here. No score of a
            legal trace lies beyond it by more than rounding, unless `beyond` says how.
        beyond: How a score may lie beyond the optimum, which is then a benchmark and no bound; empty: none does.
        witness: (trace, lane) -> Witness of that lane, or None where the metric is no extreme over anything that could
            be named.
        examples: Traces small enough to compute by hand, and what the metric gives of them.
    """

    name: str
    compute: Callable[[Trace], Array] | None
    better: Literal["higher", "lower"] | None
    unit: str
    meaning: str
    curve: Callable[[Trace], Array] | None = None
    bound: Callable[[Trace], Array] | None = None
    bound_meaning: str = ""
    optimum: float | None = None
    beyond: str = ""
    witness: Callable[[Trace, int], Witness] | None = None
    examples: tuple[Example, ...] = ()

    def __post_init__(self) -> None:
        if self.compute is None and self.curve is None:
            raise PalaestraError(f"The metric {self.name} has neither compute nor curve. Give one of the two.")

    def __call__(self, trace: Trace) -> Array:
        """One value a lane."""
        return self.measured(trace)[0] if self.compute is None else np.asarray(self.compute(trace), np.float64)

    def measured(self, trace: Trace) -> tuple[Array, Array | None]:
        """The values (lanes,) and, if there is one, the curve (steps, lanes): no curve is computed twice."""
        curve = None if self.curve is None else np.asarray(self.curve(trace), np.float64)
        if self.compute is not None:
            return np.asarray(self.compute(trace), np.float64), curve
        assert curve is not None
        return curve[-1].copy(), curve

    @property
    def sign(self) -> float:
        """What to multiply values by so that greater is better: -1 where lower is better, else 1."""
        return -1.0 if self.better == "lower" else 1.0


@dataclass(frozen=True)
class Example:
    """A trace and what a metric must make of it.

    Attributes:
        trace: Makes the trace.
        value: What the metric gives, one value a lane.
    """

    trace: Callable[[], Trace]
    value: Any


def trace_of(actions: Any, rewards: Any = None, scoring: Any = None, instance: Any = None, public: Any = None) -> Trace:
    """A trace written by hand, for examples: one array (steps, lanes, ...) a player."""
    first = actions[0] if not isinstance(actions[0], dict) else next(iter(actions[0].values()))
    steps, lanes = np.shape(first)[:2]
    return Trace(
        "by hand",
        {},
        tuple(range(lanes)),
        ("by hand",) * len(actions),
        tuple(actions),
        {},
        np.full(lanes, steps),
        rewards=rewards,
        scoring=scoring or {},
        instance=instance,
        public=public or {},
    )
