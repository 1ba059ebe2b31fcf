"""A round robin: every agent against every agent, itself included, on a symmetric game of two players."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations_with_replacement
from pathlib import Path
from typing import Any

import numpy as np

from ...core.arrays import Array
from ...core.errors import PalaestraError
from ...core.traces.trace import Trace
from ..statistics.bootstrap import RESAMPLES
from ..statistics.estimate import Estimate
from ..sweeps.engine import Engine
from ..sweeps.execute import trace_path
from .pair_jobs import pair_jobs


@dataclass(frozen=True, eq=False)
class Tournament:
    """What was earned.

    Attributes:
        env_id: The environment.
        options: Its options, the same for every pair.
        agents: Names.
        rounds: Of a match.
        seeds: One a lane, the same for every pair.
        payoffs: float64 (seeds, n, n): what the row's agent earned a round against the column's.
    """

    env_id: str
    options: Mapping[str, Any]
    agents: tuple[str, ...]
    rounds: int
    seeds: tuple[int, ...]
    payoffs: Array

    @property
    def table(self) -> Array:
        """(n, n): mean payoffs over the seeds."""
        mean: Array = self.payoffs.mean(axis=0)
        return mean

    def estimates(self, values: Array) -> list[Estimate]:
        """Means over seeds of values (seeds, k), each with its 95% bootstrap interval over seeds.

        Seeds are resampled whole, the same for all k: one seed deals to every pair alike.
        """
        lanes, first = len(values), values[0]
        if lanes < 2:
            return [Estimate(float(one), float("nan"), float("nan")) for one in first]
        spread = values - first  # exactly 0 where nothing is drawn, and so is the interval's width
        drawn = np.random.default_rng(0).multinomial(lanes, np.full(lanes, 1.0 / lanes), size=RESAMPLES)
        means, resampled = first + spread.mean(axis=0), first + drawn @ spread / lanes
        return [Estimate.of(one, column) for one, column in zip(means, resampled.T, strict=True)]

    @property
    def scores(self) -> list[Estimate]:
        """Every agent's mean payoff over all agents, itself included (Axelrod's ranking leaves itself out)."""
        return self.estimates(self.payoffs.mean(axis=2))


def tournament(
    agents: Sequence[str],
    options: Mapping[str, Any] | None = None,
    *,
    env_id: str = "RepeatedGame-v0",
    rounds: int = 200,
    seeds: int = 20,
    progress: Callable[[float, int, str], None] | None = None,
    engine: Engine | None = None,
    folder: Path | None = None,
) -> Tournament:
    """Play every pair on the same seeds, all seeds of a pair in lock-step.

    A match of an agent with itself is played by two copies, and counts as the mean of both seats. All pairs play with
    the same options: those given, and what the agents need beside them (of several memories the longest).

    Args:
        agents: Two or more names, "Name(option=value)" or "module:attribute".
        options: Of the environment, the game among them.
        env_id: An environment of two players whose base game is fixed and symmetric.
        rounds: Of a match; a round may be several steps.
        seeds: Number of lanes; their seeds are 0, 1, 2, ...
        progress: Called with (pairs played, pairs, what runs).
        engine: Where the pairs are played, several at once; None: here, one after the other.
        folder: Where an engine stores their traces. A pair that is finished there is not played again.

    Raises:
        PalaestraError: Fewer than two agents, one twice, one that cannot be made, a game that is not symmetric, or a
            pair that could not be played.
    """
    from ... import rules

    names = tuple(agents)
    if len(names) < 2 or len(set(names)) < len(names):
        raise PalaestraError(f"A tournament needs two or more different agents; these are {list(names)}.")
    chosen = dict(options or {})
    for asked in map(_asked, names):
        for key, value in asked.items():
            mine = key in (options or {})
            if not mine:
                chosen[key] = max(chosen.get(key, value), value) if isinstance(value, int) else value
    probe = rules(env_id, **chosen)
    _check_symmetric(env_id, probe)
    chosen["horizon"] = rounds * int(probe.public.get("stages", 1))
    lanes = range(seeds)
    payoffs = np.zeros((seeds, len(names), len(names)))
    pairs = list(combinations_with_replacement(range(len(names)), 2))
    if engine is None:
        played = _played_here(names, env_id, chosen, seeds, progress)
    else:
        played = _played_by(engine, folder or Path("results"), names, env_id, chosen, seeds, progress)
    for (i, j), trace in zip(pairs, played, strict=True):
        assert trace.rewards is not None
        row, column = (reward.sum(axis=0) / rounds for reward in trace.rewards)
        if i == j:
            row = column = (row + column) / 2.0
        payoffs[:, i, j], payoffs[:, j, i] = row, column
    return Tournament(env_id, chosen, names, rounds, tuple(lanes), payoffs)


def _played_here(
    names: Sequence[str],
    env_id: str,
    options: Mapping[str, Any],
    seeds: int,
    progress: Callable[[float, int, str], None] | None,
) -> Iterator[Trace]:
    from ... import run

    pairs = list(combinations_with_replacement(names, 2))
    for done, pair in enumerate(pairs):
        yield run(env_id, [*pair], range(seeds), options=options)
        if progress:
            progress(done + 1, len(pairs), "")


def _played_by(
    engine: Engine,
    folder: Path,
    names: Sequence[str],
    env_id: str,
    options: Mapping[str, Any],
    seeds: int,
    progress: Callable[[float, int, str], None] | None,
) -> Iterator[Trace]:
    jobs = pair_jobs(names, env_id, options, seeds)
    report = None if progress is None else (lambda done, now: progress(done, len(jobs), now))
    if failures := engine.run(jobs, folder, report):
        raise PalaestraError(f"{failures[0].job.title}: {failures[0].message}")
    for job in jobs:
        yield Trace.load(trace_path(folder, job))


def _asked(name: str) -> Mapping[str, Any]:
    """The options an agent plays with where nobody chose any."""
    from ...agents import agents

    return agents.spec(name).traits.options


def _check_symmetric(env_id: str, rules: Any) -> None:
    source = getattr(rules, "source", None)
    if source is None or source.drawn or source.form.num_players != 2 or len(rules.facts.players) != 2:
        drawn = " and a game of each lane's own" if source is not None and source.drawn else ""
        raise PalaestraError(
            f"A round robin needs two seats and one fixed game. {env_id} with these options has "
            f"{len(rules.facts.players)} seats{drawn}: use RepeatedGame-v0 with a fixed game of two players."
        )
    first, second = np.asarray(source.form.normal_form().payoffs[0])
    if first.shape[0] != first.shape[1] or not np.array_equal(first, second.T):
        raise PalaestraError(
            "This game is not symmetric: what player_0 earns with (a, b) is not what player_1 earns with (b, a), so "
            "an agent does not have one payoff against another. Use prisoners_dilemma, stag_hunt, chicken, ..."
        )
