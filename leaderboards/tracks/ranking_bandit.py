"""Regret under ranking feedback: two kinds of ranked utility, two kinds of information, and a faster drift."""

from __future__ import annotations

from .track import Track

_WALK = {"utility": "walk", "actions": 10, "q": 0.5, "temperature": 0.5, "proposals": 5, "horizon": 5000}

TRACK = Track(
    track_id="ranking-bandit-v0",
    env_id="RankingBandit-v0",
    scenarios={
        "inst-full": {**_WALK, "feedback": "instantaneous", "information": "full"},
        "inst-full-fast": {**_WALK, "feedback": "instantaneous", "information": "full", "q": 0.7},
        "avg-full": {**_WALK, "feedback": "average", "information": "full"},
        "inst-bandit": {**_WALK, "feedback": "instantaneous", "information": "bandit"},
        "avg-bandit": {**_WALK, "feedback": "average", "information": "bandit"},
    },
    metric="external_regret",
    metrics=("external_regret",),
    references=(
        "BestFixed",
        "NumericHedge",
        "NumericPGD",
        "Exp3",
        "RankingPGD",
        "RankingFTRL",
        "RankingHedge",
        "RUCB",
        "DoubleThompson",
        "Uniform",
    ),
    seats={},
    seeds=50,
    demo={"horizon": 400},
    demo_seeds=6,
    about="How much more utility per round the best fixed action earns than the learner, which sees only rankings; 0 "
    "or less is as good as hindsight.",
    action_bits=16,
    privileges={"feedback": ("numeric",), "reveal": ("hindsight",)},
)
