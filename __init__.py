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
    "bench",
    "compare",
    "curves",
    "evaluate",
    "list",
    "load_trace",
    "make",
    "make_batch",
    "make_vec",
    "parallel_env",
    "replay",
    "rules",
    "run",
    "submit",
    "track_env",
    "verify",
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

    def make_registered(env_id: str, **options: Any) -> Rules[Any]:
        made: Rules[Any] = environments[env_id].make(**options)
        return made

    return trace.rules_from(make_registered)


def make(env_id: str, *, render_mode: None = None, **options: Any) -> gymnasium.Env[Any, Any]:
    """A single-learner environment as `gymnasium.Env`."""
    from .core.faces.single import SingleEnv

    return SingleEnv(rules(env_id, **options), render_mode, env_id)


def make_vec(
    env_id: str, num_envs: int = 1, *, backend: str = "numpy", device: str = "cpu", **options: Any
) -> gymnasium.vector.VectorEnv[Any, Any, Any]:
    """`num_envs` lanes of a single-learner environment as `gymnasium.vector.VectorEnv`."""
    from .core.faces.vector import LaneVectorEnv

    return LaneVectorEnv(rules(env_id, **options), num_envs, backend, device, env_id)


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
    seeds: int | Iterable[int] = 1,
    *,
    horizon: int | None = None,
    options: Mapping[str, Any] | None = None,
    progress: bool | Callable[[int, int], None] | None = None,
    action_bits: int = 0,
    built: Rules[Any] | None = None,
    **more: Any,
) -> Trace:
    """Play one episode in every lane and return what was played.

    Args:
        env_id: The environment.
        agents: A registered name, an agent, a class, an SB3 model or a function `observation -> action`; one for
            every seat (each seat gets a copy), or a mapping or sequence seat -> agent.
        seeds: One a lane; a number n stands for range(n).
        horizon: Steps of an episode, if not the environment's default.
        options: The environment's options. Options that an agent's `privileges` ask for are added.
        progress: True shows a progress bar; a function is called with (steps done, horizon).
        action_bits: Float actions are rounded to multiples of 2^-action_bits before they are played; 0: not.
        built: The environment's rules with exactly these options, if the caller has built them already.
        more: Options of the environment as keywords, as in `make`.

    Raises:
        PalaestraError: An option that is given twice, or anything that cannot be played.
    """
    from .agents import agents as known
    from .core.arena import play
    from .core.progress_bar import reported
    from .core.seat_agents import seat_agents

    chosen = _given_once(options or {}, more) | ({} if horizon is None else {"horizon": horizon})
    played = rules(env_id, **chosen) if built is None else built
    seats, labels, whole = seat_agents(agents, played.facts.players, chosen, known.spec)
    if whole.keys() != chosen.keys() or any(whole[key] is not value for key, value in chosen.items()):
        played = rules(env_id, **whole)  # with what the agents ask for
    lanes = seeds if isinstance(seeds, Iterable) else range(seeds)
    with reported(env_id, progress) as report:
        return play(
            played, seats, lanes, env_id=env_id, options=whole, labels=labels, progress=report, action_bits=action_bits
        )


def _given_once(*groups: Mapping[str, Any]) -> dict[str, Any]:
    from .core.errors import PalaestraError

    whole: dict[str, Any] = {}
    for group in groups:
        if twice := sorted(whole.keys() & group.keys()):
            raise PalaestraError(f"The option {twice[0]!r} is given twice: give it as a keyword or in options=.")
        whole |= group
    return whole


def replay(trace: Trace, tolerance: float = 0.0) -> Trace:
    """Recompute a trace from its seeds and actions alone; raises ReplayMismatch on any difference.

    The rules open the files that options name: `trace.files` says which, before a stranger's trace is replayed.
    """
    from .core.replay import replay as replay_with

    return replay_with(_rules_of(trace), trace, tolerance)


def evaluate(trace: Trace, metrics: Sequence[str] | None = None) -> dict[str, Array]:
    """Every metric the environment declares (or those named), one float64 value a lane."""
    from .metrics import metrics as known

    whole = _whole(trace)
    wanted = _rules_of(trace).facts.metrics if metrics is None else metrics
    return {name: known.find(name).load()(whole) for name in wanted}


def curves(trace: Trace, metrics: Sequence[str] | None = None) -> dict[str, Array]:
    """How metrics develop, (steps, lanes) each, of those that have a value after every step; for `Trace.plot`."""
    from .metrics import metrics as known

    wanted = _rules_of(trace).facts.metrics if metrics is None else metrics
    found = {name: known.find(name).load().curve for name in wanted}
    whole = _whole(trace)
    return {name: curve(whole) for name, curve in found.items() if curve is not None}


def _whole(trace: Trace) -> Trace:
    """The trace with what metrics need; played again where it was loaded from a file."""
    return trace if trace.rewards is not None and (trace.scoring or trace.instance is not None) else replay(trace)


def load_trace(path: Any) -> Trace:
    """Read a trace from `.parquet` or `.npz`; executes nothing from the file."""
    from .core.traces.trace import Trace

    return Trace.load(path)


_LAZY = {
    "Agent": ".core.agent",
    "Rules": ".core.rules",
    "Trace": ".core.traces.trace",
    "bench": ".leaderboards.interactive.benchmark_agents",
    "compare": ".leaderboards.interactive.compare_agents",
    "list": ".leaderboards.interactive.member_table",
    "submit": ".leaderboards.interactive.submit_agent",
    "track_env": ".leaderboards.interactive.track_env",
    "verify": ".leaderboards.interactive.submit_agent",
}
"""By name, the module that defines it; what is defined in the leaderboards uses the functions above."""


def __getattr__(name: str) -> Any:
    if name in _LAZY:
        return getattr(import_module(_LAZY[name], __name__), name)
    raise AttributeError(f"module 'palaestra' has no attribute {name!r}")


def _kinds() -> dict[str, str]:
    from .envs import environments

    return environments.kinds


if __name__ == "palaestra":  # pytest also runs this file under the name of the repository's folder
    register_when_imported(_kinds)
