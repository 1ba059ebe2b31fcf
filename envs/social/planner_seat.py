"""The planner's seat: train the AI (or AIs) of a society round after round."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any, NamedTuple

import numpy as np
from gymnasium import spaces

from ...core.arrays import Array, Backend, ordered_sum, to_numpy
from ...core.randomness import Draw
from ...core.rules import Facts, Outcome, Rules
from ...theory.social.layout import turned
from ...theory.social.network_source import NetworkSource
from .design import SLOWEST, Design, DesignReader
from .kept_consensus import kept_consensus, kept_consensus_of_many
from .seat_settings import SeatSettings
from .society import Societies, Society, SocietySettings

FACTS = partial(
    Facts,
    players=("player_0",),
    information="private",
    zero_sum=False,
    stochastic=False,
    optimum="exact",
    truth="The efficient estimate, the mean of all signals; and every consensus in closed form (Theorem 1).",
    metrics=(
        "learning_gap",
        "learning_gap_without_ai",
        "learning_gain",
        "worst_topic_gain",
        "belief_error",
        "robust_margin",
        "robust_interval",
        "speed_threshold",
    ),
    private=dict.fromkeys(("society", "ahead", "beliefs", "ai", "trained"), "nobody"),
)
"""What holds under all options; the horizon and the range of payoffs depend on them."""


class Ahead(NamedTuple):
    """What the closed form needs (see `kept_consensus`); arrays lead with lanes.

    Attributes:
        reached: x_c for each profile of reliance, (lanes, n, C, profiles).
        mass: x_c 1, (lanes, C, profiles).
        heard: The part of x_c that each community's AI gets, (lanes, C, C), or None with one AI per topic.
    """

    reached: Array
    mass: Array
    heard: Array | None


class PlannerState(NamedTuple):
    """An episode of the planner; arrays lead with lanes.

    Attributes:
        society: What was drawn at the start.
        ahead: What the closed form needs.
        beliefs: The agents' beliefs, (lanes, K, n).
        ai: What the AIs believe, (lanes, K, A): one AI per topic (A = 1), or one per community (A = C).
        trained: Whether they have been trained yet, boolean (lanes, K, A).
        shares: Each community's share of the population, (lanes, C): the planner sees it.
        means: Mean belief of each community, (lanes, K, C), if it is revealed, else None.
        ties: Mean weights between communities, (lanes, C, C), if they are revealed, else None.
        adoption: Reliance of each community, (lanes, C), if it is revealed, else None.
    """

    society: Society
    ahead: Ahead
    beliefs: Array
    ai: Array
    trained: Array
    shares: Array
    means: Array | None
    ties: Array | None
    adoption: Array | None


class PlannerSeat(Rules[PlannerState]):
    """One planner.

    Args:
        source: The networks.
        society: Signals and reliance.
        seat: What the planner chooses, sees and is paid.
    """

    single = True

    def __init__(self, source: NetworkSource, society: SocietySettings, seat: SeatSettings) -> None:
        self.societies = Societies(source, society)
        self.reader = DesignReader(self.societies, seat.speed, seat.design)
        self.paid, self.reveal = seat.reward, seat.reveal
        communities, bound = source.communities, self.societies.bound
        self.facts = FACTS(horizon=seat.horizon, payoff_range=(-2.0 * bound, 0.0))
        seen: dict[str, spaces.Space[Any]] = {"shares": spaces.Box(0.0, 1.0, (communities,), np.float64)}
        if self.reveal == "beliefs":
            seen["means"] = spaces.Box(-bound, bound, (society.topics, communities), np.float64)
        if self.reveal == "network":
            seen["ties"] = spaces.Box(0.0, 1.0, (communities, communities), np.float64)
            seen["adoption"] = spaces.Box(0.0, 1.0, (communities,), np.float64)
        self.observation_spaces = (spaces.Dict(seen),)
        self.action_spaces = (spaces.Box(0.0, 1.0, (self.reader.size,), np.float64),)

    def place(self, where: Backend) -> None:
        """Move the societies to the backend."""
        super().place(where)
        self.societies.place(where)

    @property
    def public(self) -> Mapping[str, Any]:
        """What is common knowledge, and how an action is laid out."""
        reader = self.reader
        return {
            **self.societies.public,
            "design": reader.choice,
            "speed": reader.speed,
            "global_rows": reader.global_rows,
            "local_rows": reader.local_rows,
            "slowest": SLOWEST,
        }

    def start(self, draw: Draw) -> PlannerState:
        """Draw societies and signals, and prepare the closed form."""
        xp, societies, reader = self.xp, self.societies, self.reader
        society, beliefs = societies.start(draw)
        drawn = society.network
        shape = (draw.lanes, societies.topics, reader.aggregators)
        shown = self.reveal == "network"
        return PlannerState(
            society,
            self._closed_form(society),
            turned(beliefs, xp),
            self.where.zeros(shape),
            self.where.zeros(shape, "bool"),
            drawn.sizes / float(societies.agents),
            turned(societies.source.means(drawn, beliefs), xp) if self.reveal == "beliefs" else None,
            drawn.ties + 0.0 if shown else None,
            society.adoption + 0.0 if shown else None,
        )

    def _closed_form(self, society: Society) -> Ahead:
        """x_c for the reliance in the global design, then for that in each topic's local one, as far as needed."""
        xp, reader, source = self.xp, self.reader, self.societies.source
        topics: list[int | None] = [None] if reader.global_rows or not reader.by_topic else []
        topics += list(range(self.societies.topics)) if reader.local_rows and reader.by_topic else []
        drawn, found, heard = society.network, [], None
        for topic in topics:
            beta = self.societies.reliance(society, topic)
            found.append(source.reach(drawn, source.spread(drawn, beta)))
        if reader.aggregators > 1:
            sizes = turned(drawn.sizes, xp)
            mean = source.means(drawn, xp.permute_dims(found[0], (1, 0, 2)))  # row l, column c
            heard = mean * (sizes * self.societies.reliance(society, None))[:, None, :]
            heard = xp.permute_dims(heard, (2, 1, 0)) + 0.0
        reached = xp.stack(found)
        return Ahead(turned(reached, xp), turned(ordered_sum(reached, 2), xp), heard)

    def instance(self, state: PlannerState) -> Mapping[str, Array]:
        """The communities' shares, for metrics."""
        return {"shares": to_numpy(state.shares)}

    def observe(self, state: PlannerState, step: int | Array) -> tuple[dict[str, Array]]:
        """The planner sees the shares, and what is revealed."""
        shown = {"shares": state.shares, "means": state.means, "ties": state.ties, "adoption": state.adoption}
        return ({key: value for key, value in shown.items() if value is not None},)

    def step(
        self, state: PlannerState, actions: tuple[Any, ...], step: int | Array, draw: Draw
    ) -> tuple[PlannerState, Outcome]:
        """Agents average beliefs and listen to the AIs; the AIs are trained on what agents believed."""
        xp, societies = self.xp, self.societies
        society, source = state.society, societies.source
        drawn, beliefs = society.network, turned(state.beliefs, xp)
        design = self.reader(actions[0], society)

        # what the AIs are trained towards; an AI that is deployed for the first time starts there
        means = source.means(drawn, beliefs)
        target = ordered_sum(design.rows * xp.permute_dims(means, (1, 0, 2))[None], 2)
        before, trained = turned(state.ai, xp), turned(state.trained, xp)
        ai = xp.where(trained, before, target)

        # the learning gap if this design were kept
        gap = societies.gap(society, self._consensus(state, design, beliefs, ai))

        # agents average and listen, deployed AIs learn
        after = self._averaged(design, drawn, beliefs, ai)
        learned = xp.where(design.active, (1.0 - design.learning_rate) * ai + design.learning_rate * target, before)
        error = societies.error(society, after)
        following = state._replace(
            beliefs=turned(after, xp), ai=turned(learned, xp), trained=turned(trained | design.active, xp)
        )
        if state.means is not None:
            following = following._replace(means=turned(source.means(drawn, after), xp))

        # what scorers see: gaps, and the training weights of the global design (zeros if another is in force)
        scoring = {
            "gap": gap,
            "gap_without": society.without + 0.0,
            "error": error,
            "speed": 1.0 - design.learning_rate,
        }
        whole = design.rows[0, 0]
        scoring["training"] = turned(xp.where(design.local, xp.zeros_like(whole), whole), xp)
        return following, Outcome((self._reward(gap, error, step),), scoring)

    def _averaged(self, design: Design, drawn: Any, beliefs: Array, ai: Array) -> Array:
        """(1 - beta) T p + beta a."""
        xp, source = self.xp, self.societies.source
        heard = ai if self.reader.aggregators > 1 else xp.broadcast_to(ai, design.reliance.shape)
        after = source.average(drawn, beliefs)
        after *= source.spread(drawn, 1.0 - design.reliance)
        after += source.spread(drawn, design.reliance * heard)
        return after

    def _consensus(self, state: PlannerState, design: Design, beliefs: Array, ai: Array) -> Array:
        """The consensus that beliefs reach if this design is kept, (K, lanes)."""
        xp = self.xp
        reached, mass = turned(state.ahead.reached, xp), turned(state.ahead.mass, xp)
        law = turned(state.society.network.stationary, xp)
        ends = []
        for k in range(self.societies.topics):
            own = beliefs[:, k]
            profiles = self._profiles(k)
            pulls = [ordered_sum(reached[v] * own[None], 1) for v in profiles]
            pull, size = pulls[-1], mass[profiles[-1]]
            if len(profiles) > 1:
                pull, size = xp.where(design.local, pull, pulls[0]), xp.where(design.local, size, mass[profiles[0]])
            if state.ahead.heard is None:
                kept = kept_consensus(pull, size, design.rows[0, k], ai[0, k], design.learning_rate)
            else:
                heard = xp.permute_dims(state.ahead.heard, (1, 2, 0))
                kept = kept_consensus_of_many(pull, size, heard, design.rows[:, k], ai[:, k], design.learning_rate, xp)
            ends.append(xp.where(design.active[0, k], kept, ordered_sum(law * own, 0)))
        return xp.stack(ends)

    def _profiles(self, topic: int) -> list[int]:
        """Which profiles of reliance a topic needs: that of the global design, that of its local one."""
        if not (self.reader.by_topic and self.reader.local_rows):
            return [0]
        return [0, topic + 1] if self.reader.global_rows else [topic]

    def _reward(self, gap: Array, error: Array, step: int | Array) -> Array:
        paid = error if self.paid == "error" else gap
        reward = -ordered_sum(paid, 1) / float(self.societies.topics)
        if self.paid == "end" and step != self.facts.horizon - 1:
            reward = self.xp.zeros_like(reward)
        return reward
