"""# RankingGame: learn an equilibrium from nothing but rankings of your own actions.

Players play a base game round after round and never see a payoff: each sees only how its own actions would have ranked
against the others' last play.

Rules: `wrappers/ranking_game.py`.

## Rules
All players act at once. A player's utilities are its payoffs against the others' strategies (full information), or
their mean over all profiles of the others' proposals (bandit information). It sees a ranking drawn from the
Plackett-Luce law of temperature tau, from this round's utilities (feedback "instantaneous") or from their average so
far ("average"; under bandit information over the rounds that proposed the action, once for each time it was proposed).
Each player's ranking has its own noise. This is the wrapper `palaestra.wrappers.RankingFeedback` around a base game.

## Players and actions
Full information: a strategy, weights over the actions that are divided by their sum. Bandit information: proposals, a
list of actions that may repeat.

## Observation
`ranking`: the player's own actions as last ranked, best first (before the first round, the number of actions). With
numeric feedback `utilities` instead.

## Reward
The payoff of the strategy, or the mean payoff of the proposals; for scoring only unless feedback is numeric.

## End
At the horizon.

## Arguments
See `palaestra show RankingGame-v0`.

## Known solutions
The coarse-correlated gap of the average joint play is exact; it equals the greatest external regret of a player per
round. Its bound falls with the horizon for instantaneous and for time-average rankings (Theorems 7.2 and 7.3). With
rankings of averages at temperature 0, a player who plays the first action of each ranking (the agent `TopRanked`) plays
fictitious play, ties to the smaller index (Remark K.3). Time-average rankings with bandit information need more rounds
than any agent is given here.

## Sources
Liu, Chen, Fan, Farina, Ozdaglar, Zhang, "Online Learning and Equilibrium Computation with Ranking Feedback", arXiv
2603.19221 (ICLR 2026), section 7. For three players and more it is our reading that utilities under bandit information
are means over all profiles of proposals, and not over profiles drawn together; for two players both are the same.

## Version history
v0: first.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..theory.games.read_game import read_game
from ..theory.rankings.ranking_channel import Feedback, Information
from ..wrappers.ranking_game import RankingGame

VARIANTS: Mapping[str, Mapping[str, Any]] = {
    "instantaneous": {"horizon": 8},
    "average": {"horizon": 8, "feedback": "average", "game": "battle_of_the_sexes"},
    "bandit": {"horizon": 8, "information": "bandit", "proposals": 3, "players": 3, "actions": 2},
    "average-bandit": {"horizon": 8, "feedback": "average", "information": "bandit", "temperature": 0.0},
    "polymatrix": {"horizon": 6, "feedback": "average", "game": "random_polymatrix", "players": 3, "actions": 2},
    "unequal": {
        "horizon": 6,
        "game": [[[1, 0, 0.5], [0, 1, 0.5]], [[0, 1, 0.25], [1, 0, 0.25]]],
        "feedback": "numeric",
    },
}


def ranking_game(
    game: Any = "random_normal_form",
    players: int = 2,
    actions: int = 5,
    feedback: Feedback = "instantaneous",
    information: Information = "full",
    proposals: int = 5,
    temperature: float = 1.0,
    horizon: int = 1000,
) -> RankingGame:
    """The rules of a game with ranking feedback.

    Args:
        game: A classic's name, "random_polymatrix", "random_normal_form", a `.nfg` path, or payoffs as nested lists.
        players: Number of players of a random game.
        actions: Actions per player of a random game.
        feedback: "instantaneous", "average" or "numeric".
        information: "full" or "bandit".
        proposals: Proposals per round under bandit information.
        temperature: tau, in units of payoff; 0 sorts.
        horizon: Rounds of an episode.
    """
    source = read_game(game, players, actions)
    return RankingGame(source, feedback, information, proposals, temperature, horizon)
