"""`palaestra bench` and `palaestra compare`."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ..core.errors import PalaestraError
from .command_options import Address, Agents, AsJson, Demo, Engine, Fresh, Options, Out, Seeds, Workers, examples
from .print_document import print_document

if TYPE_CHECKING:
    from ..leaderboards.sweeps.standings import Standings

BENCH = examples(
    "palaestra bench ranking-bandit-v0 --demo",
    "palaestra bench ranking-bandit-v0 --agent my_module:MyAgent --seeds 20",
    'palaestra bench ranking-bandit-v0 --only-agents Uniform --agent "NumericHedge(rate=0.1)"',
    "palaestra bench model-routing-v0 --option table=prompts.csv --json",
    "palaestra bench my_module:TRACK --demo",
    "palaestra bench ranking-bandit-v0 --engine ray --address 10.0.0.1:6379",
)
COMPARE = examples(
    "palaestra compare ranking-bandit-v0 --agent Uniform --agent my_module:MyAgent --seeds 50",
    "palaestra compare --game stag_hunt --agent TitForTat --agent Grim --agent AlwaysDefect --rounds 100 --json",
)


def add_to(app: typer.Typer) -> None:
    """Give the command line its two commands."""
    app.command(epilog=BENCH)(bench)
    app.command(epilog=COMPARE)(compare)


def bench(
    track: Annotated[str, typer.Argument(metavar="TRACK")],
    agent: Agents = None,
    only_agents: Annotated[str, typer.Option(help="Run only these reference agents (A,B), or 'none' of them.")] = "",
    seeds: Seeds = None,
    option: Options = None,
    demo: Demo = False,
    engine: Engine = "local",
    address: Address = "",
    workers: Workers = 0,
    out: Out = Path("results"),
    fresh: Fresh = False,
    as_json: AsJson = False,
) -> None:
    """Benchmark agents next to a track's reference agents. A killed run resumes where it stopped."""
    from ..leaderboards.tracks import tracks
    from .run_bench import Where, run_bench
    from .standings_table import standings_table

    references = tracks.find(track).load().references
    chosen = re.split(r",(?![^(]*\))", only_agents) if only_agents else list(references)
    chosen = [] if only_agents == "none" else chosen
    agents = [*chosen, *(one for one in agent or () if one not in chosen)]
    if not agents:
        raise PalaestraError("There is no agent to benchmark: name one with --agent, or keep some references.")
    where = Where(engine, address, workers, out, fresh)
    standings, estimate = run_bench(track, agents, seeds, option or (), demo, where)
    document = {**standings.document, "estimate": estimate}
    print_document(document, standings_table(standings, _width()), as_json)
    _end(standings)


def compare(
    track: Annotated[str | None, typer.Argument(metavar="[TRACK]")] = None,
    agent: Agents = None,
    game: Annotated[
        str | None, typer.Option(help="Play a round robin on this symmetric game instead of a track.")
    ] = None,
    rounds: Annotated[int, typer.Option(help="Rounds per match of the round robin.", min=1)] = 200,
    env: Annotated[str, typer.Option(help="Environment of the round robin.")] = "RepeatedGame-v0",
    seeds: Seeds = None,
    option: Options = None,
    demo: Demo = False,
    engine: Engine = "local",
    address: Address = "",
    workers: Workers = 0,
    out: Out = Path("results"),
    fresh: Fresh = False,
    as_json: AsJson = False,
) -> None:
    """Compare two or more agents on the same seeds: head to head on a track, or in a round robin on a game."""
    from ..leaderboards.sweeps.head_to_head import head_to_head
    from .pairs_table import pairs_table
    from .run_bench import Where, run_bench

    if agent is None or len(agent) < 2:
        raise PalaestraError("A comparison needs at least two agents: --agent A --agent B.")
    if (track is None) == (game is None):
        raise PalaestraError("Name a track (compare TRACK), or a game for a round robin (compare --game stag_hunt).")
    if game is not None:
        from .run_tournament import run_tournament

        if demo:
            raise PalaestraError(
                "--demo is the small size of a track. For a game, choose the size with --rounds and --seeds."
            )
        where = Where(engine, address, workers, out, fresh)
        return print_document(*run_tournament(agent, game, env, rounds, seeds, option or (), where), as_json)
    assert track is not None
    where = Where(engine, address, workers, out, fresh)
    standings, estimate = run_bench(track, agent, seeds, option or (), demo, where)
    pairs = head_to_head(standings, agent)
    print_document({**pairs, "estimate": estimate}, pairs_table(standings, pairs), as_json)
    _end(standings)


def _width() -> int:
    from rich.console import Console

    return Console().width


def _end(standings: Standings) -> None:
    """Say what failed, and leave with 1 if anything did."""
    for failure in standings.failures:
        typer.secho(f"Failed: {failure.job.title}: {failure.message}", fg="red", err=True)
    if standings.failures:
        raise typer.Exit(1)
