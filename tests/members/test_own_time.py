"""Games whose lanes end at their own time (`facts.lockstep` False): batch, faces, arena, replay and contract."""

from dataclasses import replace
from typing import Any, NamedTuple

import numpy as np
import pytest
from gymnasium import spaces
from palaestra.core.agent import Agent
from palaestra.core.arena import play
from palaestra.core.arrays import backend, to_numpy
from palaestra.core.batch import Batch
from palaestra.core.contract import check_environment
from palaestra.core.errors import PalaestraError, ReplayMismatch
from palaestra.core.faces.parallel import LaneParallelEnv
from palaestra.core.faces.single import SingleEnv
from palaestra.core.faces.vector import LaneVectorEnv
from palaestra.core.randomness import Draw, episode_keys, lane_keys
from palaestra.core.replay import replay
from palaestra.core.rules import Facts, Outcome, Rules


class WalkState(NamedTuple):
    place: Any
    wind: Any


class Walk(Rules[WalkState]):
    """A walker on 0..6 starts in the middle, is blown about, and stops at either end; 8 steps at most."""

    single = True

    def __init__(self) -> None:
        self.facts = Facts(
            players=("player_0",),
            horizon=8,
            payoff_range=(-0.1, 1.0),
            information="public",
            zero_sum=False,
            stochastic=True,
            optimum="none",
            truth="Made for tests.",
            metrics=("welfare",),
            lockstep=False,
        )
        seen = {"place": spaces.Discrete(7), "time": spaces.Discrete(9), "wind": spaces.Box(0.0, 1.0, (2,), np.float64)}
        self.observation_spaces = (spaces.Dict(seen),)
        self.action_spaces = (spaces.Discrete(2),)

    def start(self, draw: Draw) -> WalkState:
        return WalkState(draw.integers("start", 3) + 2, draw.uniform("wind", (2,)))

    def observe(self, state: WalkState, step: Any) -> Any:
        return ({"place": state.place, "time": step, "wind": state.wind},)

    def step(self, state: WalkState, actions: Any, step: Any, draw: Draw) -> Any:
        xp = self.xp
        blown = xp.where(draw.uniform("gust") < 0.3, -1, 1)
        place = xp.clip(state.place + (2 * actions[0] - 1) * blown, 0, 6)
        reward = xp.where(place == 6, xp.ones_like(draw.uniform("gust")), -0.1)
        ended = (place == 0) | (place == 6)
        return WalkState(place, draw.uniform("wind", (2,))), Outcome((reward,), {"blown": blown}, ended)


class Wanderer(Agent):
    stochastic = True
    learns = False

    def reset(self, task: Any, lanes: int, seed: Any) -> None:
        self.keys, self.step = lane_keys(seed, backend()), 0

    def act(self, observation: Any) -> Any:
        self.step += 1
        return Draw(self.keys, self.step, backend()).integers("play", 2)


def _walk_by_hand(seed: int, episode: int, actions: Any) -> list[tuple[int, float, bool]]:
    """(place, reward, over) of one episode in plain Python, from the draws alone."""
    rules, keys = Walk().placed(), episode_keys(lane_keys([seed], backend()), episode)
    place = int(rules.start(Draw(keys, -1, backend())).place[0])
    walked = []
    for step in range(8):
        gust = float(Draw(keys, step, backend()).uniform("gust")[0])
        place = min(6, max(0, place + (2 * int(actions(step)) - 1) * (-1 if gust < 0.3 else 1)))
        over = place in (0, 6) or step == 7
        walked.append((place, 1.0 if place == 6 else -0.1, over))
        if over:
            break
    return walked


ALWAYS = np.ones(6, np.int64)


def test_the_contract_holds_where_lanes_end_at_their_own_time() -> None:
    assert not check_environment(Walk).notes


def test_under_autoreset_each_lane_goes_on_to_its_own_next_episode() -> None:
    seeds = (3, 4, 5, 6, 7, 8)
    batch: Batch[Any] = Batch(Walk(), 6)
    batch.reset(seeds)
    episodes: list[list[list[tuple[int, float, bool]]]] = [[[]] for _ in seeds]
    firsts = [0] * 6
    for _ in range(30):
        result = batch.step((ALWAYS,))
        final = result.final_observations
        for lane in range(6):
            over = bool(result.terminated[lane])
            seen = final[0] if final is not None else result.observations[0]
            episodes[lane][-1].append((int(seen["place"][lane]), float(result.rewards[0][lane]), over))
            if over:
                episodes[lane].append([])
                assert result.observations[0]["time"][lane] == 0
                firsts[lane] += 1
    assert min(firsts) >= 3
    assert len({len(episode) for lane in episodes for episode in lane[:-1]}) > 1, "lengths must differ to test anything"
    for lane, seed in enumerate(seeds):
        for number, episode in enumerate(episodes[lane][:-1]):
            assert episode == _walk_by_hand(seed, number, lambda step: 1)


def test_without_autoreset_an_ended_lane_stays_as_it_is_and_earns_nothing() -> None:
    batch: Batch[Any] = Batch(Walk(), 6, autoreset=False)
    batch.reset(0)
    ended: dict[int, tuple[Any, ...]] = {}
    while batch.started:
        result = batch.step((ALWAYS,))
        for lane in range(6):
            seen = tuple(np.array(part[lane]).tolist() for part in result.observations[0].values())
            if lane in ended:
                assert result.terminated[lane]
                assert result.rewards[0][lane] == 0
                assert seen == ended[lane]
            elif result.terminated[lane]:
                ended[lane] = seen
    assert len(ended) == 6
    with pytest.raises(PalaestraError, match="call reset"):
        batch.step((ALWAYS,))


def test_a_reset_without_a_seed_starts_every_lanes_next_episode() -> None:
    batch: Batch[Any] = Batch(Walk(), 6, autoreset=False)
    batch.reset(0)
    (observation,) = batch.reset()
    for lane in range(6):
        draw = Draw(episode_keys(lane_keys([lane], backend()), 1), -1, backend())
        assert observation["place"][lane] == Walk().placed().start(draw).place[0]


def test_the_vector_face_gives_true_final_observations_lane_by_lane() -> None:
    vector = LaneVectorEnv(Walk(), 5)
    singles = [SingleEnv(Walk()) for _ in range(5)]
    seen, _ = vector.reset(seed=40)
    for lane, single in enumerate(singles):
        alone, _ = single.reset(seed=40 + lane)
        assert alone["place"] == seen["place"][lane]
    ends = 0
    for step in range(40):
        actions = np.array([(step + lane) % 3 != 0 for lane in range(5)], np.int64)
        seen, rewards, over, cut, info = vector.step(actions)
        assert not cut.any()
        for lane, single in enumerate(singles):
            alone, reward, done, _, _ = single.step(actions[lane])
            assert (reward, done) == (rewards[lane], over[lane])
            if done:
                ends += 1
                assert info["_final_obs"][lane]
                for key, value in alone.items():
                    assert np.array_equal(info["final_obs"][key][lane], value)
                alone, _ = single.reset()
            for key, value in alone.items():
                assert np.array_equal(seen[key][lane], value)
        assert ("final_obs" in info) == over.any()
    assert ends > 10


def test_the_parallel_face_ends_when_its_lane_ends() -> None:
    env = LaneParallelEnv(Walk())
    env.reset(seed=3)
    steps = 0
    while env.agents:
        _, _, terminations, truncations, _ = env.step({"player_0": 1})
        steps += 1
    assert terminations["player_0"]
    assert not truncations["player_0"]
    assert steps == len(_walk_by_hand(3, 0, lambda step: 1))
    with pytest.raises(PalaestraError, match="call reset"):
        env.step({})


def test_numpy_and_torch_walk_alike() -> None:
    one: Batch[Any] = Batch(Walk(), 6)
    two: Batch[Any] = Batch(Walk(), 6, "torch")
    one.reset(9)
    two.reset(9)
    for _ in range(25):
        mine, theirs = one.step((ALWAYS,)), two.step((ALWAYS,))
        assert (to_numpy(theirs.terminated) == mine.terminated).all()
        assert (to_numpy(theirs.rewards[0]) == mine.rewards[0]).all()
        assert (to_numpy(theirs.observations[0]["place"]) == mine.observations[0]["place"]).all()


def test_the_arena_records_every_lane_to_its_end_and_shards_give_the_rows_of_the_whole() -> None:
    seeds = tuple(range(12))
    whole = play(Walk(), [Wanderer()], seeds)
    assert whole.rewards is not None
    assert len(set(whole.lengths.tolist())) > 1
    for lane, length in enumerate(whole.lengths):
        walked = _walk_by_hand(seeds[lane], 0, lambda step, lane=lane: whole.actions[0][step, lane])
        assert len(walked) == length
        assert whole.rewards[0][:length, lane].tolist() == [reward for _, reward, _ in walked]
        assert (whole.rewards[0][length:, lane] == 0).all()
    for cut in (slice(0, 5), slice(5, 12)):
        shard = play(Walk(), [Wanderer()], seeds[cut])
        assert shard.rewards is not None
        assert (shard.lengths == whole.lengths[cut]).all()
        assert (shard.rewards[0] == whole.rewards[0][: shard.steps, cut]).all()
        assert (shard.scoring["blown"] == whole.scoring["blown"][: shard.steps, cut]).all()


def test_its_replay_equals_the_original_and_a_wrong_length_is_refused() -> None:
    trace = play(Walk(), [Wanderer()], range(9))
    again = replay(Walk(), trace.bare())
    assert trace.rewards is not None
    assert again.rewards is not None
    assert (again.rewards[0] == trace.rewards[0]).all()
    lengths = trace.lengths.copy()
    lengths[4] += 1
    with pytest.raises(ReplayMismatch, match="Lane 4 lasts"):
        replay(Walk(), replace(trace.bare(), lengths=lengths))
    with pytest.raises(ReplayMismatch, match="ended"):
        replay(Walk(), replace(trace.bare(), actions=(trace.actions[0][:-1],)))
