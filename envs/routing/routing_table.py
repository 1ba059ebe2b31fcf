"""A routing table: what every model would score, and cost, on every prompt."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ...core.arrays import Array
from ...core.errors import PalaestraError


@dataclass(frozen=True, eq=False)
class RoutingTable:
    """One row per prompt, one column per model.

    Attributes:
        name: Name for messages: the file's, or "synthetic".
        prompts: The texts of n prompts.
        models: The names of A models.
        quality: float64 (n, A) in [0, 1].
        cost: float64 (n, A), nonnegative, in `cost_unit`; zeros if the table has no costs.
        cost_unit: What a cost counts: "total_cost" (the table's currency), "output_chars", or "none".
        categories: Names of the prompts' categories, sorted; empty if the table has none.
        category: int64 (n,): index into `categories`; zeros if there are none.
    """

    name: str
    prompts: tuple[str, ...]
    models: tuple[str, ...]
    quality: Array
    cost: Array
    cost_unit: str
    categories: tuple[str, ...]
    category: Array

    def blocks(self, drift: str) -> Array:
        """Which block of a drifting order each prompt belongs to, int64 (n,).

        Args:
            drift: "category": the table's categories. "length": quarters of the prompts by length. "auto": by
                category if the table has categories, else by length.

        Raises:
            PalaestraError: Another value, or "category" for a table without categories.
        """
        if drift not in ("auto", "category", "length"):
            raise PalaestraError(f"drift={drift!r} is not allowed. Allowed: False, 'category', 'length', 'auto'.")
        if drift == "category" and not self.categories:
            raise PalaestraError(
                f"drift='category': the table {self.name!r} has no column of categories. Name one with the option "
                "category=COLUMN (default 'eval_name'), or use drift='length'."
            )
        if drift != "length" and self.categories:
            return self.category
        lengths = np.array([len(prompt) for prompt in self.prompts])
        rank = np.argsort(np.argsort(lengths, kind="stable"), kind="stable")
        return rank * 4 // len(lengths)
