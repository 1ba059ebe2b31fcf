"""Stepping of TransferGame-v0 with two players of three actions, against everything else that can play it.

An agent-step is one player's action in one step of one lane; a round (promises, then play) is two steps. Every
contender steps the same 3x3 game with legality checks, observations and autoreset (unless its row says otherwise) on
actions drawn beforehand: a pool of eight joint batches, walked round; another row includes the drawing.

What a round must move, in 8-byte numbers a lane, with promises on the realised action: the pool's actions are read
(2 stages x 2 players x 5 numbers) for the checks and 10 of them copied into the state; payments compare 4 targets and
multiply 4 amounts; two look-ups give the payoffs. The plain numpy expression `payoffs[a, b]` reads 2 and writes 2.

Run: python benchmarks/stepping.py [--quick] [--cpu-time] [--json | --markdown]
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from importlib.util import find_spec
from itertools import cycle
from typing import Any

import numpy as np
import palaestra
from palaestra.benchmarks.flat_transfer_game import FlatTransferGame
from palaestra.benchmarks.hand_written import HandWrittenTransferGame
from palaestra.benchmarks.interleaved import Contender, Timings, interleaved
from palaestra.benchmarks.report import Report, Row, Settings, command
from palaestra.benchmarks.two_processes import TwoProcesses

POOL = 8


def game() -> Any:
    """The payoffs (2, 3, 3) that every contender plays."""
    return np.random.default_rng(0).uniform(-1.0, 1.0, (2, 3, 3))


def drawn(batch: Any, lanes: int, rng: np.random.Generator) -> tuple[dict[str, Any], ...]:
    """Random legal actions of both players, one batch each."""
    return tuple(
        {
            key: rng.uniform(0.0, float(part.high.flat[0]), (lanes, *part.shape))
            if hasattr(part, "high")
            else rng.integers(0, 3, (lanes, *part.shape))
            for key, part in space.spaces.items()
        }
        for space in batch.rules.action_spaces
    )


def stepper(lanes: int, draws: bool = False, backend: str = "numpy", **options: Any) -> Callable[[], object]:
    """A call that steps a batch once, on actions from the pool or (draws) on fresh ones."""
    batch = palaestra.make_batch("TransferGame-v0", lanes, backend=backend, game=game().tolist(), **options)
    batch.reset(0)
    rng = np.random.default_rng(1)
    if draws:
        return lambda: batch.step(drawn(batch, lanes, rng))
    pool = [drawn(batch, lanes, rng) for _ in range(POOL)]
    if backend == "torch":
        import torch

        torch.set_num_threads(1)  # every contender has one core
        pool = [tuple({k: torch.from_numpy(v) for k, v in one.items()} for one in joint) for joint in pool]
    turn = cycle(pool)
    return lambda: batch.step(next(turn))


def lookup(lanes: int) -> Callable[[], object]:
    """The plain numpy expression: both players' payoffs at random joint actions, nothing else."""
    table = np.moveaxis(game(), 0, -1).copy()
    rng = np.random.default_rng(1)
    turn = cycle([tuple(rng.integers(0, 3, (2, lanes))) for _ in range(POOL)])

    def look() -> Any:
        first, second = next(turn)
        return table[first, second]

    return look


def flat_lookup(lanes: int) -> Callable[[], object]:
    """The same written for speed: a flat index and one `take` a player."""
    table, rng = game().reshape(2, -1), np.random.default_rng(1)
    turn = cycle([tuple(rng.integers(0, 3, (2, lanes))) for _ in range(POOL)])

    def look() -> Any:
        first, second = next(turn)
        index = 3 * first + second
        return table[0].take(index), table[1].take(index)

    return look


def supersuit(env: Any, copies: int, cpus: int = 0) -> tuple[Callable[[], object], int]:
    """A call that steps SuperSuit's concatenation of `copies` environments once, and its agent-steps."""
    import supersuit as ss
    from gymnasium.vector.utils import batch_space

    many = ss.concat_vec_envs_v1(ss.pettingzoo_env_to_vec_env_v1(env), copies, num_cpus=cpus, base_class="gymnasium")
    many.reset(seed=0)
    space = batch_space(many.action_space, many.num_envs)
    space.seed(1)
    pool = [space.sample() for _ in range(POOL)]
    if isinstance(env, FlatTransferGame):
        pool = [np.concatenate([row[:, :2], np.round(row[:, 2:])], axis=1) for row in pool]
    turn = cycle(pool)
    return lambda: many.step(next(turn)), many.num_envs


def open_spiel(episodes: int) -> Callable[[], object]:
    """OpenSpiel's matrix game from Python: new state, both actions, returns; no observation is asked for."""
    import pyspiel

    payoffs = game().tolist()
    names = ["a", "b", "c"]
    matrix = pyspiel.create_matrix_game("game", "game", names, names, payoffs[0], payoffs[1])
    pool = np.random.default_rng(1).integers(0, 3, (episodes, 2)).tolist()

    def play() -> None:
        for joint in pool:
            state = matrix.new_initial_state()
            state.apply_actions(joint)
            state.returns()

    return play


def open_spiel_environment(episodes: int) -> Callable[[], object]:
    """The same through OpenSpiel's `rl_environment`, which gives observations."""
    import pyspiel
    from open_spiel.python import rl_environment

    payoffs = game().tolist()
    names = ["a", "b", "c"]
    env = rl_environment.Environment(pyspiel.create_matrix_game("game", "game", names, names, payoffs[0], payoffs[1]))
    pool = np.random.default_rng(1).integers(0, 3, (episodes, 2)).tolist()

    def play() -> None:
        for joint in pool:
            env.reset()
            env.step(joint)

    return play


def contenders(settings: Settings, pair: TwoProcesses) -> list[Contender]:
    """Everything that takes a turn."""
    lanes, copies, episodes = (256, 4, 20) if settings.quick else (4096, 64, 1000)
    hand, ours = HandWrittenTransferGame(game()), palaestra.parallel_env("TransferGame-v0", game=game().tolist())
    found = [
        Contender("batch", stepper(lanes), 2 * lanes),
        Contender("two processes", pair.run, 2 * pair.calls * 2 * lanes, elsewhere=True),
        Contender("drawing included", stepper(lanes, draws=True), 2 * lanes),
        Contender("unchecked", stepper(lanes, check_actions=False), 2 * lanes),
        Contender("contingent", stepper(lanes, conditioning="contingent"), 2 * lanes),
        Contender("payoffs[a, b]", lookup(lanes), 2 * lanes),
        Contender("flat take", flat_lookup(lanes), 2 * lanes),
        Contender("OpenSpiel", open_spiel(episodes), 2 * episodes),
        Contender("OpenSpiel rl_environment", open_spiel_environment(episodes), 2 * episodes),
        Contender("SuperSuit, hand-written", *supersuit(hand, copies)),
        Contender("SuperSuit, hand-written, flat", *supersuit(FlatTransferGame(game()), copies)),
        Contender("SuperSuit, our ParallelEnv", *supersuit(ours, copies)),
    ]
    if find_spec("torch"):
        found.append(Contender("torch", stepper(lanes, backend="torch"), 2 * lanes))
    if not (settings.quick or settings.cpu_time):
        found.append(Contender("SuperSuit, hand-written, 2 processes", *supersuit(hand, copies, 2), elsewhere=True))
    return found


def measure(settings: Settings) -> list[Report]:
    """The tables of stepping."""
    lanes = 256 if settings.quick else 4096
    with TwoProcesses(partial(stepper, lanes), 20 if settings.quick else 500) as pair:
        times = interleaved(
            contenders(settings, pair), settings.turns, 0.01 if settings.quick else 0.1, settings.cpu_time
        )
    two = 4 * pair.calls * lanes / pair.cpu_seconds() if settings.cpu_time else times.rate("two processes")
    return [rates(times, two), ratios(times)]


def rates(times: Timings, two: float) -> Report:
    """Agent-steps a second."""
    unit = "M agent-steps/s"
    rows = [
        Row("batch, one process", times.rate("batch") / 1e6, unit, 20.0),
        Row("batch, two processes", two / 1e6, unit, 20.0),
        Row("batch, drawing random actions included", times.rate("drawing included") / 1e6, unit),
        Row("batch, actions unchecked", times.rate("unchecked") / 1e6, unit),
        Row("batch, action-contingent prices", times.rate("contingent") / 1e6, unit, 20.0),
    ]
    others = [name for name in times.seconds if name.startswith(("torch", "OpenSpiel", "SuperSuit"))]
    rows += [Row("batch on torch, CPU" if name == "torch" else name, times.rate(name) / 1e6, unit) for name in others]
    return Report(
        "Stepping: rates", tuple(rows), "4,096 lanes in a batch, 64 copies under SuperSuit; less with --quick."
    )


def ratios(times: Timings) -> Report:
    """The batch, in one process, against the others."""
    rows = [
        Row(f"batch against {name}", times.times_as_long(name, "batch"), "x", 100.0 if "SuperSuit" in name else 20.0)
        for name in times.seconds
        if name.startswith(("OpenSpiel", "SuperSuit"))
    ]
    look = "payoffs[a, b]"
    step = times.times_as_long("batch", look)
    rows += [
        Row(f"a step against {look}", step, "x", 4.0, "lower"),
        Row(f"a round (two steps, one look-up) against {look}", 2 * step, "x", 4.0, "lower"),
        Row(f"a step, contingent, against {look}", times.times_as_long("contingent", look), "x", 4.0, "lower"),
        Row("a step against two takes from flat tables", times.times_as_long("batch", "flat take"), "x", None, "lower"),
    ]
    return Report("Stepping: ratios", tuple(rows), "Medians over turns. OpenSpiel's game has one stage, ours has two.")


def main(arguments: list[str] | None = None) -> None:
    """Print the tables."""
    command(measure, __doc__ or "", arguments)


if __name__ == "__main__":
    main()
