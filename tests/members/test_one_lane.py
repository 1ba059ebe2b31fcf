"""One lane of a trace is what the lane is when it is played alone."""

from __future__ import annotations

import numpy as np
import palaestra
import pytest
from palaestra.core.contract.episode import copies
from palaestra.core.errors import PalaestraError
from palaestra.core.metric import trace_of
from palaestra.envs import environments
from palaestra.metrics import metrics
from palaestra.metrics.one_lane import one_lane


@pytest.mark.parametrize("env_id", list(environments))
def test_it_equals_the_lane_that_is_played_alone_and_every_metric_sees_no_difference(env_id: str) -> None:
    facts = palaestra.rules(env_id).facts
    options = {} if facts.horizon <= 20 else {"horizon": 12}
    cut = one_lane(palaestra.run(env_id, "Uniform", [5, 6, 7], options=options), 1)
    alone = palaestra.run(env_id, "Uniform", [6], options=options)
    assert (cut.seeds, cut.lanes, cut.lengths.tolist()) == (alone.seeds, 1, alone.lengths.tolist())
    expected = copies({"actions": alone.actions, "rewards": alone.rewards, "scoring": dict(alone.scoring)})
    found = copies({"actions": cut.actions, "rewards": cut.rewards, "scoring": dict(cut.scoring)})
    assert found.keys() == expected.keys() and len(found) > 1
    for path, value in expected.items():
        np.testing.assert_array_equal(found[path], value, err_msg=path)
    for name in facts.metrics:
        measure = metrics[name].load()
        np.testing.assert_array_equal(measure(cut), measure(alone), err_msg=name)


def test_an_instance_without_lanes_is_refused() -> None:
    with pytest.raises(PalaestraError, match="instance of set has no lanes"):
        one_lane(trace_of((np.zeros((2, 3)),), instance={1, 2}), 0)
