"""# RepeatedGame: the same game every round, against players who remember.

A base game is played round after round; all players see the last m joint actions. Opponents with memory react to past
play, so regret must be measured against what they would have played in response.

Rules: `wrappers/repeated.py`.

## Rules
All players act at once in every round; payoffs are those of the base game. This is the wrapper
`palaestra.wrappers.Repeated` around a base game. With `information="maps"` a player commits in each round to a whole
map from histories to mixed actions, the rules draw its action from the row of the current history, and all players see
the maps of the last round.

## Players and actions
"actions": an action of the base game. "maps": probabilities (histories, actions); rows are normalised, a row of zeros
is uniform. `palaestra.theory.repeated.memory.Memory` numbers the histories.

## Observation
`history`: the last m joint actions, most recent last (for rounds before the first, each player's number of actions);
`maps`: all players' maps of the last round, uniform before the first; `payoffs`, if each lane has its own game.

## Reward
The payoff of the base game.

## End
At the horizon.

## Arguments
See `palaestra show RepeatedGame-v0`.

## Known solutions
Against opponents of memory m there is a best reply of memory m; dynamic programming on their maps finds it. Sublinear
regret needs comparators of sublinear variation and imperfect recall on both sides.

## Sources
Liu, Ozdaglar, Yu, Zhang, "Regret Minimization with Adaptive Opponents in Repeated Games", arXiv 2606.06486 (COLT
2026). The protocol is our reconstruction of it.

## Version history
v0: first.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..theory.games.read_game import read_game
from ..wrappers.repeated import Information, Repeated

VARIANTS: Mapping[str, Mapping[str, Any]] = {
    "actions": {"horizon": 8, "memory": 2},
    "maps": {"horizon": 8, "information": "maps"},
    "drawn": {"game": "random_normal_form", "players": 3, "horizon": 6, "information": "maps"},
    "memoryless": {"game": "shapley", "memory": 0, "horizon": 5},
}


def repeated_game(
    game: Any = "prisoners_dilemma",
    players: int = 2,
    actions: int = 2,
    memory: int = 1,
    information: Information = "actions",
    horizon: int = 100,
) -> Repeated:
    """The rules of a repeated game.

    Args:
        game: A classic's name, "random_polymatrix", "random_normal_form", a `.nfg` path, or payoffs as nested lists.
        players: Number of players of a random game.
        actions: Actions per player of a random game.
        memory: m, how many rounds are remembered.
        information: "actions", or "maps" (the full-information mode).
        horizon: Rounds of an episode.
    """
    return Repeated(read_game(game, players, actions), memory, information, horizon)
