"""The reachable states of an OpenSpiel game, stored as tables, so that many lanes can be stepped at once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from math import prod
from typing import Any

import numpy as np

from ..core.arrays import Array
from ..core.errors import PalaestraError

MOST_ENTRIES = 20_000_000


@dataclass(frozen=True)
class OpenSpielStates:
    """A game as tables. A row is a distribution over outcomes; an outcome is a state and the rewards on the way to it.

    Attributes:
        horizon: The longest play, in decisions.
        lockstep: Whether every play is that long.
        rows: int64 (states, A_1, ..., A_n): the row of every joint action; an illegal one has the row of a legal one.
        first: The row of the initial states.
        chances: float64 (rows, most outcomes - 1): summed probabilities of the outcomes up to this one.
        following: int64 (rows, most outcomes): the next state.
        rewards: float64 (rows, most outcomes, players): the rewards on the way to it.
        ended: bool (states,): whether the play is over.
        masks: int8 (states, A_i) per player: 1 if the action is legal; all 1 if the player is not to move.
        tensors: float64 (states, *shape) per player: OpenSpiel's observation tensor; None if the game has none.
    """

    horizon: int
    lockstep: bool
    rows: Array
    first: int
    chances: Array
    following: Array
    rewards: Array
    ended: Array
    masks: tuple[Array, ...]
    tensors: tuple[Array, ...] | None


def open_spiel_states(game: Any, horizon: int | None, merge: bool, most_states: int) -> OpenSpielStates:
    """Search the game breadth first.

    1. A level holds the states in which a player decides, and final states; moves of chance between two levels are
       multiplied out.
    2. From each state, every legal joint action is applied to a clone. The reward is the difference of `returns()`.
    3. States are distinguished by their histories. Under `merge` they are distinguished by level, player to move, text,
       returns and observation tensors, so that different plays can lead to one state. That is correct if these
       determine what follows.

    Cost: one clone per edge, some microseconds each.

    Args:
        game: A `pyspiel.Game`.
        horizon: Cut plays off after this many decisions; None for no cut.
        merge: See step 3.
        most_states: Greatest number of states that are stored.

    Raises:
        PalaestraError: More states than that, or tables of more than `MOST_ENTRIES` entries.
    """
    return _StateSearch(game, merge, most_states).tables(horizon)


class _StateSearch:
    """Numbers states and rows in the order in which they are found."""

    def __init__(self, game: Any, merge: bool, most_states: int) -> None:
        self.game, self.merge, self.most = game, merge, most_states
        kind, self.players = game.get_type(), game.num_players()
        self.reader, self.shape = "", ()
        if kind.provides_observation_tensor:
            self.reader, self.shape = "observation_tensor", tuple(game.observation_tensor_shape())
        elif kind.provides_information_state_tensor:
            self.reader, self.shape = "information_state_tensor", tuple(game.information_state_tensor_shape())
        self.numbers: dict[Any, int] = {}
        self.legal: list[list[list[int]]] = []
        self.seen: list[list[Array]] = []
        self.level: list[tuple[int, Any]] = []
        self.distributions: list[dict[tuple[int, tuple[float, ...]], float]] = []

    def tables(self, horizon: int | None) -> OpenSpielStates:
        """Search the game, then store what was found in arrays."""
        first = self._row_of([(1.0, self.game.new_initial_state())], (0.0,) * self.players, 0)
        edges: dict[int, dict[tuple[int, ...], int]] = {}
        depth, lengths = 0, set()
        while self.level:
            level, self.level = self.level, []
            for number, state in level:
                if state.is_terminal() or depth == horizon:
                    lengths.add(depth)
                    self.legal[number] = [[] for _ in range(self.players)]
                else:
                    edges[number] = self._edges(number, state, depth + 1)
            depth += 1
        return self._arrays(first, edges, lengths)

    def _edges(self, number: int, state: Any, depth: int) -> dict[tuple[int, ...], int]:
        """The row of every legal joint action; a player who is not to move has action 0."""
        found, before = {}, tuple(state.returns())
        for joint in product(*(actions or [0] for actions in self.legal[number])):
            child = state.clone()
            if state.is_simultaneous_node():
                child.apply_actions(list(joint))
            else:
                child.apply_action(joint[state.current_player()])
            found[joint] = self._row_of([(1.0, child)], before, depth)
        return found

    def _row_of(self, begun: list[tuple[float, Any]], before: tuple[float, ...], depth: int) -> int:
        outcomes: dict[tuple[int, tuple[float, ...]], float] = {}
        for chance, state in _after_chance(begun):
            earned = tuple(float(now - then) for now, then in zip(state.returns(), before, strict=True))
            outcome = (self._number_of(state, depth), earned)
            outcomes[outcome] = outcomes.get(outcome, 0.0) + chance
        self.distributions.append(outcomes)
        return len(self.distributions) - 1

    def _number_of(self, state: Any, depth: int) -> int:
        tensors = [self._tensor(state, player) for player in range(self.players)] if self.reader else []
        if self.merge:
            shown = tuple(tensor.tobytes() for tensor in tensors)
            key: Any = (depth, state.current_player(), str(state), tuple(state.returns()), shown)
        else:
            key = tuple((one.player, one.action) for one in state.full_history())
        if key not in self.numbers:
            if len(self.numbers) >= self.most:
                raise PalaestraError(
                    f"{self.game} has more than {self.most} states within {depth} decisions. Raise most_states, give "
                    "merge=True if plays that look the same continue in the same way, or a smaller horizon or game."
                )
            self.numbers[key] = len(self.numbers)
            over = state.is_terminal()
            self.legal.append([[] if over else state.legal_actions(player) for player in range(self.players)])
            self.seen.append(tensors)
            self.level.append((self.numbers[key], state))
        return self.numbers[key]

    def _tensor(self, state: Any, player: int) -> Array:
        try:
            values = getattr(state, self.reader)(player)
        except Exception:  # some games raise for the tensor of a finished play
            if not state.is_terminal():
                raise
            return np.zeros(self.shape)
        return np.asarray(values, np.float64).reshape(self.shape)

    def _arrays(self, first: int, edges: dict[int, dict[tuple[int, ...], int]], lengths: set[int]) -> OpenSpielStates:
        """The tables of everything that was found."""
        # sizes
        states = len(self.numbers)
        counts = tuple(
            1 + max((max(legal[i]) for legal in self.legal if legal[i]), default=0) for i in range(self.players)
        )
        widest = max(map(len, self.distributions))
        if states * prod(counts) > MOST_ENTRIES or len(self.distributions) * widest > MOST_ENTRIES:
            raise PalaestraError(
                f"{self.game} has {states} states of {prod(counts)} joint actions and up to {widest} outcomes, tables "
                f"of more than {MOST_ENTRIES} entries. Give a smaller horizon or game."
            )

        # the row of every joint action
        rows = np.zeros((states, *counts), np.int64)
        for number, found in edges.items():
            index = [_nearest_legal(self.legal[number][i], counts[i]) for i in range(self.players)]
            block = np.zeros(counts, np.int64)
            for joint, row in found.items():
                block[joint] = row
            rows[number] = block[np.ix_(*index)]

        # the outcomes of every row
        chances, following = np.ones((len(self.distributions), widest - 1)), np.zeros((len(self.distributions), widest))
        rewards = np.zeros((len(self.distributions), widest, self.players))
        for row, outcomes in enumerate(self.distributions):
            for k, (number, earned) in enumerate(outcomes):
                following[row, k:], rewards[row, k:] = number, earned
            chances[row, : len(outcomes) - 1] = np.cumsum(list(outcomes.values()))[:-1]

        # what players may do and see
        masks = tuple(np.ones((states, count), np.int8) for count in counts)
        for number, legal in enumerate(self.legal):
            for mask, actions in zip(masks, legal, strict=True):
                if actions:
                    mask[number] = np.isin(np.arange(mask.shape[1]), actions)
        tensors = tuple(np.stack([one[i] for one in self.seen]) for i in range(self.players)) if self.reader else None
        ended = np.array([number not in edges for number in range(states)])
        return OpenSpielStates(
            max(lengths),
            len(lengths) == 1,
            rows,
            first,
            chances,
            following.astype(np.int64),
            rewards,
            ended,
            masks,
            tensors,
        )


def _after_chance(begun: list[tuple[float, Any]]) -> Iterator[tuple[float, Any]]:
    """The states after all moves of chance, with their probabilities."""
    while begun:
        chance, state = begun.pop()
        if not state.is_chance_node():
            yield chance, state
            continue
        for action, share in reversed(state.chance_outcomes()):
            if share > 0:
                begun.append((chance * share, state.child(action)))


def _nearest_legal(legal: list[int], count: int) -> Array:
    """What each action counts as: itself, or the lowest legal one; 0 if the player is not to move."""
    lowest = legal[0] if legal else 0
    return np.array([action if action in legal else lowest for action in range(count)])
