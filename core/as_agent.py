"""Make an agent from a class, a model or a plain function."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from copy import deepcopy
from typing import Any, ClassVar

import numpy as np
from gymnasium import spaces

from .agent import Agent, Task, Transition
from .errors import PalaestraError
from .flat_spaces import FlatSpace
from .rules import Action, Observation
from .spaces import lane_of


class PerLane(Agent):
    """A one-lane agent in every lane: one copy each.

    Args:
        prototype: The agent to copy.
    """

    def __init__(self, prototype: Any) -> None:
        self.prototype = prototype

    def reset(self, task: Task, lanes: int, seed: Sequence[int]) -> None:
        """Copy the prototype once a lane and reset each copy with its own seed."""
        self.task = task
        self.copies = [deepcopy(self.prototype) for _ in range(lanes)]
        for copy, own in zip(self.copies, seed, strict=True):
            copy.reset(task, 1, own)

    def act(self, observation: Observation) -> Action:
        """Ask each copy for its lane's action."""
        space = self.task.observation_space
        return join([copy.act(lane_of(observation, i, space)) for i, copy in enumerate(self.copies)])

    def learn(self, transition: Transition) -> None:
        """Hand each copy its lane of the transition."""
        space = self.task.observation_space
        for i, copy in enumerate(self.copies):
            copy.learn(
                Transition(
                    lane_of(transition.observation, i, space),
                    cut(transition.action, i),
                    None if transition.reward is None else float(transition.reward[i]),
                    lane_of(transition.next_observation, i, space),
                    bool(transition.terminated[i]),
                    transition.step,
                )
            )


class FromCallable(Agent):
    """Any function from one lane's observation to its action, as an agent that learns nothing."""

    batched: ClassVar[bool] = False
    learns: ClassVar[bool] = False

    def __init__(self, policy: Callable[[Any], Any]) -> None:
        self.policy = policy

    def reset(self, task: Task, lanes: int, seed: Any) -> None:
        """Nothing to forget."""

    def act(self, observation: Observation) -> Action:
        """What the function answers."""
        return self.policy(observation)


class FromModel(Agent):
    """A trained Stable-Baselines3 model (anything with `predict(observation, deterministic=...)`) as an agent.

    A model whose actions are numbers (a Box) is asked lane by lane: the last bit of a network's outputs depends on how
    many lanes it computes at once, and a lane must be played as if it were alone.
    """

    learns: ClassVar[bool] = False

    def __init__(self, model: Any, deterministic: bool = True) -> None:
        self.model = model
        self.deterministic = deterministic

    def reset(self, task: Task, lanes: int, seed: Any) -> None:
        """Nothing to forget: the weights are fixed. A model of flat observations (`wrappers.ToSB3`) gets them flat."""
        flat = FlatSpace(task.observation_space)
        trained_on = getattr(self.model, "observation_space", None)
        self._flat = flat if trained_on == flat.space != task.observation_space else None
        self._lane_by_lane = isinstance(task.action_space, spaces.Box)

    def act(self, observation: Observation) -> Action:
        """The model's actions for all lanes."""
        seen = observation if self._flat is None else self._flat.values(observation)
        if not self._lane_by_lane:
            return self.model.predict(seen, deterministic=self.deterministic)[0]
        parts = seen if isinstance(seen, dict) else {"": seen}
        lanes = [{key: part[i : i + 1] for key, part in parts.items()} for i in range(len(next(iter(parts.values()))))]
        each = lanes if isinstance(seen, dict) else [lane[""] for lane in lanes]
        return np.concatenate([self.model.predict(one, deterministic=self.deterministic)[0] for one in each])


def as_agent(candidate: Any) -> Agent:
    """Make a batched agent of an agent, an agent class, an SB3 model, or a function `observation -> action`.

    Raises:
        PalaestraError: Anything else.
    """
    if isinstance(candidate, type):
        candidate = candidate()
    if hasattr(candidate, "predict") and not hasattr(candidate, "act"):
        return FromModel(candidate)
    if hasattr(candidate, "reset") and hasattr(candidate, "act"):
        if not hasattr(candidate, "learn"):
            candidate.learn = lambda transition: None
        return candidate if getattr(candidate, "batched", True) else PerLane(candidate)
    if callable(candidate):
        return PerLane(FromCallable(candidate))
    missing = " and ".join(name for name in ("reset", "act") if not hasattr(candidate, name))
    raise PalaestraError(
        f"{candidate!r} cannot take a seat: it has no {missing}. An agent has reset(task, lanes, seed), "
        "act(observation) and learn(transition); a function observation -> action or an SB3 model does as well."
    )


def copy_for_seat(candidate: Any) -> Any:
    """A copy of what `as_agent` takes, for one seat. Models are shared: they only predict, some cannot be copied."""
    shared = hasattr(candidate, "predict") and not hasattr(candidate, "act")
    return candidate if shared else deepcopy(candidate)


def join(actions: Sequence[Action]) -> Action:
    """One action a lane as a batch of actions."""
    if isinstance(actions[0], dict):
        return {key: np.stack([np.asarray(action[key]) for action in actions]) for key in actions[0]}
    return np.stack([np.asarray(action) for action in actions])


def cut(values: Any, lane: int) -> Any:
    """One lane of a batch of actions."""
    if isinstance(values, dict):
        return {key: value[lane] for key, value in values.items()}
    return values[lane]
