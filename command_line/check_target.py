"""`palaestra check`: find out what a name refers to, and check it against its public contract."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from rich.console import Group
from rich.table import Table
from rich.text import Text

from ..agents import agents
from ..core.agent_spec import AgentSpec
from ..core.errors import PalaestraError, UnknownName
from ..leaderboards.catalogue.short_rules import short_rules
from ..leaderboards.tracks.track_contract import check_track, known_metric
from .check_named_agent import check_named_agent

if TYPE_CHECKING:
    from ..core.contract import Report
    from ..core.metric import Metric
    from ..core.rules import Rules


def check_target(target: str, env_id: str | None = None, track_id: str | None = None) -> Report:
    """Check a registered environment, agent, metric or track, the user's own "module:attribute", or a saved model.

    Args:
        target: The name; an agent's may have options in brackets. Or the .zip file of a Stable-Baselines3 model.
        env_id: The environment an agent is checked on; default: the first that it says it plays.
        track_id: The track an agent is checked on instead, in every scenario.

    Raises:
        ContractBroken: The first clause that does not hold.
        PalaestraError: A target that is none of these.
    """
    from ..core.saved_model import is_saved_model
    from ..core.target import meant_targets, named_call
    from ..leaderboards.catalogue.listing import registries

    if env_id and track_id:
        raise PalaestraError("--env and --track are both given. A track has its own environment: leave --env out.")
    rooms, (name, _) = registries(), named_call(target)
    if name in rooms["agent"] or is_saved_model(target):
        return check_named_agent(target, env_id, track_id)
    if target in rooms["environment"]:
        member = rooms["environment"][target]
        return _check_environment(member.make, member.load(), target)
    if target in rooms["metric"]:
        return _check_metric(rooms["metric"][target].load())
    if target in rooms["track"]:
        return check_track(rooms["track"][target].load())
    if ":" in name:
        return _check_own(agents.spec(target), env_id, track_id)
    if meant := meant_targets(target):
        raise PalaestraError(f"There is no {target!r} in the suite. Did you mean {' or '.join(meant)}?")
    known = [name for room in ("environment", "agent", "metric", "track") for name in rooms[room]]
    raise UnknownName(
        "environment, agent, metric or track (or module:attribute, or a saved model's .zip file)",
        target,
        known,
        "palaestra list",
    )


def _check_own(spec: AgentSpec, env_id: str | None, track_id: str | None) -> Report:
    from ..core.metric import Metric
    from ..core.rules import Rules
    from ..leaderboards.tracks.track import Track

    found, target = spec.maker, spec.name
    if isinstance(found, Track):
        return check_track(found)
    if isinstance(found, Metric):
        return _check_metric(found)
    if isinstance(found, type) and issubclass(found, Rules):
        return _check_environment(found, found, target)
    if callable(getattr(found, "predict", None)) and not isinstance(found, type):
        return check_named_agent(spec, env_id, track_id)
    if hasattr(found, "action_space") or (isinstance(found, type) and hasattr(found, "step")):
        raise PalaestraError(
            f"{target!r} is a finished environment, but the contract is about rules (palaestra.Rules), from which "
            f"environments are made. Write the game as rules, as docs/how_to/add_an_environment.md shows, or check "
            f"the environment with gymnasium.utils.env_checker.check_env or pettingzoo.test.parallel_api_test."
        )
    if hasattr(found, "act") or hasattr(found, "predict"):
        return check_named_agent(spec, env_id, track_id)
    if callable(found) and (env_id or track_id):
        return check_named_agent(spec, env_id, track_id)
    made = found() if callable(found) and not _required(found) else None
    if isinstance(made, Rules):
        return _check_environment(found, found, target)
    if isinstance(made, Metric):
        return _check_metric(made)
    raise PalaestraError(
        f"{target!r} ({found!r}) is neither rules (a Rules class or a function that returns one), nor an agent (reset, "
        "act, learn; a plain policy function needs --env or --track), nor a Metric or a function that "
        "returns one, nor a Track."
    )


def _required(maker: Callable[..., Any]) -> bool:
    """Whether it cannot be called without arguments: a policy, and no maker of rules."""
    from inspect import Parameter

    from ..core.registry import options_of

    return any(parameter.default is Parameter.empty for parameter in options_of(maker).values())


def _check_environment(make: Callable[..., Rules[Any]], maker: Any, target: str) -> Report:
    from ..core.contract import check_environment
    from ..core.contract.report import judge

    report = check_environment(short_rules(make, maker), name=target)
    named = judge(target, (its_metrics_exist,), make().facts.metrics)
    return replace(report, passed=report.passed + named.passed, promises=report.promises + named.promises)


def its_metrics_exist(names: tuple[str, ...]) -> None:
    """Every metric that its facts name is registered, or module:attribute."""
    for name in names:
        known_metric(name)


def _check_metric(found: Metric) -> Report:
    from ..core.contract import check_metric

    return check_metric(found)


def report_table(report: Report) -> Group:
    """The verdict, a line a clause with what it promises, and what could not be checked."""
    clauses = Table(box=None, show_header=False, padding=(0, 1))
    clauses.add_column(overflow="fold", ratio=2)
    clauses.add_column(overflow="fold", ratio=3, style="dim")
    for name, promise in zip(report.passed, report.promises, strict=True):
        clauses.add_row(Text(f"✓ {name}"), Text(promise))
    notes = [Text(f"Note: {note}.") for note in report.notes]
    verdict = f"{report.subject} keeps the contract: {len(report.passed)} clauses hold."
    return Group(Text(verdict), clauses, *notes)
