"""What an agent is: read once from what a user gave, asked as often as wanted, and made into fresh agents."""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from .agent import Agent, Traits
from .agent_files import agent_files, named_weights
from .as_agent import as_agent
from .error_line import error_line
from .errors import PalaestraError
from .registry import Member, Registry, build
from .saved_model import is_saved_model, saved_model
from .target import meant_targets, named_call, named_target


@dataclass(frozen=True, eq=False)
class AgentSpec:
    """An agent as a user gave it, like Gymnasium's `EnvSpec` for environments.

    Questions are answered from the first agent that is built, and `make` hands that one out before it builds others, so
    that nothing is built only to be asked.

    Attributes:
        name: What a trace calls it: the text as it was given, or the name of the class or function.
        target: A registered name or "module:attribute"; empty for an object.
        options: What stands in the text's brackets.
        source: The line of the registry, or the class, function, model or agent itself.
    """

    name: str
    target: str
    options: Mapping[str, Any]
    source: Any
    _handed_out: list[Any] = field(default_factory=list, init=False, repr=False)

    @staticmethod
    def of(given: Any, registry: Registry[Any]) -> AgentSpec:
        """Read what a user gave.

        Args:
            given: "NumericHedge", "NumericHedge(rate=0.1)", "my_module:MyAgent", "my_module:MyAgent(depth=3)",
                "ppo.zip" (a saved SB3 model), a class, an agent, an SB3 model, a function `observation -> action`, or
                a spec.
            registry: Where names without a colon are looked up.

        Raises:
            UnknownName: No such registered agent.
            PalaestraError: A module or attribute that is not there, or brackets that are not `key=value, ...`.
        """
        if isinstance(given, AgentSpec):
            return given
        if not isinstance(given, str):
            return AgentSpec(getattr(given, "__name__", type(given).__name__), "", {}, given)
        if is_saved_model(given):
            return AgentSpec(given, given, {}, saved_model(given))
        target, options = named_call(given)
        if ":" in target:
            return AgentSpec(given, target, options, named_target(target))
        if target not in registry and (meant := meant_targets(target)):
            raise PalaestraError(f"There is no agent {target!r}. Did you mean {' or '.join(meant)}?")
        member = registry[target]
        if member.outside:  # an agent of another package is digested and shipped like a user's own
            return AgentSpec(given, member.target, {**member.options, **options}, member.load())
        return AgentSpec(given, target, options, member)

    @property
    def module(self) -> str:
        """The module of "module:attribute"; empty for a registered agent or an object."""
        return self.target.partition(":")[0] if ":" in self.target else ""

    @property
    def maker(self) -> Any:
        """The class, function, model or agent behind it; nothing is built."""
        return self.source.load() if isinstance(self.source, Member) else self.source

    def make(self) -> Agent:
        """A fresh batched agent.

        An agent that was given as an object is handed out itself, and after that copies of it; a trained model only
        predicts, so it is not copied.

        Raises:
            UnknownName: An option that it does not take.
            PalaestraError: Something that cannot play. What its own code raises passes through.
        """
        made = self._build(again=True) if self._handed_out else self._first
        self._handed_out.append(True)
        return as_agent(made)

    @cached_property
    def traits(self) -> Traits:
        """What it declares; raises as `check` does."""
        self.check()
        return Traits.of(as_agent(self._first))

    def check(self) -> None:
        """Say in one line what cannot be made.

        Raises:
            PalaestraError: An agent that cannot be made, with the line of its code that failed.
        """
        try:
            as_agent(self._first)
        except PalaestraError:
            raise
        except (Exception, SystemExit) as error:
            place, name = error_line(error), self.name.partition("(")[0]
            hint = f' Options stand in brackets: "{name}(option=value)".' if isinstance(error, TypeError) else ""
            told = f"{type(error).__name__}: {error}{f' ({place})' if place else ''}."
            raise PalaestraError(f"The agent {self.name!r} cannot be made: {told}{hint}") from error

    @cached_property
    def files(self) -> tuple[Path, ...]:
        """The files that decide what "module:attribute" plays (see `agent_files`), or a saved model's file."""
        if is_saved_model(self.target):
            return (Path(self.target).resolve(),)
        return tuple(agent_files(self.module, self.found, self.name)) if self.module else ()

    @property
    def weights(self) -> tuple[str, ...]:
        """The files that its attribute `weights` names."""
        return named_weights(self.found)

    @property
    def found(self) -> Any:
        """What the text names: the attribute itself, or what its options or its registration make of it."""
        return self._first if self.options or isinstance(self.source, Member) else self.source

    @cached_property
    def _first(self) -> Any:
        return self._build(again=False)

    def _build(self, again: bool) -> Any:
        made = self.source
        if isinstance(made, Member):
            made = made.make(**self.options)
        elif self.options:
            made = build(self.name.partition("(")[0].strip(), made, self.options)
        elif again and not isinstance(made, type) and hasattr(made, "act") and not hasattr(made, "predict"):
            return deepcopy(made)
        return made() if isinstance(made, type) else made
