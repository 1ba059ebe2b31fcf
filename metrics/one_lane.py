"""One lane of a trace as a trace of its own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from ..core.errors import PalaestraError
from ..core.traces.trace import Trace
from ..theory.games import Game


def one_lane(trace: Trace, lane: int) -> Trace:
    """One lane, as if it had been played by itself. Arrays are views; nothing is copied.

    Args:
        trace: Played or replayed.
        lane: 0 <= lane < lanes.

    Raises:
        PalaestraError: An instance that is neither a game nor arrays by name.
    """
    only = slice(lane, lane + 1)

    def cut(value: Any) -> Any:
        return {key: part[:, only] for key, part in value.items()} if isinstance(value, Mapping) else value[:, only]

    return replace(
        trace,
        seeds=trace.seeds[only],
        actions=tuple(map(cut, trace.actions)),
        lengths=trace.lengths[only],
        rewards=None if trace.rewards is None else tuple(map(cut, trace.rewards)),
        check=None if trace.check is None else trace.check[:, only],
        scoring=cut(trace.scoring),
        instance=_instance(trace.instance, lane),
    )


def _instance(instance: Any, lane: int) -> Any:
    if instance is None:
        return None
    if isinstance(instance, Game):
        return instance.lane(lane)
    if isinstance(instance, Mapping):
        return {key: None if part is None else part[lane : lane + 1] for key, part in instance.items()}
    raise PalaestraError(f"An instance of {type(instance).__name__} has no lanes: give a game, or arrays by name.")
