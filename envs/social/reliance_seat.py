"""The agents' seats: in each round each agent chooses how much to rely on its neighbours and on the AI."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any, NamedTuple

import numpy as np
from gymnasium import spaces

from ...core.arrays import Array, Backend, ordered_sum
from ...core.randomness import Draw
from ...core.rules import Facts, Outcome, Rules
from ...theory.social.consensus import distribution
from ...theory.social.layout import turned
from ...theory.social.network_source import NetworkSource
from .seat_settings import SeatSettings
from .society import Societies, Society, SocietySettings

FACTS = partial(
    Facts,
    information="private",
    zero_sum=False,
    stochastic=False,
    optimum="exact",
    truth="The efficient estimate, the mean of all signals.",
    metrics=("belief_error", "learning_gap", "learning_gap_without_ai", "learning_gain", "worst_topic_gain"),
    private={"society": "nobody", "beliefs": "nobody", "ai": "nobody", "seen": "own"},
)
"""What holds under all options; the players, the horizon and the range of payoffs depend on them."""

DEFAULT_SPEED = 0.8
"""rho of the agents' AI where the option says that it is the planner's choice."""


class RelianceState(NamedTuple):
    """An episode of the agents; arrays lead with lanes.

    Attributes:
        society: What was drawn at the start.
        beliefs: The agents' beliefs, (lanes, K, n).
        ai: What the AIs believe, (lanes, K, A): one AI per topic (A = 1), or one per community (A = C).
        seen: What each agent sees, (lanes, n, 3, K): its own belief, its neighbours' and the AI's.
    """

    society: Society
    beliefs: Array
    ai: Array
    seen: Array


class RelianceSeat(Rules[RelianceState]):
    """One player per agent.

    Args:
        source: The networks.
        society: Signals; reliance is not drawn, because agents choose it.
        seat: The design, the speed, and whose beliefs the AI is trained on.
    """

    def __init__(self, source: NetworkSource, society: SocietySettings, seat: SeatSettings) -> None:
        self.societies = Societies(source, society)
        self.speed = DEFAULT_SPEED if seat.speed is None else seat.speed
        self.training = training_weights(source.communities, society, seat)
        self.aggregators = 1 if self.training is None else self.training.shape[0]
        bound, players = self.societies.bound, source.agents
        self.facts = FACTS(
            players=tuple(f"player_{i}" for i in range(players)),
            horizon=seat.horizon,
            payoff_range=(-2.0 * bound, 0.0),
        )
        belief = spaces.Box(-bound, bound, (society.topics,), np.float64)
        seen = spaces.Dict({"own": belief, "neighbours": belief, "ai": belief})
        self.observation_spaces = (seen,) * players
        self.action_spaces = (spaces.Box(0.0, 1.0, (2,), np.float64),) * players

    def place(self, where: Backend) -> None:
        """Move the societies to the backend."""
        super().place(where)
        self.societies.place(where)
        self._training = None if self.training is None else where.asarray(self.training, "float64")[..., None]

    @property
    def public(self) -> Mapping[str, Any]:
        """What is common knowledge."""
        return {**self.societies.public, "speed": self.speed}

    def start(self, draw: Draw) -> RelianceState:
        """Draw societies and signals; the AIs are trained on the signals."""
        society, beliefs = self.societies.start(draw)
        return self._state(society, beliefs, self._training_target(society, beliefs))

    def _training_target(self, society: Society, beliefs: Array) -> Array:
        """The mean beliefs that the AIs are trained towards, (A, K, lanes)."""
        xp, source = self.xp, self.societies.source
        means = xp.permute_dims(source.means(society.network, beliefs), (1, 0, 2))
        if self._training is None:
            rows = (turned(society.network.sizes, xp) / float(source.agents))[None, None]
        else:
            rows = self._training
        return ordered_sum(rows * means[None], 2)

    def _state(self, society: Society, beliefs: Array, ai: Array) -> RelianceState:
        xp, source = self.xp, self.societies.source
        heard = source.average(society.network, beliefs)
        from_ai = self._ai_beliefs(society, ai, beliefs)
        seen = xp.permute_dims(xp.stack([beliefs, heard, from_ai]), (3, 1, 0, 2))
        return RelianceState(society, turned(beliefs, xp), turned(ai, xp), seen)

    def _ai_beliefs(self, society: Society, ai: Array, beliefs: Array) -> Array:
        """What each agent's AI believes, (n, K, lanes)."""
        xp, source = self.xp, self.societies.source
        if self.aggregators == 1:
            return xp.broadcast_to(ai, beliefs.shape)
        return source.spread(society.network, ai)

    def observe(self, state: RelianceState, step: int | Array) -> tuple[dict[str, Array], ...]:
        """Each agent sees its own row."""
        return tuple(
            {name: state.seen[:, i, j] for j, name in enumerate(("own", "neighbours", "ai"))}
            for i in range(self.societies.agents)
        )

    def step(
        self, state: RelianceState, actions: tuple[Any, ...], step: int | Array, draw: Draw
    ) -> tuple[RelianceState, Outcome]:
        """Beliefs move by the weights that agents choose; the AIs are trained on the beliefs before."""
        xp, society = self.xp, state.society

        # read the actions: weights on neighbours and AI, normalised if above 1; the rest stays on the own belief
        chosen = xp.stack([turned(action, xp) for action in actions])  # (n, 2, lanes)
        total = chosen[:, 0] + chosen[:, 1]
        chosen = chosen / xp.where(total > 1.0, total, xp.ones_like(total))[:, None]
        kept = xp.where(total > 1.0, xp.zeros_like(total), 1.0 - total)

        # beliefs move, and the AIs learn from the beliefs before
        seen = xp.permute_dims(state.seen, (2, 1, 3, 0))  # (3, n, K, lanes)
        beliefs = kept[:, None] * seen[0] + chosen[:, 0][:, None] * seen[1] + chosen[:, 1][:, None] * seen[2]
        ai = self.speed * turned(state.ai, xp) + (1.0 - self.speed) * self._training_target(society, seen[0])
        following = self._state(society, beliefs, ai)

        # pay each agent by its distance from the efficient estimate
        societies = self.societies
        distance = xp.abs(beliefs - turned(society.efficient, xp)[None])
        earned = -(ordered_sum(distance, 1) / float(societies.topics))
        mean = ordered_sum(beliefs, 0) / float(societies.agents)
        scoring = {
            "gap": societies.gap(society, mean),
            "gap_without": society.without + 0.0,
            "error": societies.error(society, beliefs),
        }
        return following, Outcome(tuple(earned[i] for i in range(societies.agents)), scoring)


def training_weights(communities: int, society: SocietySettings, seat: SeatSettings) -> Array | None:
    """Training weights of each AI on each topic: (A, K, C), or None for the communities' shares (one AI).

    Local AIs are trained only on their own community: that of the topic, or of those who hear them.

    Raises:
        PalaestraError: Weights that are not a distribution over the communities.
    """
    own = np.eye(communities)
    if seat.design == "local":
        if society.informed == "community":
            return own[np.arange(society.topics) % communities][None]
        return np.repeat(own[:, None], society.topics, axis=1)
    if seat.training is None:
        return None
    names = [f"community {c}" for c in range(communities)]
    return np.tile(distribution("training", seat.training, communities, names), (1, society.topics, 1))
