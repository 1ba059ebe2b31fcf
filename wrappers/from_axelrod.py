"""FromAxelrod: a strategy of the Axelrod library in a seat of a repeated two-by-two game.

Source: Knight, Campbell, Harper and others, "An open framework for the reproducible study of the iterated prisoner's
dilemma", Journal of Open Research Software 4, 2016 (the library `axelrod`, version 4).
"""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy
from typing import Any, ClassVar

import numpy as np

from ..core.agent import Agent, Task
from ..core.errors import PalaestraError, UnknownName


class FromAxelrod(Agent):
    """Any `axelrod.Player` as an agent of RepeatedGame-v0: it sees and knows the same as in a match of Axelrod.

    1. At reset a fresh player gets the length of the match (the horizon), the game, and zero noise, as from
       `axelrod.Match`; a stochastic player is seeded.
    2. Before each round except the first, the last joint action of the observation is appended to its history and, from
       the other seat's view, to the history of a stand-in for its opponent.
    3. Its `strategy` is called with the stand-in. Action 0 is C, action 1 is D.

    The stand-in has only a history. Strategies that run their opponent's code (mind readers) fail with a message that
    says so; those that look at their opponent's class (Darwin) see an unknown class.

    Args:
        strategy: A name such as "TitForTat", an `axelrod.Player` class, or an instance (which is cloned).
        seed: Seed of a stochastic player, as its match would set it; None: derived from the lane's seed.
        parameters: Keyword arguments of the strategy.

    Raises:
        PalaestraError: axelrod is not installed, or there is no such strategy.
    """

    batched: ClassVar[bool] = False
    stochastic: ClassVar[bool] = False
    learns: ClassVar[bool] = False
    needs: ClassVar[Mapping[str, Any]] = {"memory": 1}
    plays: ClassVar[tuple[str, ...]] = ("RepeatedGame-v0",)

    def __init__(
        self, strategy: Any = "TitForTat", seed: int | None = None, parameters: Mapping[str, Any] | None = None
    ) -> None:
        library = axelrod_library()
        if isinstance(strategy, str):
            named = {key: one for key, one in vars(library).items() if _is_player(one, library)}
            if strategy not in named:
                raise UnknownName("strategy of axelrod", strategy, named)
            strategy = named[strategy]
        self.player = strategy(**(parameters or {})) if isinstance(strategy, type) else strategy.clone()
        self.seed = seed
        self.stochastic = bool(library.Classifiers["stochastic"](self.player))  # type: ignore[misc]

    def reset(self, task: Task, lanes: int, seed: int) -> None:
        """Start a new match.

        Raises:
            PalaestraError: A game that strategies of Axelrod cannot play.
        """
        library, source = axelrod_library(), task.public["source"]
        if source.form.num_actions != (2, 2) or source.drawn or task.public["information"] != "actions":
            raise PalaestraError(
                "Axelrod's strategies play one two-by-two game by actions: use a fixed game of two players with two "
                "actions each, and information='actions'."
            )
        if not task.public["memory"].depth:
            raise PalaestraError("Axelrod's strategies must see the last round: use the option memory=1 or more.")
        self.seat, self.step = task.player, 0

        # the game as Axelrod writes it: a symmetric one by its four payoffs
        tables = np.asarray(source.form.payoffs[0], np.float64)
        own, other = tables[task.player], tables[1 - task.player]
        if task.player:
            own, other = own.T, other.T
        match = {"length": task.horizon, "game": library.AsymmetricGame(own, other), "noise": 0}
        if (own == other.T).all():
            (reward, sucker), (temptation, punishment) = own.tolist()
            match["game"] = library.Game(r=reward, s=sucker, t=temptation, p=punishment)

        # fresh players who know the match
        self.player = self.player.clone()
        self.opponent = _stand_in(library)
        self.player.set_match_attributes(**match)
        self.opponent.set_match_attributes(**match)
        if self.stochastic:
            self.player.set_seed(seed % 2**32 if self.seed is None else self.seed)

    def act(self, observation: Any) -> int:
        """The strategy's move after the history so far: 0 for C, 1 for D."""
        actions = axelrod_library().Action
        if self.step:
            last = [actions.D if action else actions.C for action in observation["history"][-1]]
            self.player.update_history(last[self.seat], last[1 - self.seat])
            self.opponent.update_history(last[1 - self.seat], last[self.seat])
        self.step += 1
        return int(self.player.strategy(self.opponent) == actions.D)

    def __deepcopy__(self, memo: dict[int, Any]) -> FromAxelrod:
        """A copy with its own player: some strategies hold generators, which cannot be copied."""
        twin = object.__new__(type(self))
        memo[id(self)] = twin
        kept = {"player": self.player.clone()}
        twin.__dict__.update({key: kept.get(key, value) for key, value in self.__dict__.items()})
        return twin


def _is_player(candidate: Any, library: Any) -> bool:
    return isinstance(candidate, type) and issubclass(candidate, library.Player)


def _stand_in(library: Any) -> Any:
    class Opponent(library.Player):  # type: ignore[misc]
        """A player without a strategy that holds the history of the other seat."""

        name = "Opponent"
        classifier = deepcopy(library.TitForTat.classifier)

        def strategy(self, opponent: Any) -> Any:
            raise PalaestraError(
                "This strategy runs its opponent's code. Here an opponent is a seat, not code: choose a strategy for "
                "which axelrod.Classifiers['inspects_source'] and ['manipulates_source'] are false."
            )

    return Opponent()


def axelrod_library() -> Any:
    """The module `axelrod`, imported when it is first needed, because it imports torch and dask and takes seconds.

    Raises:
        PalaestraError: It cannot be imported.
    """
    try:
        import axelrod
    except ImportError as error:
        raise PalaestraError(
            f"axelrod cannot be imported ({error}). docs/how_to/use_axelrod.md says how to install it lightly."
        ) from error
    return axelrod
