"""The registry of agents: it also reads what is not registered, "module:attribute" and objects."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .registry import Registry

if TYPE_CHECKING:
    from .agent_spec import AgentSpec


class AgentRegistry(Registry[Any]):
    """Agents by name."""

    def spec(self, given: Any) -> AgentSpec:
        """What a user gave as an agent: see `AgentSpec.of`."""
        from .agent_spec import AgentSpec

        return AgentSpec.of(given, self)
