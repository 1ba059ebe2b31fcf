"""`palaestra bench` and `compare`: from the words of a command line to standings, with a progress bar."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from . import tracks
from .bench import bench
from .command_text import command_text
from .fresh_folder import fresh_folder
from .option_text import parse_options
from .progress_bar import progress_bar
from .standings import Standings


def bench_command(
    track: str,
    agents: Sequence[str],
    seeds: int | None,
    option: Sequence[str],
    demo: bool,
    engine: str,
    workers: int,
    out: Path,
    fresh: bool,
) -> Standings:
    """Run what is missing of a benchmark, and rank.

    Args:
        track: Its id.
        agents: Registered names or "module:attribute".
        seeds: Lanes a scenario, if not the track's own number.
        option: "key=value" of the environment, each.
        demo: The track's small size.
        engine: Where jobs run.
        workers: Processes; 0: one a core.
        out: Folder of the results.
        fresh: Run everything again, in a new folder beside it.

    Raises:
        PalaestraError: Input that cannot be; nothing has run then.
    """
    record, overrides = tracks[track].load(), parse_options(option)
    with progress_bar(track) as feed:
        return bench(
            record,
            agents,
            folder=fresh_folder(out) if fresh else out,
            seeds=seeds,
            overrides=overrides,
            demo=demo,
            engine=engine,
            workers=workers,
            progress=feed,
            command=command_text(record, agents, seeds, option, demo),
        )
