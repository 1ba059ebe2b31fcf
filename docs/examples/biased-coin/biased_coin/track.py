"""biased-coin-v0: how fast an agent learns on which side unfair coins fall."""

from __future__ import annotations

from palaestra.leaderboards.tracks.track import Track

TRACK = Track(
    track_id="biased-coin-v0",
    env_id="BiasedCoin-v0",
    scenarios={"short": {"horizon": 20}, "long": {"horizon": 200}},
    metric="biased_coin_regret",
    metrics=("biased_coin_regret", "mean_payoff"),
    references=("BiasedCoinMajority", "Uniform"),
    seats={},
    seeds=200,
    demo={"horizon": 10},
    demo_seeds=20,
    about="0 is what a guesser earns who knows every coin.",
)
