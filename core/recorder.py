"""What an episode brings, written down step by step while it is played or replayed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from .arrays import Array, to_numpy
from .batch import Step
from .rules import Rules
from .traces.flat_actions import flat
from .traces.trace import Trace


class Recorder:
    """Arrays (steps, lanes, ...) of actions, rewards and scoring, allocated once for the longest episode.

    Args:
        lanes: How many lanes are played.
        horizon: The most steps that may be written.

    Attributes:
        steps: Steps written so far.
        columns: "action:NAME", "reward:PLAYER", "scoring:NAME" -> array.
        lengths: int64 (lanes,): steps that each lane has lasted.
        over: Boolean (lanes,): lanes that have ended.
    """

    def __init__(self, lanes: int, horizon: int) -> None:
        self.horizon = horizon
        self.steps = 0
        self.columns: dict[str, Array] = {}
        self.lengths = np.zeros(lanes, np.int64)
        self.over = np.zeros(lanes, bool)

    def write(self, actions: Sequence[Any], result: Step) -> None:
        """Write one step: the actions as the rules got them, and what they brought."""
        self.lengths += ~self.over
        self.over = to_numpy(result.terminated)
        for key, value in _row(actions, result).items():
            array = to_numpy(value)
            if key not in self.columns:
                self.columns[key] = np.zeros((self.horizon, *array.shape), array.dtype)
            self.columns[key][self.steps] = array
        self.steps += 1

    def filled(self, trace: Trace, rules: Rules[Any], instance: Any) -> Trace:
        """The trace with everything that was recorded, cut to the steps played; it keeps the rules."""
        players = range(len(rules.facts.players))
        cut = {key: value[: self.steps] for key, value in self.columns.items()}
        actions: list[Any] = []
        for i in players:
            prefix = f"action:player_{i}."
            parts = {key.removeprefix(prefix): value for key, value in cut.items() if key.startswith(prefix)}
            actions.append(parts["action"] if parts.keys() == {"action"} else parts)
        scoring = {key.removeprefix("scoring:"): value for key, value in cut.items() if key.startswith("scoring:")}
        whole = replace(
            trace,
            actions=tuple(actions),
            rewards=tuple(cut[f"reward:{i}"] for i in players),
            scoring=scoring,
            instance=instance,
            public=rules.public,
        )
        whole.keep_rules(rules)
        return whole


def _row(actions: Sequence[Any], result: Step) -> Mapping[str, Any]:
    row: dict[str, Any] = {f"action:{key}": value for key, value in flat(tuple(actions)).items()}
    row |= {f"reward:{i}": reward for i, reward in enumerate(result.rewards)}
    return row | {f"scoring:{key}": value for key, value in result.scoring.items()}
