"""One line of an audit: what plays, its score, and how far it is behind the best reference agent."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ..statistics.estimate import Estimate

KINDS: Mapping[str, str] = {
    "random": "every action of the space with the same density, whatever is observed",
    "constant, worst": "the constant action that is worst on the search's seeds",
    "constant, best": "the constant action that is best on the search's seeds",
    "blind": "the best short sequence of constant actions that the search found, repeated by the number of the step",
    "memoryless": "the best rule that the search found from one number of the present observation to constant actions",
    "best fixed": "in hindsight, for each lane by itself: the best of all constant actions tried; no agent can play it",
    "reference": "the scenario's best reference agent without privileges, chosen on the search's seeds",
    "oracle": "the scenario's best reference agent with privileges, chosen on the search's seeds",
}
"""Kind of line -> what it is, for tables; an audit has its lines in this order."""

TRIVIAL = ("random", "constant, best", "blind", "memoryless")
"""Kinds that anybody can play without a method."""


@dataclass(frozen=True)
class AuditLine:
    """A kind of agent on an environment.

    Attributes:
        kind: One of `KINDS`.
        agent: What played, by scenario where that differs: "3", "RankingPGD".
        estimate: The headline metric: interquartile mean of each scenario, averaged, and 95% bootstrap interval.
        behind: By how much the reference is better, with the interval of the paired difference; negative where this
            line is. None where there is no reference.
        by_scenario: Scenario -> what played there, and its estimate.
    """

    kind: str
    agent: str
    estimate: Estimate
    behind: Estimate | None
    by_scenario: Mapping[str, tuple[str, Estimate]]

    @property
    def document(self) -> dict[str, Any]:
        """Plain JSON values."""
        return {
            "kind": self.kind,
            "agent": self.agent,
            "note": KINDS[self.kind],
            "estimate": self.estimate.document,
            "behind": None if self.behind is None else self.behind.document,
            "by_scenario": {
                name: {"agent": agent, **estimate.document} for name, (agent, estimate) in self.by_scenario.items()
            },
        }
