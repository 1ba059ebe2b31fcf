"""PreferenceRule: a rule of social choice applied to the preference function estimated from the answers seen.

Source: the rules are those of `theory.preferences`, each with its own source. Kim, Zhang, Ozdaglar and Parrilo, arXiv
2506.05619 (ICLR 2026), compare them in this way with the true preference function. Estimation and the choice of pairs
are our reconstruction.

1. P(i > j) is estimated as (wins_ij + prior) / (wins_ij + wins_ji + 2 prior): 1/2 for a pair that was never compared.
   If the environment reveals the preference function, that is used instead.
2. The rule turns it into a policy, which is published.
3. If the learner names the pair, pairs="uniform" draws it. pairs="uncertain" chooses the pair that says most about the
   bounds u_i = min_j P(i > j): with s_ij the standard deviation of the Beta posterior, each option i has the pair of
   least P_ij - s_ij, and of these pairs the one of greatest s_ij / P_ij is compared. (The level of a policy is a ratio,
   so relative errors count; choosing by s_ij only is worse than choosing at random.)

Rules: "proportional" (F*, and F^beta for beta > 0), "borda" and "bradley_terry" (RLHF), "maximal_lottery" (NLHF),
"minimax", "copeland". Assumes that evaluators are drawn in the same way for all pairs. With few answers u, a minimum,
is estimated too low, and deterministic rules switch between options from round to round. Cost per round and lane:
O(M^2); a linear program for "maximal_lottery", 100 O(M^2) for "bradley_terry".
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import ClassVar

import numpy as np

from ...core.agent import Agent, Task
from ...core.arrays import Array, backend
from ...core.errors import PalaestraError
from ...core.randomness import Draw, lane_keys
from ...theory.preferences.bradley_terry_rewards import bradley_terry_rewards
from ...theory.preferences.voting_rules import (
    borda_policy,
    copeland_policy,
    level_best,
    maximal_lottery,
    minimax_policy,
    proportional_policy,
)

RULES: Mapping[str, Callable[[Array], Array]] = {
    "borda": borda_policy,
    "copeland": copeland_policy,
    "maximal_lottery": maximal_lottery,
    "minimax": minimax_policy,
}


class PreferenceRule(Agent):
    """A plug-in rule of social choice.

    Args:
        rule: The rule's name, see above.
        beta: Exponent of "proportional".
        pairs: "uniform" or "uncertain".
        prior: Wins that each option is credited with in each pair, from 0; 1/2 is Jeffreys' prior.
    """

    learns: ClassVar[bool] = False
    plays: ClassVar[tuple[str, ...]] = ("PreferenceAggregation-v0",)

    def __init__(
        self, rule: str = "proportional", beta: float = 0.0, pairs: str = "uniform", prior: float = 0.5
    ) -> None:
        known = ("proportional", "bradley_terry", *RULES)
        if rule not in known:
            raise PalaestraError(f"rule={rule!r} is not allowed. Allowed: {', '.join(map(repr, known))}.")
        if pairs not in ("uniform", "uncertain"):
            raise PalaestraError(f"pairs={pairs!r} is not allowed. Allowed: 'uniform', 'uncertain'.")
        if not 0 <= prior < float("inf"):
            raise PalaestraError(f"prior={prior!r} is not allowed: give a finite number from 0.")
        if not 0 <= beta < float("inf"):
            raise PalaestraError(f"beta={beta!r} is not allowed: give a finite number from 0.")
        self.rule, self.beta, self.pairs, self.prior = rule, beta, pairs, prior
        self.stochastic = pairs == "uniform"  # type: ignore[misc]

    def reset(self, task: Task, lanes: int, seed: Sequence[int]) -> None:
        """Start the lanes' random streams.

        Raises:
            PalaestraError: The environment shows no comparisons.
        """
        if "num_options" not in task.public:
            raise PalaestraError(
                f"This agent plays PreferenceAggregation-v0; {task.env_id or 'this game'} shows no comparisons."
            )
        self.size, self.asks = int(task.public["num_options"]), task.public["queries"] == "chosen"
        self.keys, self.step = lane_keys(seed, backend()), 0

    def act(self, observation: Mapping[str, Array]) -> Array:
        """The policy of the estimate, and the pair to compare."""
        wins = np.asarray(observation["wins"], np.float64)
        policy = self._policy(observation, wins)
        if not self.asks:
            return policy
        chosen = self._random_pair() if self.pairs == "uniform" else self._uncertain_pair(wins)
        self.step += 1
        return np.concatenate([policy, chosen], axis=1)

    def _estimate(self, wins: Array) -> Array:
        total = wins + np.swapaxes(wins, 1, 2) + 2 * self.prior
        estimate: Array = np.where(total > 0, (wins + self.prior) / np.where(total > 0, total, 1.0), 0.5)
        return estimate

    def _policy(self, observation: Mapping[str, Array], wins: Array) -> Array:
        known = observation.get("preference")
        estimate = self._estimate(wins) if known is None else np.asarray(known, np.float64)
        if self.rule == "proportional":
            return proportional_policy(estimate, self.beta)
        if self.rule == "bradley_terry":
            return level_best(bradley_terry_rewards(wins + self.prior if known is None else estimate))
        return RULES[self.rule](estimate)

    def _random_pair(self) -> Array:
        """Priorities in random order: the first two are a uniformly random pair."""
        draw = Draw(self.keys, self.step, backend())
        priorities: Array = draw.uniform("pair", (self.size,))
        return priorities

    def _uncertain_pair(self, wins: Array) -> Array:
        """Priorities of 1 for the two options of step 3's pair."""
        # mean and standard deviation of the posterior of every comparison
        estimate = self._estimate(wins)
        total = wins + np.swapaxes(wins, 1, 2) + 2 * self.prior
        spread = np.sqrt(estimate * (1.0 - estimate) / (total + 1.0))

        # each option's worst comparison, and of these the one of greatest relative error
        own = np.eye(self.size, dtype=bool)
        rival = np.where(own, 2.0, estimate - spread).argmin(-1)
        decides = np.arange(self.size) == rival[:, :, None]
        doubt = np.where(decides, spread / np.maximum(estimate, 1e-9), -1.0)
        flat = doubt.reshape(len(wins), -1).argmax(1)
        ids = np.arange(self.size)
        named = (ids == (flat // self.size)[:, None]) | (ids == (flat % self.size)[:, None])
        return named.astype(np.float64)
