"""Clauses on what step returns: spaces, dtypes, finite rewards."""

from __future__ import annotations

from typing import Any

import numpy as np
from gymnasium import spaces

from ..batch import Batch
from ..spaces import lane_of
from .case import Case
from .episode import Seen
from .report import broken


def spaces_never_change(case: Case) -> None:
    """A seat's spaces are the same objects at every call, before and after play."""
    rules = case.make()
    before = (*rules.observation_spaces, *rules.action_spaces)
    batch: Batch[Any] = Batch(rules, 2)
    batch.reset(case.seeds[:2])
    act = case.actions(case.seeds[:2])
    for step in range(rules.facts.horizon):
        batch.step(act(step))
    after = (*rules.observation_spaces, *rules.action_spaces)
    if len(before) != len(after) or any(one is not other for one, other in zip(before, after, strict=True)):
        raise broken(
            "a space is a different object than before.",
            "make observation_spaces and action_spaces once, in __init__, and return the same objects.",
        )


def observations_are_in_their_spaces(case: Case) -> None:
    """Every observation of every player is in its space, with the right dtype and shape, in every step."""
    by_place: dict[tuple[int, str, str], dict[str, Seen]] = {}
    for one in case.first.seen:
        kind, bracket, rest = one.what.partition("[")
        if kind in ("observation", "final observation"):
            by_place.setdefault((one.step, one.player, kind), {})[bracket + rest] = one
    for (step, player, kind), parts in by_place.items():
        space = case.rules.observation_spaces[case.rules.facts.players.index(player)]
        if not isinstance(space, spaces.Dict):
            _in_space(parts.get(""), space, player, step, kind, len(case.seeds))
            continue
        keys = {f"[{key!r}]": part for key, part in space.spaces.items()}
        if parts.keys() != keys.keys():
            raise broken(
                f"the {kind} has different keys than its space.",
                "let observe return a dict with the keys of the space.",
                player=player,
                step=step,
                got=sorted(parts),
                expected=sorted(keys),
            )
        for key, part in keys.items():
            _in_space(parts[key], part, player, step, kind + key, len(case.seeds))


def _in_space(one: Seen | None, space: spaces.Space[Any], player: str, step: int, what: str, lanes: int) -> None:
    if one is None:
        raise broken(f"the {what} is a dict, its space is {space}.", "return an array.", player=player, step=step)
    shape, dtype = (lanes, *(space.shape or ())), np.dtype(space.dtype)
    if one.values.dtype != dtype or one.values.shape != shape:
        raise broken(
            f"the {what} has the wrong dtype or shape for {space}.",
            "let observe return arrays (lanes, *space.shape) of the dtype of the space.",
            player=player,
            step=step,
            got=f"{one.values.dtype} {one.values.shape}",
            expected=f"{dtype} {shape}",
        )
    for lane in range(lanes):
        value = lane_of(one.values, lane, space)
        if not space.contains(value):
            raise broken(
                f"the {what} is outside its space.",
                "widen the space, or keep the state inside it.",
                player=player,
                lane=lane,
                step=step,
                got=str(value),
                expected=f"an element of {space}",
            )


def rewards_are_finite(case: Case) -> None:
    """Rewards are float64, one per lane, and finite in every step."""
    for one in case.first.of("reward"):
        if one.values.dtype != np.float64 or one.values.shape != (len(case.seeds),):
            raise broken(
                "the reward has the wrong dtype or shape.",
                "return one float64 array (lanes,) per player.",
                player=one.player,
                step=one.step,
                got=f"{one.values.dtype} {one.values.shape}",
                expected=f"float64 ({len(case.seeds)},)",
            )
        if not np.isfinite(one.values).all():
            lane = int(np.flatnonzero(~np.isfinite(one.values))[0])
            raise broken(
                "the reward is not finite.",
                "look for a division by zero, a logarithm of zero or an overflow in step.",
                player=one.player,
                lane=lane,
                step=one.step,
                got=float(one.values[lane]),
                expected="a finite number",
            )
