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
from .errors import IllegalAction, PalaestraError, ReplayMismatch
from .randomness import as_seeds, derive_seeds
from .reward_check import differs
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
    action_bits: int = 0,
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
        action_bits: Float actions are rounded to multiples of 2^-action_bits before they are played; 0: not.

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
        actions = [rounded(agent.act(now), action_bits) for agent, now in zip(agents, seen, strict=True)]
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


def rounded(action: Any, bits: int) -> Any:
    """An action with every float a multiple of 2^-bits, stored in a tenth of the room; with bits = 0 as it is."""
    if not bits:
        return action
    if isinstance(action, dict):
        return {key: rounded(value, bits) for key, value in action.items()}
    array = to_numpy(action)
    return np.rint(array * 2.0**bits) * 2.0**-bits + 0.0 if array.dtype.kind == "f" else action


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


def replay(
    rules: Rules[Any],
    trace: Trace,
    tolerance: float = 0.0,
    partners: Mapping[int, Agent] | None = None,
    action_bits: int = 0,
) -> Trace:
    """Play a trace's actions through the rules again.

    Args:
        rules: The game the trace names, freshly built.
        trace: Seeds and actions; rewards are compared where it has them.
        tolerance: Greatest difference of a reward or of a partner's action that is let pass, as a share of the number
            or of 1, whichever is greater (0: to the bit).
        partners: Seat -> agent, freshly made: who sat there and plays along, so that the trace's actions of that seat
            must be its own.
        action_bits: As in `play`, for the partners' actions.

    Returns:
        The trace with rewards and scoring, all recomputed.

    Raises:
        ReplayMismatch: A reward, a length or a partner's action that is not as recomputed; names player, lane and step.
        IllegalAction: An action outside its space.
    """
    if len(trace.actions) != len(rules.facts.players) or not 0 < trace.steps <= rules.facts.horizon:
        raise ReplayMismatch(
            f"The trace has {len(trace.actions)} players and {trace.steps} steps; {trace.env_id} has "
            f"{len(rules.facts.players)} and at most {rules.facts.horizon}."
        )
    rules.watched = bool(partners)
    try:
        return _replayed(rules, trace, tolerance, dict(partners or {}), action_bits)
    finally:
        rules.watched = True


def _replayed(
    rules: Rules[Any], trace: Trace, tolerance: float, partners: Mapping[int, Agent], action_bits: int
) -> Trace:
    batch: Batch[Any] = Batch(rules, trace.lanes, autoreset=False)
    seen = batch.reset(trace.seeds)
    instance = rules.instance(batch.state)
    for i, agent in partners.items():
        agent.reset(task_of(rules, trace.env_id, i), trace.lanes, derive_seeds(trace.seeds, f"agent/player_{i}"))
    recorder, lengths = _Recorder(trace.steps), np.zeros(trace.lanes, np.int64)
    over, step = np.zeros(trace.lanes, bool), 0
    try:
        for step in range(trace.steps):
            if not batch.started:
                raise ReplayMismatch(f"The trace goes on after step {step - 1}, where every lane has ended.")
            actions = [
                {key: value[step] for key, value in action.items()} if isinstance(action, dict) else action[step]
                for action in trace.actions
            ]
            shown = {i: cast(seen[i], rules.observation_spaces[i]) for i in partners}
            own = {i: rounded(agent.act(shown[i]), action_bits) for i, agent in partners.items()}
            for i, action in own.items():
                _same_action(i, action, actions[i], step, tolerance, over)
            result = batch.step(actions)
            lengths += ~over
            over = to_numpy(result.terminated)
            recorder.write(step, _row(batch.played, result))
            seen = result.observations
            for i, agent in partners.items():
                reward = np.array(result.rewards[i]) if rules.facts.reward_observed else None
                following = cast(seen[i], rules.observation_spaces[i])
                agent.learn(Transition(shown[i], own[i], reward, following, over.copy(), step))
    except IllegalAction as error:
        _same_rewards(trace, recorder.columns, step, tolerance)
        raise IllegalAction(f"Step {step}: {error}") from error
    _same_rewards(trace, recorder.columns, trace.steps, tolerance)
    if not over.all() or not (lengths == trace.lengths).all():
        lane = int(np.flatnonzero(~over | (lengths != trace.lengths))[0])
        raise ReplayMismatch(
            f"Lane {lane} lasts {lengths[lane]} steps and has{'' if over[lane] else ' not'} ended; "
            f"the trace says that it ended after {trace.lengths[lane]}."
        )
    return _filled(trace, rules, recorder.columns, trace.steps, instance)


def _same_action(player: int, own: Any, claimed: Any, step: int, tolerance: float, over: Array) -> None:
    """Refuse a partner's action that the partner does not take, in lanes that have not ended."""
    given, said = flat((own,)), flat((claimed,))
    if given.keys() != said.keys():
        raise ReplayMismatch(f"player_{player}, step {step}: the trace has {sorted(said)}, not {sorted(given)}.")
    for key, value in given.items():
        true, claim = to_numpy(value), said[key]
        if true.shape != claim.shape:
            raise ReplayMismatch(
                f"player_{player}, step {step}: the trace has {claim.shape} numbers, not {true.shape}."
            )
        near = np.abs(claim - true) <= tolerance * np.maximum(1.0, np.abs(true))
        wrong = ~(near.reshape(len(near), -1).all(axis=1) | over)
        if wrong.any():
            lane = int(np.flatnonzero(wrong)[0])
            raise ReplayMismatch(
                f"player_{player}, lane {lane}, step {step}: the trace claims the action {claim[lane]!s}, but the "
                f"partner that sits there plays {true[lane]!s}."
            )


def _same_rewards(trace: Trace, recorded: Mapping[str, Array], steps: int, tolerance: float) -> None:
    """Refuse the first reward, by step, that the rules do not give."""
    found = []
    if trace.check is not None and trace.rewards is None:
        own = [recorded[f"reward:{i}"][:steps] for i in range(len(trace.actions)) if f"reward:{i}" in recorded]
        wrong = differs(trace.check[:steps], own) if own else np.zeros(1, bool)
        if wrong.any():
            step, lane = divmod(int(np.argmax(wrong)), trace.lanes)
            raise ReplayMismatch(
                f"lane {lane}, step {step}: the rules give the rewards {[float(one[step, lane]) for one in own]}, of "
                "which the trace's check is another."
            )
    for i, claim in enumerate(trace.rewards or ()):
        true = recorded.get(f"reward:{i}", claim)[:steps]
        wrong = ~(np.abs(claim[:steps] - true) <= tolerance * np.maximum(1.0, np.abs(true)))
        if wrong.any():
            step, lane = divmod(int(np.argmax(wrong)), trace.lanes)
            found.append((step, i, lane, claim[step][lane], true[step][lane]))
    if found:
        step, i, lane, claimed, given = min(found)
        raise ReplayMismatch(
            f"player_{i}, lane {lane}, step {step}: the trace claims the reward {claimed!r}, the rules give {given!r}."
        )
