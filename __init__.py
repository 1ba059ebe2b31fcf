"""palaestra: environments for learning with, against and from others.

Everything here is imported when it is first used, so that `import palaestra` costs milliseconds.

    import palaestra
    env = palaestra.make("RankingBandit-v0")                       # gymnasium.Env
    game = palaestra.parallel_env("TransferGame-v0")               # pettingzoo.ParallelEnv
    trace = palaestra.run("TransferGame-v0", "Sete", seeds=range(100))
    print(palaestra.evaluate(trace)["welfare_ratio"])
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from importlib import import_module
from typing import TYPE_CHECKING, Any

from .core.integration import register_when_imported
from .core.version import VERSION

if TYPE_CHECKING:
    import gymnasium
    import pettingzoo

    from .core.agent import Agent
    from .core.arrays import Array
    from .core.batch import Batch
    from .core.rules import Rules
    from .core.traces.trace import Trace

__version__ = VERSION
__all__ = [
    "Agent",
    "Rules",
    "Trace",
    "aec_env",
    "evaluate",
    "load_trace",
    "make",
    "make_batch",
    "make_vec",
    "parallel_env",
    "replay",
    "rules",
    "run",
]


def rules(env_id: str, /, **options: Any) -> Rules[Any]:
    """The rules of an environment with the given options; every face is made from them.

    Args:
        env_id: A registered id, or "module:attribute" of your own.
        options: Of the environment.
    """
    from .envs import environments

    made: Rules[Any] = environments.find(env_id).make(**options)
    return made


def _rules_of(trace: Trace) -> Rules[Any]:
    """The rules of a trace. Whoever made its file chose the id, so "module:attribute" is not imported for it."""
    from .envs import environments

    made: Rules[Any] = environments[trace.env_id].make(**trace.options)
    return made


def make(env_id: str, *, render_mode: None = None, **options: Any) -> gymnasium.Env[Any, Any]:
    """A single-learner environment as `gymnasium.Env`."""
    from .core.faces.single import SingleEnv

    return SingleEnv(rules(env_id, **options), render_mode)


def make_vec(
    env_id: str, num_envs: int = 1, *, backend: str = "numpy", device: str = "cpu", **options: Any
) -> gymnasium.vector.VectorEnv[Any, Any, Any]:
    """`num_envs` lanes of a single-learner environment as `gymnasium.vector.VectorEnv`."""
    from .core.faces.vector import LaneVectorEnv

    return LaneVectorEnv(rules(env_id, **options), num_envs, backend, device)


def parallel_env(env_id: str, **options: Any) -> pettingzoo.ParallelEnv[str, Any, Any]:
    """Any environment as `pettingzoo.ParallelEnv`."""
    from .core.faces.parallel import LaneParallelEnv

    return LaneParallelEnv(rules(env_id, **options), env_id)


def aec_env(env_id: str, **options: Any) -> pettingzoo.AECEnv[str, Any, Any]:
    """Any environment as `pettingzoo.AECEnv`, by PettingZoo's own conversion."""
    from pettingzoo.utils.conversions import parallel_to_aec

    return parallel_to_aec(parallel_env(env_id, **options))


def make_batch(
    env_id: str,
    num_lanes: int,
    *,
    backend: str = "numpy",
    device: str = "cpu",
    autoreset: bool = True,
    check_actions: bool = True,
    **options: Any,
) -> Batch[Any]:
    """`num_lanes` lanes of any environment on raw arrays."""
    from .core.batch import Batch

    return Batch(rules(env_id, **options), num_lanes, backend, device, autoreset=autoreset, check_actions=check_actions)


def run(
    env_id: str,
    agents: Any,
    seeds: Iterable[int] = range(1),
    *,
    horizon: int | None = None,
    options: Mapping[str, Any] | None = None,
    progress: Callable[[int, int], None] | None = None,
    action_bits: int = 0,
) -> Trace:
    """Play one episode in every lane and return what was played.

    Args:
        env_id: The environment.
        agents: A registered name, an agent, a class, an SB3 model or a function `observation -> action`; one for
            every seat (each seat gets a copy), or a mapping or sequence seat -> agent.
        seeds: One a lane.
        horizon: Steps of an episode, if not the environment's default.
        options: The environment's options. Options that an agent's `privileges` ask for are added.
        progress: Called with (steps done, horizon).
        action_bits: Float actions are rounded to multiples of 2^-action_bits before they are played; 0: not.
    """
    from .agents import seat_agents
    from .core.arena import play

    chosen = dict(options or {}) | ({} if horizon is None else {"horizon": horizon})
    seats, labels, chosen = seat_agents(agents, rules(env_id, **chosen).facts.players, chosen)
    played = rules(env_id, **chosen)
    return play(
        played, seats, seeds, env_id=env_id, options=chosen, labels=labels, progress=progress, action_bits=action_bits
    )


def replay(trace: Trace, tolerance: float = 0.0) -> Trace:
    """Recompute a trace from its seeds and actions alone; raises ReplayMismatch on any difference.

    The rules open the files that options name: `trace.files` says which, before a stranger's trace is replayed.
    """
    from .core.arena import replay as replay_with

    return replay_with(_rules_of(trace), trace, tolerance)


def evaluate(trace: Trace, metrics: Sequence[str] | None = None) -> dict[str, Array]:
    """Every metric the environment declares (or those named), one float64 value a lane."""
    from .metrics import metrics as known

    whole = trace if trace.rewards is not None and (trace.scoring or trace.instance is not None) else replay(trace)
    wanted = _rules_of(trace).facts.metrics if metrics is None else metrics
    return {name: known.find(name).load()(whole) for name in wanted}


def load_trace(path: Any) -> Trace:
    """Read a trace from `.parquet` or `.npz`; executes nothing from the file."""
    from .core.traces.trace import Trace

    return Trace.load(path)


_LAZY = {"Agent": ".core.agent", "Rules": ".core.rules", "Trace": ".core.traces.trace"}


def __getattr__(name: str) -> Any:
    if name in _LAZY:
        return getattr(import_module(_LAZY[name], __name__), name)
    raise AttributeError(f"module 'palaestra' has no attribute {name!r}")


def _kinds() -> dict[str, str]:
    from .envs import environments

    return environments.kinds


if __name__ == "palaestra":  # pytest also runs this file under the name of the repository's folder
    register_when_imported(_kinds)
