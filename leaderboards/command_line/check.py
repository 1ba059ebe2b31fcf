"""`palaestra check`: which public contract applies to a name, and whether it is kept."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from importlib import import_module
from typing import TYPE_CHECKING, Any

from ...core.errors import PalaestraError, UnknownName

if TYPE_CHECKING:
    from ...core.contract import Report
    from ...core.metric import Metric
    from ...core.rules import Rules

HORIZON = 24
"""Steps of the episodes that are played, where the rules take a horizon and their own is longer: a multiple of the
steps of a round of every game here, and long enough to learn something."""


def check(target: str, env_id: str | None = None) -> Report:
    """Check a registered environment, agent or metric, or the user's own "module:attribute".

    Args:
        target: The name.
        env_id: The environment an agent is checked on; default: the first that it says it plays.

    Raises:
        ContractBroken: The first clause that does not hold.
        PalaestraError: A target that is none of these.
    """
    from ...core.registry import load_target
    from .listing import registries

    rooms = registries()
    if target in rooms["environment"]:
        member = rooms["environment"][target]
        return _check_environment(member.make, member.load(), target)
    if target in rooms["agent"]:
        return _check_agent(rooms["agent"][target].make, target, env_id)
    if target in rooms["metric"]:
        return _check_metric(rooms["metric"][target].load(), rooms["metric"][target].module)
    if ":" not in target:
        known = [*rooms["environment"], *rooms["agent"], *rooms["metric"]]
        raise UnknownName("environment, agent or metric (or module:attribute)", target, known, "palaestra list")
    return _check_own(load_target(target), target, env_id)


def _check_own(found: Any, target: str, env_id: str | None) -> Report:
    from ...core.metric import Metric
    from ...core.rules import Rules

    if isinstance(found, Metric):
        return _check_metric(found, target.partition(":")[0])
    if isinstance(found, type) and issubclass(found, Rules):
        return _check_environment(found, found, target)
    if hasattr(found, "action_space") or (isinstance(found, type) and hasattr(found, "step")):
        raise PalaestraError(
            f"{target!r} is a finished environment. The contract is kept by rules (palaestra.Rules), from which every "
            "face is made: write the game as rules, as docs/how_to/add_an_environment.md shows. Finished ones are "
            "checked by gymnasium.utils.env_checker.check_env and pettingzoo.test.parallel_api_test."
        )
    if hasattr(found, "act") or hasattr(found, "predict"):
        return _check_agent(found if isinstance(found, type) else lambda: found, target, env_id)
    if callable(found) and env_id:
        return _check_agent(lambda: found, target, env_id)
    if callable(found) and not _required(found) and isinstance(found(), Rules):
        return _check_environment(found, found, target)
    raise PalaestraError(
        f"{target!r} ({found!r}) is neither rules (a Rules class or a function that returns one), nor an agent (reset, "
        "act, learn; a plain policy function needs --env), nor a Metric."
    )


def _required(maker: Callable[..., Any]) -> bool:
    """Whether it cannot be called without arguments: a policy, and no maker of rules."""
    from inspect import Parameter

    from ...core.registry import options_of

    return any(parameter.default is Parameter.empty for parameter in options_of(maker).values())


def _check_environment(make: Callable[..., Rules[Any]], maker: Any, target: str) -> Report:
    from ...core.contract import check_environment

    return check_environment(_short(make, maker), name=target)


def _check_agent(make: Callable[[], Any], target: str, env_id: str | None) -> Report:
    from ...agents import agents, options_asked_by
    from ...core.agent import as_agent
    from ...core.contract import check_agent
    from ...envs import environments

    agent = as_agent(make())
    own = getattr(agent, "prototype", agent)
    played = env_id or next(iter(getattr(own, "plays", ())), None)
    if played is None:
        raise PalaestraError(f"{target!r} does not say what it plays: add --env ID, or set its `plays`.")
    member = environments[played]
    make_rules = partial(_short(member.make, member.load()), **options_asked_by(own))
    sort = getattr(own, "seats", "player")
    others = {seat: name for seat, name in make_rules().facts.partners.items() if not seat.startswith(sort)}
    partners = {seat: agents[name].make for seat, name in others.items()}
    return check_agent(lambda: as_agent(make()), make_rules, partners, env_id=played, name=f"{target} on {played}")


def _check_metric(found: Metric, module: str) -> Report:
    from ...core.contract import check_metric

    examples = getattr(import_module(module), "EXAMPLES", ())
    if not examples:
        raise PalaestraError(
            f"The module {module} has no EXAMPLES: name a few traces and what the metric makes of them."
        )
    return check_metric(found, examples)


def _short(make: Callable[..., Rules[Any]], maker: Any) -> Callable[..., Rules[Any]]:
    """`make` with a short horizon if its rules take one: the contracts play dozens of episodes."""
    from ...core.registry import options_of

    if "horizon" not in options_of(maker) or make().facts.horizon <= HORIZON:
        return make
    return partial(make, horizon=HORIZON)
