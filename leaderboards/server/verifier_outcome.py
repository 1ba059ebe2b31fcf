"""The outcome of one run of the verifier. Its output is trusted as little as its input."""

from __future__ import annotations

import json
import signal
from dataclasses import dataclass

from ...core.errors import PalaestraError
from ..submission.findings import Findings
from .queue import Ticket
from .sandbox import ProcessEnd

_KILLED_BY_LIMIT = {
    128 + signal.SIGXCPU: "it took more processor time than a verification may use",
    128 + signal.SIGXFSZ: "it wrote a larger file than a verification may write",
}
_OUT_OF_MEMORY = ("MemoryError", "bad_alloc")


@dataclass(frozen=True)
class VerifierOutcome:
    """What a verifier found, or why it found nothing; exactly one of the four says something.

    Attributes:
        findings: Of a submission that holds.
        refused: The first difference that the verifier found.
        over: The limit that it ran into; the next try would as well.
        failed: What kept it from a result; the next try may have one.
    """

    findings: Findings | None = None
    refused: str = ""
    over: str = ""
    failed: str = ""

    @staticmethod
    def of(ended: ProcessEnd, ticket: Ticket) -> VerifierOutcome:
        """Read the end of a run."""
        if ended.why:
            return VerifierOutcome(over=ended.why) if ended.over else VerifierOutcome(failed=ended.why)
        if ended.code:
            last = ended.told.splitlines()[-1][-300:] if ended.told else "it said nothing"
            if ended.code in _KILLED_BY_LIMIT:
                return VerifierOutcome(over=_KILLED_BY_LIMIT[ended.code])
            if any(word in last for word in _OUT_OF_MEMORY):
                return VerifierOutcome(over=f"it needed more memory than a verification may use ({last})")
            return VerifierOutcome(failed=f"it ended with status {ended.code} ({last})")
        try:
            document = json.loads(ended.output)
            if "refused" in document:
                return VerifierOutcome(refused=str(document["refused"])[:2000] or "the verifier gave no reason")
            found = Findings.parse(json.dumps(document["findings"]).encode())
        except (ValueError, TypeError, KeyError, RecursionError, PalaestraError):
            return VerifierOutcome(failed="it printed no result")
        if found.manifest != ticket.manifest:
            return VerifierOutcome(failed="it printed the result of another manifest")
        return VerifierOutcome(findings=found)
