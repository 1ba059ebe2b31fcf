"""The base of players of a transfer game: read the game, promise, play, and learn from the round."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence
from typing import Any, ClassVar

import numpy as np

from ...core.agent import Agent, Task, Transition
from ...core.arrays import Array, backend, ordered_sum
from ...core.randomness import Draw, lane_keys
from ...theory.games import Game
from ...theory.games.strategies import legal_actions, pure_strategies


class TransferPlayer(Agent):
    """A seat in a transfer game. Subclasses decide what to promise, what to play, and what to learn from a round.

    Attributes:
        game: The lanes' base games; one lane if all lanes play the same game.
        seat: This player's index.
        legal: Boolean (actions,): this player's actions that exist.
        contingent: Whether promises are prices of every action, and not an amount for a target action.
        most_transfer: Greatest promise for one action.
        rounds: Rounds of an episode.
        round: The current one, from 0.
    """

    plays: ClassVar[tuple[str, ...]] = ("TransferGame-v0",)
    game: Game

    def reset(self, task: Task, lanes: int, seed: Sequence[int]) -> None:
        """Forget the last episode."""
        self.task, self.lanes, self.seat, self.round = task, lanes, task.player, 0
        self.keys = lane_keys(seed, backend())
        self.contingent = task.public["conditioning"] == "contingent"
        space: Any = task.action_space
        self.most_transfer = float(space["amounts"].high.max(initial=0.0))
        self.rounds = max(1, task.horizon // 2)
        self.begun = False

    def act(self, observation: Any) -> dict[str, Array]:
        """Stage 0: promise. Stage 1: play."""
        if not self.begun:
            self.game = self.task.public["source"].game(observation.get("payoffs"))
            self.legal = legal_actions(self.game)[self.seat]
            self.begun = True
            self.prepare()
        n, most = self.game.num_players, self.game.most_actions
        amounts, targets = np.zeros((self.lanes, n, most) if self.contingent else (self.lanes, n)), None
        play = np.zeros(self.lanes, np.int64)
        if int(observation["stage"][0]) == 0:
            amounts, targets = self.promise(observation, amounts)
        else:
            play = np.array(np.broadcast_to(self.choose(observation), (self.lanes,)), np.int64)
        action = {"amounts": np.clip(amounts, 0.0, self.most_transfer), "play": play}
        if not self.contingent:
            action["targets"] = np.zeros((self.lanes, n), np.int64) if targets is None else targets
        return action

    def learn(self, transition: Transition) -> None:
        """After a round: what every action would have earned, transfers received included."""
        if int(transition.observation["stage"][0]) == 1:
            if self.learns:
                play = transition.next_observation["last_play"]
                self.update(play, self.values(self.pure(play)) + self.received(transition.observation))
            self.round += 1

    def prepare(self) -> None:
        """Called once per episode, when the game is known."""

    def promise(self, observation: Any, nothing: Array) -> tuple[Array, Array | None]:
        """Amounts (lanes, players[, actions]) and targets (lanes, players); by default `nothing`, for no target."""
        return nothing, None

    @abstractmethod
    def choose(self, observation: Any) -> Array:
        """What to play, int64 (lanes,), having seen all promises."""

    def update(self, play: Array, values: Array) -> None:
        """Learn from a round; by default nothing.

        Args:
            play: int64 (lanes, players), the joint action.
            values: (lanes, actions), what each own action would have earned against it.
        """

    def values(self, strategies: Array) -> Array:
        """What each own action earns in the base game against strategies of all: (lanes, actions)."""
        return self.game.action_values(strategies)[:, self.seat]

    def pure(self, play: Array) -> Array:
        """A joint action (lanes, players) as strategies."""
        return pure_strategies(play, self.game.most_actions)

    def uniform(self) -> Array:
        """All players mix uniformly over their actions: (1, players, actions)."""
        legal = legal_actions(self.game)
        return (legal / legal.sum(-1, keepdims=True))[None]

    def received(self, observation: Any) -> Array:
        """The amount that this round's promises pay for each own action: (lanes, actions)."""
        due = observation["amounts"][:, :, self.seat]
        if not self.contingent:
            targets = observation["targets"][:, :, self.seat]
            due = due[..., None] * (targets[..., None] == np.arange(self.game.most_actions))
        return ordered_sum(due, 1)

    def unit(self) -> Array:
        """One uniform number of (0, 1) per lane for this round, from the agent's own seeds."""
        return Draw(self.keys, self.round, backend()).uniform("play")
