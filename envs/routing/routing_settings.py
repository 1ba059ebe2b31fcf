"""The options of ModelRouting-v0 in three records: which table, which prompts in which order, and what is shown."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from ...core.errors import PalaestraError
from ...theory.rankings.ranking_channel import Feedback, Information
from ...wrappers.ranking_bandit import Reveal
from .read_routing_table import read_routing_table
from .routing_table import RoutingTable
from .synthetic_routing_table import synthetic_routing_table


@dataclass(frozen=True)
class TableSettings:
    """Which table of judged answers, and how its file is read.

    Attributes:
        table: "synthetic", the path of a .csv or .parquet file, or a `RoutingTable`.
        models: The models of a file to route among; default: all.
        cost: What the answers of a file cost: "total_cost", "output_chars" (their length), "none"; "auto": total_cost
            if the file has it, else none; or "any": the first of the three that it has.
        rescale: Map the least and greatest score of a file to 0 and 1.
        category: The file's column of categories.
    """

    table: str | Path | RoutingTable = "synthetic"
    models: Sequence[str] | None = None
    cost: str = "auto"
    rescale: bool = False
    category: str = "eval_name"

    def read(self) -> RoutingTable:
        """The table.

        Raises:
            PalaestraError: A file that cannot be used, or options of a file with a table that is not a file.
        """
        if not isinstance(self.table, RoutingTable) and self.table != "synthetic":
            return read_routing_table(self.table, self.models, self.cost, self.rescale, self.category)
        made = self.table if isinstance(self.table, RoutingTable) else synthetic_routing_table()
        changed = self.models is not None or self.rescale or self.category != "eval_name"
        if changed or self.cost not in ("auto", "any", "total_cost"):
            raise PalaestraError(
                f"models, cost, rescale and category say how a file is read; the table {made.name!r} is not a file. "
                "Leave them out, or give table=PATH."
            )
        return made


@dataclass(frozen=True)
class PromptSettings:
    """Which prompts come in which order, what is known of them, and what their answers are worth.

    Attributes:
        cost_weight: Quality that the table's greatest cost is worth; 0 ignores cost.
        drift: false, or the blocks in which prompts come: "category", "length", or "auto" (by category where the table
            has them, else by length). Each lane draws the order of the blocks.
        replacement: Whether prompts may come again; default: only where the horizon is longer than the table.
        features: Dimension of the prompt's hashed features; 0 shows nothing of prompts.
        anonymous: Draw for each lane which action stands for which model, so that nothing is known of a model before it
            is tried. Benchmarks need it: otherwise the table's best model can be written into an agent.
    """

    cost_weight: float = 0.0
    drift: bool | str = False
    replacement: bool | None = None
    features: int = 32
    anonymous: bool = False

    def __post_init__(self) -> None:
        if not 0 <= self.cost_weight < float("inf"):
            raise PalaestraError(f"cost_weight={self.cost_weight!r} is not allowed: it must be a number from 0.")
        if self.drift is True:
            raise PalaestraError("drift=True does not say by what. Allowed: False, 'category', 'length', 'auto'.")


@dataclass(frozen=True)
class RoutingFeedback:
    """What the router plays and sees.

    Attributes:
        feedback: "instantaneous" or "average" (rankings), or "numeric".
        information: "bandit" (proposals) or "full" (a strategy over all models).
        proposals: K, how many models are proposed each round, under bandit information.
        temperature: tau of the Plackett-Luce ranking, in units of utility; 0 sorts.
        reveal: For oracles: "hindsight" shows the best fixed model, "next" the best model for the coming prompt.
        horizon: Rounds of an episode; default: the rows of the table, at most 2,000.
    """

    feedback: Feedback = "instantaneous"
    information: Information = "bandit"
    proposals: int = 2
    temperature: float = 0.5
    reveal: Reveal | None = None
    horizon: int | None = None
