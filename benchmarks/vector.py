"""RankingBandit-v0 as a Gymnasium VectorEnv, against Gymnasium's own vectorisation of the single environment.

All step uniform strategies over ten actions; rows say how many environments run together. `SyncVectorEnv` steps our
single environment in a loop; the batched face steps all lanes at once, observations copied and cast as Gymnasium asks.

Run: python benchmarks/vector.py [--quick] [--cpu-time] [--json | --markdown]
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
import palaestra
from gymnasium.vector import AutoresetMode, SyncVectorEnv
from palaestra.benchmarks.interleaved import Contender, interleaved
from palaestra.benchmarks.report import Report, Row, Settings, command

ENV_ID = "RankingBandit-v0"


def stepped(env: Any) -> Callable[[], object]:
    """A call that steps a vector environment once."""
    env.reset(seed=0)
    actions = np.full(env.action_space.shape, 0.1)
    return lambda: env.step(actions)


def sync(num_envs: int) -> Any:
    """Gymnasium's loop over single environments."""
    make = [partial(palaestra.make, ENV_ID) for _ in range(num_envs)]
    return SyncVectorEnv(make, autoreset_mode=AutoresetMode.SAME_STEP)


def measure(settings: Settings) -> list[Report]:
    """The table of vector faces."""
    few, many = (4, 16) if settings.quick else (64, 4096)
    contenders = [
        Contender("single", stepped(SingleInTurn()), 1),
        Contender("sync", stepped(sync(few)), few),
        Contender("few", stepped(palaestra.make_vec(ENV_ID, num_envs=few)), few),
        Contender("many", stepped(palaestra.make_vec(ENV_ID, num_envs=many)), many),
    ]
    times = interleaved(contenders, settings.turns, 0.01 if settings.quick else 0.1, settings.cpu_time)
    rows = (
        Row("single environment", times.rate("single") / 1e3, "k steps/s"),
        Row(f"SyncVectorEnv of {few}", times.rate("sync") / 1e3, "k steps/s"),
        Row(f"our VectorEnv of {few}", times.rate("few") / 1e3, "k steps/s"),
        Row(f"our VectorEnv of {many}", times.rate("many") / 1e3, "k steps/s"),
        Row(f"our VectorEnv of {few} against SyncVectorEnv of {few}", times.times_as_long("sync", "few"), "x"),
        Row(f"our VectorEnv of {many} against SyncVectorEnv of {few}", times.times_as_long("sync", "many"), "x"),
    )
    return [Report(f"{ENV_ID}: Gymnasium faces", rows, "A step is one environment's step.")]


class SingleInTurn:
    """The single environment with the two calls that `stepped` makes, begun again when it ends."""

    def __init__(self) -> None:
        self.env = palaestra.make(ENV_ID)
        self.action_space = self.env.action_space

    def reset(self, seed: int | None = None) -> None:
        """Start an episode."""
        self.env.reset(seed=seed)

    def step(self, action: Any) -> None:
        """Play one step."""
        if self.env.step(action)[2]:
            self.env.reset()


def main(arguments: list[str] | None = None) -> None:
    """Print the table."""
    command(measure, __doc__ or "", arguments)


if __name__ == "__main__":
    main()
