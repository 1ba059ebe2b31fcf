"""model-routing-v0: how well learners route prompts to models from rankings of answers, against the best model."""

from __future__ import annotations

from .track import Track

TRACK = Track(
    track_id="model-routing-v0",
    env_id="ModelRouting-v0",
    scenarios={
        "ranking": {"feedback": "instantaneous", "cost": "any"},
        "average": {"feedback": "average", "proposals": 4, "cost": "any"},
        "cost": {"feedback": "instantaneous", "cost": "any", "cost_weight": 0.5},
        "drift": {"feedback": "instantaneous", "cost": "any", "drift": "auto"},
    },
    metric="external_regret",
    metrics=("external_regret", "mean_quality", "mean_cost", "cost_quality"),
    references=("LinUCB", "RoutingOracle", "Uniform"),
    seats={},
    seeds=100,
    demo={"horizon": 300},
    demo_seeds=10,
    about="External regret is utility a round below the best single model; below 0 is better than any single model, "
    "which takes reading prompts. Scenarios override the table by --option table=PATH.",
)
