"""`palaestra play`: a person takes a seat."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ..core.errors import UnknownName
from .command_options import Agents, Options, examples

if TYPE_CHECKING:
    from ..core.rules import Facts
    from ..core.traces.trace import Trace

PLAY = examples(
    "palaestra play RepeatedGame-v0 --agent TitForTat --option horizon=10",
    "palaestra play MediatedGame-v0 --seat mediator_0",
    "palaestra play TransferGame-v0 --option game=stag_hunt --save mine.parquet",
)


def add_to(app: typer.Typer) -> None:
    """Give the command line its command."""
    app.command(epilog=PLAY)(play)


def play(
    env_id: Annotated[str, typer.Argument(metavar="ENV")],
    seat: Annotated[str, typer.Option(help="Yours; without it, the first that no partner usually takes.")] = "",
    agent: Agents = None,
    option: Options = None,
    seed: Annotated[int | None, typer.Option(help="Of the episode; without it, a fresh one.", min=0)] = None,
    save: Annotated[Path | None, typer.Option(help="Write the trace: .parquet or .npz.")] = None,
) -> None:
    """Take a seat yourself: see what its player sees, type actions, and hear at the end how you did.

    The other seats go to --agent, else to the environment's partners, else to Uniform.
    """
    from secrets import randbits

    from .. import rules, run
    from ..core.traces.trace_file import check_ending
    from .guard import guard_user_code
    from .parse_options import parse_options
    from .person import Left, Person

    if save is not None:
        check_ending(save)
    options = parse_options(option or ())
    facts = rules(env_id, **options).facts
    seats = _seats(facts, seat, agent or ())
    own = next(name for name, sitting in seats.items() if not sitting)
    chosen = randbits(31) if seed is None else seed
    typer.echo(f"{env_id}, seed {chosen}. You are {own}.")
    for name, sitting in seats.items():
        if sitting:
            typer.echo(f"{name} is {sitting}.")
    try:
        with guard_user_code(", ".join(filter(None, seats.values()))):
            trace = run(env_id, {**seats, own: Person(own)}, (chosen,), options=options)
    except Left:
        typer.echo("\nYou have left; nothing is scored.")
        return
    _tell(trace, facts)
    if save is not None:
        trace.save(save)
        typer.echo(f"The trace is in {save}; `palaestra replay {save}` plays it again.")


def _seats(facts: Facts, seat: str, agents: Sequence[str]) -> dict[str, str]:
    """Seat -> agent, in the seats' order; "" is the person's."""
    from ..core.errors import PalaestraError
    from .seating import seating

    if seat and seat not in facts.players:
        raise UnknownName("seat", seat, facts.players)
    open_to_people = [player for player in facts.players if player not in facts.partners]
    own = seat or (open_to_people or list(facts.players))[0]
    others = [player for player in facts.players if player != own]
    if agents and not others:
        raise PalaestraError(f"--agent {agents[0]}: you have the only seat, {own}.")
    sitting = {**dict.fromkeys(others, "Uniform"), **facts.partners}
    taken = seating(agents, others, sitting)
    return {player: taken[player].name if player in taken else "" for player in facts.players}


def _tell(trace: Trace, facts: Facts) -> None:
    """The score of the person's lane on every metric, beside the optimum."""
    from rich.box import SIMPLE_HEAD
    from rich.console import Console
    from rich.table import Table

    from .. import evaluate
    from ..metrics import metrics

    table = Table(title="How it went", title_justify="left", box=SIMPLE_HEAD)
    for heading in ("metric", "value", "better", "optimum", "unit"):
        table.add_column(heading, overflow="fold")
    for name, values in evaluate(trace).items():
        metric = metrics[name].load()
        optimum = "" if metric.optimum is None else f"{metric.optimum:g}"
        table.add_row(name, f"{float(values[0]):.4g}", metric.better or "", optimum, metric.unit)
    console = Console(markup=False, emoji=False)
    console.print(table)
    if facts.truth:
        console.print(f"The optimum: {facts.truth}")
