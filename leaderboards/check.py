"""`palaestra check`: which public contract applies to a name, and whether it is kept."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from ..core.errors import PalaestraError

if TYPE_CHECKING:
    from ..core.contract import Report
    from ..core.metric import Metric


def check(target: str, env_id: str | None = None) -> Report:
    """Check a registered environment, agent or metric, or the user's own "module:attribute".

    Args:
        target: The name.
        env_id: The environment an agent is checked on; default: the first that it says it plays.

    Raises:
        ContractBroken: The first clause that does not hold.
        PalaestraError: A target that is none of these.
    """
    from ..core.contract import check_environment
    from ..core.registry import load_target
    from .listing import registries

    rooms = registries()
    if target in rooms["environment"]:
        return check_environment(rooms["environment"][target].make)
    if target in rooms["agent"]:
        return _check_agent(rooms["agent"][target].make, target, env_id)
    if target in rooms["metric"]:
        return _check_metric(rooms["metric"][target].load(), rooms["metric"][target].module)
    if ":" not in target:
        raise _nothing(target, [*rooms["environment"], *rooms["agent"], *rooms["metric"]])
    return _check_own(load_target(target), target, env_id)


def _check_own(found: Any, target: str, env_id: str | None) -> Report:
    from ..core.contract import check_environment
    from ..core.metric import Metric
    from ..core.rules import Rules

    if isinstance(found, Metric):
        return _check_metric(found, target.partition(":")[0])
    if isinstance(found, type) and issubclass(found, Rules):
        return check_environment(found)
    if hasattr(found, "act") or hasattr(found, "predict"):
        return _check_agent(found if isinstance(found, type) else (lambda: found), target, env_id)
    if callable(found) and not env_id:
        made = found()
        if isinstance(made, Rules):
            return check_environment(found)
        if hasattr(made, "act"):
            return _check_agent(found, target, env_id)
    elif callable(found):
        return _check_agent(lambda: found, target, env_id)
    raise PalaestraError(
        f"{target!r} is {type(found).__name__}: neither rules (a Rules class or a function that returns one), nor an "
        "agent (reset, act, learn; a plain policy function needs --env), nor a Metric."
    )


def _check_agent(make: Any, target: str, env_id: str | None) -> Report:
    from ..core.agent import as_agent
    from ..core.contract import check_agent
    from ..envs import environments

    agent = as_agent(make())
    own = getattr(agent, "prototype", agent)
    played = env_id or next(iter(getattr(own, "plays", ())), None)
    if played is None:
        raise PalaestraError(f"{target!r} does not say what it plays: add --env ID, or set its `plays`.")
    member, asked = environments[played], dict(getattr(own, "privileges", {}))
    return check_agent(lambda: as_agent(make()), lambda: member.make(**asked))


def _check_metric(found: Metric, module: str) -> Report:
    from ..core.contract import check_metric

    examples = getattr(import_module(module), "EXAMPLES", ())
    if not examples:
        raise PalaestraError(
            f"The module {module} has no EXAMPLES: name a few traces and what the metric makes of them."
        )
    return check_metric(found, examples)


def _nothing(target: str, known: list[str]) -> PalaestraError:
    from ..core.errors import UnknownName

    return UnknownName("environment, agent or metric (or module:attribute)", target, known)
