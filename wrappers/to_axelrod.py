"""ToAxelrod: any agent of repeated games as a player of the Axelrod library.

Source: the library `axelrod`, version 4 (Knight and others, Journal of Open Research Software 4, 2016).
"""

from __future__ import annotations

from copy import deepcopy
from typing import Any, ClassVar

import numpy as np

from ..core.agent import Traits, Transition
from ..core.arena import task_of
from ..core.as_agent import as_agent
from ..theory.games.read_game import read_game
from .from_axelrod import axelrod_library
from .repeated import Repeated


def to_axelrod(agent: Any, memory: int | None = None) -> type[Any]:
    """A subclass of `axelrod.Player` that plays as the agent would in seat player_0 of RepeatedGame-v0.

    The class is for `axelrod.Match` and `axelrod.Tournament`. Before each turn the agent learns from the turn before,
    as it was played (noise included); it never learns from the last turn of a match, because Axelrod does not call its
    players after it. A match of unknown length counts as one of `axelrod.DEFAULT_TURNS`.

    Args:
        agent: An agent, a class, or a function from one lane's observation to its action. It is copied for every match.
        memory: Rounds that it sees; None: as many as it `needs`, at least 1.

    Raises:
        PalaestraError: axelrod is not installed.
    """
    library = axelrod_library()
    whole = as_agent(deepcopy(agent))
    traits = Traits.of(whole)
    depth = int(traits.needs.get("memory", 1)) if memory is None else memory
    base: Any = library.Player
    label = getattr(agent, "__name__", type(agent).__name__)

    class AgentPlayer(base):  # type: ignore[misc]
        """The agent as a player of Axelrod."""

        name = label
        classifier: ClassVar[dict[str, Any]] = {
            "memory_depth": float("inf"),
            "stochastic": traits.stochastic,
            "makes_use_of": {"game", "length"},
            "long_run_time": False,
            "inspects_source": False,
            "manipulates_source": False,
            "manipulates_state": False,
        }

        def __init__(self) -> None:
            super().__init__()
            self.agent: Any = None

        def strategy(self, opponent: Any) -> Any:
            """The agent's action for what was played so far."""
            if self.agent is None:
                self._start_match()
            else:
                self._learn_last_turn()
            self.seen = self._observation()
            return library.Action.D if int(self.agent.act(self.seen)[0]) else library.Action.C

        def _start_match(self) -> None:
            game, length = self.match_attributes["game"], self.match_attributes["length"]
            turns = int(length) if 0 < length < float("inf") else int(library.DEFAULT_TURNS)
            payoffs = np.array([game.A, game.B], np.float64)
            self.rules = Repeated(read_game(payoffs, 2, 2), depth, horizon=turns).placed()
            self.payoffs = payoffs[0]
            self.agent = deepcopy(whole)
            seed = int(self._seed) if self.classifier["stochastic"] else 0
            self.agent.reset(task_of(self.rules, "RepeatedGame-v0", 0), 1, (seed,))

        def _rounds(self, last: int) -> list[tuple[int, int]]:
            played = list(zip(self.history, self.history.coplays, strict=True))[-last:] if last else []
            return [(int(own == library.Action.D), int(other == library.Action.D)) for own, other in played]

        def _observation(self) -> dict[str, Any]:
            rounds = self._rounds(depth)
            before = [(2, 2)] * (depth - len(rounds))
            return {"history": np.array([*before, *rounds], np.int64).reshape(1, depth, 2)}

        def _learn_last_turn(self) -> None:
            own, other = self._rounds(1)[0]
            earned = np.array([self.payoffs[own, other]])
            step = len(self.history) - 1
            taught = Transition(self.seen, np.array([own]), earned, self._observation(), np.zeros(1, bool), step)
            self.agent.learn(taught)

    return AgentPlayer
