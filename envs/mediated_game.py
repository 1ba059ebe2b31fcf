"""# MediatedGame: a mediator's binding offer, accepted or rejected.

A mediator offers a profile of actions, payments between the players, and a punishment for a player who rejects alone.
The players accept or reject, then play.

Rules: `wrappers/mediator.py`.

## Rules
A round has three stages. In stage 0 the mediator publishes a binding offer: a profile of actions, net payments that add
up to zero, and for every player a punishment, which is a joint distribution over the others' actions (so independent
and correlated punishments both have finite size). In stage 1 all players accept or reject at the same time. In stage 2
the base game is played. If all players accepted, they play the profile and the payments are made. Otherwise nothing is
paid: those who rejected play the action of their choice, and those who accepted play a joint action drawn from the
punishment of the first seat that rejected (entries of other rejectors are ignored). This is the wrapper
`palaestra.wrappers.Mediator` around a base game.

## Players and actions
`player_0`, ... and, in the last seat, `mediator_0`. A player's action is a dict: `accept` (0 rejects, 1 accepts;
read in stage 1) and `play` (its action in the base game; read in stage 2 if it rejected). The mediator's action is a
dict that is read in stage 0: `profile`; `transfers`, the payment to each player; and `punishments`, row i: weights over
the joint actions of all players but i in lexicographic order, padded with zeros. The rules subtract the mean of the
payments, round all but the last player's to coins of about 1e-12 of the bound, and let the last player's balance them,
so that they add up to exactly zero. They normalise each punishment; a row of zeros is uniform.

## Observation
`stage`; `profile`, `transfers` and `punishments` of the last offer as it binds; `answers` to it (2: not yet answered);
`last_play`, the last joint action (before the first, each player's number of actions); `payoffs`, if each lane has its
own game.

## Reward
Stages 0 and 1: nothing. Stage 2: a player gets the payoff of the base game, plus its net payment if all accepted. The
players' rewards add up to the welfare of the base game, whatever was offered. The mediator's reward is that welfare.

## End
At the horizon, three steps per round.

## Arguments
See `palaestra show MediatedGame-v0`.

## Known solutions
M-SETE: in every finite game, any profile of greatest welfare can be offered so that accepting is a Nash equilibrium of
the whole game. The reason: the outside options under a void offer (a Nash equilibrium of the base game) or under
min-max punishments never add up to more than the greatest welfare.

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
        players: Number of players of a random game.
        actions: Actions per player of a random game.
        horizon: Steps of an episode, three per round.
        max_transfer: Bound of an announced payment; default: players times the span of the base game's payoffs.
    """
    return Mediator(read_game(game, players, actions), horizon, max_transfer)
