"""Histories of bounded memory: the last m joint actions as one integer, and strategies as tables over them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from math import prod

import numpy as np

from ...core.arrays import Array
from ...core.errors import PalaestraError

START = -1
"""Stands for a round before the first, in decoded histories."""

MOST_STATES = 1 << 16


@dataclass(frozen=True)
class Memory:
    """The states of m-recall play: the last m joint actions, with a start symbol before round m.

    A joint action is an integer in mixed radix, the last player fastest; the start symbol is the next integer. The
    digits of a state are its rounds, the most recent least significant. So the state after a joint action c is `(state
    * base + c) % states`: transitions are arithmetic and need no table of states x states.

    Attributes:
        num_actions: A_1, ..., A_n.
        depth: m, at least 0 (one state).
    """

    num_actions: tuple[int, ...]
    depth: int

    def __post_init__(self) -> None:
        if self.depth < 0 or self.base**self.depth > MOST_STATES:
            raise PalaestraError(
                f"Memory {self.depth} over {prod(self.num_actions)} joint actions is not allowed: it has "
                f"{self.base}**{self.depth} states, and at most {MOST_STATES} are."
            )

    @property
    def joint(self) -> int:
        """The number of joint actions."""
        return prod(self.num_actions)

    @property
    def base(self) -> int:
        """Joint actions and the start symbol."""
        return self.joint + 1

    @property
    def states(self) -> int:
        """The number of states, including unreachable ones (a start symbol after an action)."""
        return int(self.base**self.depth)

    @property
    def start(self) -> int:
        """The state before round 0: only start symbols."""
        return self.states - 1

    @property
    def reachable_count(self) -> int:
        """The number of states that can be reached."""
        return sum(self.joint**k for k in range(self.depth + 1))

    def encode(self, history: Array) -> Array:
        """States of histories (..., m, players), most recent round last, with A_i for "nothing yet"."""
        state = history.sum((-1, -2)) * 0 if self.depth == 0 else None
        for k in range(self.depth):
            code = history[..., k, 0]
            for i, count in enumerate(self.num_actions[1:], start=1):
                code = code * count + history[..., k, i]
            code = code.clip(max=self.joint)  # "nothing yet" is A_1 times the rest, and more, so at least `joint`
            state = code if state is None else state * self.base + code
        return state

    @cached_property
    def histories(self) -> Array:
        """int64 (states, m, players): every state's rounds, most recent last, START where nothing was played."""
        powers = self.base ** np.arange(self.depth)[::-1]
        codes = np.arange(self.states)[:, None] // powers % self.base
        rounds = np.stack(np.unravel_index(np.minimum(codes, self.joint - 1), self.num_actions), axis=-1)
        return np.where((codes < self.joint)[..., None], rounds, START)

    @cached_property
    def reachable(self) -> Array:
        """Boolean (states,): whether start symbols come only before actions."""
        played = (self.histories[:, :, 0] != START).astype(np.int64)
        return (np.diff(played, axis=1) >= 0).all(axis=1)

    @cached_property
    def successors(self) -> Array:
        """int64 (states, joint): the state after each joint action."""
        return (np.arange(self.states)[:, None] * self.base + np.arange(self.joint)) % self.states

    def table(self, player: int, rule: Callable[[Sequence[int], Sequence[Sequence[int]]], Sequence[float]]) -> Array:
        """The strategy (states, A_i) that a rule describes.

        Args:
            player: Whose strategy it is.
            rule: Maps the player's own last actions and the others' to probabilities of its actions. Each is a sequence
                of rounds, oldest first, without the rounds before round 0; the others' rounds are tuples.
        """
        rows = []
        for rounds in self.histories:
            played = [joint for joint in rounds.tolist() if joint[0] != START]
            own = [joint[player] for joint in played]
            others = [tuple(joint[:player] + joint[player + 1 :]) for joint in played]
            rows.append(list(rule(own, others)))
        return np.asarray(rows, np.float64)

    def extend(self, table: Array, deeper: Memory) -> Array:
        """A strategy (states, A) of this memory as one of a deeper memory, which uses only the recent rounds."""
        if deeper.depth < self.depth or deeper.num_actions != self.num_actions:
            raise PalaestraError(f"A strategy of memory {self.depth} does not fit into memory {deeper.depth}.")
        return table[np.arange(deeper.states) % self.states]
