"""A pure stationary profile of the welfare, the same for every caller."""

from __future__ import annotations

from functools import lru_cache
from hashlib import blake2b
from typing import Literal

import numpy as np

from ...core.arrays import Array, backend, ordered_sum
from ...core.randomness import Draw, lane_keys
from . import Game
from .best_response_ascent import best_response_ascent
from .strategies import legal_actions, pure_strategies
from .welfare_ascent import welfare_ascent
from .welfare_optimum import welfare_optimum

Solver = Literal["projected_gradient", "multiplicative_weights", "best_response", "optimum"]


def stationary_profile(game: Game, solver: Solver, start: int = 0, most_steps: int = 500) -> Array:
    """A pure stationary profile of W in every lane.

    1. From a start uniform on the simplices (or none, for "optimum") climb W by `solver`.
    2. Make it pure by best responses for W, which never lower W, and repeat until it is stationary.

    The last few answers are cached, because all the seats of a process ask for the same game.

    Args:
        game: One or many lanes, in floats.
        solver: "projected_gradient", "multiplicative_weights", "best_response" (step 2 only) or "optimum" (exact).
        start: Seed of the start.
        most_steps: Of the climb.

    Returns:
        (lanes or 1, players, actions), read-only.
    """
    return _solved(_Question(game, solver, start, most_steps))


class _Question:
    """A game and how to solve it, equal to another by the game's numbers."""

    def __init__(self, game: Game, solver: Solver, start: int, most_steps: int) -> None:
        self.game, self.solver, self.start, self.most_steps = game, solver, start, most_steps
        numbers = np.ascontiguousarray(game.payoffs)
        digest = blake2b(numbers.tobytes())
        digest.update(np.asarray(getattr(game, "edges", ())).tobytes())
        self.key = (type(game), game.num_actions, numbers.shape, digest.digest(), solver, start, most_steps)

    def __hash__(self) -> int:
        return hash(self.key)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Question) and self.key == other.key


@lru_cache(maxsize=8)
def _solved(question: _Question) -> Array:
    game, solver = question.game, question.solver
    if solver == "optimum":
        profile = pure_strategies(welfare_optimum(game).profile, game.most_actions)
    else:
        legal = legal_actions(game)
        weights = Draw(lane_keys([question.start], backend()), 0, backend()).exponential("start", legal.shape) * legal
        profile = weights / ordered_sum(weights)[..., None]
        if solver != "best_response":
            profile = welfare_ascent(game, profile, solver, most_steps=question.most_steps).strategies
        profile = best_response_ascent(game, profile).strategies
    profile = np.array(profile)
    profile.flags.writeable = False
    return profile
