"""Named games with their sources. Where an action means cooperation, it is action 0."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product
from typing import Any

import numpy as np

from .normal_form import NormalFormGame


@dataclass(frozen=True)
class Classic:
    """A named game.

    Attributes:
        payoffs: Nested lists (players, A_1, ..., A_n).
        source: Where its payoffs come from.
    """

    name: str
    payoffs: Any
    source: str

    @property
    def game(self) -> NormalFormGame:
        """The game."""
        return NormalFormGame.of(self.payoffs, self.name)


def symmetric(row: list[list[float]]) -> list[list[list[float]]]:
    """Both players' payoffs of a symmetric two-player game from the row player's."""
    return [row, [list(column) for column in zip(*row, strict=True)]]


def inefficient_dilemma(scale: float) -> list[list[list[float]]]:
    """A prisoner's dilemma whose equilibrium earns 1/scale of the greatest welfare: R = M, S = 0, T = M + 1, P = 1.

    Transfers sheet, section 1c: welfare 2 M against 2 at the only equilibrium, so the ratio has no bound.

    Args:
        scale: M, above 1.
    """
    return symmetric([[scale, 0], [scale + 1, 1]])


def _zero_sum(row: list[list[float]]) -> list[list[list[float]]]:
    return [row, [[-value for value in line] for line in row]]


def _travellers_dilemma(claims: list[int], reward: int) -> list[list[list[float]]]:
    """Both get the lower claim; who claimed less gets the reward from who claimed more."""
    return symmetric([[min(a, b) + reward * ((a < b) - (a > b)) for b in claims] for a in claims])


def _public_goods(players: int, marginal: float) -> Any:
    """Each keeps 1 or gives it (action 0); every unit given is worth `marginal` to every player."""
    table = np.zeros((players, *(2,) * players))
    for profile in product((0, 1), repeat=players):
        given = players - sum(profile)
        for i, kept in enumerate(profile):
            table[(i, *profile)] = kept + marginal * given
    return table.tolist()


def _three_pennies() -> Any:
    """Player 0 wants to match 1, player 1 to match 2, player 2 not to match 0."""
    table = np.zeros((3, 2, 2, 2))
    for a, b, c in product((0, 1), repeat=3):
        table[:, a, b, c] = (1 if a == b else -1, 1 if b == c else -1, 1 if c != a else -1)
    return table.tolist()


_LISTED = (
    Classic("prisoners_dilemma", symmetric([[3, 0], [5, 1]]), "Axelrod, The Evolution of Cooperation, 1984"),
    Classic(
        "donation", symmetric([[2, -1], [3, 0]]), "Nowak, Five rules for the evolution of cooperation, 2006: b=3, c=1"
    ),
    Classic("inefficient_dilemma", inefficient_dilemma(100), "transfers sheet 1c: unbounded inefficiency, at M = 100"),
    Classic(
        "stag_hunt", symmetric([[5, 0], [4, 2]]), "Skyrms, The Stag Hunt, 2004; numbers of the adaptive-opponents sheet"
    ),
    Classic(
        "chicken", symmetric([[0, -1], [1, -10]]), "Rapoport and Chammah, The game of chicken, 1966; the usual numbers"
    ),
    Classic(
        "deadlock", symmetric([[1, 0], [3, 2]]), "Rapoport and Guyer, A taxonomy of 2 x 2 games, 1966: T > P > R > S"
    ),
    Classic("coordination", symmetric([[2, 0], [0, 1]]), "Bacharach, Beyond Individual Choice, 2006: Hi-Lo"),
    Classic(
        "battle_of_the_sexes",
        [[[3, 0], [0, 2]], [[2, 0], [0, 3]]],
        "Luce and Raiffa, Games and Decisions, 1957, ch. 5; the usual numbers",
    ),
    Classic("matching_pennies", _zero_sum([[1, -1], [-1, 1]]), "von Neumann and Morgenstern, 1944"),
    Classic("rock_paper_scissors", _zero_sum([[0, -1, 1], [1, 0, -1], [-1, 1, 0]]), "folklore"),
    Classic(
        "shapley",
        [[[1, 0, 0], [0, 1, 0], [0, 0, 1]], [[0, 1, 0], [0, 0, 1], [1, 0, 0]]],
        "Shapley, Some topics in two-person games, 1964: fictitious play cycles",
    ),
    Classic(
        "travellers_dilemma",
        _travellers_dilemma([6, 5, 4, 3, 2], 2),
        "Basu, The traveler's dilemma, 1994: claims 6 (action 0) down to 2, reward 2",
    ),
    Classic(
        "public_goods",
        _public_goods(3, 0.75),
        "Isaac and Walker, Group size effects in public goods provision, 1988: three players, marginal return 0.75",
    ),
    Classic(
        "three_pennies", _three_pennies(), "Jordan, Three problems in learning mixed-strategy Nash equilibria, 1993"
    ),
    Classic(
        "withholding",
        [[[0, 0], [1, -1]], [[3, 2.5], [1, 2.9]]],
        "transfers sheet 1c: SETE is no equilibrium of the full augmented game",
    ),
    Classic(
        "not_polymatrix",
        [[[[1, 0], [0, 0]]], [[[0, 0], [0.8, 0.1]]], [[[0, 0.8], [0, 0.1]]]],
        "transfers sheet 1c: three players, no SETE supports the optimum",
    ),
)

CLASSICS: dict[str, Classic] = {classic.name: classic for classic in _LISTED}
