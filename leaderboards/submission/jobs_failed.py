"""A submission that did not come about."""

from __future__ import annotations

from ...core.errors import PalaestraError


class JobsFailed(PalaestraError):
    """An agent that failed while it played, or a worker that died.

    Args:
        messages: One a job, without its seeds: they follow from the agent, and no option takes them.
    """

    def __init__(self, messages: tuple[str, ...]) -> None:
        super().__init__(messages[0] if len(messages) == 1 else f"{messages[0]} ({len(messages)} jobs failed.)")
        self.messages = messages
