"""The mistakes that agents' authors make most get a message that names what to change."""

from __future__ import annotations

from typing import Any

import numpy as np
import palaestra
import pytest
from palaestra.core.agent import Agent
from palaestra.core.agent_errors import notes_of
from palaestra.core.errors import IllegalAction, PalaestraError

WITHHELD, SEEN = "RankingBandit-v0", "TransferGame-v0"


class OneLane:
    """Written for one lane, and says nothing of it."""

    def reset(self, task: Any, lanes: int, seed: Any) -> None:
        self.space = task.action_space
        self.space.seed(0)

    def act(self, observation: Any) -> Any:
        return self.space.sample()


class Branches(OneLane):
    def act(self, observation: Any) -> Any:
        return self.space.sample() * (1.0 if observation["ranking"] > 0 else 0.5)


class SaysSo(OneLane):
    batched = False


class SaysManyLanes(Branches):
    batched = True


class IsAnAgent(Branches, Agent):
    pass


class Sums(SaysSo):
    def reset(self, task: Any, lanes: int, seed: Any) -> None:
        super().reset(task, lanes, seed)
        self.total = 0.0

    def learn(self, transition: Any) -> None:
        self.total += transition.reward


class SumsLater(SaysSo):
    def reset(self, task: Any, lanes: int, seed: Any) -> None:
        super().reset(task, lanes, seed)
        self.rewards: list[Any] = []

    def act(self, observation: Any) -> Any:
        sum(self.rewards)
        return super().act(observation)

    def learn(self, transition: Any) -> None:
        self.rewards.append(transition.reward)


class Skips(Sums):
    def learn(self, transition: Any) -> None:
        if transition.reward is not None:
            super().learn(transition)


@pytest.mark.parametrize("lanes", [1, 3])
@pytest.mark.parametrize("env_id", [WITHHELD, SEEN])
def test_an_action_for_one_lane_names_batched(env_id: str, lanes: int) -> None:
    with pytest.raises(IllegalAction, match=r"sets `batched = False` in its class"):
        palaestra.run(env_id, OneLane, range(lanes), horizon=4)
    assert palaestra.run(env_id, SaysSo, range(lanes), horizon=4).lanes == lanes


def test_another_wrong_shape_does_not() -> None:
    env = palaestra.make_batch(WITHHELD, 3)
    env.reset((0, 1, 2))
    with pytest.raises(IllegalAction) as error:
        env.step([np.zeros((3, 2))])
    assert "batched" not in str(error.value) and "have shape" in str(error.value)


@pytest.mark.parametrize("agent", [Branches, IsAnAgent])
def test_an_error_over_arrays_of_lanes_has_a_note_that_names_batched(agent: Any) -> None:
    with pytest.raises(ValueError, match="ambiguous") as error:
        palaestra.run(WITHHELD, agent, range(3), horizon=4)
    assert f"{agent.__name__} got arrays that lead with lanes." in notes_of(error.value)
    assert "`batched = False`" in notes_of(error.value)


def test_an_agent_that_says_that_it_is_batched_gets_no_note() -> None:
    with pytest.raises(ValueError, match="ambiguous") as error:
        palaestra.run(WITHHELD, SaysManyLanes, range(3), horizon=4)
    assert notes_of(error.value) == ""


@pytest.mark.parametrize("agent", [Sums, SumsLater])
def test_a_withheld_reward_names_the_fact_and_the_line(agent: Any) -> None:
    with pytest.raises(PalaestraError, match=r"transition\.reward, which is None.*reward_observed is False") as error:
        palaestra.run(WITHHELD, agent, range(2), horizon=4)
    assert "test_agent_errors.py:" in str(error.value) and isinstance(error.value.__cause__, TypeError)


def test_the_same_agents_learn_where_rewards_are_observed_or_are_skipped() -> None:
    for agent in (Sums, SumsLater):
        assert palaestra.run(SEEN, agent, range(2)).lanes == 2
    assert palaestra.run(WITHHELD, Skips, range(2), horizon=4).lanes == 2


class Adds(SaysSo):
    def act(self, observation: Any) -> Any:
        return None + 1  # type: ignore[operator]


@pytest.mark.parametrize("env_id", [WITHHELD, SEEN])
def test_another_error_about_none_stays_what_it_is(env_id: str) -> None:
    with pytest.raises(TypeError, match="NoneType"):
        palaestra.run(env_id, Adds, range(2), horizon=4)
