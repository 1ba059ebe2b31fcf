"""The work of `palaestra bench` and `compare`: from the command line's words to standings, with a progress bar."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any

from ..core.progress_bar import progress_bar
from ..leaderboards.sweeps.bench import bench
from ..leaderboards.sweeps.standings import Standings
from ..leaderboards.sweeps.work_estimate import WorkEstimate
from ..leaderboards.tracks import tracks
from ..leaderboards.tracks.track import Track
from .guard import guard_user_code, stdout_to_stderr
from .parse_options import parse_options


@dataclass(frozen=True)
class Where:
    """Where jobs run and where their results go; the results themselves do not depend on it.

    Attributes:
        engine: The engine's name.
        address: Of the Ray cluster, or "".
        workers: Jobs at once; 0: one a core.
        out: Folder of the results.
        fresh: Run everything again, in a new folder beside it.
    """

    engine: str
    address: str
    workers: int
    out: Path
    fresh: bool


def run_bench(
    track: str, agents: Sequence[str], seeds: int | None, option: Sequence[str], demo: bool, where: Where
) -> tuple[Standings, dict[str, Any]]:
    """Say what is missing of a benchmark, run it, and rank.

    Args:
        track: Its id.
        agents: Registered names or "module:attribute".
        seeds: Lanes a scenario, if not the track's own number.
        option: "key=value" of the environment, each.
        demo: The track's small size.
        where: Where jobs run and results go.

    Returns:
        The standings, and the estimate of the work as plain values.

    Raises:
        PalaestraError: Input that cannot be; nothing has run then.
    """
    record, overrides = tracks.find(track).load(), parse_options(option)
    estimates: list[WorkEstimate] = []
    with stdout_to_stderr(), guard_user_code(f"One of {', '.join(agents)}"), progress_bar(track) as feed:

        def announce(estimate: WorkEstimate) -> None:
            estimates.append(estimate)
            if estimate.missing:
                feed.say(estimate.text)

        standings = bench(
            record,
            agents,
            folder=fresh_folder(where.out) if where.fresh else where.out,
            seeds=seeds,
            overrides=overrides,
            demo=demo,
            engine=where.engine,
            workers=where.workers,
            address=where.address,
            progress=feed,
            announce=announce,
            command=command_text(record, agents, seeds, option, demo),
        )
    return standings, estimates[0].document


def command_text(track: Track, agents: Sequence[str], seeds: int | None, options: Sequence[str], demo: bool) -> str:
    """A `palaestra bench` line for a shell, without what is the default."""
    words = ["palaestra", "bench", track.track_id]
    left = [agent for agent in track.references if agent in agents]
    if left != list(track.references):
        words += ["--only-agents", ",".join(left) or "none"]
    for agent in agents:
        if agent not in left:
            words += ["--agent", agent]
    words += [] if seeds is None else ["--seeds", str(seeds)]
    for option in options:
        words += ["--option", option]
    return shlex.join(words + (["--demo"] if demo else []))


def fresh_folder(folder: Path) -> Path:
    """`folder` itself where it does not exist yet, else the first free of `folder-2`, `folder-3`, ..."""
    if not folder.exists():
        return folder
    return next(free for n in count(2) if not (free := folder.with_name(f"{folder.name}-{n}")).exists())
