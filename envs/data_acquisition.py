"""# DataAcquisition: buy measurements of an unknown cost vector, then decide a linear program.

A decision x of a known polytope X will cost c'x, where c is known only up to an uncertainty set. Measurements q'c can
be bought, one a step; whoever buys none decides in the dark, whoever buys all pays for what no decision depends on.

## Rules
Each lane has a cost vector c inside its uncertainty set C: a box, an ellipsoid, or a box cut by a budget, around a
`centre` with half-widths `spread`, drawn for each lane (`prior="own"`), drawn once (`"common"`), given as numbers, or,
on grids, 10 in a corridor along the diagonal and 100 elsewhere with spread 1 (`"corridor"`). X is that of a family:
paths on a `size` x `size` grid, hiring `size // 3 + 1` of `size` candidates, assigning `size` workers, transport
between `size` sources and `size` sinks, or a random polytope of `size` variables and `size // 2` equations, drawn for
each lane.

Every step the learner buys one measurement of a menu (coordinates; or coordinates and their pairwise differences; or
rows of its own) or, with `menu="free"`, of any direction q with entries in [-1, 1]; or it commits. The answer is q'c,
with normal noise of standard deviation `noise`; the mean is kept where an item is bought again. A lane that has not
committed does so in its last step, after buying.

On commitment a decision is made. With `decide="decoder"` x minimises c'x for the c' of C that agrees with the answers
and is nearest to the centre in units of the spread. Where that point lies outside of C, another of C is taken: of least
greatest deviation from the answers and then from the centre, by linear programs; for ellipsoids of least squared
deviation from the answers. If the measurements are sufficient, every c' of C that agrees gives an optimal decision
(Proposition 2). With `decide="estimate"` every action carries a cost vector, and on commitment x minimises that. After
commitment steps do nothing, so that all lanes end together.

With `contexts` a lane's cost depends on features that are seen beforehand, and `history` past pairs are public.

## Players and actions
One learner. Menu and decoder: the index of a measurement, or the menu's length to commit. Menu and estimate: a vector
of a score for each of these choices, of which the greatest is taken, then the estimate. Free: the direction, a number
that commits where it is above 0, then the estimate if one is asked for; the direction 0 buys nothing. Estimates are in
units of four times the spread, from the centre.

## Observation
`centre` and `spread` of the lane, `prices`, `answers` and `count` (how often each was bought; with free directions
these and `directions` go by order of purchase), `committed`, and where they exist `context`, `matrix` and `rhs`.

## Reward
Minus the price of what is bought; on commitment minus the decision regret c'x - min c'x.

## End
At the horizon: by default the menu's length and 1 (free: the dimension and 1), which suffices to buy everything.

## Arguments
See `palaestra show DataAcquisition-v0`.

## Known solutions
No regret needs measurements that span the differences W* of all decisions optimal for some cost of C, d* = dim W* of
them (Corollary 1). Regret of every decision is exact: dynamic programming on grids, sorting for hiring, the Hungarian
method, HiGHS elsewhere.

## Sources
Bennouna, Bennouna, Amin, Ozdaglar, "What Data Enables Optimal Decisions? An Exact Characterization for Linear
Optimization", arXiv 2505.21692 (NeurIPS 2025); "Data Informativeness in Linear Optimization under Uncertainty", arXiv
2602.15365; Ye, Amin, Ozdaglar, "Learning Decision-Sufficient Representations for Linear Optimization", arXiv 2603.18551
(COLT 2026), Appendix E.8 for the corridor; which edges are in it, sizes, priors and prices are our choice.

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
