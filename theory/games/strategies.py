"""Strategies of all players as one array: legal actions, pure strategies, sampling and best actions."""

from __future__ import annotations

from typing import Any

import numpy as np

from ...core.arrays import Array
from . import Game


def legal_actions(game: Game) -> Array:
    """Boolean (players, actions): which actions exist, where players have different numbers of them."""
    return np.arange(game.most_actions)[None, :] < np.array(game.num_actions)[:, None]


def pure_strategies(play: Array, actions: int, dtype: Any = np.float64) -> Array:
    """Pure actions (lanes, players) as strategies (lanes, players, actions) of 0 and 1."""
    return (np.asarray(play)[..., None] == np.arange(actions)).astype(dtype)


def best_actions(values: Array, legal: Array) -> Array:
    """The action of greatest value along the last axis, the lowest index among ties; int64.

    Args:
        values: (..., actions), floats or fractions.
        legal: Boolean, broadcast to `values`: actions that exist. They come first along the axis.
    """
    return np.argmax(np.where(legal, values, values.min(-1, keepdims=True)), axis=-1)


def best_values(values: Array, legal: Array) -> Array:
    """The greatest value along the last axis over the actions that exist."""
    return np.take_along_axis(values, best_actions(values, legal)[..., None], -1)[..., 0]


def sample_actions(strategies: Array, unit: Array) -> Array:
    """Draw actions by inversion.

    Args:
        strategies: (lanes, actions), nonnegative.
        unit: Uniform numbers of (0, 1), (lanes,).

    Returns:
        int64 (lanes,); an action of probability 0 is never drawn.
    """
    # A running sum adds left to right whatever the layout, so a lane draws the same alone and in a batch.
    cumulated = np.cumsum(strategies, axis=-1)
    below = (cumulated <= (unit * cumulated[:, -1])[:, None]).sum(-1)
    last = strategies.shape[-1] - 1 - np.argmax(strategies[:, ::-1] > 0, axis=-1)
    return np.minimum(below, last)
