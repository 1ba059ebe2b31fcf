"""How a run is split into traces, so that a verifier needs the memory of only one of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from ...core.batch import Batch
from ...core.rules import Rules
from ...core.traces.flat_actions import flat
from ..tracks.track import Track

NUMBERS_A_SHARD = 20_000_000
"""Numbers that the replay of one trace records: steps x lanes x (actions, rewards and what scorers see), 8 bytes each.

With what is read and what metrics need meanwhile this keeps a verifier under 500 MB. One lane alone may be larger.
"""

MOST_LANES = 100


def shard_lanes(track: Track) -> int:
    """Lanes of every trace of a submission (the last of a scenario may have fewer)."""
    from ... import rules

    made = (rules(track.env_id, **track.options(scenario, {}, demo=False)) for scenario in track.scenarios)
    longest = max(one.facts.horizon * numbers_a_step(one) for one in made)
    return max(1, min(MOST_LANES, NUMBERS_A_SHARD // longest))


def shards_of(seeds: Sequence[int], lanes: int) -> list[Sequence[int]]:
    """The seeds of every trace of a scenario."""
    return [seeds[first : first + lanes] for first in range(0, len(seeds), lanes)]


def numbers_a_step(rules: Rules[Any]) -> int:
    """Numbers that one step of one lane records: one step is played to see."""
    batch: Batch[Any] = Batch(rules, 1, autoreset=False)
    batch.reset([0])
    actions = []
    for space in rules.action_spaces:
        space.seed(0)
        action = space.sample()
        parts = {key: np.asarray(value)[None] for key, value in action.items()} if isinstance(action, dict) else None
        actions.append(np.asarray(action)[None] if parts is None else parts)
    result = batch.step(actions)
    recorded = [*flat(batch.played).values(), *result.rewards, *result.scoring.values()]
    return sum(int(np.asarray(one).size) for one in recorded)
