"""Every registered environment keeps the public contract (DESIGN, section 2), with each of its option sets.

Where an environment's file defines `VARIANTS` (name -> options), each of these is checked beside the default options.
"""

from collections.abc import Callable, Mapping
from functools import partial
from importlib import import_module
from typing import Any

import gymnasium
import numpy as np
import palaestra
import pettingzoo
import pytest
from palaestra.agents import agents
from palaestra.core.contract import check_environment
from palaestra.core.errors import PalaestraError
from palaestra.core.registry import options_of
from palaestra.envs import environments
from palaestra.metrics import metrics


def _option_sets(env_id: str) -> dict[str, Mapping[str, Any]]:
    """The default options (with a short horizon where the default is long), and the variants."""
    short = {} if palaestra.rules(env_id).facts.horizon <= 20 else {"horizon": 12}
    return {"default": short, **getattr(import_module(environments[env_id].module), "VARIANTS", {})}


CASES = [
    pytest.param(env_id, options, id=f"{env_id}-{name}")
    for env_id in environments
    for name, options in _option_sets(env_id).items()
]
DEFAULTS = [pytest.param(env_id, _option_sets(env_id)["default"], id=env_id) for env_id in environments]


def parts(observation: Any) -> list[Any]:
    """The arrays of an observation, by key where it is a dictionary."""
    return [observation[key] for key in sorted(observation)] if isinstance(observation, dict) else [observation]


@pytest.mark.parametrize(("env_id", "options"), CASES)
def test_it_keeps_the_contract_of_environments(env_id: str, options: Mapping[str, Any]) -> None:
    make: Callable[[], Any] = partial(palaestra.rules, env_id, **options)
    report = check_environment(make, name=f"{env_id} with {dict(options)}")
    skipped = [note for note in report.notes if "skipped" in note]
    assert not skipped, skipped  # the suite installs torch and Stable-Baselines3, so here nothing may be left out


@pytest.mark.parametrize(("env_id", "options"), DEFAULTS)
def test_its_facts_name_members_that_exist(env_id: str, options: Mapping[str, Any]) -> None:
    rules = palaestra.rules(env_id, **options)
    facts = rules.facts
    assert facts.metrics, "the headline metric comes first"
    assert set(facts.metrics) <= set(metrics)
    assert set(facts.partners.values()) <= set(agents)
    assert facts.truth
    assert environments[env_id].kind == ("single" if rules.single else "parallel")


@pytest.mark.parametrize(("env_id", "options"), DEFAULTS)
def test_every_environment_takes_the_option_horizon(env_id: str, options: Mapping[str, Any]) -> None:
    assert "horizon" in options_of(environments[env_id].load())
    horizon = 2 * palaestra.rules(env_id, **options).facts.horizon
    assert palaestra.rules(env_id, **{**options, "horizon": horizon}).facts.horizon == horizon


@pytest.mark.parametrize(("env_id", "options"), DEFAULTS)
def test_it_can_be_made_by_id_through_every_library(env_id: str, options: Mapping[str, Any]) -> None:
    parallel = pettingzoo.make("parallel", f"palaestra/{env_id}", **options)
    observations, _ = parallel.reset(seed=3)
    assert set(observations) == set(palaestra.rules(env_id, **options).facts.players)
    if environments[env_id].kind == "single":
        env = gymnasium.make(f"palaestra/{env_id}", **options)
        seen, _ = env.reset(seed=3)
        many = gymnasium.make_vec(f"palaestra/{env_id}", num_envs=3, **options)
        all_seen, _ = many.reset(seed=3)
        for one, first in zip(parts(seen), parts(all_seen), strict=True):
            assert np.array_equal(first[0], one)
    else:
        called = rf"palaestra\.parallel_env\('{env_id}'\) or pettingzoo\.make\('parallel', 'palaestra/{env_id}'\)"
        for make, name in ((palaestra.make, env_id), (gymnasium.make, f"palaestra/{env_id}")):
            with pytest.raises(PalaestraError, match=called):
                make(name, **options)
        with pytest.raises(PalaestraError, match=rf"palaestra\.make_batch\('{env_id}', 3\)"):
            gymnasium.make_vec(f"palaestra/{env_id}", num_envs=3, **options)


@pytest.mark.parametrize(("env_id", "options"), DEFAULTS)
def test_a_random_agent_plays_it_and_every_metric_gives_a_number_a_lane(
    env_id: str, options: Mapping[str, Any]
) -> None:
    trace = palaestra.run(env_id, "Uniform", range(4), options=options)
    for name, value in palaestra.evaluate(trace).items():
        assert value.shape == (4,), name
        assert value.dtype == np.float64, name
