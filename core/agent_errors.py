"""What an agent's error most likely means: it is written for one lane, or it uses a reward that is withheld."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from .agent import Agent
from .error_line import error_line
from .errors import PalaestraError
from .rules import Rules
from .spaces import ONE_LANE

P = ParamSpec("P")
T = TypeVar("T")


def explain_errors(play: Callable[P, T]) -> Callable[P, T]:
    """Make a play loop, whose first argument is the rules, say what an agent's error most likely means.

    A TypeError about None where the environment withholds rewards becomes a PalaestraError that names
    `reward_observed`. An error of an agent that does not say whether it is batched gets a note that names `batched`
    (`notes_of` reads it, and Python prints it below a traceback).
    """

    @wraps(play)
    def explained(*args: P.args, **kwargs: P.kwargs) -> T:
        try:
            return play(*args, **kwargs)
        except (TypeError, AttributeError, ValueError, IndexError) as error:
            rules, agent = args[0], _agent_in(error)
            if agent is not None and not isinstance(error, PalaestraError):
                withheld = isinstance(rules, Rules) and not rules.facts.reward_observed
                if withheld and "NoneType" in str(error) and _reads_rewards(type(agent)):
                    raise _withheld(agent, error) from error
                if not _says_batched(type(agent)):
                    error.add_note(f"{type(agent).__name__} got arrays that lead with lanes. {ONE_LANE}")
            raise

    return explained


def notes_of(error: BaseException) -> str:
    """The notes of an error in one line, after a space; "" where it has none."""
    return "".join(f" {note}" for note in getattr(error, "__notes__", ()))


def _withheld(agent: Any, error: Exception) -> PalaestraError:
    place = error_line(error)
    return PalaestraError(
        f"{type(agent).__name__} uses transition.reward, which is None here: this environment keeps rewards for "
        f"scoring (its fact reward_observed is False), and an agent learns from what it observes. "
        f"{type(error).__name__}: {str(error).rstrip('.')}{f' ({place})' if place else ''}. "
        "Learn from transition.next_observation, or skip what needs a reward where transition.reward is None."
    )


def _agent_in(error: BaseException) -> Any:
    """The agent whose method failed: the first object on the way to the error that acts and resets, adapters apart."""
    trace, core = error.__traceback__, f"{__name__.rpartition('.')[0]}."
    while trace is not None:
        one = trace.tb_frame.f_locals.get("self")
        acts = callable(getattr(one, "act", None)) and callable(getattr(one, "reset", None))
        if acts and not type(one).__module__.startswith(core):
            return one
        trace = trace.tb_next
    return None


def _reads_rewards(kind: type) -> bool:
    """Whether the source of a class speaks of rewards; where there is no source to read, it may."""
    try:
        return any("reward" in inspect.getsource(one) for one in kind.__mro__ if one not in (Agent, object))
    except (OSError, TypeError):
        return True


def _says_batched(kind: type) -> bool:
    return any("batched" in vars(one) for one in kind.__mro__ if one is not Agent)
