"""The classics: the numbers of the sheets, and the equilibria each is known for."""

from typing import Any

import numpy as np
import pytest
from palaestra.theory.games.classics import CLASSICS, inefficient_dilemma


def test_the_withholding_game_is_that_of_the_sheet() -> None:
    """Transfers sheet 1c: u1=[[0,0],[1,-1]], u2=[[3,2.5],[1,2.9]], W=[[3,2.5],[2,1.9]], optimum (C, L)."""
    payoffs = CLASSICS["withholding"].game.payoffs[0]
    assert payoffs.tolist() == [[[0, 0], [1, -1]], [[3, 2.5], [1, 2.9]]]
    assert payoffs.sum(0).tolist() == [[3, 2.5], [2, 1.9]]


def test_the_game_that_is_not_polymatrix_is_that_of_the_sheet() -> None:
    """Transfers sheet 1c: (C,C) -> (1,0,0); one D: the defector 0.8, others 0; (D,D) -> (0,.1,.1)."""
    payoffs = CLASSICS["not_polymatrix"].game.payoffs[0]
    assert payoffs.shape == (3, 1, 2, 2)
    assert payoffs[:, 0, 0, 0].tolist() == [1, 0, 0]
    assert payoffs[:, 0, 1, 0].tolist() == [0, 0.8, 0]
    assert payoffs[:, 0, 0, 1].tolist() == [0, 0, 0.8]
    assert payoffs[:, 0, 1, 1].tolist() == [0, 0.1, 0.1]


@pytest.mark.parametrize("scale", [2, 10, 1000])
def test_inefficiency_of_the_dilemma_family_has_no_bound(scale: Any) -> None:
    """Transfers sheet 1c: W* = 2 M, the only equilibrium is (D, D), W(NE) = 2."""
    payoffs = np.array(inefficient_dilemma(scale))
    assert (payoffs[0, 1] > payoffs[0, 0]).all() and (payoffs[1, :, 1] > payoffs[1, :, 0]).all()
    assert payoffs.sum(0).max() == 2 * scale and payoffs[:, 1, 1].sum() == 2


def pure_equilibria(game: Any) -> Any:
    payoffs = game.payoffs[0]
    found = []
    for profile in game.profiles():
        rows = [payoffs[(i, *profile[:i], slice(None), *profile[i + 1 :])] for i in range(game.num_players)]
        if all(row[profile[i]] == row.max() for i, row in enumerate(rows)):
            found.append(profile)
    return found


@pytest.mark.parametrize(
    ("name", "equilibria"),
    [
        ("prisoners_dilemma", [(1, 1)]),
        ("donation", [(1, 1)]),
        ("inefficient_dilemma", [(1, 1)]),
        ("deadlock", [(1, 1)]),
        ("stag_hunt", [(0, 0), (1, 1)]),
        ("coordination", [(0, 0), (1, 1)]),
        ("battle_of_the_sexes", [(0, 0), (1, 1)]),
        ("chicken", [(0, 1), (1, 0)]),
        ("matching_pennies", []),
        ("rock_paper_scissors", []),
        ("shapley", []),
        ("three_pennies", []),
        ("travellers_dilemma", [(4, 4)]),
        ("public_goods", [(1, 1, 1)]),
        ("withholding", []),
        ("not_polymatrix", [(0, 1, 1)]),
    ],
)
def test_classics_have_the_pure_equilibria_they_are_known_for(name: Any, equilibria: Any) -> None:
    assert pure_equilibria(CLASSICS[name].game) == equilibria
    assert CLASSICS[name].source


def test_every_classic_has_its_equilibria_checked() -> None:
    marks = test_classics_have_the_pure_equilibria_they_are_known_for.pytestmark
    assert {name for name, _ in marks[0].args[1]} == set(CLASSICS)


@pytest.mark.parametrize("name", ["rock_paper_scissors", "shapley", "three_pennies", "matching_pennies"])
def test_uniform_play_is_the_equilibrium_of_the_cyclic_classics(name: Any) -> None:
    game = CLASSICS[name].game
    uniform = np.full((1, game.num_players, game.most_actions), 1 / game.most_actions)
    values = game.action_values(uniform)[0]
    assert np.ptp(values, axis=1).max() <= 1e-15


def test_the_travellers_dilemma_pays_the_lower_claim_and_the_reward() -> None:
    """Basu 1994: claims 6 and 4 pay 4 - 2 and 4 + 2."""
    assert CLASSICS["travellers_dilemma"].game.payoffs[0][:, 0, 2].tolist() == [2, 6]
