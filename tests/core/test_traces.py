"""Traces: saved, read by anyone, replayed to the bit; what was edited is found."""

import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import palaestra
import pytest
from palaestra.core.errors import IllegalAction, PalaestraError, ReplayMismatch
from palaestra.core.traces.flat_actions import flat
from palaestra.core.traces.trace import Trace

OPTIONS: dict[str, Any] = {"game": "random_normal_form", "players": 3, "actions": 2, "horizon": 4}
SUFFIXES = [".npz", ".parquet"]


@pytest.fixture(scope="module")
def trace() -> Trace:
    return palaestra.run("TransferGame-v0", "Uniform", (0, 7, 2**256 - 1), options=OPTIONS)


def _same(one: Trace, other: Trace) -> bool:
    mine, theirs = flat(one.actions), flat(other.actions)
    fields = ("env_id", "options", "seeds", "agents", "versions")
    return (
        all(getattr(one, name) == getattr(other, name) for name in fields)
        and mine.keys() == theirs.keys()
        and all(np.array_equal(mine[key], theirs[key]) and mine[key].dtype == theirs[key].dtype for key in mine)
        and np.array_equal(one.lengths, other.lengths)
        and (one.rewards is None) == (other.rewards is None)
        and all(np.array_equal(a, b) for a, b in zip(one.rewards or (), other.rewards or (), strict=True))
    )


@pytest.mark.parametrize("suffix", SUFFIXES)
@pytest.mark.parametrize("bare", [False, True])
def test_a_saved_trace_comes_back_as_it_was_and_replays_to_the_bit(
    trace: Trace, tmp_path: Path, suffix: str, bare: bool
) -> None:
    loaded = palaestra.load_trace((trace.bare() if bare else trace).save(tmp_path / f"trace{suffix}"))
    assert _same(loaded, trace.bare() if bare else trace)
    again = palaestra.replay(loaded)
    assert again.rewards is not None
    assert trace.rewards is not None
    assert all(np.array_equal(a, b) for a, b in zip(again.rewards, trace.rewards, strict=True))
    assert np.array_equal(palaestra.evaluate(loaded)["welfare"], palaestra.evaluate(trace)["welfare"])


def test_every_environments_trace_survives_storage(tmp_path: Path) -> None:
    from palaestra.envs import environments

    for env_id in environments:
        short = {} if palaestra.rules(env_id).facts.horizon <= 20 else {"horizon": 12}
        played = palaestra.run(env_id, "Uniform", range(3), options=short)
        for suffix in SUFFIXES:
            loaded = Trace.load(played.save(tmp_path / f"{env_id}{suffix}"))
            assert _same(loaded, played)
            palaestra.replay(loaded)


def test_the_rows_of_a_parquet_file_are_open_to_any_reader(trace: Trace, tmp_path: Path) -> None:
    import pyarrow.parquet as pq

    path = trace.save(tmp_path / "trace.parquet")
    rows = pq.read_table(path).to_pylist()
    assert len(rows) == trace.lanes * trace.steps
    assert trace.rewards is not None
    (one,) = (row for row in rows if row["lane"] == 1 and row["step"] == 3)
    assert one["player_2.reward"] == trace.rewards[2][3, 1]
    assert one["player_0.play"] == trace.actions[0]["play"][3, 1]
    assert one["player_1.amounts[3]"] == trace.actions[1]["amounts"][3, 1].tolist()
    header = json.loads(pq.read_schema(path).metadata[b"palaestra"])
    assert header["seeds"] == ["0", "7", str(2**256 - 1)]
    assert header["options"] == OPTIONS


def test_options_that_are_python_objects_are_refused_and_nothing_is_written(trace: Trace, tmp_path: Path) -> None:
    with pytest.raises(PalaestraError, match="Python objects"):
        replace(trace, options={"game": object()}).save(tmp_path / "trace.npz")
    with pytest.raises(PalaestraError, match=r"\.parquet or \.npz"):
        trace.save(tmp_path / "trace.csv")
    assert not list(tmp_path.iterdir())


SAVE_AND_DIE = """
import os, sys
import numpy as np
import palaestra
trace = palaestra.load_trace(sys.argv[1])
def dies(file, **entries):
    file.write(b"half")
    file.flush()
    os._exit(9)
np.savez_compressed = dies
trace.save(sys.argv[1])
"""


def test_a_process_killed_while_saving_leaves_the_old_file(trace: Trace, tmp_path: Path) -> None:
    path = trace.save(tmp_path / "trace.npz")
    before = path.read_bytes()
    killed = subprocess.run([sys.executable, "-c", SAVE_AND_DIE, str(path)], check=False)
    assert killed.returncode == 9
    assert path.read_bytes() == before


def _edited(trace: Trace, player: int, key: str, value: Any, at: tuple[int, ...]) -> Trace:
    actions = [{name: part.copy() for name, part in action.items()} for action in trace.actions]
    actions[player][key] = actions[player][key].astype(np.asarray(value).dtype)
    actions[player][key][at] = value
    return replace(trace, actions=tuple(actions))


def test_an_edited_reward_is_found_and_named(trace: Trace) -> None:
    assert trace.rewards is not None
    rewards = tuple(reward.copy() for reward in trace.rewards)
    rewards[1][3, 2] = np.nextafter(rewards[1][3, 2], 9)
    with pytest.raises(ReplayMismatch, match="player_1, lane 2, step 3"):
        palaestra.replay(replace(trace, rewards=rewards))
    palaestra.replay(replace(trace, rewards=rewards), tolerance=1e-9)
    rewards[1][3, 2] = np.nan
    with pytest.raises(ReplayMismatch, match="nan"):
        palaestra.replay(replace(trace, rewards=rewards), tolerance=1e-9)


def test_an_edited_action_or_seed_changes_the_rewards_and_is_found(trace: Trace) -> None:
    play = int(trace.actions[0]["play"][3, 1])
    with pytest.raises(ReplayMismatch, match="lane 1, step 3"):
        palaestra.replay(_edited(trace, 0, "play", np.int64(1 - play), (3, 1)))
    with pytest.raises(ReplayMismatch, match="lane 0"):
        palaestra.replay(replace(trace, seeds=(1, *trace.seeds[1:])))


@pytest.mark.parametrize("value", [-1, 2, 10**12])
def test_an_action_out_of_range_is_refused_with_player_lane_and_value(trace: Trace, value: int) -> None:
    with pytest.raises(IllegalAction, match=rf"player_2\['play'\], lane 1.*{value}"):
        palaestra.replay(_edited(trace, 2, "play", np.int64(value), (2, 1)).bare())


@pytest.mark.parametrize("value", [np.nan, np.inf, -0.001])
def test_an_amount_that_is_no_number_of_the_box_is_refused(trace: Trace, value: float) -> None:
    with pytest.raises(IllegalAction, match=r"player_0\['amounts'\], lane 2"):
        palaestra.replay(_edited(trace, 0, "amounts", np.float64(value), (2, 2, 1)).bare())


def test_a_trace_of_too_many_steps_or_players_is_refused(trace: Trace) -> None:
    with pytest.raises(ReplayMismatch, match="players"):
        palaestra.replay(replace(trace, actions=trace.actions[:2], rewards=None))
    longer = tuple({key: np.concatenate([part, part]) for key, part in one.items()} for one in trace.actions)
    with pytest.raises(ReplayMismatch, match="8 steps"):
        palaestra.replay(replace(trace, actions=longer, rewards=None))
