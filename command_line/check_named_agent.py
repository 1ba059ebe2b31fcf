"""Check an agent against its contract: on an environment, or in every scenario of a track."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

from ..agents import agents
from ..core.agent_spec import AgentSpec
from ..core.errors import PalaestraError
from ..leaderboards.catalogue.short_rules import short_rules

if TYPE_CHECKING:
    from ..core.contract import Report
    from ..leaderboards.tracks.track import Track


def check_named_agent(target: str | AgentSpec, env_id: str | None = None, track_id: str | None = None) -> Report:
    """Check an agent.

    Args:
        target: A registered name or "module:attribute", with options in brackets if wanted; or its spec.
        env_id: The environment it is checked on; default: the first that it says it plays.
        track_id: The track whose scenarios it is checked in instead, with the options of its small size.

    Raises:
        ContractBroken: The first clause that does not hold.
        PalaestraError: An agent that cannot be made, or that does not say what it plays.
    """
    from ..leaderboards.tracks import tracks

    spec = agents.spec(target)
    if track_id is not None:
        return _on_track(spec, tracks.find(track_id).load())
    played = env_id or next(iter(spec.traits.plays), None)
    if played is None:
        raise PalaestraError(
            f"{spec.name!r} does not say what it plays: add --env ID or --track TRACK, or set its `plays`."
        )
    return _on_environment(spec, played, {}, None, f"{spec.name} on {played}")


def _on_track(spec: AgentSpec, track: Track) -> Report:
    """The contract in every scenario, and one episode of the length of a demo, as `bench --demo` would play it."""
    from ..core.contract.report import judge

    target, reports = spec.name, []
    for scenario in track.scenarios:
        name, options = f"{target} on {track.track_id}, {scenario}", track.options(scenario, {}, demo=True)
        report = _on_environment(spec, track.env_id, options, track.seated(scenario), name)
        played = judge(name, (a_demo_episode_is_played_to_its_end,), (spec, track, scenario))
        reports.append((scenario, report, played))
    whole, played = reports[0][1:]
    return replace(
        whole,
        subject=f"{target} on {track.track_id} ({', '.join(track.scenarios)})",
        passed=whole.passed + played.passed,
        promises=whole.promises + played.promises,
        notes=tuple(f"{scenario}: {note}" for scenario, report, _ in reports for note in report.notes),
    )


def a_demo_episode_is_played_to_its_end(case: tuple[AgentSpec, Track, str]) -> None:
    """Two lanes of an episode of demo size are played and measured as in a benchmark."""
    from .. import evaluate, rules, run

    spec, track, scenario = case
    options, seated = track.options(scenario, {}, demo=True), track.seated(scenario)
    built = rules(track.env_id, **options)
    seats = {player: seated.get(player, spec) for player in built.facts.players}
    trace = run(track.env_id, seats, range(2), options=options, action_bits=track.action_bits, built=built)
    evaluate(trace, track.metrics)


def _on_environment(
    spec: AgentSpec, env_id: str, options: dict[str, Any], seated: dict[str, str] | None, name: str
) -> Report:
    """The contract of an agent. It takes the seats that are not in `seated`; None: those of its own sort."""
    from ..core.contract import check_agent
    from ..envs import environments

    member = environments.find(env_id)
    make_rules = partial(short_rules(partial(member.make, **options), member.load()), **spec.traits.options)
    sort = spec.traits.seats if seated is None else ""
    if seated is None:
        found = make_rules().facts.partners.items()
        seated = {seat: partner for seat, partner in found if not seat.startswith(sort)}
    partners: dict[str, Callable[[], Any]] = {seat: agents.spec(agent).make for seat, agent in seated.items()}
    return check_agent(spec.make, make_rules, partners, env_id=env_id, name=name, sort=sort)
