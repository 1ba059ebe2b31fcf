"""One lane through the PettingZoo face, against the same game written by hand for PettingZoo.

All step the same random actions and reset at the end of each episode, which lasts two steps; resets count. The
hand-written game checks actions twice over: with plain comparisons (the faster reference, which the target is about)
and with `space.contains`, as most environments do.

Run: python benchmarks/single_lane.py [--quick] [--cpu-time] [--json | --markdown]
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import cycle
from typing import Any

import palaestra
from palaestra.benchmarks.hand_written import HandWrittenTransferGame
from palaestra.benchmarks.interleaved import Contender, interleaved
from palaestra.benchmarks.report import Report, Row, Settings, command
from palaestra.benchmarks.stepping import game

EPISODES = 50


def episodes(env: Any) -> Callable[[], object]:
    """A call that plays `EPISODES` episodes of a ParallelEnv on actions drawn beforehand."""
    for agent in env.possible_agents:
        env.action_space(agent).seed(1)
    turn = cycle([{agent: env.action_space(agent).sample() for agent in env.possible_agents} for _ in range(16)])
    env.reset(seed=0)

    def play() -> None:
        for _ in range(EPISODES):
            env.reset()
            while env.agents:
                env.step(next(turn))

    return play


def raw(**options: Any) -> Callable[[], object]:
    """The same number of steps on a batch of one lane: what the face is made of."""
    batch = palaestra.make_batch("TransferGame-v0", 1, game=game().tolist(), **options)
    spaces: Any = batch.rules.action_spaces
    turn = cycle([tuple({k: v.sample()[None] for k, v in space.spaces.items()} for space in spaces) for _ in range(16)])
    batch.reset(0)

    def play() -> None:
        for _ in range(2 * EPISODES):
            batch.step(next(turn))

    return play


def measure(settings: Settings) -> list[Report]:
    """The table of one lane."""
    steps = 2 * EPISODES
    contingent = palaestra.parallel_env("TransferGame-v0", game=game().tolist(), conditioning="contingent")
    contenders = [
        Contender("ours", episodes(palaestra.parallel_env("TransferGame-v0", game=game().tolist())), steps),
        Contender("ours, action-contingent", episodes(contingent), steps),
        Contender("hand-written", episodes(HandWrittenTransferGame(game())), steps),
        Contender("hand-written, space.contains", episodes(HandWrittenTransferGame(game(), ask_spaces=True)), steps),
        Contender("batch of one lane", raw(), steps),
    ]
    times = interleaved(contenders, settings.turns, 0.01 if settings.quick else 0.1, settings.cpu_time)
    rows = [Row(name, 1e6 * times.median(name), "us a step", better="lower") for name in times.seconds]
    ratios = [
        Row(f"ours against {name}", times.times_as_long("ours", name), "x", 5.0, "lower")
        for name in ("hand-written", "hand-written, space.contains")
    ]
    return [Report("One lane: PettingZoo face", (*rows, *ratios), "Times are a step of both players, resets included.")]


def main(arguments: list[str] | None = None) -> None:
    """Print the table."""
    command(measure, __doc__ or "", arguments)


if __name__ == "__main__":
    main()
