"""model-routing-v0: how well learners route prompts to models from rankings of answers, against the best model."""

from __future__ import annotations

from .track import Track

# The paper's least temperature, 0.5 for utilities in [-1, 1], in units of utilities in [0, 1]. Costs are counted
# everywhere and weigh in one scenario. The horizon is the table's, so that no prompt comes twice. Models are anonymous:
# else an agent that always names the table's best model has no regret, and every learner more.
_RANKING = {"feedback": "instantaneous", "proposals": 3, "temperature": 0.25, "cost": "any", "anonymous": True}

TRACK = Track(
    track_id="model-routing-v0",
    env_id="ModelRouting-v0",
    scenarios={
        "ranking": _RANKING,
        "average": {**_RANKING, "feedback": "average"},
        "cost": {**_RANKING, "cost_weight": 0.5},
        "drift": {**_RANKING, "drift": "auto"},
    },
    metric="external_regret",
    metrics=("external_regret", "mean_quality", "mean_cost", "cost_quality"),
    references=(
        "BestFixed",
        "RoutingOracle",
        "LinUCB",
        "NumericHedge",
        "Exp3",
        "DoubleThompson",
        "RankingPGD",
        "RankingHedge",
        "RankingFTRL",
        "RUCB",
        "Uniform",
    ),
    seats={},
    seeds=100,
    demo={"horizon": 400},
    demo_seeds=10,
    about="External regret is utility per round below the best single model. Values below 0 beat every single "
    "model, which requires reading the prompts. Another table: --option table=PATH.",
    privileges={"feedback": ("numeric",), "reveal": ("hindsight", "next")},
)
