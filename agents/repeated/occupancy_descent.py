"""Online mirror descent over occupancy measures, for opponents that change slowly.

Source: our reconstruction (section 2b, algorithm C) of the Markov-game reformulation of Liu, Ozdaglar, Yu, Zhang (arXiv
2606.06486), in the manner of O-REPS (Zimin and Neu, NeurIPS 2013).

If the opponents kept their maps of round t for ever, histories would be the states of a Markov decision process with
transitions P_t, and stationary play an occupancy measure of
Omega(P_t) = {q >= 0, sum q = 1, sum_a q(s, a) = sum_{s', a'} P_t(s | s', a') q(s', a')}. In each round:
1. q <- argmax over Omega(P_t) of eta <q, r_t> - KL(q || q_t). In the dual, q is proportional to
   q_t exp(eta r + P_t v - v) where v minimises the log of the normaliser, a convex function of |S| numbers; here by
   Newton's method with step halving, started from the last v.
2. pi(a | s) = q(s, a) / sum_a q(s, a), mixed with a small share of the uniform map so that every history stays
   possible.

Histories with a start symbol never return, so q leaves them out; there the map is the average row. Cost per round: some
Newton steps of |S|^2 numbers per lane, so it suits short memories.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from ...core.agent import Task, Transition
from ...core.arrays import Array, ordered_sum
from ...core.errors import PalaestraError
from .map_learner import MapLearner


class OccupancyDescent(MapLearner):
    """Online mirror descent over occupancy measures.

    Args:
        rate: eta, for payoffs scaled to a range of 1; None: 2 / sqrt(T).
        mixing: Weight of the uniform map.
        iterations: Newton steps per round, at most.
    """

    def __init__(self, rate: float | None = None, mixing: float = 0.001, iterations: int = 20) -> None:
        if not 0 < mixing < 1:
            raise PalaestraError(f"mixing={mixing!r} is not allowed: it must lie between 0 and 1.")
        self.rate, self.mixing, self.iterations = rate, mixing, iterations

    def reset(self, task: Task, lanes: int, seed: Sequence[int]) -> None:
        """Start from the uniform map."""
        super().reset(task, lanes, seed)
        if self.memory.depth == 0:
            raise PalaestraError("OccupancyDescent needs a memory of at least one round: use memory=1 or more.")
        self._eta = (2.0 / np.sqrt(task.horizon) if self.rate is None else self.rate) / self.scale
        actions = self.memory.num_actions[task.player]
        self._played = np.flatnonzero((self.memory.histories[:, :, 0] >= 0).all(axis=1))
        self._own = np.full((lanes, self.memory.states, actions), 1.0 / actions)
        self._q = np.full((lanes, len(self._played), actions), 1.0 / (len(self._played) * actions))
        self._v = np.zeros((lanes, len(self._played)))

    def maps(self, observation: Any) -> Array:
        """The map of the current occupancy measure."""
        return self._own

    def learn(self, transition: Transition) -> None:
        """One step of mirror descent on the decision process under the opponents' maps."""
        # step 1: the occupancy measure nearest to the last one plus a gradient step
        problem, _, others = self.round(transition)
        transitions = problem.transitions(others)[:, self._played][..., self._played]
        reward = ordered_sum(others[:, :, None, :] * problem.payoff[:, None])[:, self._played]
        flow = transitions - np.eye(len(self._played))[:, None, :]
        base = np.log(self._q) + self._eta * reward
        self._v, self._q = project_to_occupancies(base, flow, self._v, self.iterations)

        # step 2: its map, and the average row for histories that never return
        occupied = ordered_sum(self._q)
        rows = self._q / occupied[..., None]
        uniform = 1.0 / rows.shape[-1]
        self._own = np.repeat(ordered_sum(self._q, 1)[:, None], self.memory.states, axis=1)
        self._own[:, self._played] = rows
        self._own = (1.0 - self.mixing) * self._own + self.mixing * uniform


def project_to_occupancies(base: Array, flow: Array, start: Array, iterations: int) -> tuple[Array, Array]:
    """The occupancy measure nearest in KL to exp(base), by its dual.

    Args:
        base: (lanes, S, A): logarithm of an unnormalised measure.
        flow: (lanes, S, A, S): P(s' | s, a) - 1[s' = s].
        start: (lanes, S): first guess of the dual variables.
        iterations: Most Newton steps.

    Returns:
        Dual variables (lanes, S) and the measure (lanes, S, A), positive and summing to 1.
    """
    lanes, states, actions = base.shape
    base, flow = base.reshape(lanes, -1), flow.reshape(lanes, states * actions, states)

    def measure(v: Array) -> tuple[Array, Array]:
        scores = base + ordered_sum(flow * v[:, None, :])
        top = scores.max(-1, keepdims=True)
        weights = np.exp(scores - top)
        total = ordered_sum(weights)[:, None]
        return weights / total, (np.log(total) + top)[:, 0]

    v = start
    q, value = measure(v)
    for _ in range(iterations):
        gradient = ordered_sum(q[..., None] * flow, 1)
        # a lane that has converged stops moving, whatever the others need: lanes are independent
        moving = np.abs(gradient).max(-1) > 1e-12
        if not moving.any():
            break
        centred = flow - gradient[:, None, :]
        hessian = ordered_sum(q[..., None, None] * centred[..., None] * centred[..., None, :], 1)
        # Newton's direction; adding a constant to v has no effect, so that direction gets curvature 1
        direction = -np.linalg.solve(hessian + 1.0 / states + 1e-12 * np.eye(states), gradient[..., None])[..., 0]

        # halve the step until the objective falls
        step = np.ones(lanes)
        for _ in range(30):
            candidate = v + step[:, None] * direction
            new_q, new_value = measure(candidate)
            worse = moving & (new_value > value + 1e-4 * step * ordered_sum(gradient * direction) + 1e-15)
            if not worse.any():
                break
            step = np.where(worse, step / 2.0, step)
        v = np.where(moving[:, None], candidate, v)
        q, value = np.where(moving[:, None], new_q, q), np.where(moving, new_value, value)
    return v, q.reshape(lanes, states, actions)
