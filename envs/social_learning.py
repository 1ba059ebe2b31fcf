"""# SocialLearning: people learn from each other and from an AI that is trained on what they believe.

A DeGroot network in which beliefs are averaged over neighbours, and AI aggregators that feed beliefs back. A planner
decides whose beliefs an AI is trained on and how fast it learns, or every agent decides what to rely on.

## Rules
Every agent begins with a signal about each topic: the state plus noise. With informed "community", topic k is known in
community k modulo C alone and the others begin at the common prior 0. In a round beliefs become p(t+1) = (1 - beta) T
p(t) + beta a(t), and the AI learns by a(t+1) = rho a(t) + (1 - rho) m(t), where m(t) is the mean belief under the
training weights; it begins at m of the round that first deploys it. Training weights are given to communities and
shared equally by their members. Reliance beta is drawn for each community (seat "planner"), or chosen (seat "agents").
The local design has one AI a topic, where topics belong to communities: community k relies on the AI of its own topics
with its beta and on others with `outside_trust` times that. Where everybody is informed, it has one AI a community,
heard by its members alone.

Networks: "islands" (two islands in expectation) and "sampled_islands" draw homophily and sizes for each lane;
"stochastic_block" and "small_world" are drawn once from `network_seed`; "karate_club", "florentine_families",
"davis_southern_women" and "les_miserables" come with networkx; a path names an edge list or a GraphML file; nested
lists are a row-stochastic matrix. Drawn and read graphs are undirected, their agents have a tie to themselves as heavy
as the mean of their others, and weights are divided by their sum. Where no communities are known, there are two, by the
sign of the Fiedler vector.

## Players and actions
Seat "planner": `player_0`. An action is a vector of numbers from 0 to 1: rows of C training weights, divided by their
sums (first the global row, then the local ones, one a topic or community, as far as the design has them); then the
speed rho, if `speed` is None; then the choice of design, if it is "choose" (from 0.5 on: local). A row of zeros deploys
no AI (among rows for communities it stands for the own community, unless all are zeros). Seat "agents": `player_0`,
..., one an agent. An action is the weight on neighbours and the weight on the AI; what is left to 1 stays on the own
belief, and sums above 1 are divided out.

## Observation
Planner: `shares`, each community's share of the population. It sees neither homophily nor adoption nor beliefs, unless
an option shows them: reveal "beliefs" shows `means`, the mean belief of each community; "network" shows `ties` between
communities and their `adoption`, which makes an oracle.
Agents: `own`, `neighbours` (the weighted mean of those listened to) and `ai`, what each believes on every topic.

## Reward
Planner: minus the learning gap, the distance from the mean of all signals, averaged over topics: of the consensus that
beliefs would reach if this round's design were kept, in every round ("consensus") or in the last alone ("end"); or the
agents' mean distance in every round ("error").
Agents: minus the own distance after the round, averaged over topics.

## End
At the horizon.

## Arguments
See `palaestra show SocialLearning-v0`.

## Known solutions
The efficient estimate is the mean of all signals. The consensus under any design is known in closed form (Theorem 1),
and on two islands so are the training weights that reach it and those that help whatever homophily and adoption are
(Theorem 2). On topics of communities, local AIs trained on their own community help on every topic (Proposition 4), and
a global one is worse than they are on one at least (Theorem 3). Both are about the weight of a community; where its
members count unequally (networks other than "islands"), their noise may hide it.

## Sources
Acemoglu, Lin, Ozdaglar, Siderius, "How AI Aggregation Affects Knowledge", arXiv 2604.04906 (2026). a(0), self-ties, the
prior, the law of signals and the whole of the agents' seat are our reconstruction. DeGroot, JASA 69, 1974.

## Version history
v0: first.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..core.settings_records import with_settings
from .social.network_settings import NetworkSettings
from .social.planner_seat import PlannerSeat
from .social.reliance_seat import RelianceSeat
from .social.seat_settings import SeatSettings
from .social.society import SocietySettings

VARIANTS: Mapping[str, Mapping[str, Any]] = {
    "topics of communities, everything chosen": {
        "topics": 3,
        "informed": "community",
        "speed": None,
        "reveal": "beliefs",
        "horizon": 6,
    },
    "sampled islands, an oracle paid in the end": {
        "network": "sampled_islands",
        "agents": 10,
        "design": "global",
        "reveal": "network",
        "reward": "end",
        "horizon": 5,
    },
    "three blocks, local": {
        "network": "stochastic_block",
        "communities": 3,
        "agents": 18,
        "topics": 3,
        "informed": "community",
        "design": "local",
        "reward": "error",
        "horizon": 5,
    },
    "small world": {"network": "small_world", "agents": 20, "horizon": 5},
    "agents": {"seat": "agents", "agents": 6, "horizon": 5},
    "agents with local AIs": {"seat": "agents", "agents": 5, "topics": 2, "design": "local", "horizon": 5},
}


@with_settings(NetworkSettings, SocietySettings, SeatSettings)
def social_learning(
    network: NetworkSettings, society: SocietySettings, seat: SeatSettings
) -> PlannerSeat | RelianceSeat:
    """The rules of social learning."""
    if seat.seat == "planner":
        return PlannerSeat(network.source(), society, seat)
    return RelianceSeat(network.source(), society, seat)
