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

from collections.abc import Mapping, Sequence
from typing import Any, Literal

from ..core.errors import PalaestraError
from .social.network_option import network_source
from .social.planner_seat import Paid, PlannerSeat, Reveal
from .social.reliance_seat import RelianceSeat
from .social.society import Design, SocietySettings
from .social.training_option import training_option

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


def social_learning(
    network: Any = "islands",
    seat: Literal["planner", "agents"] = "planner",
    agents: int = 16,
    topics: int = 1,
    informed: Literal["everybody", "community"] = "everybody",
    design: Design = "choose",
    speed: float | None = 0.8,
    reward: Paid = "consensus",
    reveal: Reveal | None = None,
    horizon: int = 30,
    homophily: float | Sequence[float] = (1.5, 3.0),
    majority: float | Sequence[float] = (0.55, 0.8),
    adoption: float | Sequence[float] = (0.1, 0.9),
    outside_trust: float = 0.2,
    noise: float = 1.0,
    communities: Any = None,
    density: float | None = None,
    rewiring: float = 0.1,
    network_seed: int = 0,
    training: Sequence[float] | None = None,
) -> PlannerSeat | RelianceSeat:
    """The rules of social learning.

    Args:
        network: A family, a named graph, the path of an edge list or GraphML file, or a row-stochastic matrix.
        seat: Who plays: one "planner", or the "agents".
        agents: n of drawn networks.
        topics: K.
        informed: Who has signals: "everybody", or the "community" of each topic.
        design: "global", "local", or "choose" (the planner's choice; agents then have a global AI).
        speed: rho, how slowly the AI learns, in (0, 1); None: the planner's choice, 0.8 for agents.
        reward: What the planner is paid.
        reveal: What the planner sees beyond shares.
        horizon: Rounds of an episode.
        homophily: h of islands (ties inside against across), a number or a range; of blocks, its mean.
        majority: Share of island 1, a number or a range.
        adoption: beta of each community, a number or a range within (0, 1).
        outside_trust: How much of that a local AI of another community's topic enjoys.
        noise: Standard deviation of signals; that of the state is 1.
        communities: Number of blocks; or, for graphs and matrices, a label for each agent in order.
        density: Probability of a tie inside an island or block; default 0.6, blocks 0.3.
        rewiring: Probability that a tie of a small world is rewired.
        network_seed: For networks that are drawn once.
        training: Training weights of communities, for the agents' global AI; default: their shares.
    """
    if seat not in ("planner", "agents"):
        raise PalaestraError(f"seat={seat!r} is not allowed. Allowed: 'planner', 'agents'.")
    _check_one_of("design", design, ("global", "local", "choose"))
    _check_one_of("reward", reward, ("consensus", "error", "end"))
    _check_one_of("reveal", reveal, (None, "beliefs", "network"))
    if not isinstance(horizon, int) or isinstance(horizon, bool) or horizon < 1:
        raise PalaestraError(f"horizon={horizon!r} is not allowed: give an integer from 1.")
    if speed is not None and not (isinstance(speed, (int, float)) and 0 < speed < 1):
        raise PalaestraError(f"speed={speed!r} is not allowed: rho lies strictly between 0 and 1.")
    source = network_source(
        network,
        agents,
        _range("homophily", homophily),
        _range("majority", majority),
        communities,
        density,
        rewiring,
        network_seed,
    )
    settings = SocietySettings(topics, informed, noise, _range("adoption", adoption), outside_trust)
    if seat == "planner":
        if training is not None:
            raise PalaestraError("training is the planner's choice; it is an option of seat='agents'.")
        return PlannerSeat(source, settings, horizon, speed, design, reward, reveal)
    rows = training_option(training, source.communities, settings, design)
    return RelianceSeat(source, settings, horizon, 0.8 if speed is None else speed, rows)


def _check_one_of(name: str, value: Any, allowed: tuple[Any, ...]) -> None:
    if value not in allowed:
        raise PalaestraError(f"{name}={value!r} is not allowed. Allowed: {', '.join(map(repr, allowed))}.")


def _range(name: str, value: Any) -> tuple[float, float]:
    """A number, or a pair of them, as (low, high)."""
    try:
        low, high = (value, value) if isinstance(value, (int, float)) else value
        return float(low), float(high)
    except (TypeError, ValueError) as error:
        raise PalaestraError(f"{name}={value!r} is not allowed: give a number, or two: (low, high).") from error
