"""social-learning-v0: whose beliefs to train an AI on, so that what it feeds back brings people closer to the truth."""

from __future__ import annotations

from .track import Track

_TOPICS = {"topics": 2, "informed": "community"}

TRACK = Track(
    track_id="social-learning-v0",
    env_id="SocialLearning-v0",
    scenarios={
        "islands": {},
        "slow AI": {"speed": 0.95},
        "topics of communities": _TOPICS,
        "sampled islands": {"network": "sampled_islands", "agents": 24},
        "three blocks": {"network": "stochastic_block", "communities": 3, "agents": 30, **_TOPICS, "topics": 3},
        "small world": {"network": "small_world", "agents": 50},
    },
    metric="learning_gap",
    metrics=("learning_gap", "learning_gain", "worst_topic_gain", "belief_error"),
    references=(
        "TrainingOracle",
        "RobustMidpoint",
        "PopulationShare",
        "LocalAggregators",
        "MajorityTraining",
        "MinorityTraining",
        "NoAI",
    ),
    seats={},
    seeds=500,
    demo={},
    demo_seeds=40,
    about="The learning gap is the distance of the consensus from the mean of all signals. NoAI is what the network "
    "reaches by itself; a planner that does worse does harm. Planners see the sizes of communities, but neither "
    "homophily nor adoption.",
    pictures=("belief_trajectories", "training_that_is_robust"),
    privileges={"reveal": ("network",)},
)
