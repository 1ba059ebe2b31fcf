"""# TransferGame: promise each other payments, then play.

Players promise each other payments for the actions that they will take, then play a base game.

Rules: `wrappers/transfers.py`.

## Rules
A round has two stages. In stage 0 every player announces nonnegative transfers, and then all players see all
announcements. In stage 1 all players act in the base game. A promise is paid if its recipient took the action that the
promise asks for. This is the wrapper `palaestra.wrappers.Transfers` around a base game: a named classic, a `.nfg` file,
payoffs, or a random family from which each lane draws its own game.

## Players and actions
An action is a dict; each stage reads its part and ignores the rest. `amounts`: the amount promised to each player.
`targets` (conditioning "realised"): the action of each player that the promise asks for. With conditioning
"contingent", `amounts` names a price for every action of every player. `play`: the action in the base game.

## Observation
`stage`; `amounts` and `targets`, this round's promises by (payer, recipient); `last_play`, the last joint action
(before the first, each player's number of actions); `payoffs`, if each lane has its own game.

## Reward
Stage 0: nothing. Stage 1: the payoff of the base game, plus the payments received, minus the payments made. Rewards
add up to the welfare of the base game, whatever was promised.

## End
At the horizon, two steps per round.

## Arguments
See `palaestra show TransferGame-v0`.

## Known solutions
In polymatrix games, transfers sustain every stationary point of welfare as a Nash equilibrium of the agent normal form
(SETE). It need not be an equilibrium of the whole two-stage game. Games that are not polymatrix may have no SETE.

## Sources
Liu, Farina, Ozdaglar, "Equilibrium with Internal Transfers", arXiv 2606.20960 (EC 2026). The protocol is our
reconstruction of it.

## Version history
v0: first.
"""

from __future__ import annotations

from typing import Any

from ..theory.games.read_game import read_game
from ..wrappers.transfers import Conditioning, Transfers

VARIANTS: dict[str, dict[str, Any]] = {
    "a dilemma, contingent prices": {"conditioning": "contingent", "horizon": 6},
    "drawn polymatrix": {"game": "random_polymatrix", "players": 3, "actions": 3, "horizon": 6},
    "drawn polymatrix, contingent prices": {
        "game": "random_polymatrix",
        "players": 4,
        "actions": 2,
        "conditioning": "contingent",
        "horizon": 4,
    },
    "drawn normal form": {"game": "random_normal_form", "players": 3, "actions": 2, "horizon": 4},
    "different numbers of actions": {"game": "not_polymatrix", "horizon": 4},
    "different numbers of actions, contingent prices": {
        "game": [[[1, 2, 0], [0, 3, 1]], [[2, 0, 1], [1, 1, 4]]],
        "conditioning": "contingent",
        "horizon": 4,
    },
    "small promises": {"game": "stag_hunt", "max_transfer": 0.5, "horizon": 4},
}
"""Option sets, with short horizons, that the public contract runs beside the defaults."""


def transfer_game(
    game: Any = "prisoners_dilemma",
    players: int = 2,
    actions: int = 2,
    conditioning: Conditioning = "realised",
    horizon: int = 2,
    max_transfer: float | None = None,
) -> Transfers:
    """The rules of a transfer game.

    Args:
        game: A classic's name, "random_polymatrix", "random_normal_form", a `.nfg` path, or payoffs as nested lists.
        players: Number of players of a random game.
        actions: Actions per player of a random game.
        conditioning: "realised" (amount and target action) or "contingent" (a price for every action).
        horizon: Steps of an episode, two per round.
        max_transfer: Greatest promise for one action; default: the span of the base game's payoffs.
    """
    return Transfers(read_game(game, players, actions), conditioning, horizon, max_transfer)
