"""The pure stationary profile that all seats share (transfers sheet, section 1b): found once, and really stationary."""

from __future__ import annotations

from typing import Any, get_args

import numpy as np
import pytest
from palaestra.theory.games.random_games import sparse_polymatrix
from palaestra.theory.games.stationary_profile import Solver, stationary_profile


def welfare(game: Any, play: list[int]) -> float:
    """From the blocks, edge by edge."""
    edges = np.asarray(game.edges).tolist()
    return float(sum(game.blocks[0, e, end, play[i], play[j]] for e, (i, j) in enumerate(edges) for end in (0, 1)))


@pytest.mark.parametrize("solver", get_args(Solver))
@pytest.mark.parametrize("seed", range(3))
def test_no_player_alone_can_raise_welfare(solver: Solver, seed: int) -> None:
    game = sparse_polymatrix(6, 3, 9, seed)
    profile = stationary_profile(game, solver)
    assert set(np.unique(profile)) == {0.0, 1.0} and (profile.sum(-1) == 1.0).all()
    play = profile[0].argmax(-1).tolist()
    for player in range(6):
        for action in range(3):
            assert welfare(game, [*play[:player], action, *play[player + 1 :]]) <= welfare(game, play) + 1e-9


def test_equal_numbers_share_an_answer_that_nobody_can_change() -> None:
    first = stationary_profile(sparse_polymatrix(6, 3, 9, 0), "projected_gradient")
    assert stationary_profile(sparse_polymatrix(6, 3, 9, 0), "projected_gradient") is first
    assert stationary_profile(sparse_polymatrix(6, 3, 9, 0), "projected_gradient", start=1) is not first
    assert stationary_profile(sparse_polymatrix(6, 3, 9, 1), "projected_gradient") is not first
    with pytest.raises(ValueError, match="read-only"):
        first[:] = 0.0
