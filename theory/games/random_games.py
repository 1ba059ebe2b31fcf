"""Families of random games: each lane draws its own from its seed."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import numpy as np

from ...core.arrays import Array
from ...core.errors import PalaestraError
from ...core.randomness import Draw
from .game_source import GameSource
from .normal_form import NormalFormGame
from .polymatrix import PolymatrixGame

MOST_PAYOFFS = 1 << 22


# Draws are functions of a module with their shape bound, not closures, so that rules can be sent to other processes.
def _independent(shape: tuple[int, ...], numbers: Draw) -> Array:
    return numbers.uniform("payoffs", shape, -1.0, 1.0)


def _opposite(shape: tuple[int, ...], numbers: Draw) -> Array:
    row = numbers.uniform("payoffs", (1, *shape[1:]), -1.0, 1.0)
    return numbers.where.xp.concat([row, -row], axis=1)


def _shared(shape: tuple[int, ...], numbers: Draw) -> Array:
    row = numbers.uniform("payoffs", (1, *shape[1:]), -1.0, 1.0)
    return numbers.where.xp.concat([row] * shape[0], axis=1)


def random_polymatrix(players: int, actions: int) -> GameSource:
    """A complete polymatrix game with every entry uniform on (-1, 1), as in the transfers sheet, 1c."""
    edges = np.array([(i, j) for i in range(players) for j in range(i + 1, players)])
    shape = _fitting((len(edges), 2, actions, actions))
    form = PolymatrixGame(edges, np.zeros((1, *shape)), players, f"random polymatrix, {players} players")
    return GameSource(form, partial(_independent, shape), (-(players - 1.0), players - 1.0))


def random_normal_form(players: int, actions: int) -> GameSource:
    """A game in normal form with every payoff uniform on (-1, 1)."""
    return _of_tensors("random normal form", players, actions, _independent)


def random_zero_sum(players: int, actions: int) -> GameSource:
    """Two players with opposite payoffs, uniform on (-1, 1): no contract can raise welfare.

    Raises:
        PalaestraError: Another number of players than 2.
    """
    if players != 2:
        raise PalaestraError(f"random_zero_sum has 2 players, not {players}. Use random_normal_form for more.")
    return _of_tensors("random zero-sum", players, actions, _opposite)


def random_common_payoff(players: int, actions: int) -> GameSource:
    """All players have the same payoff, uniform on (-1, 1): a team problem, whose optimum is an equilibrium."""
    return _of_tensors("random common-payoff", players, actions, _shared)


def _of_tensors(name: str, players: int, actions: int, draw: Callable[[tuple[int, ...], Draw], Array]) -> GameSource:

    shape = _fitting((players, *(actions,) * players))
    form = NormalFormGame(np.zeros((1, *shape)), f"{name}, {players} players")
    return GameSource(form, partial(draw, shape), (-1.0, 1.0))


def _fitting(shape: tuple[int, ...]) -> tuple[int, ...]:
    """The shape, or an error where a game of it would not be worth its memory."""
    count = 1
    for length in shape:
        count *= length
    if count > MOST_PAYOFFS:
        raise PalaestraError(
            f"A random game of this size has {count} payoffs a lane; at most {MOST_PAYOFFS} are drawn. "
            "Take fewer players or actions, or random_polymatrix, which grows with their squares alone."
        )
    return shape


def sparse_polymatrix(players: int, actions: int, edges: int, seed: int) -> PolymatrixGame:
    """One polymatrix game on `edges` random pairs, entries uniform on (-1, 1).

    Args:
        players: n.
        actions: A for every player.
        edges: The number of pairs, from 1 to n (n - 1) / 2.
        seed: Of the pairs and the payoffs.

    Raises:
        PalaestraError: More edges than pairs, or none.
    """
    pairs = np.array([(i, j) for i in range(players) for j in range(i + 1, players)])
    if not 1 <= edges <= len(pairs):
        raise PalaestraError(f"edges={edges} is not allowed: {players} players have 1 to {len(pairs)} pairs.")
    numbers = np.random.default_rng(seed)
    chosen = np.sort(numbers.choice(len(pairs), size=edges, replace=False))
    return PolymatrixGame(pairs[chosen], numbers.uniform(-1.0, 1.0, (1, edges, 2, actions, actions)), players)


RANDOM_GAMES: dict[str, Callable[[int, int], GameSource]] = {
    "random_polymatrix": random_polymatrix,
    "random_normal_form": random_normal_form,
    "random_zero_sum": random_zero_sum,
    "random_common_payoff": random_common_payoff,
}
