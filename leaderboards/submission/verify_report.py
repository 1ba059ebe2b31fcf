"""The report of `palaestra verify` for a submission that holds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from .verify import Verified


@dataclass(frozen=True, repr=False)
class VerifyReport:
    """A verification that came to its end.

    Attributes:
        found: Of the verifier.
        agent: Which was run again, or "".
        again: Numbers of its actions that were compared.
    """

    found: Verified
    agent: str = ""
    again: int = 0

    def __repr__(self) -> str:
        return self.text

    @property
    def document(self) -> dict[str, Any]:
        """As plain JSON values; `rerun` only where the agent was run again."""
        told, findings = self.found.manifest.agent, self.found.findings
        return {
            "verified": findings.status == "verified",
            "status": findings.status,
            "track": self.found.manifest.track,
            "agent": told.name,
            "author": told.author,
            "digest": told.digest,
            "key": findings.key,
            "lanes": self.found.lanes,
            "oracle": self.found.oracle,
            "means": self._means,
            **({"rerun": self.again} if self.agent else {}),
        }

    @property
    def text(self) -> str:
        """For people."""
        told, verified = self.found.manifest.agent, self.found.findings.status == "verified"
        held = "lanes replayed, every score holds" if verified else "lanes; scores as claimed, UNVERIFIED"
        lines = [f"{told.name} by {told.author} on {self.found.manifest.track}: {self.found.lanes} {held}."]
        for scenario, own in self._means.items():
            lines.append(f"  {scenario}: " + ", ".join(f"{name} {value:.4g}" for name, value in own.items()))
        if self.agent:
            lines.append(f"Run again, {self.agent} takes every action of the traces: {self.again} numbers agree.")
        return "\n".join(lines)

    @property
    def _means(self) -> dict[str, dict[str, float]]:
        scores = self.found.scores
        return {name: {metric: float(values.mean()) for metric, values in own.items()} for name, own in scores.items()}
