"""A routing table as a process of utilities: each lane meets the table's prompts in its own order."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np
from gymnasium import spaces

from ...core.arrays import Array, Backend
from ...core.errors import PalaestraError
from ...core.randomness import Draw
from ...theory.rankings.utility_process import UtilityProcess
from .prompt_features import prompt_features
from .routing_settings import PromptSettings
from .routing_table import RoutingTable


class PromptOrder(NamedTuple):
    """Lanes of a table.

    Attributes:
        order: int64 (lanes, horizon): the table's row of every round.
        models: int64 (lanes, models): the table's model that each action stands for.
    """

    order: Array
    models: Array


class TableUtilities(UtilityProcess[PromptOrder]):
    """Utilities quality - cost_weight * cost / (greatest cost of the table), row by row.

    An episode of `horizon` rounds holds lanes x horizon integers.

    Args:
        table: Prompts, qualities, costs.
        prompts: Their order, what is shown of them, and what cost is worth.

    Raises:
        PalaestraError: An option that is not allowed.
    """

    stochastic = False

    def __init__(self, table: RoutingTable, prompts: PromptSettings | None = None) -> None:
        chosen = prompts or PromptSettings()
        self.table = table
        self.num_actions = len(table.models)
        self.cost_weight = float(chosen.cost_weight)
        self.utility_range = (0.0 - chosen.cost_weight, 1.0)
        self.replacement = chosen.replacement
        self.anonymous = chosen.anonymous
        self._blocks = table.blocks(chosen.drift) if isinstance(chosen.drift, str) else None
        scale = float(table.cost.max()) or 1.0
        self._utility = table.quality - chosen.cost_weight * (table.cost / scale)
        self._features = None
        if chosen.features != 0:
            self._features = prompt_features(table.prompts, chosen.features)
            self.context_space = spaces.Box(-1.0, 1.0, (chosen.features,), np.float64)

    def place(self, where: Backend) -> None:
        """Move the table to the backend."""
        super().place(where)
        self._here = {
            "utility": where.asarray(self._utility),
            "quality": where.asarray(self.table.quality),
            "cost": where.asarray(self.table.cost),
        }
        if self._features is not None:
            self._here["features"] = where.asarray(np.array(self._features))
        if self._blocks is not None:
            self._here["blocks"] = where.asarray(self._blocks)

    def public(self, horizon: int) -> Mapping[str, Any]:
        """The models' names in the order of actions, unless that order is drawn; the table's name; the cost weight."""
        named = {} if self.anonymous else {"models": self.table.models}
        return {**named, "table": self.table.name, "cost_weight": self.cost_weight}

    def check_horizon(self, horizon: int) -> None:
        """Refuse an episode for which the table is too short."""
        rows = len(self.table.prompts)
        if self.replacement is False and horizon > rows:
            raise PalaestraError(
                f"horizon={horizon} is longer than the table's {rows} rows. Use horizon={rows} or less, or "
                "replacement=True to meet prompts again."
            )

    def start(self, draw: Draw, horizon: int) -> PromptOrder:
        """Draw the whole order of prompts."""
        self.check_horizon(horizon)
        xp, rows = self.where.xp, len(self.table.prompts)

        # the prompts: drawn anew in every round, or each at most once
        again = self.replacement if self.replacement is not None else horizon > rows
        if again:
            order = draw.integers("prompts", rows, (horizon,))
        else:
            order = xp.argsort(draw.bits("prompts", (rows,)), axis=1, stable=True)[:, :horizon]

        # with drift: sort them by block, in the lane's order of blocks
        if self._blocks is not None:
            turn = draw.bits("blocks", (int(self._blocks.max()) + 1,))
            met = xp.take_along_axis(turn, self._here["blocks"][order], axis=1)
            order = xp.take_along_axis(order, xp.argsort(met, axis=1, stable=True), axis=1)

        # which action stands for which model
        actions = self.num_actions
        if self.anonymous:
            models = xp.argsort(draw.bits("models", (actions,)), axis=1, stable=True)
        else:
            models = self.where.zeros((len(draw.keys), actions), "int64") + self.where.asarray(np.arange(actions))
        return PromptOrder(order, models)

    def advance(self, state: PromptOrder, step: int, draw: Draw) -> tuple[PromptOrder, Array]:
        """The utilities of the row of round `step`; the order never changes."""
        return state, self._of("utility", state, state.order[:, step])

    def context(self, state: PromptOrder, step: int) -> Array | None:
        """Features of the prompt of round `step`; zeros after the last."""
        if self._features is None:
            return None
        lanes, horizon = state.order.shape
        if step >= horizon:
            return self.where.zeros((lanes, self._features.shape[1]))
        return self._here["features"][state.order[:, step]]

    def scoring(self, state: PromptOrder, step: int) -> dict[str, Any]:
        """The round's row, and every model's quality and cost on it."""
        row = state.order[:, step]
        return {"quality": self._of("quality", state, row), "cost": self._of("cost", state, row), "row": row}

    def _of(self, what: str, state: PromptOrder, row: Array) -> Array:
        """A column of the table for every action, (lanes, models), on the lanes' rows."""
        found = self._here[what][row]
        return self.where.xp.take_along_axis(found, state.models, axis=1) if self.anonymous else found
