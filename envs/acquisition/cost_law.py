"""How the priors, contexts and costs of DataAcquisition-v0 are drawn."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from ...core.arrays import Array, backend, ordered_sum
from ...core.errors import PalaestraError
from ...core.randomness import Draw, lane_keys
from ...theory.acquisition.grid_path import GridPath
from ...theory.acquisition.linear_program import LinearProgram
from ...theory.acquisition.priors import BUDGET, cost_set
from .acquisition_settings import CostSettings

FIRM = 0.3
"""The part of the costs' deviations that no context predicts."""


class CostLaw:
    """The law of a lane's centre, spread, context and cost.

    Args:
        program: X, or None where each lane has its own.
        dimension: d.
        settings: What is known of the costs.

    Raises:
        PalaestraError: A prior that is not allowed or does not fit the program.
    """

    def __init__(self, program: LinearProgram | None, dimension: int, settings: CostSettings) -> None:
        self.dimension, self.shape = dimension, settings.uncertainty
        self.width, self.contexts = settings.width, settings.contexts
        self.draws = Draw(lane_keys([settings.world], backend(), "acquisition"), -1, backend())
        self.own = settings.prior == "own"
        self.greatest = 2.0 + self.width
        if not self.own:
            self.centre, self.spread = self._common(program, settings.prior)
            cost_set(self.shape, self.centre, self.spread)
            self.greatest = float((np.abs(self.centre) + self.spread).max())
        scale = max(self.contexts, 1) ** -0.5
        drawn = self.draws.normal("mixing", (dimension, self.contexts))[0] if self.contexts else None
        self.mixing = None if drawn is None else scale * drawn

    def _common(self, program: LinearProgram | None, prior: Any) -> tuple[Array, Array]:
        d = self.dimension
        if prior == "common":
            return self.draws.uniform("centre", (d,), 1.0, 2.0)[0], self._spread(self.draws)[0]
        if prior == "corridor":
            if not isinstance(program, GridPath):
                raise PalaestraError("prior='corridor' is for family='path'. Use prior='own' or prior='common'.")
            return np.where(program.corridor(), 10.0, 100.0), np.ones(d)
        if not isinstance(prior, Mapping) or prior.keys() != {"centre", "spread"}:
            raise PalaestraError(
                f"prior={prior!r} is not allowed. Choose 'own', 'common', 'corridor' or give {{'centre': [...], "
                "'spread': [...]}."
            )
        centre, spread = np.asarray(prior["centre"], np.float64), np.asarray(prior["spread"], np.float64)
        if centre.shape != (d,) or spread.shape != (d,):
            raise PalaestraError(f"The prior has shapes {centre.shape} and {spread.shape}: give d={d} numbers each.")
        return centre, spread

    def _spread(self, draw: Draw) -> Array:
        return draw.uniform("spread", (self.dimension,), 0.1 * self.width, self.width)

    def draw(self, draw: Draw) -> tuple[Array, Array, Array, Array]:
        """Centre, spread, context (or None) and cost of every lane."""
        where, d = draw.where, self.dimension
        if self.own:
            centre, spread = draw.uniform("centre", (d,), 1.0, 2.0), self._spread(draw)
        else:
            unit = where.full((draw.lanes, 1), 1)
            centre, spread = where.asarray(self.centre) * unit, where.asarray(self.spread) * unit
        context = draw.normal("context", (self.contexts,)) if self.contexts else None
        return centre, spread, context, centre + spread * self._deviation(draw, context)

    def _deviation(self, draw: Draw, context: Array) -> Array:
        """A point of the set in units of the spread from the centre, (lanes, d)."""
        xp, where = draw.where.xp, draw.where
        if context is not None:
            raw = ordered_sum(where.asarray(self.mixing)[None] * context[:, None, :], 2)
            raw = 1.5 * raw + FIRM * draw.normal("firm", (self.dimension,))
        if self.shape == "ellipsoid":
            far = raw if context is not None else draw.normal("ray", (self.dimension,))
            length = xp.sqrt(ordered_sum(far * far, 1))[:, None]
            if context is not None:
                return far / (1.0 + length)
            return far / length * draw.uniform("radius", (1,)) ** (1.0 / self.dimension)
        flat = raw / (1.0 + xp.abs(raw)) if context is not None else draw.uniform("cost", (self.dimension,), -1.0, 1.0)
        if self.shape == "polytope":
            total, room = xp.abs(ordered_sum(flat, 1))[:, None], 0.999 * BUDGET * self.dimension
            flat = xp.where(total > room, flat * (room / xp.where(total > room, total, xp.ones_like(total))), flat)
        return flat

    def history(self, count: int) -> Mapping[str, Array]:
        """Past pairs of the same law, the same in every lane: `contexts` (n, p) and `costs` (n, d)."""
        numpy = backend()
        drawn = Draw(self.draws.keys.repeated(count), np.arange(count), numpy)  # pair k is step k of the one world
        _, _, contexts, costs = self.draw(drawn)
        return {"contexts": contexts, "costs": costs}
