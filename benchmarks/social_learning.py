"""Social learning: rounds of averaging in many lanes, time against ties, and a closed form for 100,000 agents.

An agent-update is one agent's belief of one round in one lane. "kernel" is one round of a network that all lanes share,
beliefs alone; "environment" is `make_batch("SocialLearning-v0")` with one global AI, where a round also trains the AI
and computes the consensus that the design leads to. With two threads each steps half of the lanes: numpy and scipy
let go of the interpreter's lock inside their loops.

Run: python benchmarks/social_learning.py [--quick] [--cpu-time] [--json | --markdown]
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from time import perf_counter
from typing import Any

import numpy as np
import palaestra
from palaestra.benchmarks.interleaved import Contender, interleaved
from palaestra.benchmarks.report import Report, Row, Settings, command
from palaestra.core.arrays import backend
from palaestra.theory.social.consensus import consensus_weights
from palaestra.theory.social.mixing import Mixing
from palaestra.theory.social.small_world import small_world

AGENTS = 50


def rounds(lanes: int, count: int, near: int = 4) -> Callable[[], object]:
    """`count` rounds of (1 - beta) T p + beta a in `lanes` lanes."""
    mixing = Mixing(small_world(AGENTS, near, 0.1).weights)
    mixing.place(backend())
    rng = np.random.default_rng(0)
    start, ai = rng.normal(size=(AGENTS, lanes)), rng.normal(size=lanes)
    reliance = rng.uniform(0.1, 0.5, (AGENTS, lanes))
    kept, pull = 1.0 - reliance, reliance * ai

    def play() -> object:
        beliefs = start
        for _ in range(count):
            beliefs = mixing(beliefs)
            beliefs *= kept
            beliefs += pull
        return beliefs

    return play


def stepped(lanes: int, count: int) -> Callable[[], object]:
    """`count` rounds of the environment in `lanes` lanes; the draw of societies is not timed."""
    batch = palaestra.make_batch(
        "SocialLearning-v0", lanes, network="small_world", agents=AGENTS, design="global", horizon=10**9
    )
    batch.reset(0)
    action = np.full((lanes, 2), 0.5)

    def play() -> object:
        result: Any = None
        for _ in range(count):
            result = batch.step([action])
        return result

    return play


def together(parts: list[Callable[[], object]]) -> Callable[[], object]:
    """A thread each."""
    pool = ThreadPoolExecutor(len(parts))
    return lambda: [done.result() for done in [pool.submit(part) for part in parts]]


def measure(settings: Settings) -> list[Report]:
    """The table of social learning."""
    lanes, count, large = (64, 5, 3000) if settings.quick else (10_000, 100, 100_000)
    # Blocks of lanes that stay in a core's own cache; lanes do not know of each other.
    block = min(lanes // 2, 250)
    blocks = lanes // block
    halves = [[rounds(block, count) for _ in range(blocks // 2)] for _ in range(2)]
    contenders = [
        Contender("kernel", rounds(lanes, count), AGENTS * lanes * count),
        Contender("kernel, two threads", together([_after_another(half) for half in halves]), AGENTS * lanes * count),
        Contender("environment", stepped(lanes, max(count // 10, 1)), AGENTS * lanes * max(count // 10, 1)),
        Contender("few ties", rounds(lanes, count, 4), AGENTS * lanes * count),
        Contender("many ties", rounds(lanes, count, 16), AGENTS * lanes * count),
    ]
    times = interleaved(contenders, min(settings.turns, 5), 0.01, settings.cpu_time)
    started = perf_counter()
    network = small_world(large, 10, 0.1)
    made = perf_counter() - started
    beta, alpha = np.random.default_rng(0).uniform(0.1, 0.5, large), np.full(large, 1.0 / large)
    started = perf_counter()
    consensus_weights(network, alpha, beta, 0.9)
    solved = perf_counter() - started
    rows = (
        Row("kernel, one thread", times.rate("kernel") / 1e6, "M agent-updates/s"),
        Row("kernel, two threads", times.rate("kernel, two threads") / 1e6, "M agent-updates/s", 100.0),
        Row("environment, one thread", times.rate("environment") / 1e6, "M agent-updates/s"),
        Row("time of four times the ties", times.times_as_long("many ties", "few ties"), "x", 4.0, "lower"),
        Row(f"drawing {large:,} agents", made, "s"),
        Row(f"closed form of {large:,} agents", solved, "s", 10.0, "lower"),
    )
    note = f"{lanes:,} lanes of {AGENTS} agents, {count} rounds; a small world of 4 (or 16, or 10) ties an agent."
    return [Report("Social learning", rows, note)]


def _after_another(parts: list[Callable[[], object]]) -> Callable[[], object]:
    return lambda: [part() for part in parts]


def main(arguments: list[str] | None = None) -> None:
    """Print the table."""
    command(measure, __doc__ or "", arguments)


if __name__ == "__main__":
    main()
