"""Zero-determinant strategies: memory-1 play that enforces a linear relation between both players' mean payoffs.

Source: Press and Dyson, "Iterated Prisoner's Dilemma contains strategies that dominate any evolutionary opponent" (PNAS
2012); the form with baseline l and slope s follows Hilbe, Nowak and Sigmund (PNAS 2013): in the long run
pi_other - l = s (pi_own - l), whatever the other does. With payoffs R, S, T, P the probabilities of cooperating after
(own, other) = CC, CD, DC, DD are

    p = (1, 1, 0, 0) + phi [(1 - s) (l - g_own) + g_own - g_other].

Extortion has l = P, generosity l = R, and s = 1 / chi.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar, Literal

import numpy as np

from ...core.agent import Task
from ...core.errors import PalaestraError
from ...theory.games import PolymatrixGame
from .map_player import MapPlayer


class ZeroDeterminant(MapPlayer):
    """Forces the other's surplus over a baseline to be 1 / chi of its own.

    Args:
        baseline: "extort" (l = P) or "generous" (l = R).
        chi: The factor between the two surpluses, at least 1.
        share: phi as a share of the greatest phi for which all four numbers are probabilities, in (0, 1].
    """

    depth: ClassVar[int] = 1
    stochastic: ClassVar[bool] = True
    learns: ClassVar[bool] = False

    def __init__(
        self, baseline: Literal["extort", "generous"] = "extort", chi: float = 3.0, share: float = 0.5
    ) -> None:
        if baseline not in ("extort", "generous"):
            raise PalaestraError(f"baseline={baseline!r} is not allowed. Allowed: 'extort', 'generous'.")
        if not chi >= 1 or not 0 < share <= 1:
            raise PalaestraError(f"chi={chi!r}, share={share!r} are not allowed: chi is from 1, share in (0, 1].")
        self.baseline, self.chi, self.share = baseline, chi, share

    def reset(self, task: Task, lanes: int, seed: Sequence[int]) -> None:
        """Solve for the four probabilities in this game."""
        super().reset(task, lanes, seed)

        # the payoffs of this seat and of the other, by (own, other) action
        form, me = task.public["source"].form, task.player
        game = form.normal_form() if isinstance(form, PolymatrixGame) else form
        if game.num_actions != (2, 2) or task.public["source"].drawn:
            raise PalaestraError("ZeroDeterminant needs one fixed game of two players with two actions each.")
        own = game.payoffs[0, me] if me == 0 else game.payoffs[0, me].T
        other = game.payoffs[0, 1 - me] if me == 0 else game.payoffs[0, 1 - me].T

        # the probabilities of the docstring; they exist if CC, CD push downwards and DC, DD upwards
        level = own[1, 1] if self.baseline == "extort" else own[0, 0]
        push = (1.0 - 1.0 / self.chi) * (level - own) + own - other
        room = np.array([[push[0, 0] <= 1e-12, push[0, 1] <= 1e-12], [push[1, 0] >= -1e-12, push[1, 1] >= -1e-12]])
        if not room.all():
            raise PalaestraError(
                f"No {self.baseline} zero-determinant strategy with chi={self.chi} exists in this game."
            )
        phi = self.share / max(np.abs(push).max(), 1e-12)
        chance = np.array([[1.0, 1.0], [0.0, 0.0]]) + phi * push

        def rule(mine: Sequence[int], others: Sequence[Sequence[int]]) -> Sequence[float]:
            cooperate = float(chance[mine[-1], others[-1][0]]) if mine else 1.0
            return (cooperate, 1.0 - cooperate)

        self.keep(self.memory.table(me, rule)[None])
