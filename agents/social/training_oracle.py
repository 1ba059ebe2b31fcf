"""TrainingOracle: knows homophily and adoption, and trains so that the consensus weighs every community by its size.

Source: the inverse of the islands' closed form, w1(alpha) = e (arXiv 2604.04906, section 4; our reconstruction),
extended to C communities:

1. Averages over communities move by the C-by-C matrix G of mean ties. With B the communities' adoption and
   N = (I - (I - B) G)^-1, an AI trained only on community c leads to community weights V_c = (e_c + k N_c)/d_c with
   d_c = 1 + k N_c 1 and k = 1 - rho.
2. Any training w leads to the mixture sum_c b_c V_c with b_c proportional to w_c d_c. Solve sum_c b_c V_c = shares
   for b.
3. Negative b are not feasible: they are set to 0 and the rest is divided by its sum (on two islands this is optimal).

Exact on islands in expectation; on other networks communities stand for their members. It needs reveal="network", so
tables call it an oracle. Cost: one C-by-C system per lane.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

import numpy as np

from ...core.agent import Agent, Task
from ...core.arrays import Array, ordered_sum
from .planner_task import PlannerTask


class TrainingOracle(Agent):
    """Inverts the closed form.

    Args:
        speed: rho, if the planner chooses it.
    """

    learns: ClassVar[bool] = False
    privileges: ClassVar[Mapping[str, Any]] = {"reveal": "network"}
    plays: ClassVar[tuple[str, ...]] = ("SocialLearning-v0",)

    def __init__(self, speed: float = 0.8) -> None:
        self.speed = speed

    def reset(self, task: Task, lanes: int, seed: Sequence[int]) -> None:
        """Read the public facts; the network comes with the first observation."""
        self.task, self.lanes = PlannerTask.of(task), lanes
        self.action: Array | None = None

    def act(self, observation: Mapping[str, Array]) -> Any:
        """The same design in every round."""
        if self.action is None:
            speed = self.speed if self.task.speed is None else self.task.speed
            training = self._training(
                1.0 - speed, *(np.asarray(observation[key]) for key in ("shares", "ties", "adoption"))
            )
            self.action = self.task.global_actions(training, np.full(self.lanes, speed))
        return self.action.copy()

    def _training(self, learning_rate: float, shares: Array, ties: Array, adoption: Array) -> Array:
        identity = np.eye(shares.shape[1])
        reached = np.linalg.solve(identity - (1.0 - adoption)[:, :, None] * ties, np.broadcast_to(identity, ties.shape))
        size = 1.0 + learning_rate * ordered_sum(reached)
        leads_to = (identity + learning_rate * reached) / size[:, :, None]
        mixture = np.linalg.solve(np.swapaxes(leads_to, 1, 2), shares[:, :, None])[:, :, 0]
        weights = np.maximum(mixture, 0.0) / size
        return weights / ordered_sum(weights)[:, None]
