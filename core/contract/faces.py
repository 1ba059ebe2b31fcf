"""Clauses on the faces: the API tests of Gymnasium, PettingZoo and Stable-Baselines3."""

from __future__ import annotations

import contextlib
import io
import warnings
from collections.abc import Iterator
from importlib import import_module
from typing import Any

import numpy as np

from ..faces.parallel import LaneParallelEnv
from ..faces.single import SingleEnv
from .case import Case
from .report import broken


@contextlib.contextmanager
def _quiet(library: str) -> Iterator[None]:
    """The libraries' tests print and warn, and move numpy's global generator; what they refuse is a broken clause."""
    state = np.random.get_state()
    try:
        with contextlib.redirect_stdout(io.StringIO()), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    except Exception as error:
        raise broken(
            f"{library} refuses it: {type(error).__name__}: {error}.", "see the test of that name in the library."
        ) from error
    finally:
        np.random.set_state(state)


def pettingzoo_accepts_it(case: Case) -> None:
    """PettingZoo's parallel_api_test, api_test, parallel_seed_test and seed_test pass."""
    from pettingzoo.utils.conversions import parallel_to_aec

    tests: Any = import_module("pettingzoo.test")

    cycles = 2 * case.rules.facts.horizon + 1

    def parallel() -> LaneParallelEnv:
        return LaneParallelEnv(case.make())

    with _quiet("PettingZoo"):
        tests.parallel_api_test(parallel(), num_cycles=cycles)
        tests.parallel_seed_test(parallel)
        tests.api_test(parallel_to_aec(parallel()), num_cycles=cycles)
        tests.seed_test(lambda: parallel_to_aec(parallel()), num_cycles=min(cycles, 20))


def gymnasium_accepts_it(case: Case) -> str | None:
    """A single-learner game passes check_env of Gymnasium, and of Stable-Baselines3 where that is installed."""
    if not case.rules.single:
        return None
    from gymnasium.utils.env_checker import check_env

    with _quiet("Gymnasium"):
        check_env(SingleEnv(case.make()), skip_render_check=True)
    try:
        from stable_baselines3.common.env_checker import check_env as check_for_sb3
    except ImportError:
        return "Stable-Baselines3 is not installed: its check_env was skipped"
    with _quiet("Stable-Baselines3"):
        check_for_sb3(SingleEnv(case.make()))
    return None
