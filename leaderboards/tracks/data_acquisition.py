"""data-acquisition-v0: the price of the data plus the loss of deciding without the rest."""

from __future__ import annotations

from .track import Track

TRACK = Track(
    track_id="data-acquisition-v0",
    env_id="DataAcquisition-v0",
    scenarios={
        "hiring": {"family": "hiring", "size": 8},
        "corridor": {
            "family": "path",
            "size": 5,
            "prior": "corridor",
            "uncertainty": "ellipsoid",
            "menu": "free",
            "price": 0.05,
        },
        "paths": {"family": "path", "size": 4, "prior": "common", "price": 0.005},
        "contexts": {
            "family": "path",
            "size": 4,
            "prior": "common",
            "uncertainty": "ellipsoid",
            "menu": "free",
            "decide": "estimate",
            "contexts": 5,
            "history": 8,  # few enough pairs that those who learn from them differ; from 100 all learn the same
            "width": 1.0,
            "price": 0.01,
            "world": 2,  # one where the prior alone decides badly: in others there is nothing to learn
        },
    },
    metric="total_loss",
    metrics=("total_loss", "decision_regret", "acquisition_cost", "sufficiency"),
    references=(
        "MinimalDataSet",
        "LeastCostDataSet",
        "PointwiseCertificate",
        "CumulativeDataSet",
        "GreedyUncertainty",
        "BuyAll",
        "RandomK",
        "CommitNow",
        "TwoStageLeastSquares",
        "SPOPlus",
        "CompressedSPOPlus",
    ),
    seats={},
    seeds=100,
    demo={},
    demo_seeds=10,
    about="Total loss is the price of the data plus the regret of the decision. CommitNow shows the loss of deciding "
    "without data, BuyAll the price of certainty for an agent that does not ask which data matter.",
    pictures=("regret_against_cost",),
)
