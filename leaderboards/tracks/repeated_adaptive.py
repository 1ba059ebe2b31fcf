"""repeated-adaptive-v0: what an agent loses against opponents with memory, whose parameters are random."""

from __future__ import annotations

from .track import Track

_PLAY = {"memory": 1, "information": "maps", "horizon": 1000}
_DILEMMA = {"game": "prisoners_dilemma", **_PLAY}

TRACK = Track(
    track_id="repeated-adaptive-v0",
    env_id="RepeatedGame-v0",
    scenarios={
        "reactive": _DILEMMA,
        "drifting": _DILEMMA,
        "decaying": _DILEMMA,
        "stag_hunt drifting": {**_PLAY, "game": "stag_hunt"},
    },
    opponents={
        "reactive": {"player_1": "DrawnReactive"},
        "drifting": {"player_1": "DrawnDrifting"},
        "decaying": {"player_1": "DrawnDecaying"},
        "stag_hunt drifting": {"player_1": "DrawnDrifting"},
    },
    metric="rp_regret",
    metrics=("rp_regret", "lrp_regret", "policy_regret", "external_regret", "mean_payoff", "cooperation_rate"),
    references=(
        "LinearisedRegret",
        "LinearisedRegretUniform",
        "PerturbedLeader",
        "OccupancyDescent",
        "BestReply",
        "HistoryQLearning",
        "StagePGD",
        "StageHedge",
        "StageFTRL",
        "StageRegretMatchingPlus",
        "StageExp3",
        "TitForTat",
        "AlwaysDefect",
        "Uniform",
    ),
    seats={},
    seeds=100,
    demo={"horizon": 250},
    demo_seeds=10,
    about="How much more payoff per round the best fixed strategy of memory 1 would have earned, with the opponent "
    "responding to it; 0 or less is as good as hindsight. The seeds determine the opponents' parameters.",
    action_bits=16,
)
