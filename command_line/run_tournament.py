"""The work of `palaestra compare --game`: a round robin, its analysis and its picture."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..core.errors import PalaestraError
from ..core.files import write_atomically

if TYPE_CHECKING:
    from rich.console import Group

    from .run_bench import Where


def run_tournament(
    agents: Sequence[str],
    game: str,
    env_id: str,
    rounds: int,
    seeds: int | None,
    option: Sequence[str],
    where: Where,
) -> tuple[dict[str, Any], Group]:
    """Play, analyse, and draw `tournament-GAME.svg` in the folder of the results.

    Args:
        agents: Names.
        game: Of the base game, as `--option game=` reads it.
        env_id: The environment.
        rounds: Of a match.
        seeds: Lanes; None: 20.
        option: Further options of the environment, key=value.
        where: Where the pairs are played; their traces go to `round-robin/` in the folder of the results.

    Returns:
        The document and the tables.
    """
    from rich.console import Group
    from rich.text import Text

    from ..core.progress_bar import progress_bar
    from ..leaderboards.plots.plot_style import save_figure
    from ..leaderboards.sweeps.engines import find_engine
    from ..leaderboards.sweeps.lazy_engine import lazy_engine
    from ..leaderboards.tournament.analysis import TournamentAnalysis
    from ..leaderboards.tournament.tournament import tournament
    from ..leaderboards.tournament.tournament_plot import tournament_plot
    from ..leaderboards.tournament.tournament_table import tournament_table
    from .guard import guard_user_code, stdout_to_stderr
    from .parse_options import parse_options
    from .run_bench import fresh_folder

    options = parse_options([f"game={game}", *option])
    if "horizon" in options:
        raise PalaestraError("A round robin has no option horizon: set the length of its matches with --rounds.")
    engine = lazy_engine(find_engine(where.engine), where.workers, where.address)
    out, title = fresh_folder(where.out) if where.fresh else where.out, f"{env_id}, {game}"[:60]
    with stdout_to_stderr(), guard_user_code(f"One of {', '.join(agents)}"), progress_bar(title) as feed:
        played = tournament(
            agents,
            options,
            env_id=env_id,
            rounds=rounds,
            seeds=seeds or 20,
            progress=feed,
            engine=engine,
            folder=out / "round-robin",
        )
    analysis = TournamentAnalysis.of(played)
    name = re.sub(r"[^A-Za-z0-9]+", "-", Path(game).stem).strip("-")[:40] or "game"
    plot = out / f"tournament-{name}.svg"
    with write_atomically(plot) as temporary:
        save_figure(tournament_plot(analysis), temporary, "svg")
    document = analysis.document | {"plot": str(plot)}
    return document, Group(tournament_table(analysis), Text(f"Picture: {plot}", "dim"))
