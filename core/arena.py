"""The play loop: agents take seats, all lanes run in lock-step, and a trace comes out; and its replay."""

from __future__ import annotations

import platform
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from .agent import Agent, Task, Transition
from .arrays import Array, to_numpy
from .batch import Batch, Step
from .errors import PalaestraError, ReplayMismatch
from .randomness import as_seeds, derive_seeds
from .rules import Rules
from .spaces import cast
from .told import Told
from .trace import Trace, flat
from .version import VERSION


def versions() -> dict[str, str]:
    """What made a trace."""
    return {"palaestra": VERSION, "numpy": np.__version__, "python": platform.python_version()}


def task_of(rules: Rules[Any], env_id: str, player: int) -> Task:
    """What the agent in seat `player` is told."""
    return Task(
        env_id,
        player,
        len(rules.facts.players),
        rules.observation_spaces[player],
        rules.action_spaces[player],
        rules.facts.horizon,
        Told(rules.public_of(player), env_id),
    )


class _Recorder:
    """Grows arrays (steps, lanes, ...) column by column, allocated once for the horizon."""

    def __init__(self, horizon: int) -> None:
        self.horizon = horizon
        self.columns: dict[str, Array] = {}

    def write(self, step: int, values: Mapping[str, Any]) -> None:
        for key, value in values.items():
            array = to_numpy(value)
            if key not in self.columns:
                self.columns[key] = np.zeros((self.horizon, *array.shape), array.dtype)
            self.columns[key][step] = array


def play(
    rules: Rules[Any],
    agents: Sequence[Agent],
    seeds: Iterable[int],
    *,
    env_id: str = "",
    options: Mapping[str, Any] | None = None,
    labels: Sequence[str] | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Trace:
    """One episode in every lane, each player's agent acting in all of them at once.

    Args:
        rules: The game.
        agents: One batched agent a player (see `as_agent`).
        seeds: One a lane. A lane's rows depend on its own seed alone, so shards of seeds give the rows of the whole.
        env_id: For the trace.
        options: For the trace.
        labels: Names of the agents, for the trace.
        progress: Called with (steps done, horizon) after each step.

    Returns:
        The trace with rewards and scoring.
    """
    lane_seeds = as_seeds(seeds)
    players = len(rules.facts.players)
    if len(agents) != players:
        raise PalaestraError(f"{len(agents)} agents were given for the seats {rules.facts.players}.")
    batch: Batch[Any] = Batch(rules, len(lane_seeds), autoreset=False)
    observations = batch.reset(lane_seeds)
    instance = rules.instance(batch.state)
    for i, agent in enumerate(agents):
        agent.reset(task_of(rules, env_id, i), len(lane_seeds), derive_seeds(lane_seeds, f"agent/player_{i}"))
    seen = _cast(rules, observations)
    recorder, lengths = _Recorder(rules.facts.horizon), np.zeros(len(lane_seeds), np.int64)
    over, step = np.zeros(len(lane_seeds), bool), 0
    while batch.started:
        actions = [agent.act(observation) for agent, observation in zip(agents, seen, strict=True)]
        result = batch.step(actions)
        lengths += ~over
        over = to_numpy(result.terminated)
        recorder.write(step, _row(batch.played, result))
        following = _cast(rules, result.observations)
        for i, agent in enumerate(agents):
            reward = np.array(result.rewards[i]) if rules.facts.reward_observed else None
            agent.learn(Transition(seen[i], actions[i], reward, following[i], over.copy(), step))
        seen, step = following, step + 1
        if progress:
            progress(step, rules.facts.horizon)
    names = tuple(labels or [type(agent).__name__ for agent in agents])
    trace = Trace(env_id, dict(options or {}), lane_seeds, names, (), versions(), lengths)
    return _filled(trace, rules, recorder.columns, step, instance)


def _cast(rules: Rules[Any], observations: Sequence[Any]) -> list[Any]:
    return [cast(observation, space) for observation, space in zip(observations, rules.observation_spaces, strict=True)]


def _row(actions: Sequence[Any], result: Step) -> dict[str, Any]:
    row: dict[str, Any] = {f"action:{key}": value for key, value in flat(tuple(actions)).items()}
    row |= {f"reward:{i}": reward for i, reward in enumerate(result.rewards)}
    return row | {f"scoring:{key}": value for key, value in result.scoring.items()}


def _filled(trace: Trace, rules: Rules[Any], columns: Mapping[str, Array], steps: int, instance: Any) -> Trace:
    """The trace with everything that was recorded, cut to the steps played."""
    players = range(len(rules.facts.players))
    cut = {key: value[:steps] for key, value in columns.items()}
    actions: list[Any] = []
    for i in players:
        prefix = f"action:player_{i}."
        parts = {key.removeprefix(prefix): value for key, value in cut.items() if key.startswith(prefix)}
        actions.append(parts["action"] if parts.keys() == {"action"} else parts)
    scoring = {key.removeprefix("scoring:"): value for key, value in cut.items() if key.startswith("scoring:")}
    return replace(
        trace,
        actions=tuple(actions),
        rewards=tuple(cut[f"reward:{i}"] for i in players),
        scoring=scoring,
        instance=instance,
        public=rules.public,
    )


def replay(rules: Rules[Any], trace: Trace, tolerance: float = 0.0) -> Trace:
    """Play a trace's actions through the rules again.

    Args:
        rules: The game the trace names, freshly built.
        trace: Seeds and actions; rewards are compared where it has them.
        tolerance: Greatest difference of a reward that is let pass (0: to the bit).

    Returns:
        The trace with rewards and scoring, all recomputed.

    Raises:
        ReplayMismatch: A reward or a length that the rules do not give; names player, lane and step.
        IllegalAction: An action outside its space.
    """
    batch: Batch[Any] = Batch(rules, trace.lanes, autoreset=False)
    if len(trace.actions) != len(rules.facts.players) or not 0 < trace.steps <= rules.facts.horizon:
        raise ReplayMismatch(
            f"The trace has {len(trace.actions)} players and {trace.steps} steps; {trace.env_id} has "
            f"{len(rules.facts.players)} and at most {rules.facts.horizon}."
        )
    batch.reset(trace.seeds)
    instance = rules.instance(batch.state)
    recorder, lengths = _Recorder(trace.steps), np.zeros(trace.lanes, np.int64)
    over = np.zeros(trace.lanes, bool)
    for step in range(trace.steps):
        if not batch.started:
            raise ReplayMismatch(f"The trace goes on after step {step - 1}, where every lane has ended.")
        actions = [
            {key: value[step] for key, value in action.items()} if isinstance(action, dict) else action[step]
            for action in trace.actions
        ]
        result = batch.step(actions)
        lengths += ~over
        over = to_numpy(result.terminated)
        recorder.write(step, _row(batch.played, result))
        if trace.rewards is not None:
            _compare(trace.rewards, result.rewards, step, tolerance)
    if not over.all() or not (lengths == trace.lengths).all():
        lane = int(np.flatnonzero(~over | (lengths != trace.lengths))[0])
        raise ReplayMismatch(
            f"Lane {lane} lasts {lengths[lane]} steps and has{'' if over[lane] else ' not'} ended; "
            f"the trace says that it ended after {trace.lengths[lane]}."
        )
    return _filled(trace, rules, recorder.columns, trace.steps, instance)


def _compare(claimed: Sequence[Array], given: Sequence[Array], step: int, tolerance: float) -> None:
    for i, (claim, reward) in enumerate(zip(claimed, given, strict=True)):
        true = to_numpy(reward)
        wrong = ~(np.abs(claim[step] - true) <= tolerance)
        if wrong.any():
            lane = int(np.flatnonzero(wrong)[0])
            raise ReplayMismatch(
                f"player_{i}, lane {lane}, step {step}: the trace claims the reward "
                f"{claim[step][lane]!r}, the rules give {true[lane]!r}."
            )
