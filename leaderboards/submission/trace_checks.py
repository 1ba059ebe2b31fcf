"""Check what a replay does not: labels in a trace's header, rounding of actions, legality of actions."""

from __future__ import annotations

from typing import Any

import numpy as np

from ...core.arrays import backend
from ...core.errors import IllegalAction, PalaestraError
from ...core.rules import Rules
from ...core.spaces import ActionCheck
from ...core.traces.flat_actions import flat
from ...core.traces.trace import Trace

MOST_LETTERS = 1000
MOST_VERSIONS = 20


def check_labels(trace: Trace) -> None:
    """Refuse labels that are no short, printable lines: nobody looks at them, so they could hide anything.

    Raises:
        PalaestraError: A label that is longer, or holds what is not printed.
    """
    texts = [*trace.agents, *trace.versions, *trace.versions.values()]
    for text in texts:
        if not isinstance(text, str) or len(text) > MOST_LETTERS or not text.isprintable():
            raise PalaestraError(
                f"its header names an agent or a version {str(text)[:40]!r}, which is not a printable line of at most "
                f"{MOST_LETTERS} characters."
            )
    if len(trace.versions) > MOST_VERSIONS:
        raise PalaestraError(f"its header names {len(trace.versions)} versions; at most {MOST_VERSIONS} are read.")


_STEPS = 256
"""Looked at together: a trace may hold a hundred million numbers."""


def check_grid(trace: Trace, bits: int) -> None:
    """Refuse a float action that is no multiple of 2^-bits; with bits = 0 every action is let pass.

    Whoever runs on the track has actions rounded before they are played. Finer ones, written into a trace, would be
    another task; and a partner's action could be moved by what the comparison of floats lets pass.

    Raises:
        PalaestraError: The first such action of a player.
    """
    if not bits:
        return
    for name, column in flat(trace.actions).items():
        if column.dtype.kind != "f":
            continue
        for first in range(0, len(column), _STEPS):
            scaled = column[first : first + _STEPS] * 2.0**bits
            wrong = (scaled != np.rint(scaled)).reshape(*scaled.shape[:2], -1).any(axis=2)
            if wrong.any():
                step, lane = divmod(int(np.argmax(wrong)), trace.lanes)
                raise PalaestraError(
                    f"{name}, lane {lane}, step {first + step}: the action {column[first + step, lane]!s} does not "
                    f"consist of multiples of 2^-{bits}, to which this track rounds."
                )


def check_legal(rules: Rules[Any], trace: Trace) -> None:
    """Refuse a trace with an action outside its space, or longer than an episode.

    Args:
        rules: The game; only its facts and spaces are used.
        trace: Any.

    Raises:
        PalaestraError: Names step, player and lane.
    """
    players = rules.facts.players
    if len(trace.actions) != len(players) or not 0 < trace.steps <= rules.facts.horizon:
        raise PalaestraError(
            f"{len(trace.actions)} players and {trace.steps} steps are not those of {trace.env_id}: it has "
            f"{len(players)} and at most {rules.facts.horizon}."
        )
    where = backend()
    checks = [ActionCheck(space, player, where) for space, player in zip(rules.action_spaces, players, strict=True)]
    for step in range(trace.steps):
        for check, action in zip(checks, trace.actions, strict=True):
            own = {key: value[step] for key, value in action.items()} if isinstance(action, dict) else action[step]
            try:
                check(own, trace.lanes)
            except IllegalAction as error:
                raise IllegalAction(f"Step {step}: {error}") from error
