"""# MediatedGame: a mediator's binding offer, accepted or rejected.

A mediator offers who plays what, who pays whom and what a lone rejector will face; players accept or reject, then play.

## Rules
A round has three stages. In stage 0 the mediator publishes a binding offer: a profile of actions, net payments that add
up to zero, and for every player a punishment, which is a joint distribution over the others' actions (so independent
and correlated punishments are both of finite size). In stage 1 everybody accepts or rejects at the same time. In stage
2 the base game is played. If all accepted, they play the profile and the payments are made. Otherwise nothing is paid,
those who rejected play what they like, and those who accepted play a joint action drawn from the punishment of the
first seat that rejected (entries of other rejectors are ignored). It is the wrapper `palaestra.wrappers.Mediator` on a
base game.

## Players and actions
`player_0`, ... and, in the last seat, `mediator_0`. A player's action is a dict: `accept` (0 rejects, 1 accepts;
read in stage 1) and `play` (its base action; read in stage 2 if it rejected). The mediator's is a dict read in stage 0:
`profile`, `transfers` (what each player gets; the mean is taken off, all but the last player's are rounded to coins of
about 1e-12 of the bound, and the last player's balances them, so they add up to exactly zero) and `punishments` (row
i: weights over the joint actions of the players but i in lexicographic order, padded with zeros; the rules normalise
them, and a row of zeros is uniform).

## Observation
`stage`; `profile`, `transfers` and `punishments` of the last offer as it binds; `answers` to it (2: not yet);
`last_play`, the last joint action (the number of actions before any); `payoffs`, where every lane has its own game.

## Reward
Stages 0 and 1: nothing. Stage 2: a player gets the base payoff, plus its net payment if all accepted. The players'
rewards add up to the base game's welfare, whatever was offered, and the mediator's reward is that welfare.

## End
At the horizon, three steps a round.

## Arguments
See `palaestra show MediatedGame-v0`.

## Known solutions
M-SETE: in every finite game, any profile of greatest welfare can be offered so that accepting is a Nash equilibrium of
the whole game, because the outside options of a void offer (a Nash equilibrium of the base game) or of min-max
punishments never add up to more than the greatest welfare.

## Sources
Liu, Farina, Ozdaglar, "Equilibrium with Internal Transfers", arXiv 2606.20960 (EC 2026). The protocol is our
reconstruction of it.

## Version history
v0: first.
"""

from __future__ import annotations

from typing import Any

from ..theory.games.read_game import read_game
from ..wrappers.mediator import Mediator

VARIANTS: dict[str, dict[str, Any]] = {
    "dilemma": {"game": "prisoners_dilemma"},
    "not polymatrix": {"game": "not_polymatrix", "horizon": 6},
    "drawn": {"game": "random_normal_form", "players": 3, "actions": 3, "horizon": 6},
    "drawn polymatrix": {"game": "random_polymatrix", "players": 3, "actions": 2},
    "unequal actions, no payments": {"game": [[[7, 5, 6], [9, 8, 5]], [[5, 6, 7], [8, 9, 5]]], "max_transfer": 0.0},
}


def mediated_game(
    game: Any = "prisoners_dilemma",
    players: int = 2,
    actions: int = 2,
    horizon: int = 3,
    max_transfer: float | None = None,
) -> Mediator:
    """The rules of a mediated game.

    Args:
        game: A classic's name, a random family's ("random_normal_form", "random_polymatrix", "random_zero_sum",
            "random_common_payoff"), a `.nfg` path, or payoffs as nested lists.
        players: Players of a random game.
        actions: Actions a player of a random game.
        horizon: Steps of an episode, three a round.
        max_transfer: Bound of an announced payment; default: players times the span of the base game's payoffs.
    """
    return Mediator(read_game(game, players, actions), horizon, max_transfer)
