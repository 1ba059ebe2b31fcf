"""Where the utilities of a bandit come from: random processes and the hard instances of lower bounds."""

from .drifting_walk import DriftingWalk
from .independent_shifts import IndependentShifts
from .rewards_of_actions import RewardsOfActions
from .theorem_4_1 import IndistinguishablePair
from .theorem_4_3 import DoublingSequences
from .theorem_4_4 import ThreePhases

__all__ = [
    "DoublingSequences",
    "DriftingWalk",
    "IndependentShifts",
    "IndistinguishablePair",
    "RewardsOfActions",
    "ThreePhases",
]
