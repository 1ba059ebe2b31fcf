"""The registry of agents: it also reads what is not registered, "module:attribute" and objects."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .registry import Registry

if TYPE_CHECKING:
    from .agent import Agent
    from .agent_spec import AgentSpec

    _Agents = Registry[type[Agent]]
else:
    _Agents = Registry  # a listing must not import what agents need


class AgentRegistry(_Agents):
    """Agents by name."""

    def spec(self, given: Any) -> AgentSpec:
        """What a user gave as an agent: see `AgentSpec.of`."""
        from .agent_spec import AgentSpec

        return AgentSpec.of(given, self)
