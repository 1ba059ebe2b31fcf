"""# PreferenceAggregation: publish a policy that represents every group, from pairwise comparisons alone.

Evaluators rank the same options differently. The learner sees who wins comparisons, never who belongs to which group,
and publishes a distribution over options that should give every group its share.

## Rules
A lane's profile, a distribution of evaluators over rankings, is drawn at the start: a mixture of Plackett-Luce or of
Mallows types, or points in space; or it is given, by a PrefLib file (.soc, .soi, .toc, .toi), a table of ratings in
MovieLens' layout, or a list of rankings. The group of an option is made of the evaluators who rank it first (a tie at
the top counts for each option in parts). P(i > j) is the share of evaluators who prefer i to j, half of those who are
indifferent.

Every round the learner publishes a policy and, with `queries="chosen"`, names a pair, which `answers` evaluators,
drawn at random with replacement, compare; with `queries="batch"`, `answers` random pairs are compared by a random
evaluator each. With `misreport` the second half of the rounds starts from no answers again and the same evaluators
are drawn, but all members of one group answer by a ranking that need not be theirs: with "bury" their option first and
the others from the weakest to the strongest by Borda score; with "seat" whatever the player in the seat `group_0`
reports. What the group's option gains from the end of the first half to the end of the second is the manipulation gain
of the learner, whatever it does inside. The group is the second by Borda score ("runner-up") or drawn ("random").

## Players and actions
One learner: an array of weights, first one an option (the policy is the weights divided by their sum, uniform where
all are 0), then, with `queries="chosen"`, one priority an option (the two of greatest priority are compared, ties to
the smaller number). With `misreport="seat"` a second player, `group_0`: weights by which the group's members rank the
options, ties to the smaller number; all equal, they answer truly. In the first half they answer truly anyway.

## Observation
`wins`: how often i was preferred to j so far. With `reveal` also the groups' `shares`, or the `preference` function
that the answers follow, for oracles. The seat `group_0` sees `wins`, its own `group` and the last published `policy`.

## Reward
The proportionality level of the published policy, min over groups of policy / share, or its win rate against a
uniformly random option, by the true profile. It is for scoring only, the learner must not read it. The reward of
`group_0` is the probability of its option.

## End
At the horizon.

## Arguments
See `palaestra show PreferenceAggregation-v0`.

## Known solutions
The policy equal to the shares has level 1, but no function of P finds it: rankings abc and cba, half each, and bac and
cab, half each, have the same P and other shares. From P alone u_i = min_j P(i > j) bounds each share from above, and
the policy in proportion to u (F*) has at least the level 1 / sum u, which is the greatest that can be promised. Borda
(RLHF) and maximal lotteries (NLHF) have level 0 wherever an option with a group gets nothing.

## Sources
Kim, Zhang, Ozdaglar, Parrilo, "Beyond RLHF and NLHF: Population-Proportional Alignment under an Axiomatic Framework",
arXiv 2506.05619 (ICLR 2026). Rounds, the choice of pairs and the two halves are ours: the paper works with P itself.

## Version history
v0: first.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..core.rules import Rules
from ..core.settings_records import with_settings
from .preferences.aggregation import Aggregation
from .preferences.aggregation_with_group import AggregationWithGroup
from .preferences.profile_settings import ProfileSettings
from .preferences.round_settings import RoundSettings

VARIANTS: Mapping[str, Mapping[str, Any]] = {
    "batches, win rate": {"queries": "batch", "reward": "win_rate", "profile": "mallows", "horizon": 8},
    "a group buries": {"misreport": "bury", "profile": "euclidean", "options": 4, "horizon": 12},
    "a seat for the group": {"misreport": "seat", "group": "random", "horizon": 12},
    "shares revealed": {"reveal": "shares", "horizon": 8},
    "preferences revealed": {
        "profile": [[0, 1, 2], [0, 1, 2], [1, 2, 0], [2, 1, 0]],
        "misreport": "seat",
        "queries": "batch",
        "reveal": "preference",
        "horizon": 8,
    },
}


@with_settings(ProfileSettings, RoundSettings)
def preference_aggregation(profile: ProfileSettings, rounds: RoundSettings) -> Rules[Any]:
    """The rules of preference aggregation."""
    if rounds.misreport == "seat":
        return AggregationWithGroup(profile.source(), rounds)
    return Aggregation(profile.source(), rounds)
