"""Correlated min-max: the lowest payoff to which the others can jointly hold a player, by linear programming."""

from __future__ import annotations

from .matrix_game import punishing_mixture
from .normal_form import NormalFormGame
from .outside_options import OutsideOptions, against_others, outside_options


def correlated_min_max(game: NormalFormGame) -> OutsideOptions:
    """For each player, the joint distribution of the others against which its best reply earns least.

    Our reconstruction of M-SETE's punishments (transfers sheet, section 1b, choice B): one zero-sum matrix game per
    player, its own actions against the joint actions of the others. The values sum to at most the welfare of any Nash
    equilibrium, because the play of an equilibrium is one such distribution. So an offer of greatest welfare can always
    pay them.

    Args:
        game: One game (one lane). Cost: a dense LP with A_i rows and prod_{j != i} A_j columns for each player.
    """
    found = [punishing_mixture(against_others(game, i)[0]) for i in range(game.num_players)]
    return outside_options(game, found, "correlated min-max by linear programming")
