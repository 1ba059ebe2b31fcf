"""The play loop: agents take seats, all lanes run in lock-step, and a trace comes out."""

from __future__ import annotations

import platform
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, NoReturn

import numpy as np

from .agent import Agent, Task, Transition
from .agent_errors import explain_errors
from .arrays import to_numpy
from .batch import Batch
from .errors import PalaestraError
from .randomness import as_seeds, derive_seeds
from .recorded_agent import RecordedAgent
from .recorder import Recorder
from .rules import Rules
from .spaces import cast
from .traces.trace import Trace
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
        CommonKnowledge(rules.public_of(player), env_id),
    )


@explain_errors
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
    if len(agents) != len(rules.facts.players):
        raise PalaestraError(f"{len(agents)} agents were given for the seats {rules.facts.players}.")
    recorder = Recorder(len(lane_seeds), rules.facts.horizon)
    instance = play_episode(
        rules, agents, lane_seeds, recorder, env_id=env_id, progress=progress, action_bits=action_bits
    )
    names = tuple(labels or [type(agent).__name__ for agent in agents])
    trace = Trace(env_id, dict(options or {}), lane_seeds, names, (), versions(), recorder.lengths)
    return recorder.filled(trace, rules, instance)


def play_episode(
    rules: Rules[Any],
    agents: Sequence[Agent],
    seeds: Sequence[int],
    recorder: Recorder,
    *,
    env_id: str = "",
    progress: Callable[[int, int], None] | None = None,
    action_bits: int = 0,
) -> Any:
    """The one play loop, of `play` and of `replay`: an episode in every lane, written into a recorder.

    Args:
        rules: The game.
        agents: One batched agent a player. A `RecordedAgent` is shown nothing, so that a replay need not observe.
        seeds: One a lane.
        recorder: Where it is written; the play ends after its `horizon` steps at the latest.
        env_id: What the agents are told.
        progress: Called with (steps done, horizon) after each step.
        action_bits: Float actions are rounded to multiples of 2^-action_bits before they are played; 0: not.

    Returns:
        The rules' `instance` of the first state.

    Raises:
        IllegalAction: An action outside its space; `recorder.steps` is the step, which was not played.
    """
    # Every lane starts its episode, and what metrics need of the first state is taken from it.
    batch: Batch[Any] = Batch(rules, len(seeds), autoreset=False)
    shown = batch.reset(seeds)
    instance = rules.instance(batch.state)

    # Every agent learns what is to be played and gets seeds of its own; recorded ones need neither.
    observers = [i for i, agent in enumerate(agents) if not isinstance(agent, RecordedAgent)]
    for i in observers:
        agents[i].reset(task_of(rules, env_id, i), len(seeds), agent_seeds(seeds, i))
    seen = _seen(rules, observers, shown)

    while batch.started and recorder.steps < recorder.horizon:
        # All agents act at once, each on what it sees.
        actions = [rounded(agent.act(now), action_bits) for agent, now in zip(agents, seen, strict=True)]

        # The rules step every lane, and what was played and what it brought is written down.
        step, result = recorder.steps, batch.step(actions)
        recorder.write(batch.played, result)

        # The agents learn from the step. Rewards that are for scoring only are withheld from them.
        following = _seen(rules, observers, result.observations)
        for i in observers:
            reward = np.array(result.rewards[i]) if rules.facts.reward_observed else None
            agents[i].learn(Transition(seen[i], actions[i], reward, following[i], recorder.over.copy(), step))
        seen = following
        if progress:
            progress(recorder.steps, rules.facts.horizon)
    return instance


def agent_seeds(seeds: Sequence[int], player: int) -> tuple[int, ...]:
    """The seeds, one a lane, that the agent in seat `player` gets at reset."""
    return derive_seeds(seeds, f"agent/player_{player}")


def rounded(action: Any, bits: int) -> Any:
    """An action with every float a multiple of 2^-bits, stored in a tenth of the room; with bits = 0 as it is."""
    if not bits:
        return action
    if isinstance(action, dict):
        return {key: rounded(value, bits) for key, value in action.items()}
    array = to_numpy(action)
    return np.rint(array * 2.0**bits) * 2.0**-bits + 0.0 if array.dtype.kind == "f" else action


def _seen(rules: Rules[Any], observers: Sequence[int], observations: Sequence[Any]) -> list[Any]:
    """What each player sees, in its space's types; None for who does not look."""
    spaces = rules.observation_spaces
    return [cast(observations[i], spaces[i]) if i in observers else None for i in range(len(spaces))]


class CommonKnowledge(dict[str, Any]):
    """Common knowledge of a game, by name.

    Args:
        public: What the game tells.
        env_id: The game.

    Raises:
        PalaestraError: On looking up what the game does not tell; most often the agent is written for another.
    """

    def __init__(self, public: Mapping[str, Any], env_id: str = "") -> None:
        super().__init__(public)
        self.env_id = env_id

    def __missing__(self, name: str) -> NoReturn:
        """Say what there is."""
        raise PalaestraError(
            f"{self.env_id or 'This game'} provides no {name!r} in task.public, which the agent reads. It provides: "
            f"{', '.join(sorted(self)) or 'nothing'}. `palaestra show AGENT` says what a registered agent plays."
        )
