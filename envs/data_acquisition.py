"""# DataAcquisition: buy measurements of an unknown cost vector, then decide a linear program.

A decision x of a known polytope X costs c'x, where c is known only up to an uncertainty set. The learner can buy
measurements q'c, one per step: buying none means deciding on the prior, buying all means paying for measurements that
no decision depends on.

Rules: `envs/acquisition/acquisition_rules.py`.

## Rules
Each lane has a cost vector c inside its uncertainty set C: a box, an ellipsoid, or a box cut by a budget, around a
`centre` with half-widths `spread`. Centre and spread are drawn for each lane (`prior="own"`), drawn once (`"common"`),
given as numbers, or, on grids, 10 in a corridor along the diagonal and 100 elsewhere with spread 1 (`"corridor"`). The
family says what X is: paths on a `size` x `size` grid, hiring `size // 3 + 1` of `size` candidates, assigning `size`
workers, transport between `size` sources and `size` sinks, or a random polytope of `size` variables and `size // 2`
equations, drawn for each lane.

In every step the learner buys one measurement of a menu (coordinates; or coordinates and their pairwise differences; or
given rows) or, with `menu="free"`, of any direction q with entries in [-1, 1]; or it commits. The answer is q'c, with
normal noise of standard deviation `noise`; if an item is bought again, the mean of its answers is kept. A lane that has
not committed does so in its last step, after buying.

On commitment a decision is made. With `decide="decoder"` x minimises c'x for the c' of C that agrees with the answers
and is nearest to the centre in units of the spread. If that point lies outside of C, another point of C is taken: the
one of least greatest deviation, first from the answers and then from the centre, by linear programs; for ellipsoids the
one of least squared deviation from the answers. If the measurements are sufficient, every c' of C that agrees gives an
optimal decision (Proposition 2). With `decide="estimate"` every action carries a cost vector, and on commitment x
minimises the cost of that vector. After commitment steps do nothing, so that all lanes end together.

With `contexts` a lane's cost depends on features that the learner sees beforehand, and `history` past pairs of features
and costs are public.

## Players and actions
One learner. Menu and decoder: the index of a measurement, or the menu's length to commit. Menu and estimate: a vector
of a score for each of these choices, of which the greatest is taken, then the estimate. Free: the direction, a number
that commits if it is above 0, then the estimate if one is asked for; the direction 0 buys nothing. Estimates are
offsets from the centre, in units of four times the spread.

## Observation
`centre` and `spread` of the lane, `prices`, `answers` and `count` (how often each was bought; with free directions
these and `directions` are in order of purchase), `committed`, and if they exist `context`, `matrix` and `rhs`.

## Reward
Minus the price of what is bought; on commitment minus the decision regret c'x - min c'x.

## End
At the horizon: by default the menu's length plus 1 (free: the dimension plus 1), which suffices to buy everything.

## Arguments
See `palaestra show DataAcquisition-v0`.

## Known solutions
Zero regret needs measurements that span the differences W* of all decisions that are optimal for some cost of C, and
there are d* = dim W* of them (Corollary 1). Regret of every decision is exact: by dynamic programming on grids, by
sorting for hiring, by the Hungarian method for assignment, by HiGHS elsewhere.

## Sources
Bennouna, Bennouna, Amin, Ozdaglar, "What Data Enables Optimal Decisions? An Exact Characterization for Linear
Optimization", arXiv 2505.21692 (NeurIPS 2025); "Data Informativeness in Linear Optimization under Uncertainty", arXiv
2602.15365; Ye, Amin, Ozdaglar, "Learning Decision-Sufficient Representations for Linear Optimization", arXiv 2603.18551
(COLT 2026), Appendix E.8 for the corridor. We chose which edges are in the corridor, the sizes, the priors and the
prices.

## Version history
v0: first.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..core.settings_records import with_settings
from .acquisition.acquisition_rules import DataAcquisition
from .acquisition.acquisition_settings import CostSettings, ProgramSettings, PurchaseSettings

VARIANTS: Mapping[str, Mapping[str, Any]] = {
    "corridor, free directions": {
        "family": "path",
        "size": 4,
        "prior": "corridor",
        "uncertainty": "ellipsoid",
        "menu": "free",
        "horizon": 6,
    },
    "assignment, noisy differences": {
        "family": "assignment",
        "size": 3,
        "menu": "differences",
        "noise": 0.1,
        "horizon": 6,
    },
    "transport under a budget": {"family": "transport", "size": 2, "uncertainty": "polytope", "horizon": 6},
    "random polytopes, own estimate": {"family": "polytope", "size": 6, "decide": "estimate", "horizon": 5},
    "contexts, free, own estimate": {
        "family": "path",
        "size": 3,
        "prior": "common",
        "uncertainty": "ellipsoid",
        "menu": "free",
        "decide": "estimate",
        "contexts": 3,
        "horizon": 4,
    },
}


@with_settings(ProgramSettings, CostSettings, PurchaseSettings)
def data_acquisition(program: ProgramSettings, costs: CostSettings, purchases: PurchaseSettings) -> DataAcquisition:
    """The rules of data acquisition."""
    return DataAcquisition(program, costs, purchases)
