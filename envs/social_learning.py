"""# SocialLearning: people learn from each other and from an AI that is trained on what they believe.

Beliefs are averaged over neighbours in a DeGroot network, and AI aggregators feed beliefs back. A planner decides whose
beliefs an AI is trained on and how fast it learns, or every agent decides what to rely on.

Rules: `envs/social/planner_seat.py` (seat "planner") and `envs/social/reliance_seat.py` (seat "agents").

## Rules
Every agent starts with a signal about each topic: the state plus noise. With informed "community", only the agents of
community k modulo C have a signal about topic k; the others start at the common prior 0. In each round beliefs become
p(t+1) = (1 - beta) T p(t) + beta a(t), and the AI learns by a(t+1) = rho a(t) + (1 - rho) m(t), where m(t) is the mean
belief under the training weights; the AI starts at the m of the round that first deploys it. Training weights are given
to communities and shared equally by their members. The reliance beta is drawn for each community (seat "planner"), or
chosen (seat "agents"). The local design has one AI per topic, and topics belong to communities: community k relies on
the AI of its own topics with its beta, and on the others with `outside_trust` times that. If everybody is informed, the
local design has one AI per community, which only its members hear.

Networks: "islands" (two islands in expectation) and "sampled_islands" draw homophily and sizes for each lane;
"stochastic_block" and "small_world" are drawn once from `network_seed`; "karate_club", "florentine_families",
"davis_southern_women" and "les_miserables" come with networkx; a path names an edge list or a GraphML file; nested
lists are a row-stochastic matrix. Drawn and read graphs are undirected; each agent has a tie to itself as heavy as the
mean of its other ties, and weights are divided by their sum. If no communities are given, there are two, by the sign of
the Fiedler vector.

## Players and actions
Seat "planner": `player_0`. An action is a vector of numbers from 0 to 1: rows of C training weights, divided by their
sums (first the global row, then the local ones, one per topic or community, as far as the design has them); then the
speed rho, if `speed` is None; then the choice of design, if `design` is "choose" (from 0.5 on: local). A row of zeros
deploys no AI (among rows for communities it stands for the own community, unless all are zeros). Seat "agents":
`player_0`, ..., one per agent. An action is the weight on the neighbours and the weight on the AI; the rest up to 1
stays on the agent's own belief, and a sum above 1 is normalised to 1.

## Observation
Planner: `shares`, each community's share of the population. It does not see homophily, adoption or beliefs unless an
option shows them: reveal "beliefs" shows `means`, the mean belief of each community; "network" shows `ties` between
communities and their `adoption`, which makes an oracle.
Agents: `own`, `neighbours` (the weighted mean of the neighbours' beliefs) and `ai`: these beliefs on every topic.

## Reward
Planner: minus the learning gap, the distance from the mean of all signals, averaged over topics: of the consensus that
beliefs would reach if this round's design were kept, in every round ("consensus") or only in the last ("end"); or the
agents' mean distance in every round ("error").
Agents: minus the distance of the own belief after the round, averaged over topics.

## End
At the horizon.

## Arguments
See `palaestra show SocialLearning-v0`.

## Known solutions
The efficient estimate is the mean of all signals. The consensus under any design is known in closed form (Theorem 1).
On two islands so are the training weights that reach the efficient estimate, and those that help for every homophily
and adoption (Theorem 2). On topics of communities, local AIs trained on their own community help on every topic
(Proposition 4), and a global AI is worse than they are on at least one (Theorem 3). Both are about the weight of a
community; if its members count unequally (networks other than "islands"), their noise may hide the effect.

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
