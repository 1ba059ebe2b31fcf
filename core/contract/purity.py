"""Clauses on what the rules must not change: old states, results, callers' actions, refused steps."""

from __future__ import annotations

import pickle
from collections.abc import Iterator
from typing import Any

import numpy as np
from gymnasium import spaces

from ..arrays import to_numpy
from ..batch import Batch
from ..errors import IllegalAction
from .case import Case
from .compare import first_difference, same
from .episode import copies, leaves, play
from .report import broken, refuses


def results_are_not_reused(case: Case) -> None:
    """Later calls never write into an array that was returned."""
    for one in case.play().seen:
        live = np.asarray(to_numpy(one.live))
        lane = first_difference(live, one.values)
        if lane is not None:
            raise broken(
                f"{one.what} was overwritten by a later call.",
                "return a fresh array each time; do not fill a buffer that was handed out.",
                player=one.player or None,
                lane=lane,
                step=one.step,
                got=str(live[lane]),
                expected=str(one.values[lane]),
            )


def state_is_never_written(case: Case) -> None:
    """Neither observe nor step writes into the old state or into the actions."""
    batch: Batch[Any] = Batch(case.make(), len(case.seeds), autoreset=False)
    batch.reset(case.seeds)
    act, step = case.actions(), 0
    while batch.started:
        state, actions = batch.state, act(step)
        given = {"state": state, "actions": actions}
        before = copies(given)
        batch.step(actions)
        after = copies(given)
        for path, value in before.items():
            lane = first_difference(after[path], value)
            if lane is not None:
                raise broken(
                    f"{path} was written in place.",
                    "make new arrays and return state._replace(...).",
                    lane=lane,
                    step=step,
                    got=str(after[path][lane]),
                    expected=str(value[lane]),
                )
        step += 1


def action_buffers_may_be_refilled(case: Case) -> None:
    """A caller may reuse its action arrays in every step: play does not look at old ones again."""
    buffers: list[Any] = []

    def refilled(step: int) -> tuple[Any, ...]:
        fresh = copies(legal(step))
        if not buffers:
            buffers.append(legal(step))
        for path, array in leaves(buffers[0]).items():
            array[...] = fresh[path]
        return tuple(buffers[0])

    legal = case.actions()
    same(
        case.play(actions=refilled),
        case.first,
        "copy what the state keeps of the actions (for example action + 0): the caller may overwrite its arrays.",
    )


def illegal_actions_are_refused(case: Case) -> None:
    """An action outside its space raises IllegalAction, steps nothing, and play goes on as if it had not been tried."""
    rules = case.make()
    batch: Batch[Any] = Batch(rules, len(case.seeds))
    legal = case.actions()

    def try_and_play(step: int) -> tuple[Any, ...]:
        actions = legal(step)
        if step == rules.facts.horizon // 2:
            for i, player in enumerate(rules.facts.players):
                for what, bad in _illegal(rules.action_spaces[i], actions[i]):
                    _must_refuse(batch, (*actions[:i], bad, *actions[i + 1 :]), player, step, what)
        return actions

    episode = play(rules, case.seeds, case.steps, actions=try_and_play, batch=batch)
    same(episode, case.first, "refuse an illegal action before stepping any lane.")


def _must_refuse(batch: Batch[Any], actions: tuple[Any, ...], player: str, step: int, what: str) -> None:
    try:
        refused = refuses(lambda: batch.step(actions))
    except Exception as error:
        raise broken(
            f"{what} raised {type(error).__name__}.", "raise IllegalAction.", player=player, step=step
        ) from error
    if not refused:
        raise broken(
            f"{what} was played.",
            f"let the batch check actions, or raise {IllegalAction.__name__}.",
            player=player,
            step=step,
        )


def _illegal(space: spaces.Space[Any], legal: Any) -> Iterator[tuple[str, Any]]:
    """Batches of actions that are legal but for one fault."""
    if isinstance(space, spaces.Dict):
        for key, part in space.spaces.items():
            for what, bad in _illegal(part, legal[key]):
                yield f"{key!r}: {what}", {**legal, key: bad}
        yield "a missing key", {key: legal[key] for key in list(legal)[1:]}
        return
    yield "one lane too few", legal[1:]
    yield "an axis too many", legal[..., None]
    if isinstance(space, spaces.Box):
        yield "NaN", _with(legal, np.nan)
        if np.isfinite(space.high).all():
            yield "a value above the box", _with(legal, float(np.max(space.high)) + 1.0)
        if np.isfinite(space.low).all():
            yield "a value below the box", _with(legal, float(np.min(space.low)) - 1.0)
    else:
        most = int(space.start + space.n) if isinstance(space, spaces.Discrete) else int(np.max(space.nvec))  # type: ignore[attr-defined]
        yield "an action too large", _with(legal, most)
        yield "a negative action", _with(legal, -1 if not isinstance(space, spaces.Discrete) else int(space.start) - 1)
        yield "a fractional action", legal + 0.5


def _with(legal: Any, value: float) -> Any:
    changed = np.array(legal)
    changed[-1] = value
    return changed


def rules_can_be_pickled(case: Case) -> None:
    """Pickled rules play on like the original, before and in the middle of an episode."""
    try:
        again = pickle.loads(pickle.dumps(case.make()))
        same(
            play(again, case.seeds, case.steps, actions=case.actions()),
            case.first,
            "store no state of a play in the rules.",
        )
        batch: Batch[Any] = Batch(case.make(), len(case.seeds))
        batch.reset(case.seeds)
        act, half = case.actions(), case.rules.facts.horizon // 2
        for step in range(half):
            batch.step(act(step))
        copy = pickle.loads(pickle.dumps(batch))
    except (pickle.PicklingError, AttributeError, TypeError) as error:
        raise broken(
            f"pickling raised {type(error).__name__}: {error}.",
            "keep no lambdas, local functions, open files or modules in the rules; functools.partial of a module's "
            "function can be pickled.",
        ) from error
    for step in range(half, case.steps):
        one, two = batch.step(act(step)), copy.step(act(step))
        for path, value in copies(two._asdict()).items():
            lane = first_difference(value, copies(one._asdict())[path])
            if lane is not None:
                raise broken(
                    f"{path} differs after pickling.",
                    "let the pickled rules hold everything that play needs.",
                    lane=lane,
                    step=step,
                )
