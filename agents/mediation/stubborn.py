"""Stubborn: rejects every offer of a mediator and plays for itself.

"max_min" plays the mixed action that earns most against the worst joint action of the others (the security strategy;
von Neumann 1928), one linear program per lane; "myopic" plays the best reply to the others' last actions (in the first
round the security strategy). If every player is stubborn the mediator has no effect: the base game is played.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar, Literal

import numpy as np

from ...core.agent import Agent, Task
from ...core.arrays import Array, backend
from ...core.errors import PalaestraError
from ...core.randomness import Draw, lane_keys
from ...theory.games.matrix_game import punishing_mixture


class Stubborn(Agent):
    """Rejects in every round.

    Args:
        plays_then: What it plays after rejecting: "max_min" or "myopic".
    """

    stochastic: ClassVar[bool] = True
    learns: ClassVar[bool] = False
    plays: ClassVar[tuple[str, ...]] = ("MediatedGame-v0",)

    def __init__(self, plays_then: Literal["max_min", "myopic"] = "max_min") -> None:
        if plays_then not in ("max_min", "myopic"):
            raise PalaestraError(f"plays_then={plays_then!r} is not allowed. Allowed: 'max_min', 'myopic'.")
        self.plays_then = plays_then

    def reset(self, task: Task, lanes: int, seed: Sequence[int]) -> None:
        """Remember the seat and its random stream."""
        self.source, self.player, self.lanes, self.step = task.public["source"], task.player, lanes, 0
        self.keys = lane_keys(seed, backend())
        self.payoffs: Array = None

    def act(self, observation: Any) -> dict[str, Array]:
        """Reject in every lane."""
        if self.payoffs is None:
            self._solve_security(observation.get("payoffs"))
        play = self._security_action()
        last = observation["last_play"]
        if self.plays_then == "myopic":
            lane = np.arange(self.lanes) if self.payoffs.shape[0] > 1 else np.zeros(self.lanes, np.int64)
            seen = last[:, self.player] < self.payoffs.shape[1]
            others = [np.where(seen, last[:, j], 0) for j in range(last.shape[1]) if j != self.player]
            rows = np.moveaxis(self.payoffs, 1, -1)[(lane, *others)]
            play = np.where(seen, rows.argmax(axis=1), play)
        return {"accept": np.zeros(self.lanes, np.int64), "play": play}

    def _solve_security(self, payoffs: Array | None) -> None:
        whole = self.source.game(payoffs).normal_form()
        self.payoffs = np.moveaxis(whole.payoffs[:, self.player], self.player + 1, 1)
        mixtures = []
        for own in self.payoffs:
            # The rejector's side of the matrix game: its own actions are the columns that hold the others down.
            weights = punishing_mixture(-own.reshape(own.shape[0], -1).T)
            mixtures.append(np.cumsum(weights))
        self.reached = np.array(mixtures)

    def _security_action(self) -> Array:
        """An action drawn from the security strategy."""
        mark = Draw(self.keys, self.step, backend()).uniform("security") * self.reached[:, -1]
        self.step += 1
        return (self.reached <= mark[:, None]).sum(axis=1)
