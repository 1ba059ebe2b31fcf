"""What a learner of a ranking bandit knows before play, read from its task."""

from __future__ import annotations

from dataclasses import dataclass

from ...core.agent import Task


@dataclass(frozen=True)
class RankingTask:
    """The public facts of a bandit made by `wrappers.RankingFeedback`.

    Attributes:
        actions: A.
        proposals: K, how many actions are ranked; A under full information.
        bandit: Whether an action is K proposals, and not a strategy.
        feedback: "instantaneous", "average" or "numeric".
        temperature: tau.
        low: Least utility.
        high: Greatest utility.
        horizon: T.
        budget: P, a bound on the variation of utilities; the square root of T if the task names none.
        reference: The utility of the last action in every round; None if it is not constant or not known.
    """

    actions: int
    proposals: int
    bandit: bool
    feedback: str
    temperature: float
    low: float
    high: float
    horizon: int
    budget: float
    reference: float | None

    @classmethod
    def of(cls, task: Task) -> RankingTask:
        """Read `task.public`.

        Raises:
            PalaestraError: The task is not a ranking bandit's.
        """
        public = task.public
        low, high = public["utility_range"]
        return cls(
            actions=public["num_actions"],
            proposals=public["proposals"],
            bandit=public["information"] == "bandit",
            feedback=public["feedback"],
            temperature=public["temperature"],
            low=float(low),
            high=float(high),
            horizon=task.horizon,
            budget=float(public.get("variation_budget", task.horizon**0.5)),
            reference=public.get("reference_utility"),
        )

    @property
    def scale(self) -> float:
        """Half the span of utilities: dividing by it makes step sizes of [-1, 1] fit."""
        return (self.high - self.low) / 2 or 1.0
