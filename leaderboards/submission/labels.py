"""The text in a trace's header that decides nothing: who played, and with which versions."""

from __future__ import annotations

from ...core.errors import PalaestraError
from ...core.traces.trace import Trace

MOST_LETTERS = 1000
MOST_VERSIONS = 20


def check_labels(trace: Trace) -> None:
    """Refuse labels that are no short, printable lines: nobody looks at them, so they could hide anything.

    Raises:
        PalaestraError: A label that is longer, or holds what is not printed.
    """
    texts = [*trace.agents, *trace.versions, *trace.versions.values()]
    for text in texts:
        if not isinstance(text, str) or len(text) > MOST_LETTERS or not text.isprintable():
            raise PalaestraError(
                f"its header names an agent or a version {str(text)[:40]!r}, which is no printable line of at most "
                f"{MOST_LETTERS} characters."
            )
    if len(trace.versions) > MOST_VERSIONS:
        raise PalaestraError(f"its header names {len(trace.versions)} versions; at most {MOST_VERSIONS} are read.")
