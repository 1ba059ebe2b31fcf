"""# ModelRouting: send each prompt to the language model that answers it best.

Prompts arrive one by one; the learner names models for each prompt and sees how their answers were ranked (or scored).
A table of judged answers holds the score and the cost of every model on every prompt, so regret is exact.

Rules: `wrappers/ranking_bandit.py`; the table as a source of utilities: `envs/routing/table_utilities.py`.

## Rules
Each round takes one row of the table: a prompt, with the quality and the cost of each model's answer. The learner names
`proposals` models (bandit information) or a strategy over all models (full information). The utility of a model is its
quality minus `cost_weight` times its cost, in units of the table's greatest cost. This is the wrapper
`palaestra.wrappers.RankingFeedback` around a table: the answers are ranked by a Plackett-Luce draw from the utilities
of this round, or from their average over the past; with numeric feedback the utilities are shown. Each lane draws its
own order of prompts: at random without repetition while the table lasts, with repetition for longer horizons
(or as `replacement` says). With `drift` the prompts come in blocks, by the table's categories or by length, so that the
best model changes; each lane draws the order of the blocks.

Tables are CSV or Parquet in the wide layout of RouterBench (`sample_id, prompt, eval_name, MODEL, ...,
MODEL|total_cost, ...`; only `prompt` and two models are needed) or in the layout of RouteLLM (`prompt, MODEL, ...,
MODEL_response, ...` with True and False). The layout is recognised by its columns, and every number is checked. The
package makes the table "synthetic": four kinds of prompts whose words tell the kind, and five models that differ in
strengths and prices.

## Players and actions
One learner. Bandit information: `proposals` models, with repetition allowed. Full information: weights of all models.

## Observation
`ranking`, the models proposed in the last round, best first (before the first round, the number of models); or
`utilities` with numeric feedback. `context`: features of the coming prompt, signed hashes of its words and their
character trigrams, of Euclidean norm 1 (all 0 after the last round).

## Reward
The mean utility of the proposed models. With ranking feedback the reward is for scoring only: the learner must not read
it.

## End
At the horizon.

## Arguments
See `palaestra show ModelRouting-v0`.

## Known solutions
The best fixed model and the best model of every prompt, exactly, from the table. Mixing two fixed models reaches every
point of the upper hull of (cost, quality): a router that reads prompts is useful only if it beats this frontier
(RouterBench's "zero router"); the metric `cost_quality` is the gap to it.

## Sources
Rules of feedback: Liu, Chen, Fan, Farina, Ozdaglar, Zhang, "Online Learning and Equilibrium Computation with Ranking
Feedback", arXiv 2603.19221 (ICLR 2026), section 8. The paper does not give its prompts, horizon and normalisation, so
tables are our offline substitute. Tables: Hu et al., "RouterBench", arXiv 2403.12031; Ong et al., "RouteLLM", arXiv
2406.18665.

## Version history
v0: first.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..core.settings_records import with_settings
from ..wrappers.ranking_bandit import RankingBandit
from .routing.routing_settings import PromptSettings, RoutingFeedback, TableSettings
from .routing.table_utilities import TableUtilities

LONGEST_DEFAULT = 2000
"""Rounds of an episode on a table that has more rows, where no horizon is given."""

VARIANTS: Mapping[str, Mapping[str, Any]] = {
    "ranking of two": {"horizon": 30},
    "average ranking of three, with costs": {
        "feedback": "average",
        "proposals": 3,
        "cost_weight": 0.5,
        "horizon": 30,
    },
    "full information, in order of categories": {"information": "full", "drift": "category", "horizon": 30},
    "numeric, prompts met again": {
        "feedback": "numeric",
        "proposals": 1,
        "replacement": True,
        "features": 4,
        "horizon": 30,
    },
    "models without names": {"anonymous": True, "horizon": 30},
    "nothing known of prompts": {"features": 0, "temperature": 0.0, "drift": "length", "horizon": 30},
}


@with_settings(TableSettings, PromptSettings, RoutingFeedback)
def model_routing(table: TableSettings, prompts: PromptSettings, shown: RoutingFeedback) -> RankingBandit:
    """The rules of model routing."""
    process = TableUtilities(table.read(), prompts)
    horizon = min(len(process.table.prompts), LONGEST_DEFAULT) if shown.horizon is None else shown.horizon
    rules = RankingBandit(
        process,
        shown.feedback,
        shown.information,
        shown.proposals,
        shown.temperature,
        horizon,
        metrics=("external_regret", "mean_quality", "mean_cost", "cost_quality"),
        truth="The best fixed model and the best model of every prompt, exactly, from the table.",
        reveal=shown.reveal,
    )
    process.check_horizon(horizon)
    return rules
