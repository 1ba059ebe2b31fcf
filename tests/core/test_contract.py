"""The public contract of environments catches planted faults, each in an environment right but for it."""

import random
from dataclasses import replace
from typing import Any, NamedTuple

import numpy as np
import pytest
from gymnasium import spaces
from palaestra.core.arrays import ordered_sum
from palaestra.core.contract import check_environment
from palaestra.core.errors import ContractBroken
from palaestra.core.rules import Facts, Outcome, Rules


class CardState(NamedTuple):
    cards: Any
    last: Any
    weather: Any


class Cards(Rules[CardState]):
    """Two players with a secret card each; whoever plays the higher sum of card and action wins the difference."""

    def __init__(self) -> None:
        self.facts = Facts(
            players=("player_0", "player_1"),
            horizon=5,
            payoff_range=(-7.0, 7.0),
            information="private",
            zero_sum=True,
            stochastic=True,
            optimum="none",
            truth="Made for tests.",
            metrics=("welfare",),
            private={"cards": "own"},
        )
        seen = {
            "card": spaces.Discrete(5),
            "last": spaces.MultiDiscrete([4, 4]),
            "weather": spaces.Box(0.0, 1.0, (), np.float64),
        }
        self.observation_spaces = (spaces.Dict(seen), spaces.Dict(seen))
        self.action_spaces = (spaces.Discrete(3), spaces.Dict({"play": spaces.Discrete(3), "shout": spaces.Box(0, 1)}))

    def start(self, draw: Any) -> Any:
        cards = draw.integers("cards", 5, (2,))
        return CardState(cards, cards * 0 + 3, draw.uniform("weather"))

    def observe(self, state: Any, step: Any) -> Any:
        return tuple({"card": state.cards[:, i], "last": state.last, "weather": state.weather} for i in range(2))

    def step(self, state: Any, actions: Any, step: Any, draw: Any) -> Any:
        last = self.xp.stack([actions[0], actions[1]["play"]], axis=1)
        total = self.xp.astype(state.cards + last, self.xp.float64)
        reward = total[:, 0] - total[:, 1] + state.weather
        return CardState(state.cards, last, draw.uniform("weather")), Outcome((reward, -reward), {"sum": total})


class DrawsFromTheSystemFromStep3(Cards):
    def step(self, state: Any, actions: Any, step: Any, draw: Any) -> Any:
        state, outcome = super().step(state, actions, step, draw)
        if step >= 3:
            state = state._replace(weather=state.weather * 0 + random.SystemRandom().random())
        return state, outcome


class CountsItsCalls(Cards):
    calls = 0

    def step(self, state: Any, actions: Any, step: Any, draw: Any) -> Any:
        self.calls += 1
        state, outcome = super().step(state, actions, step, draw)
        return state._replace(weather=state.weather / 2 + 0.001 * (self.calls % 499)), outcome


class LeavesTheSpaceAtStep3(Cards):
    def observe(self, state: Any, step: Any) -> Any:
        seen = super().observe(state, step)
        return seen if step < 3 else (seen[0], {**seen[1], "weather": seen[1]["weather"] + 1.0})


class WrongDtypeFromStep3(Cards):
    def observe(self, state: Any, step: Any) -> Any:
        seen = super().observe(state, step)
        return seen if step < 3 else (seen[0], {**seen[1], "weather": self.xp.astype(state.weather, self.xp.float32)})


class FloatForAnIntegerFromStep3(Cards):
    def observe(self, state: Any, step: Any) -> Any:
        seen = super().observe(state, step)
        return seen if step < 3 else ({**seen[0], "last": self.xp.astype(state.last, self.xp.float64)}, seen[1])


class NotANumberLate(Cards):
    def step(self, state: Any, actions: Any, step: Any, draw: Any) -> Any:
        state, outcome = super().step(state, actions, step, draw)
        reward = outcome.rewards[0] + (np.nan if step == 4 else 0.0)
        return state, outcome._replace(rewards=(reward, -reward))


class UsesNumpysGlobalGenerator(Cards):
    def step(self, state: Any, actions: Any, step: Any, draw: Any) -> Any:
        state, outcome = super().step(state, actions, step, draw)
        return state._replace(weather=state.weather * np.random.rand()), outcome


class UsesPythonsGlobalGenerator(Cards):
    def start(self, draw: Any) -> Any:
        return super().start(draw)._replace(weather=draw.uniform("weather") * random.random())


class MovesTheGlobalGeneratorOnly(Cards):
    def start(self, draw: Any) -> Any:
        np.random.seed(0)
        return super().start(draw)


class ReusesABuffer(Cards):
    buffer: Any = ()

    def observe(self, state: Any, step: Any) -> Any:
        if len(self.buffer) != len(state.weather):
            self.buffer = state.weather * 0
        self.buffer[:] = state.weather
        return tuple({**seen, "weather": self.buffer} for seen in super().observe(state, step))


class WritesIntoTheOldState(Cards):
    def step(self, state: Any, actions: Any, step: Any, draw: Any) -> Any:
        following, outcome = super().step(state, actions, step, draw)
        state.cards[:, 0] += state.cards[:, 0] < 4
        return following, outcome


class WritesIntoTheActions(Cards):
    def step(self, state: Any, actions: Any, step: Any, draw: Any) -> Any:
        result = super().step(state, actions, step, draw)
        actions[1]["shout"][:] = 0
        return result


class KeepsTheCallersArray(Cards):
    def step(self, state: Any, actions: Any, step: Any, draw: Any) -> Any:
        state, outcome = super().step(state, actions, step, draw)
        return state._replace(weather=actions[1]["shout"][:, 0]), outcome


class LeaksIntoTheNeighbour(Cards):
    def step(self, state: Any, actions: Any, step: Any, draw: Any) -> Any:
        state, outcome = super().step(state, actions, step, draw)
        if step >= 3:
            state = state._replace(weather=self.xp.roll(state.weather, 1))
        return state, outcome


class MeanOverLanes(Cards):
    def step(self, state: Any, actions: Any, step: Any, draw: Any) -> Any:
        state, outcome = super().step(state, actions, step, draw)
        share = ordered_sum(outcome.rewards[0], 0) / len(outcome.rewards[0])
        reward = outcome.rewards[0] / 2 - share / 2
        return state, outcome._replace(rewards=(reward, -reward))


class LastBitDependsOnTheBatch(Cards):
    def step(self, state: Any, actions: Any, step: Any, draw: Any) -> Any:
        state, outcome = super().step(state, actions, step, draw)
        return state._replace(weather=state.weather * (1 - 2.0**-52 * (len(state.weather) > 2))), outcome


class OtherNumbersOnTorch(Cards):
    def start(self, draw: Any) -> Any:
        state = super().start(draw)
        return state._replace(weather=state.weather * (1.0 if self.where.name == "numpy" else 1 - 1e-9))


class ShowsTheOthersCardLate(Cards):
    def observe(self, state: Any, step: Any) -> Any:
        seen = super().observe(state, step)
        return seen if step < 3 else (seen[0], {**seen[1], "card": state.cards[:, 0]})


class HintsAtAHiddenField(Cards):
    """The card itself stays hidden; whether the other's is higher does not."""

    def observe(self, state: Any, step: Any) -> Any:
        seen = super().observe(state, step)
        higher = self.xp.astype(state.cards[:, 1] > state.cards[:, 0], self.xp.int64)
        return ({**seen[0], "last": state.last * higher[:, None]}, seen[1])


class MakesSpacesAnew(Cards):
    @property
    def action_spaces(self) -> Any:
        return (spaces.Discrete(3), spaces.Dict({"play": spaces.Discrete(3), "shout": spaces.Box(0, 1)}))

    @action_spaces.setter
    def action_spaces(self, value: Any) -> None:
        pass


class KeepsALambda(Cards):
    def __init__(self) -> None:
        super().__init__()
        self.rule = lambda: None


class EndsBeforeTheHorizon(Cards):
    def step(self, state: Any, actions: Any, step: Any, draw: Any) -> Any:
        state, outcome = super().step(state, actions, step, draw)
        return state, outcome._replace(ended=self.where.full((len(state.weather),), step >= 3, "bool"))


class TipsTheLoserLate(Cards):
    def step(self, state: Any, actions: Any, step: Any, draw: Any) -> Any:
        state, outcome = super().step(state, actions, step, draw)
        return state, outcome._replace(rewards=(outcome.rewards[0] + (step == 4), outcome.rewards[1]))


class DrawsNothing(Cards):
    def step(self, state: Any, actions: Any, step: Any, draw: Any) -> Any:
        last = self.xp.stack([actions[0], actions[1]["play"]], axis=1)
        total = self.xp.astype(state.cards + last, self.xp.float64)
        reward = total[:, 0] - total[:, 1]
        return CardState(state.cards, last, state.weather), Outcome((reward, -reward))


def declaring(maker: Any, **facts: Any) -> Any:
    """Makes the environment with other declarations."""

    def declared() -> Any:
        rules = maker()
        rules.facts = replace(rules.facts, **facts)
        return rules

    declared.__name__ = f"{maker.__name__}({', '.join(facts)})"
    return declared


FAULTS = [
    (DrawsFromTheSystemFromStep3, "same seed same play", ("step 4", "weather")),
    (CountsItsCalls, "same seed same play", ("weather", "the Draw")),
    (LeavesTheSpaceAtStep3, "observations are in their spaces", ("player_1", "step 3", "lane 0", "weather")),
    (WrongDtypeFromStep3, "observations are in their spaces", ("player_1", "step 3", "float32")),
    (FloatForAnIntegerFromStep3, "observations are in their spaces", ("player_0", "step 3", "float64")),
    (NotANumberLate, "rewards are finite", ("player_0", "step 4", "nan")),
    (UsesNumpysGlobalGenerator, "no global generator is touched", ("numpy",)),
    (UsesPythonsGlobalGenerator, "no global generator is touched", ("random",)),
    (MovesTheGlobalGeneratorOnly, "no global generator is touched", ("numpy",)),
    (ReusesABuffer, "results are not reused", ("weather", "step 0")),
    (WritesIntoTheOldState, "state is never written", ("cards", "step 0")),
    (WritesIntoTheActions, "state is never written", ("shout",)),
    (KeepsTheCallersArray, "action buffers may be refilled", ("player_0", "step 1")),
    (LeaksIntoTheNeighbour, "lanes do not leak", ("step 4", "lane")),
    (MeanOverLanes, "lanes do not leak", ("player_0", "step 0")),
    (LastBitDependsOnTheBatch, "a lane equals the single environment", ("weather", "ordered_sum")),
    (OtherNumbersOnTorch, "numpy equals torch", ("weather", "step 0")),
    (ShowsTheOthersCardLate, "private information does not leak", ("player_1", "step 3", "cards")),
    (HintsAtAHiddenField, "private information does not leak", ("player_0", "last")),
    (MakesSpacesAnew, "spaces never change", ("__init__",)),
    (KeepsALambda, "rules can be pickled", ("lambda",)),
    (EndsBeforeTheHorizon, "lanes end when declared", ("step 3", "horizon")),
    (TipsTheLoserLate, "zero sum is true", ("step 4",)),
    (declaring(Cards, payoff_range=(-1.0, 7.0)), "payoff range is true", ("player_",)),
    (declaring(Cards, payoff_range=(-7.0, 1.0)), "payoff range is true", ("player_",)),
    (declaring(Cards, stochastic=False), "stochastic is true", ("weather",)),
    (declaring(DrawsNothing, stochastic=True), "stochastic is true", ("no step draws",)),
    (declaring(Cards, lockstep=False), "lanes end when declared", ("lockstep",)),
    (declaring(Cards, players=("Alice", "Bob")), "players are named as declared", ("Alice",)),
    (declaring(Cards, partners={"player_2": "Uniform"}), "players are named as declared", ("player_2",)),
    (declaring(Cards, private={"hand": "own"}), "private state is declared", ("hand", "cards")),
    (declaring(Cards, information="public"), "private state is declared", ("public",)),
    (declaring(Cards, information="public", private={}), "public information is seen by all", ("card", "player_1")),
    (declaring(Cards, private={"cards": 0}), "private information does not leak", ("player_1", "player_0 may see")),
    (
        declaring(Cards, private={"cards": "own", "weather": "nobody"}),
        "private information does not leak",
        ("weather",),
    ),
]


@pytest.mark.parametrize("right", [Cards, declaring(DrawsNothing, stochastic=False)], ids=lambda maker: maker.__name__)
def test_an_environment_without_a_fault_keeps_the_contract(right: Any) -> None:
    report = check_environment(right)
    assert "a lane equals the single environment" in report.passed
    assert str(report).splitlines()[0].endswith(f"{len(report.passed)} clauses hold.")


@pytest.mark.parametrize(("faulty", "clause", "told"), FAULTS, ids=lambda value: getattr(value, "__name__", None))
def test_a_planted_fault_is_caught_and_the_right_clause_is_named(faulty: Any, clause: Any, told: Any) -> None:
    with pytest.raises(ContractBroken) as caught:
        check_environment(faulty, name="MyEnv")
    message = str(caught.value)
    assert message.startswith(f"MyEnv breaks the clause '{clause}'")
    assert "To fix: " in message
    for word in told:
        assert word in message, message
