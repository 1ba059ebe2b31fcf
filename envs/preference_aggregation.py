"""# PreferenceAggregation: publish a policy that represents every group, seeing only pairwise comparisons.

Evaluators rank the same options differently. The learner sees who wins comparisons, but not who belongs to which group,
and publishes a distribution over options that should give every group its share.

Rules: `envs/preferences/aggregation.py`; with `misreport="seat"` `envs/preferences/aggregation_with_group.py`.

## Rules
At the start each lane draws a profile, a distribution of evaluators over rankings: a mixture of Plackett-Luce or of
Mallows types, or points in space. Or the profile is given, by a PrefLib file (.soc, .soi, .toc, .toi), a table of
ratings in MovieLens' layout, or a list of rankings. The group of an option consists of the evaluators who rank it first
(a tie at the top is shared equally among the options). P(i > j) is the share of evaluators who prefer i to j, plus half
the share of those who are indifferent.

In every round the learner publishes a policy. With `queries="chosen"` it also names a pair, which `answers` evaluators,
drawn at random with replacement, compare; with `queries="batch"`, `answers` random pairs are compared by one random
evaluator each. With `misreport` the second half of the rounds starts again without answers, and the same evaluators are
drawn, but all members of one group answer by a ranking that may differ from their own: with "bury" their option first
and the others from the weakest to the strongest by Borda score; with "seat" the ranking that the player in the seat
`group_0` reports. The manipulation gain of the learner, whatever its algorithm, is the probability that the group's
option gains from the end of the first half to the end of the second. The group is the second by Borda score
("runner-up") or drawn ("random").

## Players and actions
One learner: an array of weights, first one per option (the policy is the weights divided by their sum, uniform if all
are 0), then, with `queries="chosen"`, one priority per option (the two of greatest priority are compared, ties to the
smaller number). With `misreport="seat"` there is a second player, `group_0`: its action is the weights by which the
group's members rank the options, ties to the smaller number; if all weights are equal, they answer truthfully. In the
first half they always answer truthfully.

## Observation
`wins`: how often i was preferred to j so far. For oracles, `reveal` adds the groups' `shares`, or the `preference`
function that the answers follow. The seat `group_0` sees `wins`, its own `group` and the last published `policy`.

## Reward
The proportionality level of the published policy, min over groups of policy / share, or its win rate against a
uniformly random option, by the true profile. It is for scoring only: the learner must not read it. The reward of
`group_0` is the probability of its option.

## End
At the horizon.

## Arguments
See `palaestra show PreferenceAggregation-v0`.

## Known solutions
The policy equal to the shares has level 1, but no function of P finds it: half abc and half cba has the same P as half
bac and half cab, but other shares. From P, u_i = min_j P(i > j) bounds each share from above, and the policy in
proportion to u (F*) has a level of at least 1 / sum u, the greatest level that P guarantees. Borda (RLHF) and maximal
lotteries (NLHF) have level 0 whenever an option with a group gets nothing.

## Sources
Kim, Zhang, Ozdaglar, Parrilo, "Beyond RLHF and NLHF: Population-Proportional Alignment under an Axiomatic Framework",
arXiv 2506.05619 (ICLR 2026). The rounds, the choice of pairs and the two halves are ours: the paper works with P
itself.

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
