"""ToSB3: the lanes of a game as a Stable-Baselines3 `VecEnv`, one batch and no processes.

Source: Raffin et al., "Stable-Baselines3: Reliable Reinforcement Learning Implementations", JMLR 22 (2021). Parameter
sharing: Gupta, Egorov, Kochenderfer, "Cooperative Multi-agent Control Using Deep Reinforcement Learning" (2017).
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any

import numpy as np
from gymnasium import spaces

from ..core.arrays import Array, to_numpy
from ..core.batch import Batch
from ..core.errors import PalaestraError
from ..core.extra import import_extra
from ..core.flat_spaces import FlatSpace
from ..core.rules import Rules
from ..core.spaces import cast

SPACES = (spaces.Discrete, spaces.MultiDiscrete, spaces.Box)


class ToSB3:
    """A `stable_baselines3.common.vec_env.VecEnv` over the lanes of a game.

    A game of one learner has one environment per lane. In a game of n players one policy plays every seat (parameter
    sharing): environment k is player k mod n of lane k // n, so `num_envs` is n times the number of lanes. Observations
    are those of the rules; nested dicts and arrays of several axes are flattened if Stable-Baselines3 has no such
    space. A model trained here can take a seat in `palaestra.run` without changes. Rewards are float64. A lane that
    ends starts its next episode in the same step, with `terminal_observation` in its `infos`. The horizon counts as the
    end, not as a truncation.

    Args:
        rules: The game; under parameter sharing all players have equal spaces.
        num_envs: A multiple of the number of players.
        backend: "numpy" or "torch"; observations and rewards are numpy arrays with both.
        device: The torch device.

    Raises:
        PalaestraError: Stable-Baselines3 is not installed; players with different spaces; actions that it does not
            support (a Dict); `num_envs` that is not a multiple of the number of players.
    """

    def __new__(cls, rules: Rules[Any], num_envs: int = 1, backend: str = "numpy", device: str = "cpu") -> ToSB3:
        """An object that is also a `VecEnv`; its class is made when Stable-Baselines3 is first needed."""
        return object.__new__(_vec_env_class())

    def __init__(self, rules: Rules[Any], num_envs: int = 1, backend: str = "numpy", device: str = "cpu") -> None:
        players = len(rules.facts.players)
        for kind, given in (("observation", rules.observation_spaces), ("action", rules.action_spaces)):
            if any(space != given[0] for space in given):
                raise PalaestraError(
                    f"One policy cannot play every seat: the {kind} spaces differ between players: {given}."
                )
        if num_envs < 1 or num_envs % players:
            raise PalaestraError(
                f"num_envs={num_envs} is not allowed: with {players} players it is a positive multiple of {players}."
            )
        self.rules, self.players, self.num_envs = rules, players, num_envs
        self.render_mode = None
        action_space = rules.action_spaces[0]
        if not isinstance(action_space, SPACES) or (
            isinstance(action_space, spaces.MultiDiscrete) and len(action_space.shape) > 1
        ):
            raise PalaestraError(
                f"Stable-Baselines3 has no actions of {action_space}: it needs Discrete, MultiDiscrete of one axis, "
                "or Box."
            )
        self._space, self._flat = rules.observation_spaces[0], FlatSpace(rules.observation_spaces[0])
        self._batch = Batch(rules, num_envs // players, backend, device)
        self._seed: int | None = None
        self._actions: Array = None
        _vec_env().__init__(self, num_envs, self._flat.space, action_space)

    def seed(self, seed: int | None = None) -> Sequence[int | None]:
        """Seed the lanes at the next reset: lane i with seed + i; None: go on with each lane's next episode.

        Returns:
            The seed of every environment's lane.
        """
        self._seed = seed
        return [None if seed is None else seed + k // self.players for k in range(self.num_envs)]

    def reset(self) -> Any:
        """Start an episode in every lane."""
        seed, self._seed = self._seed, None
        self.reset_infos: list[dict[str, Any]] = [{} for _ in range(self.num_envs)]
        return self._seen(self._batch.reset(seed))

    def step_async(self, actions: Array) -> None:
        """Store the actions of all environments, (num_envs, ...)."""
        self._actions = np.asarray(actions)

    def step_wait(self) -> tuple[Any, Array, Array, list[dict[str, Any]]]:
        """Play the stored actions.

        Returns:
            Observations, rewards (num_envs,), whether an episode ended, and one dict per environment.

        Raises:
            IllegalAction: An action outside its space; nothing was stepped.
        """
        result = self._batch.step([self._actions[seat :: self.players] for seat in range(self.players)])
        over = np.repeat(to_numpy(result.terminated), self.players)
        infos: list[dict[str, Any]] = [{} for _ in range(self.num_envs)]
        if result.final_observations is not None:
            final = self._seen(result.final_observations)
            for k in np.flatnonzero(over).tolist():
                last = {key: part[k] for key, part in final.items()} if isinstance(final, dict) else final[k]
                infos[k] = {"terminal_observation": last, "TimeLimit.truncated": False}
        rewards = self._interleaved([to_numpy(reward) for reward in result.rewards])
        return self._seen(result.observations), rewards, over, infos

    def _seen(self, observations: Sequence[Any]) -> Any:
        return self._interleaved([self._flat.values(cast(one, self._space)) for one in observations])

    def _interleaved(self, parts: Sequence[Any]) -> Any:
        """One array (lanes, ...) per player, or dicts of them, as (num_envs, ...): a lane's players side by side."""
        if isinstance(parts[0], dict):
            return {key: self._interleaved([part[key] for part in parts]) for key in parts[0]}
        stacked = np.stack(parts, axis=1)
        return stacked.reshape(self.num_envs, *stacked.shape[2:])

    def close(self) -> None:
        """Nothing to release."""

    def get_attr(self, attr_name: str, indices: Any = None) -> list[Any]:
        """An attribute of this object, the same for every environment."""
        return [getattr(self, attr_name)] * len(self._chosen(indices))

    def set_attr(self, attr_name: str, value: Any, indices: Any = None) -> None:
        """Set an attribute for all environments: the lanes share one object.

        Raises:
            PalaestraError: For some environments only.
        """
        if len(self._chosen(indices)) != self.num_envs:
            raise PalaestraError(f"{attr_name} belongs to all {self.num_envs} environments: give no indices.")
        setattr(self, attr_name, value)

    def env_method(self, method_name: str, *method_args: Any, indices: Any = None, **method_kwargs: Any) -> list[Any]:
        """Refuse: the lanes are not objects with methods.

        Raises:
            PalaestraError: Always.
        """
        raise PalaestraError(f"The lanes of a batch have no method {method_name!r}: use `rules`.")

    def env_is_wrapped(self, wrapper_class: type, indices: Any = None) -> list[bool]:
        """No lane is in a Gymnasium wrapper."""
        return [False] * len(self._chosen(indices))

    def _chosen(self, indices: Any) -> Sequence[int]:
        if indices is None:
            return range(self.num_envs)
        return [int(indices)] if isinstance(indices, (int, np.integer)) else [int(one) for one in indices]

    def __reduce__(self) -> tuple[Any, ...]:
        """Pickle without the class, which is made again when the object is loaded."""
        return _unpickled, (self.__dict__,)


def _vec_env() -> Any:
    return import_extra("stable_baselines3.common.vec_env", "train").VecEnv


@cache
def _vec_env_class() -> type[ToSB3]:
    """ToSB3 as a subclass of `VecEnv`, from which it inherits rendering and the rest."""
    return type("ToSB3", (ToSB3, _vec_env()), {"__doc__": ToSB3.__doc__, "__module__": __name__})


def _unpickled(values: dict[str, Any]) -> ToSB3:
    restored = object.__new__(_vec_env_class())
    restored.__dict__.update(values)
    return restored
