"""Whole episodes of random legal actions, written down so that two of them can be compared to the bit."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np
from gymnasium import spaces

from ..arrays import Array, backend, to_numpy
from ..batch import Batch
from ..randomness import Draw, lane_keys
from ..rules import Rules

Actions = Callable[[int], tuple[Any, ...]]
"""The actions of every player (lanes, ...) in the k-th step since the reset."""


class Seen(NamedTuple):
    """One array of an episode.

    Attributes:
        step: Steps since the reset; of the observation before step t, and of the reward of step t, it is t.
        player: The seat's name, or "" for what belongs to no seat.
        what: "observation['stage']", "reward", "terminated", ...
        values: A copy made at once, numpy (lanes, ...).
        live: The very array that came back.
    """

    step: int
    player: str
    what: str
    values: Array
    live: Any


@dataclass
class Episode:
    """What came back from a batch, in order, and the actions that were given."""

    seen: list[Seen] = field(default_factory=list)
    actions: list[tuple[Any, ...]] = field(default_factory=list)

    def of(self, kind: str) -> list[Seen]:
        """Everything whose `what` begins with `kind`."""
        return [one for one in self.seen if one.what.startswith(kind)]


def random_actions(rules: Rules[Any], seeds: Sequence[int]) -> Actions:
    """Random actions inside the spaces; a lane's depend on its own seed and the step alone."""
    numpy = backend()
    keys = lane_keys(seeds, numpy, "contract")

    def actions(step: int) -> tuple[Any, ...]:
        draw = Draw(keys, step, numpy)
        return tuple(random_action(space, f"player_{i}", draw) for i, space in enumerate(rules.action_spaces))

    return actions


def random_action(space: spaces.Space[Any], stream: str, draw: Draw) -> Any:
    """One random element of `space` a lane; a bounded Box now and then at its very corners."""
    if isinstance(space, spaces.Dict):
        return {key: random_action(part, f"{stream}/{key}", draw) for key, part in space.spaces.items()}
    if isinstance(space, spaces.Discrete):
        return int(space.start) + draw.integers(stream, int(space.n))
    if isinstance(space, spaces.MultiDiscrete):
        return np.floor(draw.uniform(stream, space.nvec.shape) * space.nvec).astype(np.int64)
    assert isinstance(space, spaces.Box), f"Random actions of {space} are not supported."
    low, high = np.asarray(space.low, np.float64), np.asarray(space.high, np.float64)
    span, unit = np.where(np.isfinite(high) & np.isfinite(low), high - low, 1.0), draw.uniform(stream, space.shape)
    start = np.where(np.isfinite(low), low, np.where(np.isfinite(high), high - span, 0.0))
    corner = draw.uniform(f"{stream}/corner", space.shape)
    unit = np.where(corner < 0.1, 0.0, np.where(corner > 0.9, 1.0, unit))
    return np.clip(start + span * unit, low, high)


def play(
    rules: Rules[Any],
    seeds: Sequence[int],
    steps: int,
    *,
    actions: Actions | None = None,
    where: tuple[str, str] = ("numpy", "cpu"),
    batch: Batch[Any] | None = None,
) -> Episode:
    """Play `steps` steps, on into the next episodes, and write everything down.

    Args:
        rules: The game.
        seeds: One a lane.
        steps: How many.
        actions: What is played; random legal actions of the lanes' seeds by default.
        where: Backend and device.
        batch: Play in this one, which is reset, instead of a new one.
    """
    batch = batch or Batch(rules, len(seeds), *where)
    chosen = actions or random_actions(rules, seeds)
    episode = Episode()
    _observed(episode, rules, 0, "observation", batch.reset(seeds))
    for step in range(steps):
        acts = chosen(step)
        episode.actions.append(acts)
        result = batch.step(acts)
        for player, reward in zip(rules.facts.players, result.rewards, strict=True):
            _write(episode, step, player, "reward", reward)
        _write(episode, step, "", "terminated", result.terminated)
        for key, value in result.scoring.items():
            _write(episode, step, "", f"scoring[{key!r}]", value)
        final = result.final_observations
        if final is not None or not rules.facts.lockstep:  # where lanes end by themselves, each has a row in every step
            _observed(episode, rules, step + 1, "final observation", result.observations if final is None else final)
        _observed(episode, rules, step + 1, "observation", result.observations)
    return episode


def _observed(episode: Episode, rules: Rules[Any], step: int, what: str, observations: Sequence[Any]) -> None:
    for player, observation in zip(rules.facts.players, observations, strict=True):
        _write(episode, step, player, what, observation)


def _write(episode: Episode, step: int, player: str, what: str, value: Any) -> None:
    if isinstance(value, dict):
        for key, part in value.items():
            _write(episode, step, player, f"{what}[{key!r}]", part)
    else:
        episode.seen.append(Seen(step, player, what, np.array(to_numpy(value)), value))


def leaves(value: Any, path: str = "") -> dict[str, Array]:
    """Every array of a nested structure (NamedTuples, tuples, dicts) by its path."""
    if value is None:
        return {}
    if isinstance(value, tuple):
        names = getattr(value, "_fields", tuple(map(str, range(len(value)))))
        parts = dict(zip(names, value, strict=True))
    elif isinstance(value, dict):
        parts = value
    else:
        return {path: value}
    found: dict[str, Array] = {}
    for name, part in parts.items():
        found |= leaves(part, f"{path}.{name}" if path else str(name))
    return found


def copies(value: Any) -> dict[str, Array]:
    """Numpy copies of every array of a nested structure."""
    return {path: np.array(to_numpy(array)) for path, array in leaves(value).items()}
