"""The command line: `palaestra list | show | run | bench | compare | check | replay | demo | submit | verify`.

Commands are thin; their work is done in `leaderboards`. Everything heavy is imported inside a command, so that `--help`
and `list` answer at once. Results go to standard output, progress and errors to standard error. Exit codes: 0 all well,
1 a check, a verification or a job failed, 2 bad input.
"""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from .core.errors import ContractBroken, PalaestraError, ReplayMismatch
from .leaderboards.command_groups import add_groups

if TYPE_CHECKING:
    from rich.console import RenderableType

    from .leaderboards.standings import Standings

app = typer.Typer(
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
    help="Environments for learning with, against and from others, with the agents and the truth to measure against.",
)

AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON document and nothing else.")]
Options = Annotated[
    list[str] | None,
    typer.Option("--option", help="key=value of the environment; repeat. Values are read as JSON or text."),
]
Agents = Annotated[
    list[str] | None,
    typer.Option("--agent", help='A name, "Name(option=value)" or module:attribute of your own; repeat.'),
]
Seeds = Annotated[int | None, typer.Option(help="Lanes of each scenario.", min=1)]
Workers = Annotated[int, typer.Option(help="Processes; 0: one a core.", min=0)]
Out = Annotated[Path, typer.Option(help="Folder of the results. What is finished there is not run again.")]
Fresh = Annotated[bool, typer.Option("--fresh", help="Run everything again, in a new folder beside --out.")]
Demo = Annotated[bool, typer.Option("--demo", help="The track's small size.")]
Engine = Annotated[str, typer.Option(help="Where jobs run: local (processes on this machine).")]


def _examples(*lines: str) -> str:
    return "[bold]Examples[/bold]\n\n" + "\n\n".join(f"  {line}".replace("[", "\\[") for line in lines)


def _print(document: Any, text: RenderableType | None, as_json: bool) -> None:
    if as_json:
        sys.stdout.write(json.dumps(document, indent=2, default=str) + "\n")
        return
    from rich.console import Console

    Console().print(text)


@app.command("list", epilog=_examples("palaestra list", "palaestra list --json", "palaestra list --markdown"))
def list_members(
    as_json: AsJson = False,
    markdown: Annotated[bool, typer.Option("--markdown", help="The README's table of environments.")] = False,
) -> None:
    """List environments, agents, metrics, tracks and wrappers."""
    if markdown:
        from .leaderboards.environment_table import environment_table

        sys.stdout.write(environment_table() + "\n")
        return
    from .leaderboards.listing import listing
    from .leaderboards.show import listed

    everything = listing()
    _print(everything, listed(everything), as_json)


@app.command(epilog=_examples("palaestra show TransferGame-v0", "palaestra show Uniform --json"))
def show(name: Annotated[str, typer.Argument(metavar="ID")], as_json: AsJson = False) -> None:
    """Show the page of anything that is listed, with its live facts and options."""
    from .leaderboards.describe import describe
    from .leaderboards.show import shown

    description = describe(name)
    _print(description, shown(description), as_json)


@app.command(
    epilog=_examples(
        "palaestra run TransferGame-v0 --agent Uniform --seeds 100",
        "palaestra run TransferGame-v0 --agent Uniform=player_0 --agent my_module:MyAgent=player_1",
        "palaestra run TransferGame-v0 --agent Uniform --option game=stag_hunt --save trace.parquet",
    )
)
def run(
    env_id: Annotated[str, typer.Argument(metavar="ENV")],
    agent: Agents = None,
    seeds: Annotated[int, typer.Option(help="Lanes, seeded 0, 1, 2, ...", min=1)] = 1,
    horizon: Annotated[int | None, typer.Option(help="Steps of an episode.")] = None,
    option: Options = None,
    save: Annotated[Path | None, typer.Option(help="Write the trace: .parquet or .npz.")] = None,
    as_json: AsJson = False,
) -> None:
    """Play an environment and measure it. NAME=seat seats an agent; free seats go to the environment's partners."""
    from . import rules
    from . import run as play
    from .core.trace import check_ending
    from .leaderboards.measured import measured, measured_table
    from .leaderboards.option_text import parse_options
    from .leaderboards.progress_bar import progress_bar
    from .leaderboards.seating import seating

    if save is not None:
        check_ending(save)
    options = parse_options(option or ()) | ({} if horizon is None else {"horizon": horizon})
    facts = rules(env_id, **options).facts
    seats = seating(agent or (), facts.players, facts.partners)
    with progress_bar(env_id) as feed:
        trace = play(env_id, seats, range(seeds), options=options, progress=feed)
    if save is not None:
        trace.save(save)
    document = measured(trace)
    _print(document, None if as_json else measured_table(document), as_json)


@app.command(
    epilog=_examples(
        "palaestra bench ranking-bandit-v0 --demo",
        "palaestra bench ranking-bandit-v0 --agent my_module:MyAgent --seeds 20",
        'palaestra bench ranking-bandit-v0 --only-agents Uniform --agent "NumericHedge(rate=0.1)"',
        "palaestra bench model-routing-v0 --option table=prompts.csv --json",
    )
)
def bench(
    track: Annotated[str, typer.Argument(metavar="TRACK")],
    agent: Agents = None,
    only_agents: Annotated[str, typer.Option(help="These references alone: A,B; 'none' for none.")] = "",
    seeds: Seeds = None,
    option: Options = None,
    demo: Demo = False,
    engine: Engine = "local",
    workers: Workers = 0,
    out: Out = Path("results"),
    fresh: Fresh = False,
    as_json: AsJson = False,
) -> None:
    """Benchmark agents beside a track's references. A killed run goes on where it was."""
    from .leaderboards import tracks
    from .leaderboards.bench_command import bench_command
    from .leaderboards.tables import standings_table

    references = tracks[track].load().references
    chosen = re.split(r",(?![^(]*\))", only_agents) if only_agents else list(references)
    chosen = [] if only_agents == "none" else chosen
    agents = [*chosen, *(agent or ())]
    if not agents:
        raise PalaestraError("Nobody is left to benchmark: name an agent with --agent, or references.")
    standings = bench_command(track, agents, seeds, option or (), demo, engine, workers, out, fresh)
    _print(standings.document, standings_table(standings, _width()), as_json)
    _end(standings)


@app.command(
    epilog=_examples(
        "palaestra compare ranking-bandit-v0 --agent Uniform --agent my_module:MyAgent --seeds 50",
        "palaestra compare --game stag_hunt --agent TitForTat --agent Grim --agent AlwaysDefect --rounds 100 --json",
    )
)
def compare(
    track: Annotated[str | None, typer.Argument(metavar="[TRACK]")] = None,
    agent: Agents = None,
    game: Annotated[str | None, typer.Option(help="Round robin on this symmetric game, instead of a track.")] = None,
    rounds: Annotated[int, typer.Option(help="Rounds of a round robin's match.", min=1)] = 200,
    env: Annotated[str, typer.Option(help="Environment of the round robin.")] = "RepeatedGame-v0",
    seeds: Seeds = None,
    option: Options = None,
    demo: Demo = False,
    engine: Engine = "local",
    workers: Workers = 0,
    out: Out = Path("results"),
    fresh: Fresh = False,
    as_json: AsJson = False,
) -> None:
    """Compare two or more agents on the same seeds: head to head on a track, or in a round robin on a game."""
    from .leaderboards.bench_command import bench_command
    from .leaderboards.head_to_head import head_to_head, head_to_head_table

    if agent is None or len(agent) < 2:
        raise PalaestraError("A comparison needs at least two agents: --agent A --agent B.")
    if (track is None) == (game is None):
        raise PalaestraError("Name a track (compare TRACK), or a game for a round robin (compare --game stag_hunt).")
    if game is not None:
        from .leaderboards.tournament_command import tournament_command

        return _print(*tournament_command(agent, game, env, rounds, seeds, option or (), out), as_json)
    assert track is not None
    standings = bench_command(track, agent, seeds, option or (), demo, engine, workers, out, fresh)
    pairs = head_to_head(standings, agent)
    _print(pairs, head_to_head_table(standings, pairs), as_json)
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


@app.command(
    epilog=_examples("palaestra check TransferGame-v0", "palaestra check my_module:MyAgent --env RankingBandit-v0")
)
def check(
    target: Annotated[str, typer.Argument(help="A registered id, or module:attribute of your own.")],
    env: Annotated[str | None, typer.Option(help="The environment to check an agent on.")] = None,
    as_json: AsJson = False,
) -> None:
    """Check an environment, agent or metric against its public contract."""
    from .leaderboards.check import check as judge

    report = judge(target, env)
    document = {"subject": report.subject, "passed": list(report.passed), "notes": list(report.notes)}
    _print(document, str(report), as_json)


@app.command(
    epilog=_examples(
        "palaestra replay trace.parquet",
        "palaestra replay trace.npz --json",
        "palaestra replay routed.parquet --option table=prompts.csv",
    )
)
def replay(
    path: Annotated[Path, typer.Argument(metavar="TRACE")],
    option: Annotated[
        list[str] | None, typer.Option(help="key=PATH: which file to read where the trace names one.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Verify a saved trace by playing its actions again, and measure it."""
    from . import replay as verify
    from .leaderboards.claimed_trace import claimed_trace
    from .leaderboards.measured import measured, measured_table

    claimed = claimed_trace(path, option or ())
    document = measured(verify(claimed)) | {"rewards_verified": claimed.rewards is not None}
    if not as_json:
        told = "rewards and lengths" if claimed.rewards is not None else "actions and lengths (it holds no rewards)"
        typer.secho(f"{path}: the rules give the same {told}.", err=True)
    _print(document, None if as_json else measured_table(document), as_json)


@app.command(epilog=_examples("palaestra demo --out demo"))
def demo(
    out: Annotated[Path, typer.Option(help="Folder of results, plots and page.")] = Path("demo"),
    workers: Workers = 0,
    as_json: AsJson = False,
) -> None:
    """Benchmark the references on every track at demo size; write tables, plots and a page that opens from disk."""
    from .leaderboards.demo import demo as all_tracks

    everything = all_tracks(out, workers, None if as_json else lambda table: _print(None, table, False), _width())
    _print([standings.document for standings in everything], f"Open {out / 'index.html'}", as_json)
    failed = [failure for standings in everything for failure in standings.failures]
    if failed:
        raise typer.Exit(1)


add_groups(app)


def main() -> None:
    """Run the command line; a mistake of the user's is one line and an exit code, not a traceback."""
    try:
        app()
    except (ContractBroken, ReplayMismatch) as error:
        typer.secho(f"Failed: {error}", fg="red", err=True)
        sys.exit(1)
    except PalaestraError as error:
        typer.secho(f"Error: {error}", fg="red", err=True)
        sys.exit(2)
    except SystemExit as end:
        if end.code == 130:  # Ctrl-C, as typer passes it on
            typer.secho("Stopped. What was finished is kept: the same command goes on from there.", err=True)
        raise


if __name__ == "__main__":
    main()
