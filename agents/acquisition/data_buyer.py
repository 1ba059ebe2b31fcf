"""The base of agents that buy data: it reads each lane's problem, buys one measurement per step, and decides.

Nothing is computed for lanes that have committed. A problem that several lanes share is solved once.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

import numpy as np

from ...core.agent import Agent, Task
from ...core.arrays import Array
from ...theory.acquisition.cost_set import CostSet
from ...theory.acquisition.instance import lane_problem
from ...theory.acquisition.linear_program import LinearProgram

PLANS: dict[Any, Any] = {}
"""Plans of this process by everything that they depend on, so that caching them does not change any play."""

MOST_PLANS = 2_000
PLAN_OPTIONS = ("by", "made", "loss", "steps_of_fit")
"""Options of agents that change their plans."""


class DataBuyer(Agent):
    """Subclasses say what to measure next (`choose_measurement`), and may predict a cost of their own (`estimate`).

    If actions carry an estimate, it is by default the cost that the answers decode to, by which the rules would decide.
    """

    learns: ClassVar[bool] = False
    plays: ClassVar[tuple[str, ...]] = ("DataAcquisition-v0",)

    def reset(self, task: Task, lanes: int, seed: Sequence[int]) -> None:
        """Read what is public; nothing is planned yet."""
        self.task, self.public, self.lanes, self.seed = task, task.public, lanes, tuple(seed)
        self.menu: Array | None = None if task.public["menu"] is None else np.asarray(task.public["menu"])
        self.steps = np.zeros(lanes, np.int64)
        past = task.public["history"] or {}
        program = task.public["program"]
        given = [self.menu, *past.values()] + ([] if program is None else [program.matrix, program.rhs, program.upper])
        chosen = ((name, getattr(self, name)) for name in PLAN_OPTIONS if hasattr(self, name))
        options = tuple((name, value) for name, value in chosen if isinstance(value, (str, int)))
        common = tuple(None if part is None else np.asarray(part).tobytes() for part in given)
        self.problem = (type(self), options, task.public["uncertainty"], common)
        self.prepare()

    def prepare(self) -> None:
        """Called at the end of every reset, for example to learn from past pairs."""

    def choose_measurement(self, lane: int, seen: Mapping[str, Array], program: LinearProgram, costs: CostSet) -> Any:
        """The index of the menu's item (or the free direction) to buy now; None to commit."""
        raise NotImplementedError

    def estimate(self, lane: int, seen: Mapping[str, Array], costs: CostSet) -> Array:
        """The cost to decide by, (d,), if the environment asks for one."""
        return costs.decode(*self.bought(lane, seen))

    def act(self, observation: Mapping[str, Array]) -> Array:
        """Every lane's purchase or commitment."""
        choices: list[Any] = []
        guesses = np.zeros((self.lanes, observation["centre"].shape[1]))
        for lane in range(self.lanes):
            choice = None
            if not observation["committed"][lane]:
                program, costs = lane_problem(self.public, observation, lane)
                choice = self.choose_measurement(lane, observation, program, costs)
                # The last step commits after buying, so a measurement bought there is too late for the estimate.
                if self.public["decide"] == "estimate" and (choice is None or self._last(lane)):
                    guesses[lane] = self.estimate(lane, observation, costs)
                    offset = guesses[lane] - costs.centre
                    unit = 4.0 * np.where(costs.known, 1.0, costs.spread)
                    guesses[lane] = np.clip(np.where(costs.known, 0.0, offset / unit), -1.0, 1.0)
            self.steps[lane] += 1
            choices.append(choice)
        return self._actions(choices, guesses)

    def _last(self, lane: int) -> bool:
        return int(self.steps[lane]) == self.task.horizon - 1

    def _actions(self, choices: Sequence[Any], guesses: Array) -> Array:
        own = [guesses] if self.public["decide"] == "estimate" else []
        if self.menu is None:
            flat = np.zeros((self.lanes, guesses.shape[1] + 1))
            for row, choice in zip(flat, choices, strict=True):
                if choice is None:
                    row[-1] = 1.0
                else:
                    row[:-1] = choice / np.abs(choice).max()
            return np.concatenate([flat, *own], axis=1)
        picks = np.array([len(self.menu) if choice is None else int(choice) for choice in choices])
        if not own:
            return picks
        scores = np.zeros((self.lanes, len(self.menu) + 1))
        scores[np.arange(self.lanes), picks] = 1.0
        return np.concatenate([scores, *own], axis=1)

    def bought(self, lane: int, seen: Mapping[str, Array]) -> tuple[Array, Array]:
        """The measurements bought so far, (k, d), and their answers, (k,)."""
        had = seen["count"][lane] > 0
        queries = self.menu if self.menu is not None else seen["directions"][lane]
        return queries[had], seen["answers"][lane][had]

    def prices(self, lane: int, seen: Mapping[str, Array]) -> Array:
        """The prices of the menu's items, (N,)."""
        return np.asarray(seen["prices"][lane])

    def cached_plan(self, lane: int, seen: Mapping[str, Array], plan: Any, extra: Array | None = None) -> Any:
        """The plan of this lane's problem: `plan()` is called once for lanes whose problems are equal.

        Args:
            lane: The lane.
            seen: The observation.
            plan: Makes the plan.
            extra: What the plan depends on besides the problem.
        """
        parts = [seen[name][lane] for name in ("centre", "spread", "matrix", "rhs") if name in seen]
        key = (self.problem, tuple(part.tobytes() for part in [*parts, np.zeros(0) if extra is None else extra]))
        if key not in PLANS:
            if len(PLANS) >= MOST_PLANS:
                PLANS.clear()
            PLANS[key] = plan()
        return PLANS[key]
