"""The top-level commands and `main`; each group of commands has its own file (`command_groups`).

Commands are thin; their work is done in `leaderboards`. Everything heavy is imported inside a command, so that `--help`
and `list` answer at once. Results go to standard output, progress and errors to standard error. Exit codes: 0 all well,
1 a check, a verification or a job failed, 2 bad input.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from ..core.errors import ContractBroken, PalaestraError, ReplayMismatch
from ..core.version import VERSION
from .bench_commands import add_to as add_benchmarks
from .command_groups import add_groups
from .command_options import Agents, AsJson, Options, Workers, examples
from .plugin_option import PluginGroup, Plugins, split_plugins
from .print_document import print_document as _print

app = typer.Typer(
    cls=PluginGroup,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
)


def _version(asked: bool) -> None:
    if asked:
        sys.stdout.write(f"palaestra {VERSION}\n")
        raise typer.Exit


GOES_ON = (("bench",), ("compare",), ("submit",), ("demo",), ("board", "references"))
"""Commands that run what is missing, so that a stopped one loses little."""


@app.callback()
def start(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version and exit.")
    ] = False,
    plugin: Plugins = None,
) -> None:
    """Environments for learning with, against and from others, with the agents and the truth to measure against."""
    if plugin:
        from ..core.plugins import use_plugins

        use_plugins(plugin)


@app.command(
    "list",
    epilog=examples(
        "palaestra list",
        "palaestra list agents --env RankingBandit-v0",
        "palaestra list tracks --json",
        "palaestra --plugin my_module list",
    ),
)
def list_members(
    kind: Annotated[
        str | None, typer.Argument(metavar="[KIND]", help="environments, agents, metrics, tracks or wrappers.")
    ] = None,
    env: Annotated[str | None, typer.Option(help="Only what is for this environment.")] = None,
    as_json: AsJson = False,
    markdown: Annotated[bool, typer.Option("--markdown", help="Print the README's table of environments.")] = False,
) -> None:
    """List environments, agents, metrics, tracks and wrappers; one KIND of them, or those for one environment."""
    if markdown:
        from .show import environment_table

        sys.stdout.write(environment_table() + "\n")
        return
    from ..leaderboards.catalogue.listing import selected_listing
    from .show import member_list

    everything = selected_listing(kind, env)
    _print(everything, None if as_json else member_list(everything), as_json)


@app.command(
    epilog=examples(
        "palaestra show TransferGame-v0",
        "palaestra show Uniform --json",
        "palaestra show my_module:MyEnv --markdown",
    )
)
def show(
    name: Annotated[str, typer.Argument(metavar="ID")],
    as_json: AsJson = False,
    markdown: Annotated[bool, typer.Option("--markdown", help="As Markdown, for documentation of your own.")] = False,
) -> None:
    """Show the page of anything that is listed, or of module:attribute, with its facts and options."""
    from ..leaderboards.catalogue.describe import describe
    from .show import markdown_page, member_page

    description = describe(name)
    if markdown:
        sys.stdout.write(markdown_page(description))
        return
    _print(description, member_page(description), as_json)


@app.command(
    epilog=examples(
        "palaestra run TransferGame-v0",
        "palaestra run TransferGame-v0 --agent Sete --seeds 100",
        "palaestra run TransferGame-v0 --agent Uniform=player_0 --agent my_module:MyAgent=player_1",
        "palaestra run TransferGame-v0 --agent Uniform --option game=stag_hunt --save trace.parquet",
    )
)
def run(
    env_id: Annotated[str, typer.Argument(metavar="ENV")],
    agent: Agents = None,
    seeds: Annotated[int, typer.Option(help="Number of lanes; their seeds are 0, 1, 2, ...", min=1)] = 1,
    horizon: Annotated[int | None, typer.Option(help="Steps per episode.")] = None,
    option: Options = None,
    save: Annotated[Path | None, typer.Option(help="Save the trace to this file, .parquet or .npz.")] = None,
    as_json: AsJson = False,
) -> None:
    """Play an environment and measure it. NAME=SEAT seats an agent; the environment's partners fill free seats.

    Without --agent, Uniform plays: it draws every action at random.
    """
    from .. import rules
    from .. import run as play
    from ..core.progress_bar import progress_bar
    from ..core.traces.trace_file import check_ending
    from .guard import guard_user_code, stdout_to_stderr
    from .parse_options import parse_options
    from .seating import seating
    from .trace_metrics import trace_metrics, trace_metrics_table

    if save is not None:
        check_ending(save)
    if not agent:
        agent = ["Uniform"]
        typer.secho("No agent is named, so Uniform plays. Name one with --agent NAME.", err=True)
    options = parse_options(option or ()) | ({} if horizon is None else {"horizon": horizon})
    built = rules(env_id, **options)
    with stdout_to_stderr(), guard_user_code(", ".join(agent)), progress_bar(env_id) as feed:
        seats = seating(agent, built.facts.players, built.facts.partners)
        for one in seats.values():
            one.check()
        trace = play(env_id, seats, range(seeds), options=options, progress=feed, built=built)
    if save is not None:
        trace.save(save)
    document = trace_metrics(trace)
    _print(document, None if as_json else trace_metrics_table(document), as_json)


add_benchmarks(app)


def _width() -> int:
    from rich.console import Console

    return Console().width


@app.command(
    epilog=examples(
        "palaestra check TransferGame-v0",
        "palaestra check my_module:MyAgent --track ranking-bandit-v0",
        "palaestra check my_module:MyAgent --env RankingBandit-v0 --json",
        "palaestra check ppo.zip --env ModelRouting-v0",
        "palaestra check my_module:TRACK",
    )
)
def check(
    target: Annotated[
        str, typer.Argument(help="A registered id, your own module:attribute, or the .zip file of a saved SB3 model.")
    ],
    env: Annotated[
        str | None, typer.Option(help="The environment to check an agent on, with its default options.")
    ] = None,
    track: Annotated[str | None, typer.Option(help="The track to check an agent on, in every scenario.")] = None,
    as_json: AsJson = False,
) -> None:
    """Check an environment, agent, SB3 model, metric or track against its contract; exit code 1 if a clause fails."""
    from .check_target import check_target, report_table
    from .guard import guard_user_code, stdout_to_stderr

    try:
        with stdout_to_stderr(), guard_user_code(target):
            report = check_target(target, env, track)
    except ContractBroken as broken:
        failed = {"clause": broken.clause, "reason": broken.reason}
        document = {"subject": broken.subject, "passed": list(broken.passed), "failed": failed}
        if as_json:
            _print(document, None, as_json)
        raise
    document = {"subject": report.subject, "passed": list(report.passed), "notes": list(report.notes)}
    _print(document, None if as_json else report_table(report), as_json)


@app.command(
    epilog=examples(
        "palaestra replay trace.parquet",
        "palaestra replay trace.npz --json",
        "palaestra replay routed.parquet --option table=prompts.csv",
    )
)
def replay(
    path: Annotated[Path, typer.Argument(metavar="TRACE")],
    option: Annotated[
        list[str] | None, typer.Option(help="key=PATH: the file to read for an option of the trace that names a file.")
    ] = None,
    env: Annotated[
        str | None, typer.Option(help="RUN this module:attribute: the environment that the trace says it is of.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Verify a saved trace by replaying its actions, and measure it."""
    from .. import replay as verify
    from .trace_metrics import trace_metrics, trace_metrics_table
    from .untrusted_trace import load_untrusted_trace

    claimed = load_untrusted_trace(path, option or (), env)
    document = trace_metrics(verify(claimed)) | {"rewards_verified": claimed.rewards is not None}
    if not as_json:
        told = "rewards and lengths" if claimed.rewards is not None else "actions and lengths (it holds no rewards)"
        typer.secho(f"{path}: the rules give the same {told}.", err=True)
    _print(document, None if as_json else trace_metrics_table(document), as_json)


@app.command(epilog=examples("palaestra demo --out demo"))
def demo(
    out: Annotated[Path, typer.Option(help="Folder for results, plots and the page.")] = Path("demo"),
    workers: Workers = 0,
    as_json: AsJson = False,
) -> None:
    """Benchmark the reference agents on every track at demo size; write tables, plots and an HTML page."""
    from .run_demo import run_demo

    everything = run_demo(out, workers, None if as_json else lambda table: _print(None, table, False), _width())
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
    except OSError as error:
        if error.filename is None:
            raise
        typer.secho(f"Error: {error.filename}: {error.strerror}.", fg="red", err=True)
        sys.exit(2)
    except SystemExit as end:
        if end.code == 130:  # Ctrl-C, as typer passes it on
            goes_on = any(split_plugins(sys.argv[1:])[1][: len(words)] == [*words] for words in GOES_ON)
            goes_on = goes_on and "--fresh" not in sys.argv
            kept = " Finished work is kept: run the same command again to resume." if goes_on else ""
            typer.secho(f"Stopped.{kept}", err=True)
        raise
