"""What can be said of actions where no replay can: that every one of them is in its space."""

from __future__ import annotations

from typing import Any

from ...core.arrays import backend
from ...core.errors import IllegalAction, PalaestraError
from ...core.rules import Rules
from ...core.spaces import ActionCheck
from ...core.traces.trace import Trace


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
