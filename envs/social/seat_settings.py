"""The options of SocialLearning-v0 that say who plays, what it chooses and sees, and what it is paid."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from ...core.errors import PalaestraError
from ...core.settings_records import check_count, check_one_of

DesignChoice = Literal["global", "local", "choose"]
Reveal = Literal["beliefs", "network"]
Paid = Literal["consensus", "error", "end"]


@dataclass(frozen=True)
class SeatSettings:
    """Who plays, what it chooses and sees, and what it is paid.

    Attributes:
        seat: Who plays: one "planner", or the "agents".
        design: "global", "local", or "choose" (the planner's choice; agents then have a global AI).
        speed: rho, how slowly the AI learns, in (0, 1); None: the planner's choice, 0.8 for agents.
        reward: What the planner is paid: "consensus", "error" or "end" (see Reward).
        reveal: What the planner sees beyond the shares: "beliefs" or "network"; default: nothing.
        training: Training weights of communities, for the agents' global AI; default: their shares.
        horizon: Rounds of an episode.
    """

    seat: Literal["planner", "agents"] = "planner"
    design: DesignChoice = "choose"
    speed: float | None = 0.8
    reward: Paid = "consensus"
    reveal: Reveal | None = None
    training: Sequence[float] | None = None
    horizon: int = 30

    def __post_init__(self) -> None:
        check_one_of("seat", self.seat, ("planner", "agents"))
        check_one_of("design", self.design, ("global", "local", "choose"))
        check_one_of("reward", self.reward, ("consensus", "error", "end"))
        check_one_of("reveal", self.reveal, (None, "beliefs", "network"))
        check_count("horizon", self.horizon, 1)
        if self.speed is not None and not (isinstance(self.speed, (int, float)) and 0 < self.speed < 1):
            raise PalaestraError(f"speed={self.speed!r} is not allowed: rho lies strictly between 0 and 1.")
        if self.training is not None and self.seat == "planner":
            raise PalaestraError("training is the planner's choice. Leave the option out, or use seat='agents'.")
        if self.training is not None and self.design == "local":
            raise PalaestraError(
                "training is for a global AI. Leave the option out: local AIs are trained on their own community."
            )
