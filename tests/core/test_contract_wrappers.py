"""The public contract of wrappers: a neutral setting changes nothing (DESIGN, section 2)."""

from typing import Any, NamedTuple

import numpy as np
import pytest
from gymnasium import spaces
from palaestra.core.contract import check_wrapper
from palaestra.core.errors import ContractBroken
from palaestra.core.rules import Facts, Outcome, Rules
from palaestra.theory.games.read_game import read_game
from palaestra.wrappers import wrappers

PAYOFFS = [[[3.0, 0.0], [5.0, 1.0]], [[3.0, 5.0], [0.0, 1.0]]]


class LastState(NamedTuple):
    last: Any


class Plain(Rules[LastState]):
    """The prisoners' dilemma, three rounds, and nothing around it."""

    def __init__(self) -> None:
        self.facts = Facts(
            players=("player_0", "player_1"),
            horizon=3,
            payoff_range=(0.0, 5.0),
            information="public",
            zero_sum=False,
            stochastic=False,
            optimum="exact",
            truth="Made for tests.",
            metrics=("welfare",),
        )
        self.observation_spaces = (spaces.MultiDiscrete([3, 3]),) * 2
        self.action_spaces = (spaces.Discrete(2),) * 2

    def start(self, draw: Any) -> LastState:
        return LastState(self.where.full((draw.lanes, 2), 2, "int64"))

    def observe(self, state: LastState, step: Any) -> Any:
        return state.last, state.last

    def step(self, state: LastState, actions: Any, step: Any, draw: Any) -> Any:
        table = self.where.asarray(PAYOFFS)
        rewards = tuple(table[i][actions[0], actions[1]] for i in range(2))
        return LastState(self.xp.stack(list(actions), axis=1)), Outcome(rewards)


class SameAgain(Plain):
    """A wrapper of a kind whose steps are the game's own steps."""


class Taxes(SameAgain):
    def step(self, state: LastState, actions: Any, step: Any, draw: Any) -> Any:
        state, outcome = super().step(state, actions, step, draw)
        kept = outcome.rewards[1] * (0.9 if step == 2 else 1.0)
        return state, outcome._replace(rewards=(outcome.rewards[0], kept))


class Hides(SameAgain):
    def observe(self, state: LastState, step: Any) -> Any:
        return (state.last * 0,) * 2


class WritesIntoTheActions(SameAgain):
    def step(self, state: LastState, actions: Any, step: Any, draw: Any) -> Any:
        result = super().step(state, actions, step, draw)
        actions[0][...] = 0
        return result


def _transfers(**options: Any) -> Any:
    return wrappers["Transfers"].make(source=read_game(PAYOFFS, 2, 2), horizon=6, **options)


def _promising_nothing(actions: tuple[Any, ...], stage: int) -> tuple[Any, ...]:
    nothing, targets = np.zeros((len(actions[0]), 2)), np.zeros((len(actions[0]), 2), np.int64)
    return tuple({"amounts": nothing, "targets": targets, "play": play} for play in actions)


def test_a_wrapper_that_changes_nothing_keeps_the_contract() -> None:
    assert "neutral setting changes nothing" in check_wrapper(Plain, SameAgain).passed


@pytest.mark.parametrize("bound", [0.0, None])
def test_transfers_of_nothing_leave_the_base_game_as_it_is(bound: float | None) -> None:
    """Two steps a round; with no promises (or none allowed) the rewards are the base game's, to the bit."""
    check_wrapper(Plain, lambda: _transfers(max_transfer=bound), actions=_promising_nothing, stages=2)


def test_a_wrapper_that_takes_a_share_is_caught() -> None:
    with pytest.raises(ContractBroken, match=r"'neutral setting changes nothing': player_1, lane \d, step 2"):
        check_wrapper(Plain, Taxes, seeds=range(8))


def test_a_promise_is_not_neutral() -> None:
    def promising(actions: tuple[Any, ...], stage: int) -> tuple[Any, ...]:
        return tuple({**one, "amounts": one["amounts"] + 0.5} for one in _promising_nothing(actions, stage))

    with pytest.raises(ContractBroken, match="pays different rewards"):
        check_wrapper(Plain, _transfers, actions=promising, stages=2, seeds=range(8))


def test_a_wrapper_that_shows_something_else_is_caught() -> None:
    with pytest.raises(ContractBroken, match=r"'neutral setting.*observation differs"):
        check_wrapper(Plain, Hides)


def test_a_wrapped_game_that_breaks_the_contract_of_environments_is_caught() -> None:
    with pytest.raises(ContractBroken, match=r"'the wrapped game keeps.*state is never written"):
        check_wrapper(Plain, WritesIntoTheActions)
