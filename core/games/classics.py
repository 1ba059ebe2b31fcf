"""Named games with their sources."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from .normal_form import NormalFormGame


@dataclass(frozen=True)
class Classic:
    """A named game.

    Attributes:
        payoffs: Nested lists (players, A_1, ..., A_n).
        source: Where its numbers come from.
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


def _zero_sum(row: list[list[float]]) -> list[list[list[float]]]:
    return [row, [[-value for value in line] for line in row]]


CLASSICS: dict[str, Classic] = {
    classic.name: classic
    for classic in (
        Classic("prisoners_dilemma", symmetric([[3, 0], [5, 1]]), "Axelrod, The Evolution of Cooperation, 1984"),
        Classic(
            "stag_hunt", symmetric([[5, 0], [4, 2]]), "Skyrms, The Stag Hunt, 2004; numbers of the repeated-games sheet"
        ),
        Classic("chicken", symmetric([[0, -1], [1, -10]]), "Rapoport and Chammah, The game of chicken, 1966"),
        Classic(
            "battle_of_the_sexes",
            [[[3, 0], [0, 2]], [[2, 0], [0, 3]]],
            "Luce and Raiffa, Games and Decisions, 1957, ch. 5",
        ),
        Classic("matching_pennies", _zero_sum([[1, -1], [-1, 1]]), "von Neumann and Morgenstern, 1944"),
        Classic("rock_paper_scissors", _zero_sum([[0, -1, 1], [1, 0, -1], [-1, 1, 0]]), "folklore"),
        Classic(
            "shapley",
            [[[1, 0, 0], [0, 1, 0], [0, 0, 1]], [[0, 1, 0], [0, 0, 1], [1, 0, 0]]],
            "Shapley, Some topics in two-person games, 1964: fictitious play cycles",
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
}
