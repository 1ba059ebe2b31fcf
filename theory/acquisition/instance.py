"""The decision problem of one lane, as agents and metrics know it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ...core.arrays import Array
from .cost_set import CostSet
from .linear_program import LinearProgram
from .priors import cost_set


def lane_problem(public: Mapping[str, Any], observed: Mapping[str, Array], lane: int) -> tuple[LinearProgram, CostSet]:
    """The program and the uncertainty set of one lane.

    Args:
        public: What `DataAcquisition` tells all players: `program` (None where lanes have their own) and `uncertainty`.
        observed: Arrays (lanes, ...): `centre`, `spread`, and `matrix` and `rhs` where lanes have their own program.
        lane: Which.
    """
    program = public["program"]
    if program is None:
        program = LinearProgram(observed["matrix"][lane], observed["rhs"][lane], checked=True)
    return program, cost_set(public["uncertainty"], observed["centre"][lane], observed["spread"][lane])
