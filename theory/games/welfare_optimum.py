"""The greatest welfare of a game: by enumeration, or by mixed-integer programming with a certified bound."""

from __future__ import annotations

from dataclasses import dataclass
from math import prod
from typing import Literal

import numpy as np

from ...core.arrays import Array, ordered_sum
from ...core.errors import PalaestraError
from . import Game, PolymatrixGame
from .best_response_ascent import best_response_ascent
from .strategies import pure_strategies
from .welfare_program import solve_welfare_program, welfare_bound

Method = Literal["auto", "enumeration", "milp"]
MOST_PROFILES = 1 << 20
ENTRIES_AT_ONCE = 1 << 23


@dataclass(frozen=True, eq=False)
class WelfareOptimum:
    """The best pure profile found (welfare is multilinear, so some pure profile is optimal).

    Attributes:
        value: (lanes,): welfare of `profile`, summed from the game's own payoffs.
        profile: int64 (lanes, players).
        bound: (lanes,): no profile has greater welfare; by MILP, according to branch and bound.
        exact: Boolean (lanes,): `value` is the maximum. By enumeration always; by MILP to its relative gap of 1e-9.
        method: "enumeration" or "milp".
        certified: (lanes,): a bound that relies on no solver, at least `bound`: `welfare_bound` of `messages`, or
            `value` by enumeration.
        messages: (lanes, edges, 2, actions), the certificate; None by enumeration.
    """

    value: Array
    profile: Array
    bound: Array
    exact: Array
    method: str
    certified: Array
    messages: Array | None


def welfare_optimum(game: Game, method: Method = "auto", node_limit: int = 1000) -> WelfareOptimum:
    """Find the greatest sum of all players' payoffs.

    Enumeration builds the welfare of every profile of a lane, exactly for fractions; ties go to the first profile in
    lexicographic order. The MILP of `solve_welfare_program` is for polymatrix games with many profiles. HiGHS
    branches until it is done or reaches the node limit; then `bound` is what it has proved, and best responses for the
    welfare improve the profile that it found. `certified` is recomputed from the duals by plain arithmetic.

    Args:
        game: One or many lanes.
        method: "auto" enumerates up to 2^20 profiles (normal forms always: their payoffs are in memory anyway).
        node_limit: Branch-and-bound nodes per lane; a count of nodes instead of a time, so that answers are
            reproducible.

    Raises:
        PalaestraError: An unknown method, or a MILP of fractions or of a normal form.
    """
    if method not in ("auto", "enumeration", "milp"):
        raise PalaestraError(f"method={method!r} is not allowed: 'auto', 'enumeration' or 'milp'.")
    if method == "enumeration" or (method == "auto" and enumerable(game)):
        return _by_enumeration(game)
    if not isinstance(game, PolymatrixGame) or game.blocks.dtype == object:
        raise PalaestraError("method='milp' is for polymatrix games of floats; take 'enumeration'.")
    return _by_program(game, node_limit)


def _by_program(game: PolymatrixGame, node_limit: int) -> WelfareOptimum:
    answers = [solve_welfare_program(game.lane(i), node_limit) for i in range(game.lanes)]
    found = pure_strategies(np.stack([answer.play for answer in answers]), game.most_actions)
    profile = np.argmax(best_response_ascent(game, found).strategies, axis=-1)
    value = ordered_sum(np.stack(game.payoffs_at(list(profile.T), np.arange(game.lanes)), axis=1))
    messages = np.stack([answer.messages for answer in answers])
    certified = welfare_bound(game, messages)
    # Rounding in the solver may leave its bound a hair below the value of its own profile.
    bound = np.maximum(np.minimum([answer.bound for answer in answers], certified), value)
    exact = bound - value <= 1e-9 * np.maximum(1.0, np.abs(value))
    return WelfareOptimum(value, profile, bound, exact, "milp", certified, messages)


def enumerable(game: Game) -> bool:
    """Whether `welfare_optimum` tries every profile: always in normal form, and for small polymatrix games."""
    return not isinstance(game, PolymatrixGame) or prod(game.num_actions) <= MOST_PROFILES


def _by_enumeration(game: Game) -> WelfareOptimum:
    counts = game.num_actions
    at_once = max(1, ENTRIES_AT_ONCE // prod(counts))
    values, chosen = [], []
    for first in range(0, game.lanes, at_once):
        part = game.payoffs[first : first + at_once]
        total = _polymatrix_welfare(game, part) if isinstance(game, PolymatrixGame) else ordered_sum(part, 1)
        total = total.reshape(len(part), -1)
        best = np.argmax(total, axis=1)
        values.append(np.take_along_axis(total, best[:, None], 1)[:, 0])
        chosen.append(np.stack(np.unravel_index(best, counts), axis=1))
    value = np.concatenate(values)
    exact = np.full(game.lanes, True)
    return WelfareOptimum(value, np.concatenate(chosen), value, exact, "enumeration", value, None)


def _polymatrix_welfare(game: PolymatrixGame, blocks: Array) -> Array:
    """The welfare of every profile, (lanes, A, ..., A), adding one edge after the other."""
    n, count = game.num_players, game.most_actions
    total = np.zeros((len(blocks), *(count,) * n), blocks.dtype)
    for e, (i, j) in enumerate(np.asarray(game.edges).tolist()):
        shape = [len(blocks)] + [1] * n
        shape[i + 1] = shape[j + 1] = count
        total += (blocks[:, e, 0] + blocks[:, e, 1]).reshape(shape)
    return total
