"""LRP-OGD: online gradient ascent on the linearised payoff of one's map, with a look-ahead of H rounds.

Source: our reconstruction (section 2b, algorithm B) of what Liu, Ozdaglar, Yu, Zhang (arXiv 2606.06486) do, which
minimises LRP-Regret, the regret of the linear surrogates <grad J(pi^t), mu^t - pi^t>.

In each round t, from the maps that all players committed to:
1. d_t: the law of the history's state under the maps played so far (or uniform weights on all histories).
2. Q_t: the payoff of H rounds after taking each action at each history, against the opponents' maps.
3. g_t[s, a] = d_t(s) Q_t(s, a), and pi <- Proj(pi + eta g), row by row on the simplex.

With `delay` the look-ahead of round t uses the maps actually played in rounds t, ..., t + H - 1, and g_t arrives H
rounds late. Without it, the opponents are assumed to keep their last maps, which is accurate if they move slowly.

Regret: (D^2 + 2 D P) / (2 eta) + eta G^2 T (1/2 + H) for comparators of variation P, by the standard argument for
delayed online gradient ascent. On-path weights do not learn histories that do not occur; weights="uniform" learns all
of them, and self-play then ends in subgame-perfect profiles (section 2c). Cost per round: lanes x states x joint
actions x H.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from typing import Any, Literal

import numpy as np

from ...core.agent import Task, Transition
from ...core.arrays import Array, ordered_sum
from ...core.errors import PalaestraError
from ...core.randomness import Draw
from ...theory.learning.no_regret import project_to_simplex
from .map_learner import MapLearner


class LinearisedRegret(MapLearner):
    """Online gradient ascent on the linearised payoff of a map.

    Args:
        rate: eta, for payoffs scaled to a range of 1; None: 2 / sqrt(T).
        look_ahead: H, at least 1 (1: only this round's payoff counts).
        weights: "path" (the law of histories) or "uniform" (all histories count equally).
        delay: Look ahead with the maps actually played, H rounds late.
        depth: Memory of the map; None: the game's. 0 is projected gradient ascent on the stage game, which minimises
            external regret.
        start: "uniform", or "random": each lane's first map is drawn from its seed, rows uniform on the simplex.
    """

    def __init__(
        self,
        rate: float | None = None,
        look_ahead: int = 3,
        weights: Literal["path", "uniform"] = "path",
        delay: bool = False,
        depth: int | None = None,
        start: Literal["uniform", "random"] = "uniform",
    ) -> None:
        if look_ahead < 1:
            raise PalaestraError(f"look_ahead={look_ahead} is not allowed: look ahead at least one round.")
        if weights not in ("path", "uniform"):
            raise PalaestraError(f"weights={weights!r} is not allowed. Allowed: 'path', 'uniform'.")
        if start not in ("uniform", "random"):
            raise PalaestraError(f"start={start!r} is not allowed. Allowed: 'uniform', 'random'.")
        self.rate, self.look_ahead, self.weights, self.delay = rate, look_ahead, weights, delay
        self.own_depth, self.start = depth, start

    def reset(self, task: Task, lanes: int, seed: Sequence[int]) -> None:
        """Start from the uniform (or a drawn) map."""
        super().reset(task, lanes, seed)
        self._recent: deque[tuple[Array, Array, Array]] = deque(maxlen=self.look_ahead)
        self._step_size = (2.0 / np.sqrt(task.horizon) if self.rate is None else self.rate) / self.scale
        actions = self.memory.num_actions[task.player]
        self._own = np.full((lanes, self.memory.states, actions), 1.0 / actions)
        if self.start == "random":
            weights = Draw(self._keys, -1, self._where).exponential("first map", (self.memory.states, actions))
            self._own = weights / ordered_sum(weights)[..., None]
        self._own = self._tied(self._own)

    def maps(self, observation: Any) -> Array:
        """The current map."""
        return self._own

    def learn(self, transition: Transition) -> None:
        """Take a gradient step on the maps of this round (and of the H - 1 before)."""
        # step 1: the law of the history's state at each of the last H rounds
        problem, own, others = self.round(transition)
        if transition.step == 0:
            self._law = problem.start(self.lanes)
        self._recent.append((self._law, own, others))
        self._law = problem.next_occupancy(self._law, own, others)
        if self.delay and len(self._recent) < self.look_ahead:
            return

        # step 2: the payoff of the H rounds after each action, backwards from the last
        law, *_ = self._recent[0] if self.delay else self._recent[-1]
        rounds = list(self._recent) if self.delay else [self._recent[-1]] * self.look_ahead
        later = np.zeros((self.lanes, self.memory.states))
        for _, mine, theirs in reversed(rounds):
            values = problem.action_values(theirs, later)
            later = ordered_sum(mine * values)

        # step 3: a projected gradient step
        weight = law if self.weights == "path" else np.full_like(law, 1.0 / self.memory.states)
        gradient = self._tied(weight[..., None] * values, total=True)
        self._own = project_to_simplex(self._own + self._step_size * gradient)

    def _tied(self, rows: Array, total: bool = False) -> Array:
        """One row for all histories that a shallower memory does not distinguish: their first, or their sum."""
        if self.own_depth is None or self.own_depth >= self.memory.depth:
            return rows
        kept = self.memory.base**self.own_depth
        groups = rows.reshape(rows.shape[0], -1, kept, rows.shape[-1])
        shared = ordered_sum(groups, 1) if total else groups[:, 0]
        return np.broadcast_to(shared[:, None], groups.shape).reshape(rows.shape)
