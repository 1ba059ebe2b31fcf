"""Data acquisition: the smallest data set of 10 x 10 grids (d = 180), and certificates cost by cost on 5 x 5 (d = 40).

The smallest data set is proved with mixed-integer programs: how many, their branch-and-bound nodes and the greatest gap
that was left are reported beside the seconds. The pointwise algorithm runs until each cost's decision is certain.

Run: python benchmarks/data_acquisition.py [--quick] [--cpu-time] [--json | --markdown]
"""

from __future__ import annotations

from time import perf_counter, process_time

import numpy as np
from palaestra.benchmarks.report import Report, Row, Settings, command
from palaestra.theory.acquisition.cost_box import CostBox
from palaestra.theory.acquisition.cost_ellipsoid import CostEllipsoid
from palaestra.theory.acquisition.cost_set import CostSet
from palaestra.theory.acquisition.grid_path import GridPath
from palaestra.theory.acquisition.minimal_data_set import minimal_data_set
from palaestra.theory.acquisition.pointwise import pointwise_step


def smallest(size: int, cpu_time: bool) -> Report:
    """The corridor, and boxes of less and of more uncertainty."""
    now = process_time if cpu_time else perf_counter
    program, rng = GridPath(size), np.random.default_rng(0)
    band = np.where(program.corridor(), 10.0, 100.0)
    centre = rng.uniform(1.0, 2.0, program.dimension)
    share = rng.uniform(0.2, 1.0, program.dimension)
    instances = {"corridor": CostBox(band - 1.0, band + 1.0)}
    instances |= {
        f"width {width}": CostBox(centre - width * share, centre + width * share) for width in (0.05, 0.1, 0.2)
    }
    rows: list[Row] = []
    notes = []
    for name, costs in instances.items():
        started = now()
        found = minimal_data_set(program, costs)
        rows.append(Row(f"smallest data set, {name}", now() - started, "s", 60.0, "lower"))
        notes.append(
            f"{name}: d* = {found.size}, {found.searches} programs, {found.nodes:,} nodes, greatest gap {found.gap:.0e}"
        )
    title = f"Smallest data set of paths on a {size} x {size} grid, d = {program.dimension}"
    return Report(title, tuple(rows), "; ".join(notes) + ".")


def pointwise(size: int, costs_each: int, cpu_time: bool) -> Report:
    """Seconds until one decision is certain, on a ball and on a box."""
    now = process_time if cpu_time else perf_counter
    program, rng = GridPath(size), np.random.default_rng(1)
    band = np.where(program.corridor(), 10.0, 100.0)
    sets: dict[str, CostSet] = {
        "ball": CostEllipsoid(band, np.ones(program.dimension)),
        "box": CostBox(band - 1.0, band + 1.0),
    }
    rows, notes = [], []
    for name, costs in sets.items():
        seconds, measured, solved = [], [], 0
        for _ in range(costs_each):
            ray = rng.normal(size=program.dimension)
            cost, started = band + 0.9 * ray / np.linalg.norm(ray), now()
            directions = np.zeros((0, program.dimension))
            while True:
                step = pointwise_step(program, costs, directions, directions @ cost)
                solved += step.solved
                if step.direction is None:
                    break
                directions = np.vstack([directions, step.direction])
            seconds.append(now() - started)
            measured.append(len(directions))
        rows.append(Row(f"certain decision, {name}, slowest", max(seconds), "s", 1.0, "lower"))
        rows.append(Row(f"certain decision, {name}, median", float(np.median(seconds)), "s", None, "lower"))
        notes.append(f"{name}: {np.mean(measured):.1f} measurements and {solved / costs_each:.0f} minimisations a cost")
    title = f"Pointwise algorithm in the corridor of a {size} x {size} grid, d = {program.dimension}"
    return Report(title, tuple(rows), f"{costs_each} costs; " + "; ".join(notes) + ".")


def measure(settings: Settings) -> list[Report]:
    """Both tables."""
    if settings.quick:
        return [smallest(4, settings.cpu_time), pointwise(3, 2, settings.cpu_time)]
    return [smallest(10, settings.cpu_time), pointwise(5, 20, settings.cpu_time)]


def main(arguments: list[str] | None = None) -> None:
    """Print the tables."""
    command(measure, __doc__ or "", arguments)


if __name__ == "__main__":
    main()
