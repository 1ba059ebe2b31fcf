"""Independent min-max: the lowest payoff to which the others can hold a player when they mix independently."""

from __future__ import annotations

import numpy as np

from ...core.arrays import Array, ordered_sum
from .matrix_game import punishing_mixture
from .nash import nash_equilibrium
from .normal_form import NormalFormGame
from .outside_options import OutsideOptions, against_others, joint, outside_options


def independent_min_max(game: NormalFormGame, sweeps: int = 20) -> OutsideOptions:
    """For each player, a product distribution of the others against which its best reply earns little.

    Our reconstruction of M-SETE's punishments (transfers sheet, section 1b, choice B). Two players: exact, one linear
    program each. More: min over products of max_a u_i(a, .) is not convex (and hard in general, Borgs et al., "The myth
    of the folk theorem", STOC 2008), so

    1. start from the others' part of a Nash equilibrium, from the marginals of the correlated min-max, and from the
       harshest pure profile;
    2. let one opponent after another change its mixture by the linear program that is exact while the others are fixed,
       until a sweep brings no improvement;
    3. keep the best. Its value is computed from the result itself, so it is a certified upper bound on the rejector's
       payoff, and never above its payoff at that equilibrium: the offer stays feasible.

    Failure: the value can be above the true min-max where all starts lead to local minima.

    Args:
        game: One game (one lane).
        sweeps: Most sweeps from each start. Cost: at most 3 x sweeps x (n - 1) small linear programs per player.
    """
    n = game.num_players
    if n == 2:
        found = [punishing_mixture(against_others(game, i)[0]) for i in range(2)]
        return outside_options(game, found, "independent min-max by linear programming")
    equilibrium = nash_equilibrium(game).strategies
    punishments = []
    for i in range(n):
        starts = [[equilibrium[j, :count] for j, count in enumerate(game.num_actions) if j != i]]
        starts += _other_starts(game, i)
        descents = [_descend(game, i, start, sweeps) for start in starts]
        punishments.append(joint(min(descents, key=lambda found: found[0])[1]))
    return outside_options(game, punishments, "independent min-max by alternating linear programs")


def _other_starts(game: NormalFormGame, player: int) -> list[list[Array]]:
    payoffs = against_others(game, player)[0]
    counts = [count for j, count in enumerate(game.num_actions) if j != player]
    correlated = punishing_mixture(payoffs).reshape(counts)
    marginals = []
    for axis in range(len(counts)):
        flat = np.moveaxis(correlated, axis, 0).reshape(counts[axis], -1)
        mass = ordered_sum(flat)
        marginals.append(mass / ordered_sum(mass))
    harshest = np.unravel_index(int(payoffs.max(axis=0).argmin()), counts)
    return [marginals, [np.eye(count)[int(a)] for count, a in zip(counts, harshest, strict=True)]]


def _descend(game: NormalFormGame, player: int, start: list[Array], sweeps: int) -> tuple[float, list[Array]]:
    """Alternate exact linear programs over one opponent at a time; the value never rises."""
    counts = [count for j, count in enumerate(game.num_actions) if j != player]
    tensor = against_others(game, player)[0].reshape(-1, *counts)
    current, value = list(start), _value(tensor, start)
    for _ in range(sweeps):
        before = value
        for k in range(len(counts)):
            strategy = punishing_mixture(_contract(tensor, current, k))
            tried = [*current[:k], strategy, *current[k + 1 :]]
            reached = _value(tensor, tried)
            if reached < value:
                current, value = tried, reached
        if value >= before - 1e-12:
            break
    return value, current


def _contract(tensor: Array, strategies: list[Array], keep: int | None) -> Array:
    """Sum out every opponent's strategy but that of `keep`: (A_i, A_keep), or (A_i,)."""
    for k in reversed(range(len(strategies))):
        if k != keep:
            shape = [1] * tensor.ndim
            shape[k + 1] = -1
            tensor = ordered_sum(tensor * strategies[k].reshape(shape), k + 1)
    return tensor


def _value(tensor: Array, strategies: list[Array]) -> float:
    return float(_contract(tensor, strategies, None).max())
