"""The public contracts of agents, metrics and wrappers catch planted faults."""

import random
from typing import Any

import numpy as np
import palaestra
import pytest
from palaestra.core.agent import Agent
from palaestra.core.arrays import backend, ordered_sum
from palaestra.core.contract import check_agent, check_environment, check_metric
from palaestra.core.errors import ContractBroken, PalaestraError
from palaestra.core.metric import Example, Metric, trace_of
from palaestra.core.randomness import Draw, lane_keys


def game() -> Any:
    return palaestra.rules("TransferGame-v0", game="random_normal_form", horizon=8)


class Counting(Agent):
    """Plays last what paid best on average, with a little chance; right in every respect."""

    stochastic = True
    learns = True

    def reset(self, task: Any, lanes: Any, seed: Any) -> None:
        self.keys, self.step, self.lanes = lane_keys(seed, backend()), 0, lanes
        self.earned = np.zeros((lanes, 2))

    def act(self, observation: Any) -> Any:
        draw = Draw(self.keys, self.step, backend())
        self.step += 1
        play = np.argmax(self.earned + 0.3 * draw.gumbel("play", (2,)), axis=1)
        return {
            "amounts": draw.uniform("amounts", (2,), 0.0, 1.0),
            "targets": draw.integers("targets", 2, (2,)),
            "play": play,
        }

    def learn(self, transition: Any) -> None:
        self.earned[np.arange(self.lanes), transition.action["play"]] += transition.reward


class CountingOneLane(Agent):
    """A one-lane agent, right in every respect."""

    batched = False

    def reset(self, task: Any, lanes: Any, seed: Any) -> None:
        self.keys, self.step = lane_keys([seed], backend()), 0

    def act(self, observation: Any) -> Any:
        self.step += 1
        draw = Draw(self.keys, self.step, backend())
        return {"amounts": np.zeros(2), "targets": np.zeros(2, int), "play": int(draw.integers("play", 2)[0])}


CountingOneLane.stochastic = True


class AlwaysFirst(Agent):
    learns = False

    def reset(self, task: Any, lanes: Any, seed: Any) -> None:
        self.lanes = lanes

    def act(self, observation: Any) -> Any:
        lanes = self.lanes
        return {"amounts": np.zeros((lanes, 2)), "targets": np.zeros((lanes, 2), int), "play": np.zeros(lanes, int)}


class IllegalLate(Counting):
    def act(self, observation: Any) -> Any:
        action = super().act(observation)
        if self.step > 5:
            action["play"] = action["play"] + 2
        return action


class NotANumberLate(Counting):
    def act(self, observation: Any) -> Any:
        action = super().act(observation)
        return action if self.step < 6 else {**action, "amounts": action["amounts"] * np.nan}


class ForgetsToForget(Counting):
    def reset(self, task: Any, lanes: Any, seed: Any) -> None:
        earned = getattr(self, "earned", np.zeros((lanes, 2)))
        super().reset(task, lanes, seed)
        self.earned += earned.mean()
        self.earned[:, 0] *= 2


class KeepsItsStep(Counting):
    def reset(self, task: Any, lanes: Any, seed: Any) -> None:
        step = getattr(self, "step", 0)
        super().reset(task, lanes, seed)
        self.step = step


class LooksAcrossLanes(Counting):
    def learn(self, transition: Any) -> None:
        super().learn(transition)
        self.earned = self.earned + 0.5 * self.earned.mean(axis=0)


class BatchSizeMatters(Counting):
    def act(self, observation: Any) -> Any:
        action = super().act(observation)
        return {**action, "amounts": action["amounts"] * (1 - 2.0**-52 * (self.lanes > 1))}


class DrawsFromNumpy(Counting):
    def act(self, observation: Any) -> Any:
        return {**super().act(observation), "play": np.random.randint(0, 2, self.lanes)}


class DrawsFromTheSystem(Counting):
    def act(self, observation: Any) -> Any:
        action = super().act(observation)
        return {**action, "amounts": action["amounts"] * 0 + random.SystemRandom().random()}


class WritesIntoTheObservation(Counting):
    def act(self, observation: Any) -> Any:
        if self.step == 3:
            observation["amounts"][:] = -1.0
        return super().act(observation)


class WritesIntoTheTransition(Counting):
    def learn(self, transition: Any) -> None:
        transition.reward[:] -= 0.5
        super().learn(transition)


class SaysItIsNotStochastic(Counting):
    stochastic = False


class SaysItDoesNotLearn(Counting):
    learns = False


class SaysItIsStochastic(AlwaysFirst):
    stochastic = True


class NeedsAnArgument(AlwaysFirst):
    def __init__(self, rate: Any) -> None:
        self.rate = rate


class SitsNowhere(AlwaysFirst):
    seats = "mediator"


FAULTS = [
    (IllegalLate, "actions are legal", ("step 5", "lane 0", "Discrete(2)")),
    (NotANumberLate, "actions are legal", ("step 5", "amounts")),
    (ForgetsToForget, "reset forgets", ("player_",)),
    (KeepsItsStep, "reset forgets", ("step 0",)),
    (LooksAcrossLanes, "lanes are independent", ("lane",)),
    (BatchSizeMatters, "lanes are independent", ("amounts", "ordered_sum")),
    (DrawsFromNumpy, "no global generator is touched", ("numpy",)),
    (DrawsFromTheSystem, "same seed same play", ("lane_keys",)),
    (WritesIntoTheObservation, "what is given stays as it was", ("step 3", "observation", "amounts")),
    (WritesIntoTheTransition, "what is given stays as it was", ("reward",)),
    (SaysItIsNotStochastic, "trait stochastic is true", ("stochastic = True",)),
    (SaysItDoesNotLearn, "trait learns is true", ("learns = True",)),
    (SaysItIsStochastic, "trait stochastic is true", ("stochastic = False",)),
    (NeedsAnArgument, "it can be made without arguments", ("rate",)),
    (SitsNowhere, "actions are legal", ("mediator",)),
]


@pytest.mark.parametrize("right", [Counting, CountingOneLane, AlwaysFirst])
def test_an_agent_without_a_fault_keeps_the_contract(right: Any) -> None:
    report = check_agent(right, game)
    assert "lanes are independent" in report.passed
    assert check_agent(right, game, {"player_1": AlwaysFirst}).passed == report.passed


@pytest.mark.parametrize(("faulty", "clause", "told"), FAULTS, ids=lambda value: getattr(value, "__name__", None))
def test_a_planted_fault_of_an_agent_is_caught_and_the_right_clause_is_named(
    faulty: Any, clause: Any, told: Any
) -> None:
    with pytest.raises(ContractBroken) as caught:
        check_agent(faulty, game, name="MyAgent")
    message = str(caught.value)
    assert message.startswith(f"MyAgent breaks the clause '{clause}'"), message
    assert "To fix: " in message
    for word in told:
        assert word in message, message


def _mean(trace: Any) -> Any:
    return ordered_sum(trace.rewards[0], 0) / trace.lengths


def _late_mean(trace: Any) -> Any:
    return np.cumsum(trace.rewards[0], 0) / np.arange(1, trace.steps + 1)[:, None]


def _hand_made() -> Any:
    return trace_of((np.zeros((2, 3)),), (np.array([[1.0, 2.0, 3.0], [3.0, 2.0, 0.0]]),))


EXAMPLES = (Example(_hand_made, [2.0, 2.0, 1.5]),)


def _metric(compute: Any, curve: Any = None, meaning: Any = "The mean reward of player_0.") -> Any:
    return Metric("mean", compute, "higher", "payoff", meaning, curve)


def _played(seeds: Any) -> Any:
    return palaestra.run("TransferGame-v0", Counting, seeds, options={"game": "random_normal_form", "horizon": 4})


def _with_a_witness(trace: Any) -> Any:
    if trace.scoring["claimed"].max() > trace.rewards[0].max():
        raise PalaestraError("The claimed optimum is more than any reward.")
    return _mean(trace)


def _claims(value: Any) -> Any:
    def make() -> Any:
        return trace_of((np.zeros((2, 3)),), _hand_made().rewards, {"claimed": np.full((2, 3), value)})

    return make


def test_a_metric_without_a_fault_keeps_the_contract() -> None:
    report = check_metric(_metric(_mean, _late_mean), EXAMPLES, play=_played)
    assert report.notes == ("tampered witnesses are refused: no witness to tamper with was given",)
    witnessed = _metric(_with_a_witness)
    assert not check_metric(witnessed, (Example(_claims(3.0), [2.0, 2.0, 1.5]),), tampered=[_claims(4.0)]).notes


def _writes(trace: Any) -> Any:
    trace.rewards[0][:] *= 0.5
    return _mean(trace) * 2


@pytest.mark.parametrize(
    ("metric", "clause"),
    [
        (_metric(lambda trace: _mean(trace) + 0.1), "examples hold"),
        (_metric(lambda trace: _mean(trace)[:1] + 0 * trace.lanes), "examples hold"),
        (_metric(_writes), "the trace stays as it was"),
        (_metric(lambda trace: _mean(trace) + (np.arange(trace.lanes) if trace.lanes == 5 else 0)), "permuted lanes"),
        (_metric(_mean, lambda trace: _late_mean(trace)[::-1]), "the curve ends in the value"),
        (_metric(lambda trace: _mean(trace) * (np.nan if trace.lanes == 5 else 1.0)), "one finite number a lane"),
        (_metric(_mean), "tampered witnesses are refused"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_planted_fault_of_a_metric_is_caught_and_the_right_clause_is_named(metric: Any, clause: Any) -> None:
    tampered = [_claims(4.0)] if "tampered" in clause else []
    with pytest.raises(ContractBroken, match=f"the clause '{clause}"):
        check_metric(metric, EXAMPLES, play=_played, tampered=tampered)


def test_an_exception_in_play_is_told_as_a_broken_clause() -> None:
    def stumbling() -> Any:
        rules: Any = palaestra.rules("TransferGame-v0", horizon=4)
        step = rules.step
        rules.step = lambda state, actions, now, draw: step(state, actions, {}[now] if now == 3 else now, draw)
        return rules

    with pytest.raises(ContractBroken, match=r"KeyError: 3.*To fix"):
        check_environment(stumbling)


def test_the_global_generators_are_left_as_they_were() -> None:
    numpys: Any = np.random.get_state()
    ours = random.getstate()
    check_environment(game)
    after: Any = np.random.get_state()
    assert (after[1] == numpys[1]).all()
    assert random.getstate() == ours
