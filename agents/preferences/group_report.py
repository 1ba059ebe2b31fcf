"""GroupReport: the group's answers, truthful or burying their rivals.

Source: burying ranks stronger rivals last so that one's favourite gets past them: Dummett, "Voting Procedures", 1984;
for RLHF in arXiv 2506.05619 (ICLR 2026). Estimating the rivals' strength from the answers seen is our reconstruction.

1. "truth": all weights are equal, so that the members answer truthfully.
2. "bury": the group's option first, the others from the weakest to the strongest by their share of wins so far.

It helps against rules that add up wins (Borda) or compare rivals in pairs (maximal lotteries), and little or not at all
against F*, which looks only at an option's own worst comparison. Cost O(M^2) per round.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

import numpy as np

from ...core.agent import Agent, Task
from ...core.arrays import Array, ordered_sum
from ...core.errors import PalaestraError


class GroupReport(Agent):
    """Takes the seat of the group.

    Args:
        report: "truth" or "bury".
    """

    learns: ClassVar[bool] = False
    needs: ClassVar[Mapping[str, Any]] = {"misreport": "seat"}
    plays: ClassVar[tuple[str, ...]] = ("PreferenceAggregation-v0",)
    seats: ClassVar[str] = "group"

    def __init__(self, report: str = "truth") -> None:
        if report not in ("truth", "bury"):
            raise PalaestraError(f"report={report!r} is not allowed. Allowed: 'truth', 'bury'.")
        self.report = report

    def reset(self, task: Task, lanes: int, seed: Sequence[int]) -> None:
        """Nothing to reset: the answers are part of the observation."""

    def act(self, observation: Mapping[str, Array]) -> Array:
        """Weights by which the members rank."""
        wins = np.asarray(observation["wins"], np.float64)
        if self.report == "truth":
            return np.zeros(wins.shape[:2])
        won, lost = ordered_sum(wins), ordered_sum(wins, 1)
        strength = (won + 1.0) / (won + lost + 2.0)
        own = np.asarray(observation["group"])[:, None] == np.arange(wins.shape[1])
        return np.where(own, 1.0, 1.0 - strength)
