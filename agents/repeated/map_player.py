"""The base of all players of repeated games: they play by maps from histories to mixed actions.

A map player works in both modes of the repeated game: if maps are announced it announces its own, otherwise it draws
its action from the row of the current history.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

import numpy as np

from ...core.agent import Agent, Task, Transition
from ...core.arrays import Array, backend
from ...core.errors import PalaestraError
from ...core.randomness import Draw, lane_keys
from ...theory.repeated.memory import Memory


class MapPlayer(Agent):
    """Base of agents for repeated games; subclasses write `maps`, or call `keep` when they are reset.

    Attributes:
        depth: How many rounds it remembers; its seat's memory must be at least that.
        fading: Whether it uses every round that the game shows, older ones less; `depth` is the least that it needs.
        drifting: Whether its map changes with the round although it does not learn.
    """

    depth: ClassVar[int] = 0
    fading: ClassVar[bool] = False
    drifting: ClassVar[bool] = False
    plays: ClassVar[tuple[str, ...]] = ("RepeatedGame-v0",)

    def reset(self, task: Task, lanes: int, seed: Sequence[int]) -> None:
        """Forget everything; read the game's memory from the task."""
        self.task, self.lanes, self.step = task, lanes, 0
        self.memory: Memory = task.public["memory"]
        if self.memory.depth < self.depth:
            raise PalaestraError(
                f"{type(self).__name__} remembers {self.depth} rounds, but the game shows {self.memory.depth}: "
                f"use the option memory={self.depth} or more."
            )
        self.announces = task.public["information"] == "maps"
        self._where = backend()
        self._keys = lane_keys(seed, self._where)
        self._kept: Array | None = None
        self._moves: Array | None = None

    def keep(self, table: Array) -> None:
        """Play one map in all rounds.

        Args:
            table: (lanes or 1, states, actions). If it is deterministic and the same in all lanes, actions are looked
                up and no random number is drawn.
        """
        self._kept = table
        if len(table) == 1 and np.isin(table, (0.0, 1.0)).all():
            self._moves = table[0].argmax(-1)

    def maps(self, observation: Any) -> Array:
        """This round's map: (lanes or 1, states, actions)."""
        assert self._kept is not None, "a subclass keeps a map or writes `maps`"
        return self._kept

    def act(self, observation: Any) -> Any:
        """The map, or an action drawn from the row of the current history."""
        # a deterministic map that all lanes share: look the action up
        if self._moves is not None and not self.announces:
            self.step += 1
            return self._moves[self.memory.encode(observation["history"])]

        # announce the map
        table = self.maps(observation)
        step, self.step = self.step, self.step + 1
        if self.announces:
            return np.broadcast_to(table, (self.lanes, *table.shape[1:])).copy()

        # or draw an action from the row of the current history, by inversion
        state = self.memory.encode(observation["history"])
        row = table[np.arange(self.lanes) if len(table) > 1 else 0, state]
        if row.shape[-1] == 1:
            return np.zeros(self.lanes, np.int64)
        unit = Draw(self._keys, step, self._where).uniform("action")
        below, action = row[:, 0], np.zeros(self.lanes, np.int64)
        for a in range(1, row.shape[-1]):
            action += unit >= below
            below = below + row[:, a]
        return action

    def learn(self, transition: Transition) -> None:
        """A scripted player learns nothing."""
