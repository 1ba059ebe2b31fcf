"""A trace as a table: one row per lane, step and player."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from importlib import import_module
from typing import Any

import numpy as np

from ..arrays import Array
from ..errors import PalaestraError


def trace_columns(
    actions: Sequence[Mapping[str, Array]],
    rewards: Sequence[Array | None],
    lengths: Array,
    seeds: Sequence[int],
    agents: Sequence[str],
) -> dict[str, Array]:
    """Equally long columns, sorted by lane, step and player.

    Args:
        actions: Each player's action by name, (steps, lanes, ...).
        rewards: Each player's rewards (steps, lanes), or None.
        lengths: Steps each lane lasted.
        seeds: One per lane.
        agents: Who sat in each seat.
    """
    steps = next(iter(actions[0].values())).shape[0]
    played = np.arange(steps)[None, :] < np.asarray(lengths)[:, None]
    lane, step = np.nonzero(played)
    players, rows = len(actions), len(lane)
    columns: dict[str, Array] = {
        "lane": np.repeat(lane, players),
        "seed": np.repeat(_seeds(seeds)[lane], players),
        "step": np.repeat(step, players),
        "player": np.tile(np.arange(players), rows),
        "agent": np.tile(np.array(agents, object), rows),
    }
    if rewards[0] is not None:
        columns["reward"] = np.stack([np.asarray(own)[step, lane] for own in rewards], axis=1).ravel()
    flat = [dict(_entries(own)) for own in actions]
    for name in dict.fromkeys(name for own in flat for name in own):
        columns[name] = _by_player([own[name][step, lane] if name in own else None for own in flat], rows)
    return columns


def _seeds(seeds: Sequence[int]) -> Array:
    """Exact for seeds of any size."""
    kind = np.int64 if max(seeds) < 1 << 63 else np.uint64 if max(seeds) < 1 << 64 else object
    return np.array(seeds, kind)


def _entries(parts: Mapping[str, Array]) -> Iterator[tuple[str, Array]]:
    """One column (steps, lanes) for every entry of every part: `play`, `amounts[0]`, `punishments[1,0]`."""
    for name, values in parts.items():
        for index in np.ndindex(values.shape[2:]):
            place = f"[{','.join(map(str, index))}]" if index else ""
            yield f"{name}{place}", values[(slice(None), slice(None), *index)]


def _by_player(columns: Sequence[Array | None], rows: int) -> Array:
    """One column of all players; NaN for those whose action has no such entry."""
    whole = [np.full(rows, np.nan) if column is None else column for column in columns]
    return np.stack(whole, axis=1).ravel()


def data_frame(columns: Mapping[str, Array]) -> Any:
    """Columns as a `pandas.DataFrame`.

    Raises:
        PalaestraError: pandas is not installed.
    """
    try:
        pandas = import_module("pandas")
    except ImportError as error:
        raise PalaestraError(
            "A data frame needs pandas, which is not installed: pip install pandas. "
            "Without it, to_columns() gives the same table as arrays."
        ) from error
    return pandas.DataFrame(dict(columns))
