"""Actions finer than a track plays them: nobody gets a resolution that others do not have."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from palaestra.core.traces.trace import Trace
from palaestra.leaderboards.submission.verify import Refused, verify
from palaestra.tests.support.tiny_submissions import rewrite
from palaestra.tests.support.tiny_track import submitted, tiny_track


def _finer(by: float) -> Callable[[Trace], Trace]:
    """One payment moved by less than any comparison of floats would see."""

    def change(trace: Trace) -> Trace:
        actions = [dict(own) for own in trace.actions]
        amounts = np.array(actions[1]["amounts"], np.float64)
        amounts[2, 4, 0] = abs(amounts[2, 4, 0] - by)
        actions[1]["amounts"] = amounts
        return replace(trace.bare(), actions=tuple(actions))

    return change


@pytest.mark.parametrize("by", [1e-9, 2.0**-17, 1e-300])
def test_an_action_between_two_that_the_track_plays_is_refused_at_its_step(tmp_path: Path, by: float) -> None:
    with tiny_track(action_bits=16) as track:
        made = submitted(track, tmp_path, "Uniform")
        assert verify(made).findings.status == "verified"
        rewrite(made, _set_to_nothing)
        rewrite(made, _finer(by))
        with pytest.raises(Refused, match=r"player_1.amounts, lane 4, step 2: .* multiples of 2\^-16"):
            verify(made)


def _set_to_nothing(trace: Trace) -> Trace:
    """So that the smallest number there is can be seen beside it."""
    actions = [dict(own) for own in trace.actions]
    actions[1]["amounts"] = np.array(actions[1]["amounts"], np.float64)
    actions[1]["amounts"][2, 4, 0] = 0.0
    return replace(trace.bare(), actions=tuple(actions))
