"""preference-aggregation-v0: how well policies represent every group when only comparisons are seen."""

from __future__ import annotations

from .track import Track

# In every scenario a group buries its rivals in the second half, so that what is scored on true answers in the first
# half and what the group gains in the second come from the same learners and the same evaluators.
_BURIED = {"misreport": "bury", "answers": 50, "horizon": 200, "evaluators": 300}

TRACK = Track(
    track_id="preference-aggregation-v0",
    env_id="PreferenceAggregation-v0",
    scenarios={
        "plackett_luce": {**_BURIED, "profile": "plackett_luce"},
        "mallows": {**_BURIED, "profile": "mallows"},
        "euclidean": {**_BURIED, "profile": "euclidean"},
        "batch": {**_BURIED, "profile": "plackett_luce", "queries": "batch"},
    },
    metric="proportionality_level",
    metrics=("proportionality_level", "win_rate", "manipulation_gain", "condorcet_probability"),
    references=(
        "FStar",
        "FStarUncertain",
        "FBeta1",
        "FBeta5",
        "FBeta10",
        "FBeta20",
        "Borda",
        "BradleyTerry",
        "MaximalLottery",
        "Minimax",
        "Copeland",
        "RandomDictator",
        "Uniform",
    ),
    seats={},
    seeds=100,
    demo={"horizon": 60},
    demo_seeds=20,
    about="1 gives every group its whole share; from comparisons only, F* guarantees at least 1 / sum u. Another "
    "profile: --option profile=PATH.",
    pictures=("proportionality_against_win_rate",),
    action_bits=20,
    privileges={"reveal": ("shares",)},
)
