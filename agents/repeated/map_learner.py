"""The base of algorithms against adaptive opponents: they learn a map from the maps that all players announce."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from ...core.agent import Task, Transition
from ...core.arrays import Array
from ...core.errors import PalaestraError
from ...theory.repeated.interaction import Interaction
from .map_player import MapPlayer


class MapLearner(MapPlayer):
    """Base of learners in the full-information mode; subclasses write `maps` and `learn`.

    Attributes:
        scale: Range of the base game's payoffs; step sizes are divided by it.
    """

    learns: ClassVar[bool] = True
    needs: ClassVar[Mapping[str, Any]] = {"information": "maps"}

    def reset(self, task: Task, lanes: int, seed: Sequence[int]) -> None:
        """Forget everything; refuse a game that does not announce maps."""
        super().reset(task, lanes, seed)
        if not self.announces:
            raise PalaestraError(f"{type(self).__name__} learns from maps: use the option information='maps'.")
        low, high = task.public["source"].span
        self.scale = high - low if high > low else 1.0
        self._problem: Interaction | None = None

    def round(self, transition: Transition) -> tuple[Interaction, Array, Array]:
        """This seat's decision problem, its map of the round, and the probabilities of the others' actions."""
        me = self.task.player
        if self._problem is None:
            game = self.task.public["source"].game(transition.observation.get("payoffs"))
            self._problem = Interaction.of(game, self.memory, me)
        seen = transition.next_observation["maps"]
        tables = [seen[:, j, :, :count] for j, count in enumerate(self.memory.num_actions)]
        return self._problem, tables[me], self._problem.others(tables)
