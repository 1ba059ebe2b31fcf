"""A decision far along a direction, among those that are optimal for some cost of the set.

Source: Bennouna, Bennouna, Amin, Ozdaglar, "What Data Enables Optimal Decisions?" (arXiv 2505.21692), whose Algorithm 2
solves one mixed-integer program per iteration. The program is not given, so these are our reconstructions. All search
for v'x > value in X*(C), the union of minimisers over costs of the set, which is shrunk by a margin because C is open.

There are three forms, depending on what is known of X and C:
1. X with vertices of zeros and ones, C a box. A vertex x is optimal for some c of the box iff it is optimal for
   the c that is lower where x = 1 and upper where x = 0 (lower costs where x is used and higher elsewhere favour x). So
   c = u - (u - l) x, and optimality is strong duality, A'y - t <= c, l'x <= b'y - upper't: linear, without a big-M
   constant.
2. X any polytope with a point p strictly between its bounds, C linear: complementary slackness with binaries,
   s <= M z, x <= largest (1 - z), and the same for upper bounds. M is proved: an optimal dual pair has
   s'p + t'(upper - p) = c'p - min_X c'x <= max_C c'p - L =: R, where L bounds the optimum below, so s_j <= R / p_j.
3. C an ellipsoid: the vertices are listed, and one is reachable iff the convex program
   min |c - centre|_S over {c : c'(x' - x) >= 0 for every vertex x'} stays within the margin; its dual is a nonnegative
   least squares problem.

Cost: a MILP with d binaries (form 2: up to 2d) by HiGHS; for form 3, a least-squares problem per vertex. A search that
the time limit stops is an error, because an unproved "nothing further" could call an insufficient data set sufficient.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from ...core.arrays import Array
from ...core.errors import PalaestraError
from .cost_box import CostBox
from .cost_ellipsoid import CostEllipsoid
from .cost_polytope import CostPolytope
from .cost_set import CostSet
from .linear_program import LinearProgram

MARGIN = 1e-4
"""How much of the set, about its centre, does not count: well above the tolerance of HiGHS, 1e-7 to 1e-6."""


@dataclass(frozen=True)
class Reached:
    """The result of one search.

    Attributes:
        decision: The vertex x, (d,).
        cost: A cost of C for which it is optimal, (d,).
        nodes: Branch-and-bound nodes.
        gap: HiGHS's relative gap when it stopped.
    """

    decision: Array
    cost: Array
    nodes: int
    gap: float


class ReachableOptima:
    """The set X*(C) of one program and one cost set.

    Args:
        program: X.
        costs: C.
        margin: The share of its size by which C is shrunk towards its centre.
        seconds: Time limit of one mixed-integer program.

    Raises:
        PalaestraError: Dimensions that do not fit.
    """

    def __init__(self, program: LinearProgram, costs: CostSet, margin: float = MARGIN, seconds: float = 60.0) -> None:
        if program.dimension != costs.dimension:
            raise PalaestraError(
                f"The program has {program.dimension} variables, the uncertainty set {costs.dimension} coordinates."
            )
        if not 0.0 < margin < 1.0:
            raise PalaestraError(
                f"margin={margin}: the uncertainty set is open, so the margin lies strictly in (0, 1)."
            )
        self.program, self.costs, self.seconds = program, costs, seconds
        self.nodes = self.searches = 0
        self._listed: tuple[Array, Array] | None = None
        if isinstance(costs, CostEllipsoid):
            self._listed = self._reachable_vertices(costs.shrunk(margin))
        elif isinstance(costs, CostBox):
            self._inner: CostBox | CostPolytope = costs.shrunk(margin)
        elif isinstance(costs, CostPolytope):
            self._inner = costs.shrunk(margin)
        else:
            raise PalaestraError(f"{type(costs).__name__} is not supported: give a box, a polytope or an ellipsoid.")
        self._constant: tuple[Array, Array] | None = None
        self._open: Array | None = None

    def beyond(self, objective: Array, value: float) -> Reached | None:
        """A reachable vertex with objective'x > value, or None where there is none.

        Raises:
            PalaestraError: The time limit ended the search.
        """
        if self._listed is not None:
            vertices, found = self._listed
            values = vertices @ objective
            best = int(np.argmax(values))
            if values[best] <= value:
                return None
            return Reached(vertices[best], found[best], len(vertices), 0.0)
        if self.program.binary and isinstance(self._inner, CostBox):
            return self._zero_one(objective, value, self._inner)
        return self._complementary(objective, value)

    @property
    def most_dimensions(self) -> int:
        """An upper bound on d*: the dimension of X, without variables known to be unused by reachable vertices."""
        if self._listed is not None or not (self.program.binary and isinstance(self._inner, CostBox)):
            return self.program.free_dimension
        if self._open is None:
            self._open = self._usable(self._inner)
        used = self.program.matrix[:, self._open > 0.5]
        return int(used.shape[1]) - int(np.linalg.matrix_rank(used))

    def guess(self, objective: Array, costs: Array) -> tuple[Array, Array]:
        """Reachable vertices among minimisers of costs that are shifted towards the objective, and their costs.

        Only in form 1, where reachability is cheap to test: x must be optimal at its own best cost.
        """
        if self._listed is not None or not (self.program.binary and isinstance(self._inner, CostBox)):
            return np.zeros((0, self.program.dimension)), np.zeros((0, self.program.dimension))
        box = self._inner
        unit = float(box.spread.mean()) / max(float(np.abs(objective).mean()), 1e-300)
        bent = [costs - weight * unit * objective for weight in (0.25, 0.5, 1.0, 2.0, 4.0)]
        found = np.unique(self.program.solve(np.concatenate(bent)), axis=0)
        best = box.upper - (box.upper - box.lower) * found
        rival = self.program.solve(best)
        sure = ((found - rival) * best).sum(1) <= 1e-9 * (1.0 + np.abs(best).max())
        return found[sure], best[sure]

    def _reachable_vertices(self, inner: CostEllipsoid) -> tuple[Array, Array]:
        from scipy.optimize import nnls

        vertices, kept = self.program.vertices(20_000), []
        for i, vertex in enumerate(vertices):
            edges = np.delete(vertices, i, axis=0) - vertex
            # The nearest point of a cone {z : Ez >= g}: z = E'w with w >= 0; as least squares (Lawson, Hanson 1974).
            scaled, target = edges @ inner.root, -(edges @ inner.centre)
            stacked, goal = np.vstack([scaled.T, target]), np.append(np.zeros(scaled.shape[1]), 1.0)
            weights, _ = nnls(stacked, goal, maxiter=100 * len(edges) + 100)
            left = stacked @ weights - goal
            if abs(left[-1]) > 1e-12:
                cost = inner.centre + inner.root @ (left[:-1] / -left[-1])
                if inner.contains(cost, 0.0):
                    kept.append((vertex, cost))
        return np.array([vertex for vertex, _ in kept]), np.array([cost for _, cost in kept])

    def _usable(self, box: CostBox) -> Array:
        """Which variables some reachable vertex of zeros and ones may have at 1, as (d,) of 0 and 1.

        A reachable x costs at most as much as any rival p at its own best cost: l on what p does not use and u on what
        it uses, summed over x, is at most u'p. Where no x with x_e = 1 meets this for one of a few rivals, e is out.
        """
        program, usable = self.program, np.ones(self.program.dimension)
        rivals = program.solve(np.stack([box.upper, box.centre, box.lower]))
        for rival in np.unique(rivals, axis=0):
            price = np.where(rival > 0.5, box.upper, box.lower)
            lure = 2.0 * float(np.abs(price).sum()) + 1.0
            through = program.solve(price - lure * np.eye(program.dimension))
            dear = through @ price > box.upper @ rival + 1e-9 * lure
            usable[dear | (through.diagonal() < 0.5)] = 0.0
        return usable

    def _zero_one(self, objective: Array, value: float, box: CostBox) -> Reached | None:
        program, d, m = self.program, self.program.dimension, len(self.program.matrix)
        width = box.upper - box.lower
        capped = np.flatnonzero(np.isfinite(program.upper))
        caps = np.eye(d)[:, capped]
        rows = np.vstack(
            [
                np.hstack([program.matrix, np.zeros((m, m + len(capped)))]),
                np.hstack([np.diag(width), program.matrix.T, -caps]),
                np.concatenate([box.lower, -program.rhs, program.upper[capped]])[None],
            ]
        )
        low = np.concatenate([program.rhs, np.full(d + 1, -np.inf)])
        high = np.concatenate([program.rhs, box.upper, [0.0]])
        least = np.concatenate([np.zeros(d), np.full(m, -np.inf), np.zeros(len(capped))])
        if self._open is None:
            self._open = self._usable(box)
        most = np.concatenate([self._open, np.full(m + len(capped), np.inf)])
        whole = np.concatenate([np.ones(d), np.zeros(m + len(capped))])
        found = self._milp(objective, value, rows, low, high, least, most, whole)
        if found is None:
            return None
        x, nodes, gap = found
        vertex = np.round(x[:d])
        return Reached(vertex, box.upper - width * vertex, nodes, gap)

    def _complementary(self, objective: Array, value: float) -> Reached | None:
        program, d, m = self.program, self.program.dimension, len(self.program.matrix)
        matrix, rhs = self._inner.inequalities()
        if self._constant is None:
            self._constant = self._slack_bounds()
        below, above = self._constant
        capped = np.flatnonzero(np.isfinite(program.upper))
        k, unit = len(capped), np.eye(d)
        caps = unit[:, capped]
        # Columns: x (d), c (d), y (m), s (d), t (k), z (d), w (k); z_j = 1 frees s_j and holds x_j at 0.
        at = np.cumsum([0, d, d, m, d, k, d, k])
        blocks: list[tuple[dict[int, Any], Any, Any]] = [
            ({0: program.matrix}, program.rhs, program.rhs),
            ({1: -unit, 2: program.matrix.T, 3: unit, 4: -caps}, np.zeros(d), np.zeros(d)),
            ({1: matrix}, np.full(len(rhs), -np.inf), rhs),
            ({3: unit, 5: -np.diag(below)}, np.full(d, -np.inf), np.zeros(d)),
            ({0: unit, 5: np.diag(program.largest)}, np.full(d, -np.inf), program.largest),
            ({4: np.eye(k), 6: -np.diag(above[capped])}, np.full(k, -np.inf), np.zeros(k)),
            ({0: caps.T, 6: -np.diag(program.upper[capped])}, np.zeros(k), np.full(k, np.inf)),
        ]
        rows, low, high = [], [], []
        for parts, least, most in blocks:
            row = np.zeros((len(least), at[-1]))
            for column, block in parts.items():
                row[:, at[column] : at[column] + block.shape[1]] = block
            rows.append(row)
            low.append(least)
            high.append(most)
        lower, upper = np.zeros(at[-1]), np.full(at[-1], np.inf)
        lower[at[1] : at[3]] = -np.inf
        upper[at[5] :] = 1.0
        whole = (np.arange(at[-1]) >= at[5]).astype(float)
        found = self._milp(
            objective, value, np.vstack(rows), np.concatenate(low), np.concatenate(high), lower, upper, whole
        )
        if found is None:
            return None
        x, nodes, gap = found
        return Reached(x[:d], x[d : 2 * d], nodes, gap)

    def _slack_bounds(self) -> tuple[Array, Array]:
        """The certain M of form 2 for s and for t, (d,) each."""
        program, (low, high) = self.program, self._inner.hull
        inside = np.mean([program.minimiser(sign * row) for row in np.eye(program.dimension) for sign in (1, -1)], 0)
        flat = (inside <= 1e-9) | (program.upper - inside <= 1e-9)
        if flat.any():
            raise PalaestraError(
                f"Variable {int(np.flatnonzero(flat)[0])} has one value on all of X. Leave it out of the program."
            )
        room = float(high @ inside - low @ program.minimiser(low))
        return room / inside, room / (program.upper - inside)

    def _milp(
        self,
        objective: Array,
        value: float,
        rows: Array,
        low: Array,
        high: Array,
        least: Array,
        most: Array,
        whole: Array,
    ) -> tuple[Array, int, float] | None:
        from scipy.optimize import Bounds, LinearConstraint, milp
        from scipy.sparse import csr_array

        cost = np.zeros(rows.shape[1])
        cost[: len(objective)] = -objective
        found = milp(
            cost,
            integrality=whole,
            bounds=Bounds(least, most),
            constraints=LinearConstraint(
                csr_array(np.vstack([rows, -cost])), np.append(low, value), np.append(high, np.inf)
            ),
            options={"time_limit": self.seconds, "mip_rel_gap": 0.0},
        )
        self.nodes += int(found.mip_node_count or 0)
        self.searches += 1
        if found.status == 2:
            return None
        if found.status != 0 or found.x is None:
            raise PalaestraError(
                f"The search for reachable decisions was not finished ({found.message}). Allow more than "
                f"{self.seconds} seconds, or take a smaller program."
            )
        return np.asarray(found.x), int(found.mip_node_count or 0), float(found.mip_gap or 0.0)
