"""Clauses on information: a player cannot infer a private value from what it observes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from ..arrays import Array, to_numpy
from ..batch import Batch
from .case import Case
from .compare import first_difference
from .episode import copies, leaves
from .report import broken


def private_information_does_not_leak(case: Case) -> None:
    """Changing a private field changes no observation of a player who may not see it, in any step."""
    for step, batch in _states(case):
        rules, state = batch.rules, batch.state
        before = [copies(observation) for observation in rules.observe(state, _now(batch, step))]
        for name, viewer in rules.facts.private.items():
            for i, player in enumerate(rules.facts.players):
                if viewer == i:
                    continue
                other = _replaced(state, name, i if viewer == "own" else None)
                after = copies(rules.observe(other, _now(batch, step))[i])
                for path, value in before[i].items():
                    lane = first_difference(after[path], value)
                    if lane is not None:
                        raise broken(
                            f"the observation {path!r} changes with the private state {name!r}, which "
                            f"{_may_see(viewer, rules.facts.players)}.",
                            "observe for this seat only what it may see, or declare who may see the field.",
                            player=player,
                            lane=lane,
                            step=step,
                            got=str(after[path][lane]),
                            expected=str(value[lane]),
                        )


def public_information_is_seen_by_all(case: Case) -> None:
    """If information is declared public, all players with the same keys and spaces see the same."""
    if case.rules.facts.information != "public":
        return
    first = case.rules.facts.players[0]
    by_place = {(one.step, one.what): one for one in case.first.seen if one.player == first}
    for one in case.first.of("observation"):
        reference = by_place.get((one.step, one.what))
        lane = 0 if reference is None else first_difference(one.values, reference.values)
        if lane is not None:
            raise broken(
                f"{one.what} is not what {first} sees, though information is declared public.",
                "show the same to all, or declare information='private' and name the private fields.",
                player=one.player,
                lane=lane,
                step=one.step,
                got=str(one.values[lane]),
                expected="nothing" if reference is None else str(reference.values[lane]),
            )


def _states(case: Case) -> Iterator[tuple[int, Batch[Any]]]:
    """The batch before each step of an episode, and at its end."""
    batch: Batch[Any] = Batch(case.make(), len(case.seeds), autoreset=False)
    batch.reset(case.seeds)
    act, step = case.actions(), 0
    yield step, batch
    while batch.started:
        batch.step(act(step))
        step += 1
        yield step, batch


def _now(batch: Batch[Any], step: int) -> Any:
    return step if batch.rules.facts.lockstep else np.full(batch.num_lanes, step)


def _may_see(viewer: Any, players: tuple[str, ...]) -> str:
    if viewer == "own":
        return "each may see its own row of"
    return "nobody may see" if viewer == "nobody" else f"only {players[viewer]} may see"


def _replaced(state: Any, name: str, keep: int | None) -> Any:
    """The state with the private field of other lanes (row `keep` of axis 1 stays)."""
    head, _, rest = name.partition(".")
    value = getattr(state, head)
    return state._replace(**{head: _replaced(value, rest, keep) if rest else _others(value, keep)})


def _others(value: Any, keep: int | None) -> Any:
    if value is None:
        return None
    if isinstance(value, tuple):
        parts = [_others(part, keep) for part in value]
        return type(value)(*parts) if hasattr(value, "_fields") else tuple(parts)
    assert leaves(value).keys() == {""}, "A private field is an array or a NamedTuple of arrays."
    array: Array = to_numpy(value)
    other = np.roll(array, 1, axis=0)
    if array.dtype.kind == "f" and (other == array).all():
        other = other + 1.0  # all lanes have the same: move it, so that the test can fail
    if array.dtype.kind == "b":
        other = ~array
    if keep is not None:
        other[:, keep] = array[:, keep]
    return other
