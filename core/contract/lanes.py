"""Clauses on lanes: each lane is independent of the others (promise 2 of the design)."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..errors import PalaestraError
from .case import Case
from .compare import same
from .episode import Actions
from .report import broken

ALONE = (
    "let a lane's numbers depend only on its own seed and actions: no mean, sort or matrix product over lanes, and "
    "sums over other axes with core.arrays.ordered_sum."
)


def lanes_do_not_leak(case: Case) -> None:
    """Another seed and other actions in one lane change nothing in any other lane."""
    lanes = len(case.seeds)
    for changed in (0, lanes - 1):
        seeds = list(case.seeds)
        seeds[changed] = seeds[changed] ^ 0xABCDEF
        others = [lane for lane in range(lanes) if lane != changed]
        episode = case.play(seeds, _mixed(case.actions(), case.actions(seeds), changed))
        for one in episode.seen:
            if one.values.shape[:1] != (lanes,):
                raise broken(
                    f"{one.what} does not have the lanes as its first axis.",
                    "return every array with shape (lanes, ...).",
                    player=one.player or None,
                    step=one.step,
                    got=one.values.shape,
                    expected=f"({lanes}, ...)",
                )
        kept = [one._replace(values=one.values[others]) for one in episode.seen]
        episode.seen = kept
        same(episode, case.first, f"{ALONE} (Only lane {changed} had been changed.)", others)


def _mixed(base: Actions, other: Actions, lane: int) -> Actions:
    def put(one: Any, two: Any) -> Any:
        if isinstance(one, dict):
            return {key: put(one[key], two[key]) for key in one}
        mixed = np.array(one)
        mixed[lane] = two[lane]
        return mixed

    return lambda step: tuple(put(one, two) for one, two in zip(base(step), other(step), strict=True))


def a_lane_equals_the_single_environment(case: Case) -> None:
    """A lane of a large batch equals the single environment of its seed to the bit, into the second episode."""
    crowd = tuple(range(100, 164)) + case.seeds
    whole = case.play(crowd)
    for lane in (0, 37, len(crowd) - 1):
        same(case.play((crowd[lane],)), whole, ALONE, [lane])


def shards_equal_the_whole(case: Case) -> None:
    """Lanes that are split into shards of unequal size play as they do together."""
    lanes = len(case.seeds)
    cut = max(1, lanes // 3)
    for shard in (range(cut), range(cut, lanes)):
        same(case.play([case.seeds[lane] for lane in shard]), case.first, ALONE, list(shard))


def numpy_equals_torch(case: Case) -> str | None:
    """On torch, integers and booleans are the same, and floats agree within 1e-12 of 1 or of their size."""
    try:
        episode = case.play(where=("torch", case.device))
    except PalaestraError as error:
        if "torch" in str(error) and ("needs torch" in str(error) or "device" in str(error)):
            return f"skipped: {error}"
        raise
    same(
        episode,
        case.first,
        "compute only with self.xp and self.where, in float64 and int64, and move tables in place().",
        tolerance=1e-12,
    )
    return None
