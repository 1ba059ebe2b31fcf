"""How answers come and what is told, checked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from ...core.errors import PalaestraError

Queries = Literal["chosen", "batch"]
Reward = Literal["proportionality", "win_rate"]
Misreport = Literal["never", "bury", "seat"]
Group = Literal["runner-up", "random"]
Reveal = Literal["shares", "preference"]


@dataclass(frozen=True)
class Setting:
    """Options of the environment that are not the profile's.

    Attributes:
        queries: Whether the learner names pairs.
        answers: Comparisons a round.
        reward: What the learner is paid.
        misreport: Whether a group misreports in the second half, and who says what.
        group: Which group.
        reveal: What an oracle sees.
        horizon: Rounds.
    """

    queries: Queries
    answers: int
    reward: Reward
    misreport: Misreport
    group: Group
    reveal: Reveal | None
    horizon: int

    def __post_init__(self) -> None:
        _one_of("queries", self.queries, ("chosen", "batch"))
        _one_of("reward", self.reward, ("proportionality", "win_rate"))
        _one_of("misreport", self.misreport, ("never", "bury", "seat"))
        _one_of("group", self.group, ("runner-up", "random"))
        _one_of("reveal", self.reveal, (None, "shares", "preference"))
        _count("answers", self.answers, 1)
        _count("horizon", self.horizon, 1 if self.misreport == "never" else 2)

    @property
    def honest_rounds(self) -> int:
        """After so many rounds the answers are collected afresh and the group may misreport."""
        return self.horizon if self.misreport == "never" else self.horizon // 2


def _one_of(name: str, value: Any, allowed: tuple[Any, ...]) -> None:
    if value not in allowed:
        raise PalaestraError(f"{name}={value!r} is not allowed. Allowed: {', '.join(map(repr, allowed))}.")


def _count(name: str, value: Any, least: int) -> None:
    if not isinstance(value, int) or isinstance(value, bool) or value < least:
        raise PalaestraError(f"{name}={value!r} is not allowed: give an integer from {least}.")
