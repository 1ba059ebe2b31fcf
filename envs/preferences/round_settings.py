"""The options of PreferenceAggregation-v0 that say how answers come, who misreports, and what is paid."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from ...core.settings_records import check_count, check_one_of

Queries = Literal["chosen", "batch"]
Reward = Literal["proportionality", "win_rate"]
Misreport = Literal["never", "bury", "seat"]
Group = Literal["runner-up", "random"]
Reveal = Literal["shares", "preference"]


@dataclass(frozen=True)
class RoundSettings:
    """How answers come, who misreports, and what is paid.

    Attributes:
        queries: "chosen": the learner names the pair of each round; "batch": random pairs.
        answers: Comparisons per round.
        reward: "proportionality" or "win_rate".
        misreport: "never", "bury" or "seat": see Rules.
        group: Which group misreports, "runner-up" or "random".
        reveal: For oracles: "shares" or "preference" is part of the observation.
        horizon: Rounds of an episode.
    """

    queries: Queries = "chosen"
    answers: int = 10
    reward: Reward = "proportionality"
    misreport: Misreport = "never"
    group: Group = "runner-up"
    reveal: Reveal | None = None
    horizon: int = 50

    def __post_init__(self) -> None:
        check_one_of("queries", self.queries, ("chosen", "batch"))
        check_one_of("reward", self.reward, ("proportionality", "win_rate"))
        check_one_of("misreport", self.misreport, ("never", "bury", "seat"))
        check_one_of("group", self.group, ("runner-up", "random"))
        check_one_of("reveal", self.reveal, (None, "shares", "preference"))
        check_count("answers", self.answers, 1)
        check_count("horizon", self.horizon, 1 if self.misreport == "never" else 2)

    @property
    def honest_rounds(self) -> int:
        """The rounds after which answers are collected afresh and the group may misreport."""
        return self.horizon if self.misreport == "never" else self.horizon // 2
