"""An opponent whose parameters are drawn in each lane, so that no agent can be tuned against it in advance.

The parameters come from the lane's seed, which a benchmark does not publish before play. The families are those of
sections 2b and 2c of our reconstruction of arXiv 2606.06486. We chose their ranges so that every action has a
probability of at least `noise / 2` and histories are forgotten at a geometric rate:

- "reactive": a rule of memory 1 (tit-for-tat, suspicious tit-for-tat, grim, win-stay-lose-shift), generosity from 0 to
  0.3, noise from 0.02 to 0.2.
- "drifting": (1 - w_t) A + w_t B with w_t = (1 - cos(2 pi c t / T)) / 2, A tit-for-tat or win-stay-lose-shift, B always
  defecting or always cooperating, c from 0.5 to 2 swings an episode, noise from 0.05 to 0.2.
- "decaying": exponentially decaying memory with decay from 0.2 to 0.8, noise from 0.02 to 0.2; it remembers as much as
  the game shows.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar, Literal

import numpy as np

from ...core.agent import Task
from ...core.arrays import Array
from ...core.errors import PalaestraError
from ...core.randomness import Draw
from .decaying_memory import recency_weighted_cooperation
from .map_player import MapPlayer
from .reactive import RULES, cooperation_table

Family = Literal["reactive", "drifting", "decaying"]
_REACTIVE = ("tit_for_tat", "suspicious_tit_for_tat", "grim", "win_stay_lose_shift")
_DRIFTING = ("tit_for_tat", "win_stay_lose_shift")


class DrawnOpponent(MapPlayer):
    """A scripted opponent whose parameters are drawn by each lane's seed.

    Args:
        family: "reactive", "drifting" or "decaying".
    """

    depth: ClassVar[int] = 1
    stochastic: ClassVar[bool] = True
    learns: ClassVar[bool] = False

    def __init__(self, family: Family = "reactive") -> None:
        if family not in ("reactive", "drifting", "decaying"):
            raise PalaestraError(f"family={family!r} is not allowed. Allowed: 'reactive', 'drifting', 'decaying'.")
        self.family = family
        self.drifting = family == "drifting"  # type: ignore[misc]
        self.fading = family == "decaying"  # type: ignore[misc]

    def reset(self, task: Task, lanes: int, seed: Sequence[int]) -> None:
        """Draw the lanes' parameters and make their maps."""
        super().reset(task, lanes, seed)
        count = self.memory.num_actions[task.player]
        if count != 2:
            raise PalaestraError(f"DrawnOpponent needs two actions, cooperate and defect; this seat has {count}.")
        draw = Draw(self._keys, -1, self._where)
        if self.family == "reactive":
            chance = self._of_rules(draw, _REACTIVE)
            chance = chance + (1.0 - chance) * draw.uniform("generosity", high=0.3)[:, None]
            self.keep(_noisy(chance, draw.uniform("noise", low=0.02, high=0.2)))
        elif self.family == "decaying":
            decay = draw.uniform("decay", low=0.2, high=0.8)
            chance = recency_weighted_cooperation(self.memory, task.player, decay)
            self.keep(_noisy(chance, draw.uniform("noise", low=0.02, high=0.2)))
        else:
            self._first = self._of_rules(draw, _DRIFTING)
            self._second = draw.integers("second", 2).astype(np.float64)[:, None]
            self._cycles = draw.uniform("cycles", low=0.5, high=2.0)
            self._noise = draw.uniform("noise", low=0.05, high=0.2)

    def _of_rules(self, draw: Draw, names: Sequence[str]) -> Array:
        """The probability of cooperating (lanes, states) under each lane's own rule."""
        tables = [cooperation_table(self.memory, self.task.player, RULES[name][0])[:, 0] for name in names]
        return np.stack(tables)[draw.integers("rule", len(names))]

    def maps(self, observation: Any) -> Array:
        """The lanes' maps of this round."""
        if self.family != "drifting":
            return super().maps(observation)
        weight = (1.0 - np.cos(2.0 * np.pi * self._cycles * self.step / self.task.horizon))[:, None] / 2.0
        return _noisy((1.0 - weight) * self._first + weight * self._second, self._noise)


def _noisy(chance: Array, noise: Array) -> Array:
    """Maps (lanes, states, 2) from probabilities of cooperating (lanes, states) and noise (lanes,)."""
    cooperate = (1.0 - noise[:, None]) * chance + noise[:, None] / 2.0
    return np.stack([cooperate, 1.0 - cooperate], axis=-1)
