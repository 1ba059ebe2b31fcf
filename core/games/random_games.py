"""Families of random games: each lane draws its own from its seed."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from ..arrays import Array
from ..randomness import Draw
from .normal_form import NormalFormGame
from .polymatrix import PolymatrixGame

if TYPE_CHECKING:
    from .source import GameSource


def _uniform_payoffs(shape: tuple[int, ...], numbers: Draw) -> Array:
    return numbers.uniform("payoffs", shape, -1.0, 1.0)


def random_polymatrix(players: int, actions: int) -> GameSource:
    """A complete polymatrix game with every entry uniform on (-1, 1) (the law of the transfers sheet, 1c)."""
    from .source import GameSource

    edges = np.array([(i, j) for i in range(players) for j in range(i + 1, players)])
    shape = (len(edges), 2, actions, actions)

    form = PolymatrixGame(edges, np.zeros((1, *shape)), players, f"random polymatrix, {players} players")
    return GameSource(form, partial(_uniform_payoffs, shape), (-(players - 1.0), players - 1.0))


def random_normal_form(players: int, actions: int) -> GameSource:
    """A game in normal form with every payoff uniform on (-1, 1)."""
    from .source import GameSource

    shape = (players, *(actions,) * players)

    form = NormalFormGame(np.zeros((1, *shape)), f"random normal form, {players} players")
    return GameSource(form, partial(_uniform_payoffs, shape), (-1.0, 1.0))


def sparse_polymatrix(players: int, actions: int, edges: int, seed: int) -> PolymatrixGame:
    """One polymatrix game on `edges` random pairs, entries uniform on (-1, 1).

    Args:
        players: n.
        actions: A for every player.
        edges: How many pairs, at most n (n - 1) / 2.
        seed: Of the pairs and the payoffs.
    """
    numbers = np.random.default_rng(seed)
    pairs = np.array([(i, j) for i in range(players) for j in range(i + 1, players)])
    chosen = np.sort(numbers.choice(len(pairs), size=edges, replace=False))
    return PolymatrixGame(pairs[chosen], numbers.uniform(-1.0, 1.0, (1, edges, 2, actions, actions)), players)


RANDOM_GAMES: dict[str, Callable[[int, int], GameSource]] = {
    "random_polymatrix": random_polymatrix,
    "random_normal_form": random_normal_form,
}
