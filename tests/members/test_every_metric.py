"""Every registered metric keeps the public contract (DESIGN, section 2), on its examples and on played traces."""

from typing import Any

import palaestra
import pytest
from palaestra.core.contract import check_metric
from palaestra.core.metric import Metric
from palaestra.core.traces.trace import Trace
from palaestra.envs import environments
from palaestra.metrics import metrics


def _short(env_id: str) -> dict[str, Any]:
    return {} if palaestra.rules(env_id).facts.horizon <= 20 else {"horizon": 12}


def _environments_of(metric: str) -> list[str]:
    return [env_id for env_id in environments if metric in palaestra.rules(env_id).facts.metrics]


@pytest.mark.parametrize("name", list(metrics))
def test_it_keeps_the_contract_of_metrics(name: str) -> None:
    metric: Metric = metrics[name].load()
    assert metric.name == name
    for env_id in _environments_of(name) or [""]:

        def play(seeds: Any, env_id: str = env_id) -> Trace:
            return palaestra.run(env_id, "Uniform", seeds, options=_short(env_id))

        check_metric(metric, play=play if env_id else None)
