"""ranking-game-cce-v0: how close to a coarse correlated equilibrium players come who see only rankings."""

from __future__ import annotations

from .track import Track

_GAME = {"game": "random_normal_form", "actions": 5, "temperature": 0.5, "proposals": 5, "horizon": 4000}

TRACK = Track(
    track_id="ranking-game-cce-v0",
    env_id="RankingGame-v0",
    scenarios={
        "inst-full": {**_GAME, "feedback": "instantaneous", "information": "full"},
        "inst-full-3-players": {**_GAME, "feedback": "instantaneous", "information": "full", "players": 3},
        "avg-full": {**_GAME, "feedback": "average", "information": "full"},
        "inst-bandit": {**_GAME, "feedback": "instantaneous", "information": "bandit"},
        "avg-bandit": {**_GAME, "feedback": "average", "information": "bandit"},
    },
    metric="coarse_correlated_gap",
    metrics=("coarse_correlated_gap", "welfare"),
    references=(
        "NumericHedge",
        "NumericPGD",
        "Exp3",
        "RankingPGD",
        "RankingFTRL",
        "RankingHedge",
        "TopRanked",
        "RUCB",
        "DoubleThompson",
        "Uniform",
    ),
    seats={},
    seeds=40,
    demo={"horizon": 250},
    demo_seeds=8,
    about="The most payoff per round that a player gains by switching to one fixed action against the average joint "
    "play, when all players learn from rankings in the same way; 0 or less is a coarse correlated equilibrium.",
    action_bits=16,
    privileges={"feedback": ("numeric",)},
)
