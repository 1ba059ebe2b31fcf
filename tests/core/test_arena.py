"""The arena: who may take a seat, what it is told, and what is written down."""

from typing import Any, ClassVar

import numpy as np
import palaestra
import pytest
from palaestra.agents import agents
from palaestra.core.agent import Agent, Transition
from palaestra.core.arena import play
from palaestra.core.arrays import backend
from palaestra.core.as_agent import FromModel, PerLane, as_agent
from palaestra.core.errors import IllegalAction, PalaestraError, UnknownName
from palaestra.core.randomness import Draw, derive_seeds, lane_keys
from palaestra.core.traces.flat_actions import flat
from palaestra.core.traces.trace import Trace

GAME: dict[str, Any] = {"game": "random_normal_form", "players": 3, "actions": 2, "horizon": 6}
BANDIT: dict[str, Any] = {"feedback": "instantaneous", "information": "bandit", "proposals": 2, "horizon": 5}


def _rules() -> Any:
    return palaestra.rules("TransferGame-v0", **GAME)


def _rows(trace: Trace) -> dict[str, Any]:
    return {**flat(trace.actions), **{f"reward {i}": reward for i, reward in enumerate(trace.rewards or ())}}


def _same(one: Trace, other: Trace, lanes: Any = slice(None)) -> bool:
    theirs = _rows(other)
    return all(np.array_equal(value, theirs[key][:, lanes]) for key, value in _rows(one).items())


class Batched(Agent):
    """Answers to what it earned and saw, with a little chance."""

    stochastic: ClassVar[bool] = True

    def reset(self, task: Any, lanes: int, seed: Any) -> None:
        self.keys, self.step = lane_keys(seed, backend()), 0
        self.earned: Any = np.zeros(lanes)

    def act(self, observation: Any) -> Any:
        draw = Draw(self.keys, self.step, backend())
        self.step += 1
        liking = self.earned + observation["payoffs"].reshape(len(self.keys), -1)[:, 0] + draw.normal("x")
        amounts = draw.uniform("amounts", (3,))
        return {"amounts": amounts, "targets": draw.integers("t", 2, (3,)), "play": (liking > 0).astype(np.int64)}

    def learn(self, transition: Transition) -> None:
        self.earned = self.earned + transition.reward


class OneLane:
    """The same, written for one lane, without a base class."""

    batched = False

    def reset(self, task: Any, lanes: int, seed: int) -> None:
        assert lanes == 1
        assert isinstance(seed, int)
        self.key, self.step, self.earned = lane_keys([seed], backend()), 0, 0.0

    def act(self, observation: Any) -> Any:
        draw = Draw(self.key, self.step, backend())
        self.step += 1
        liking = self.earned + observation["payoffs"].reshape(-1)[0] + draw.normal("x")[0]
        amounts = draw.uniform("amounts", (3,))[0]
        return {"amounts": amounts, "targets": draw.integers("t", 2, (3,))[0], "play": int(liking > 0)}

    def learn(self, transition: Transition) -> None:
        assert isinstance(transition.reward, float)
        assert isinstance(transition.terminated, bool)
        self.earned = self.earned + transition.reward


def _first_always(observation: Any) -> Any:
    return {"amounts": np.zeros(3), "targets": np.zeros(3, int), "play": int(observation["stage"]) * 0}


def test_a_one_lane_agent_plays_like_the_batched_one() -> None:
    one = palaestra.run("TransferGame-v0", Batched, range(9), options=GAME)
    other = palaestra.run("TransferGame-v0", OneLane, range(9), options=GAME)
    assert _same(one, other)


@pytest.mark.parametrize("kind", ["Uniform", Batched, OneLane, _first_always])
def test_shards_of_seeds_give_the_rows_of_the_whole(kind: Any) -> None:
    whole = palaestra.run("TransferGame-v0", kind, range(20, 31), options=GAME)
    for lanes in (slice(0, 1), slice(1, 4), slice(4, 11)):
        shard = palaestra.run("TransferGame-v0", kind, range(20, 31)[lanes], options=GAME)
        assert _same(shard, whole, lanes)


def test_seats_may_be_taken_by_names_instances_classes_and_functions() -> None:
    mixed = ["Uniform", Batched(), _first_always]
    trace = palaestra.run("TransferGame-v0", mixed, range(4), options=GAME)
    assert trace.agents == ("Uniform", "Batched", "_first_always")
    mapped = dict(zip(("player_2", "player_1", "player_0"), reversed(mixed), strict=True))
    assert _same(palaestra.run("TransferGame-v0", mapped, range(4), options=GAME), trace)
    assert (trace.actions[2]["amounts"] == 0).all()


def test_one_instance_for_all_seats_is_copied_for_each() -> None:
    agent = Batched()
    shared = palaestra.run("TransferGame-v0", agent, range(4), options=GAME)
    assert _same(shared, palaestra.run("TransferGame-v0", [Batched(), Batched(), Batched()], range(4), options=GAME))
    assert not hasattr(agent, "earned"), "the user's own agent was not played with"


def test_seats_draw_from_different_numbers_than_each_other_and_the_world() -> None:
    seats = [derive_seeds([5], f"agent/player_{i}") for i in range(3)]
    assert len({*seats, (5,), derive_seeds([5], "world")}) == 5
    trace = palaestra.run("TransferGame-v0", "Uniform", range(50), options=GAME)
    assert (trace.actions[0]["play"] != trace.actions[1]["play"]).any()


def test_a_stable_baselines3_model_takes_a_seat() -> None:
    from stable_baselines3 import PPO

    env = palaestra.make("RankingBandit-v0", **BANDIT)
    model = PPO("MultiInputPolicy", env, n_steps=8, batch_size=8, seed=0, device="cpu")
    assert isinstance(as_agent(model), FromModel)
    trace = palaestra.run("RankingBandit-v0", model, range(6), options=BANDIT)
    assert trace.agents == ("PPO",)
    observation, _ = env.reset(seed=4)
    for step in range(5):
        action, _ = model.predict(observation, deterministic=True)
        assert (trace.actions[0][step, 4] == action).all()
        observation, reward, *_ = env.step(action)
        assert trace.rewards is not None
        assert trace.rewards[0][step, 4] == reward


def test_a_withheld_reward_never_reaches_the_learner() -> None:
    """RankingBandit declares reward_observed=False: the learner sees rankings only, the trace has all."""
    told: list[Any] = []

    class Listens(Agent):
        batched: ClassVar[bool] = False

        def reset(self, task: Any, lanes: int, seed: Any) -> None:
            self.space = task.action_space

        def act(self, observation: Any) -> Any:
            return np.zeros(self.space.shape, np.int64)

        def learn(self, transition: Transition) -> None:
            told.append(transition)

    trace = palaestra.run("RankingBandit-v0", Listens, range(3), options=BANDIT)
    assert len(told) == 15
    assert all(one.reward is None for one in told)
    assert all(one.observation.keys() == {"ranking"} == one.next_observation.keys() for one in told)
    assert trace.rewards is not None
    assert "utility" in trace.scoring
    numeric = palaestra.run("RankingBandit-v0", Listens, range(3), options={**BANDIT, "feedback": "numeric"})
    assert numeric.rewards is not None
    assert told[-1].reward == numeric.rewards[0][-1, -1]


def test_transitions_are_what_was_seen_done_and_earned() -> None:
    kept: list[Any] = []

    class Keeps(Batched):
        def learn(self, transition: Transition) -> None:
            kept.append(transition)
            super().learn(transition)

    trace = palaestra.run("TransferGame-v0", [Keeps, "Uniform", "Uniform"], range(4), options=GAME)
    assert trace.rewards is not None
    for step, one in enumerate(kept):
        assert one.step == step
        assert np.array_equal(one.reward, trace.rewards[0][step])
        assert np.array_equal(one.action["play"], trace.actions[0]["play"][step])
        assert one.terminated.all() == (step == 5)
        assert (one.observation["stage"] == step % 2).all()
        if step:
            for key, value in one.observation.items():
                assert np.array_equal(value, kept[step - 1].next_observation[key])


def test_an_agent_that_writes_into_what_it_is_given_harms_nobody_else() -> None:
    class Vandal(Agent):
        def reset(self, task: Any, lanes: int, seed: Any) -> None:
            self.lanes = lanes

        def act(self, observation: Any) -> Any:
            for value in observation.values():
                value[...] = 0
            return {
                "amounts": np.zeros((self.lanes, 3)),
                "targets": np.zeros((self.lanes, 3), int),
                "play": np.zeros(self.lanes, int),
            }

        def learn(self, transition: Transition) -> None:
            transition.terminated[...] = True
            transition.reward[...] = -9.0  # type: ignore[index]
            for value in transition.next_observation.values():
                value[...] = 0

    quiet = palaestra.run("TransferGame-v0", [_first_always, Batched, Batched], range(5), options=GAME)
    loud = palaestra.run("TransferGame-v0", [Vandal, Batched, Batched], range(5), options=GAME)
    assert _same(loud, quiet)
    assert (loud.lengths == 6).all()
    palaestra.replay(loud)


def test_what_is_written_down_is_what_was_played_whatever_dtype_came_first() -> None:
    class IntegersThenFloats(Agent):
        def reset(self, task: Any, lanes: int, seed: Any) -> None:
            self.lanes, self.step = lanes, 0

        def act(self, observation: Any) -> Any:
            self.step += 1
            amounts = np.zeros((self.lanes, 3), np.int64) if self.step < 3 else np.full((self.lanes, 3), 0.25)
            targets = np.zeros((self.lanes, 3), np.uint8)
            return {"amounts": amounts, "targets": targets, "play": np.ones(self.lanes, bool)}

    trace = palaestra.run("TransferGame-v0", IntegersThenFloats, range(3), options=GAME)
    assert (trace.actions[0]["amounts"][4] == 0.25).all()
    assert (trace.actions[0]["play"] == 1).all()
    palaestra.replay(trace)


def test_progress_is_told_after_every_step() -> None:
    told: list[tuple[int, int]] = []
    palaestra.run("TransferGame-v0", "Uniform", range(2), options=GAME, progress=lambda *at: told.append(at))
    assert told == [(step, 6) for step in range(1, 7)]


def test_an_illegal_action_names_the_player_and_the_lane() -> None:
    def wrong(observation: Any) -> Any:
        return {**_first_always(observation), "play": 2}

    with pytest.raises(IllegalAction, match=r"player_1\['play'\], lane 0: the action 2"):
        palaestra.run("TransferGame-v0", [_first_always, wrong, _first_always], range(3), options=GAME)


def test_wrong_seats_are_refused_by_name() -> None:
    with pytest.raises(PalaestraError, match="2 agents were given"):
        palaestra.run("TransferGame-v0", ["Uniform"] * 2, range(2), options=GAME)
    with pytest.raises(PalaestraError, match="player_2"):
        palaestra.run("TransferGame-v0", {"player_0": "Uniform", "player_1": "Uniform"}, range(2), options=GAME)
    with pytest.raises(UnknownName, match="Did you mean 'Uniform'"):
        palaestra.run("TransferGame-v0", "Unifrom", range(2), options=GAME)
    with pytest.raises(PalaestraError, match="cannot take a seat"):
        as_agent(3)
    with pytest.raises(PalaestraError, match="2 agents were given for the seats"):
        play(_rules(), [Batched(), Batched()], range(2))
    with pytest.raises(PalaestraError, match="at least one lane"):
        palaestra.run("TransferGame-v0", "Uniform", (), options=GAME)


def test_what_takes_a_seat_is_batched() -> None:
    assert isinstance(as_agent(OneLane()), PerLane)
    assert isinstance(as_agent(_first_always), PerLane)
    assert isinstance(as_agent(Batched), Batched)
    uniform = agents["Uniform"].make()
    assert as_agent(uniform) is uniform
