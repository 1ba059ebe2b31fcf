"""SETE on a sparse polymatrix game of 100 players, 5 actions and 1,000 edges: seconds and memory.

Timed in a process of its own: projected gradient ascent on welfare to a stationary point and best responses to a pure
one, the contract, and then a round of `TransferGame-v0` with a Sete agent in each of the 100 seats, which share the
solution. Memory is that process's peak, interpreter, imports and the round included.

Run: python benchmarks/sete.py [--quick] [--cpu-time] [--json | --markdown]
"""

from __future__ import annotations

import json
import subprocess
import sys
from statistics import median

from palaestra.benchmarks.report import Report, Row, Settings, command

PROGRAM = """
import json, re
from time import {clock} as now
import palaestra
from palaestra.theory.games.random_games import sparse_polymatrix
from palaestra.theory.games.sete import sete_contract
from palaestra.theory.games.stationary_profile import stationary_profile

game = sparse_polymatrix({players}, {actions}, {edges}, {seed})
started = now()
profile = stationary_profile(game, "projected_gradient")
solved = now()
contract = sete_contract(game, profile)
built = now()
palaestra.run("TransferGame-v0", "Sete", options={{"game": game}})
played = now()
print(json.dumps({{
    "ascent": solved - started,
    "contract": built - solved,
    "play": played - built,
    # getrusage would count the process this one was forked from as well.
    "peak": int(re.search(r"VmHWM:\\s+(\\d+)", open("/proc/self/status").read())[1]) / 2**20,
}}))
"""


def solve(players: int, actions: int, edges: int, seed: int, clock: str) -> dict[str, float]:
    """Seconds and GiB of one solution in a fresh process."""
    program = PROGRAM.format(players=players, actions=actions, edges=edges, seed=seed, clock=clock)
    done = subprocess.run([sys.executable, "-c", program], stdout=subprocess.PIPE, text=True, check=True)
    return {key: float(value) for key, value in json.loads(done.stdout).items()}


def measure(settings: Settings) -> list[Report]:
    """The table of SETE."""
    players, actions, edges = (10, 3, 15) if settings.quick else (100, 5, 1000)
    clock = "process_time" if settings.cpu_time else "perf_counter"
    runs = [solve(players, actions, edges, seed, clock) for seed in range(min(settings.turns, 5))]
    whole = [run["ascent"] + run["contract"] for run in runs]
    rows = (
        Row("ascent to a pure stationary profile, median", median(run["ascent"] for run in runs), "s", None, "lower"),
        Row("transfers and threats, median", median(run["contract"] for run in runs), "s", None, "lower"),
        Row("both, slowest game", max(whole), "s", 10.0, "lower"),
        Row("then a round of play, all seats, median", median(run["play"] for run in runs), "s", None, "lower"),
        Row("peak memory of the process", max(run["peak"] for run in runs), "GiB", 1.0, "lower"),
    )
    title = f"SETE on polymatrix games: {players} players, {actions} actions, {edges:,} edges"
    return [Report(title, rows, f"{len(runs)} random games (seeds 0 to {len(runs) - 1}), a process each.")]


def main(arguments: list[str] | None = None) -> None:
    """Print the table."""
    command(measure, __doc__ or "", arguments)


if __name__ == "__main__":
    main()
