"""Scripted strategies of bounded memory for social dilemmas: action 0 cooperates, action 1 defects.

Each is a rule from the recent rounds to the probability of cooperating; with more than two players "the other defected"
means that at least one other did. Names and origins follow Axelrod's tournaments and the later literature.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import ClassVar

from ...core.agent import Task
from ...core.arrays import Array
from ...core.errors import PalaestraError
from ...theory.repeated.memory import Memory
from .map_player import MapPlayer

Rule = Callable[[Sequence[int], Sequence[bool]], float]
"""From a player's recent actions and whether another defected (oldest first) to the probability of cooperating."""


def tit_for_tat(own: Sequence[int], betrayed: Sequence[bool]) -> float:
    """Cooperate first, then copy the other's last action (Rapoport, in Axelrod 1980)."""
    return 0.0 if betrayed and betrayed[-1] else 1.0


def suspicious_tit_for_tat(own: Sequence[int], betrayed: Sequence[bool]) -> float:
    """Defect first, then copy the other's last action (Boyd and Lorberbaum 1987)."""
    return 1.0 if betrayed and not betrayed[-1] else 0.0


def tit_for_two_tats(own: Sequence[int], betrayed: Sequence[bool]) -> float:
    """Defect only after two defections in a row (Axelrod 1984)."""
    return 0.0 if len(betrayed) > 1 and betrayed[-1] and betrayed[-2] else 1.0


def two_tits_for_tat(own: Sequence[int], betrayed: Sequence[bool]) -> float:
    """Defect twice after each defection (Axelrod 1984)."""
    return 0.0 if any(betrayed[-2:]) else 1.0


def grim(own: Sequence[int], betrayed: Sequence[bool]) -> float:
    """Cooperate until any player defects, then never again: memory 1 suffices, as its own defection is remembered."""
    return 0.0 if betrayed and (betrayed[-1] or own[-1] == 1) else 1.0


def win_stay_lose_shift(own: Sequence[int], betrayed: Sequence[bool]) -> float:
    """Repeat an action that met cooperation, switch after one that met defection (Nowak and Sigmund 1993; Pavlov)."""
    return 1.0 if not own or (own[-1] == 0) != betrayed[-1] else 0.0


RULES: Mapping[str, tuple[Rule, int]] = {
    rule.__name__: (rule, depth)
    for rule, depth in (
        (tit_for_tat, 1),
        (suspicious_tit_for_tat, 1),
        (tit_for_two_tats, 2),
        (two_tits_for_tat, 2),
        (grim, 1),
        (win_stay_lose_shift, 1),
    )
}


class Reactive(MapPlayer):
    """A scripted strategy of bounded memory.

    Args:
        rule: One of `RULES`.
        generosity: Probability of cooperating if the rule defects (generous tit-for-tat, Nowak and Sigmund 1992).
        noise: Probability that an action is replaced by a uniform one (a trembling hand).
    """

    learns: ClassVar[bool] = False

    def __init__(self, rule: str = "tit_for_tat", generosity: float = 0.0, noise: float = 0.0) -> None:
        if rule not in RULES:
            raise PalaestraError(f"rule={rule!r} is not allowed. Allowed: {', '.join(sorted(RULES))}.")
        for name, value in (("generosity", generosity), ("noise", noise)):
            if not 0 <= value <= 1:
                raise PalaestraError(f"{name}={value!r} is not allowed: it is a probability.")
        self.rule, self.generosity, self.noise = rule, generosity, noise
        self.depth = RULES[rule][1]  # type: ignore[misc]
        self.stochastic = bool(generosity or noise)  # type: ignore[misc]
        if self.depth > 1:
            self.needs = {"memory": self.depth}  # type: ignore[misc]

    def reset(self, task: Task, lanes: int, seed: Sequence[int]) -> None:
        """Make the map for this game's memory."""
        super().reset(task, lanes, seed)
        count = self.memory.num_actions[task.player]
        if count != 2:
            raise PalaestraError(f"{self.rule} needs two actions, cooperate and defect; this seat has {count}.")
        self.keep(cooperation_table(self.memory, task.player, RULES[self.rule][0], self.generosity, self.noise)[None])


def cooperation_table(memory: Memory, player: int, rule: Rule, generosity: float = 0.0, noise: float = 0.0) -> Array:
    """The map (states, 2) of a rule in a game's memory; arguments as for `Reactive`."""

    def chances(own: Sequence[int], others: Sequence[Sequence[int]]) -> Sequence[float]:
        cooperate = rule(own, [any(action != 0 for action in joint) for joint in others])
        cooperate += (1.0 - cooperate) * generosity
        cooperate = (1.0 - noise) * cooperate + noise / 2.0
        return (cooperate, 1.0 - cooperate)

    return memory.table(player, chances)
