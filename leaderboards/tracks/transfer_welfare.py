"""transfer-welfare-v0: how much of the possible welfare agents reach when they can promise each other transfers."""

from __future__ import annotations

from .track import Track

_POLYMATRIX = {"game": "random_polymatrix", "players": 4, "actions": 3, "horizon": 200}

TRACK = Track(
    track_id="transfer-welfare-v0",
    env_id="TransferGame-v0",
    scenarios={
        "polymatrix": {**_POLYMATRIX, "conditioning": "realised"},
        "contingent polymatrix": {**_POLYMATRIX, "conditioning": "contingent"},
        "normal form": {"game": "random_normal_form", "players": 3, "actions": 3, "horizon": 200},
        "prisoners_dilemma": {"game": "prisoners_dilemma", "horizon": 200},
    },
    metric="welfare_ratio",
    metrics=(
        "welfare_ratio",
        "welfare",
        "base_deviation_gain",
        "agent_normal_form_gain",
        "augmented_gain",
        "budget_balance",
    ),
    references=(
        "Sete",
        "SeteMultiplicativeWeights",
        "SeteBestResponse",
        "SeteOptimum",
        "PriceMessages",
        "BestResponse",
        "FictitiousPlay",
        "Hedge",
        "RegretMatchingPlus",
        "SocialOptimum",
        "Uniform",
    ),
    seats={},
    seeds=100,
    demo={"horizon": 40},
    demo_seeds=20,
    about="1 is the greatest welfare of every base game, 0 the least; a high ratio is stable only if the "
    "agent-normal-form gain is also 0. SocialOptimum shows the difference: it plays the optimum, but no player is "
    "bound to it.",
)
